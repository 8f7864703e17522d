import xmlrpc.client
from datetime import timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .forecast_common import ForecastCase

WEEKS = 60


@tagged("post_install", "-at_install")
class TestHistoryCorrection(ForecastCase):
    """Weeks that do not belong: found, explained, cut or kept, and what the forecast reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["scm.event"].search([]).active = False
        cls.corrections = cls.env["scm.history.correction"]
        cls.draw = np.random.default_rng(5)

    def _create_item(self, name="Item", level=30, **weeks):
        """Even demand; ``week_5=300`` sets the week that ended five weeks ago."""
        product = self._create_product(name)
        quantities = self.draw.poisson(level, WEEKS).tolist()
        for key, quantity in weeks.items():
            quantities[-int(key.removeprefix("week_"))] = quantity
        self._create_weekly_demand(product, quantities)
        return product

    def _week(self, back):
        return self.monday - timedelta(weeks=back)

    def _found(self, product):
        return self.corrections.search([("product_id", "=", product.id)])

    def _level(self, run, product):
        return run.forecast_ids.filtered(lambda row: row.product_id == product).mean_week

    def _as_manager(self, records):
        return self._as(self.manager, records)

    def test_peak_without_a_reason_is_cut_and_said(self):
        product = self._create_item(week_5=300)
        run = self._run()
        line = self._found(product)
        self.assertRecordValues(
            line,
            [{"date": self._week(5), "quantity_raw": 300, "reason": "unexplained", "state": "applied",
              "origin": "detected", "user_id": False}],
        )  # fmt: skip
        self.assertAlmostEqual(line.quantity_cleaned, 30, delta=5)
        self.assertEqual(line.quantity_used, line.quantity_cleaned)
        self.assertAlmostEqual(self._level(run, product), 30, delta=4)

    def test_undone_peak_lifts_the_forecast_and_stays_undone(self):
        product = self._create_item(week_1=400, week_2=400)
        cut = self._level(self._run(), product)
        lines = self._found(product)
        self.assertEqual(len(lines), 2)
        self._as_manager(lines).action_undo()
        run = self._run()
        self.assertGreater(self._level(run, product), 1.5 * cut)
        self.assertEqual(self._found(product), lines)
        self.assertEqual(set(lines.mapped("state")), {"undone"})
        self.assertEqual(lines[0].user_id, self.manager)
        self._as_manager(lines).action_reset()
        self.assertAlmostEqual(self._level(self._run(), product), cut, delta=0.5)

    def test_own_value_with_a_reason(self):
        product = self._create_item()
        self._run()
        model = self._as_manager(self.corrections)
        week = self._week(3) + timedelta(days=4)
        line_id = model.set_cleaned(product.id, self.warehouse_a.id, week.isoformat(), 90.0, "Half of it was lost")
        line = self.corrections.browse(line_id)
        self.assertRecordValues(
            line, [{"date": self._week(3), "quantity_used": 90, "state": "applied", "origin": "typed"}]
        )
        self.assertEqual(line.explanation, "Half of it was lost")
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            keys, panel = run._read_panel()
        row = keys.index((product.id, self.warehouse_a.id))
        self.assertEqual(panel.quantity[row, -3], 90)

    def test_one_big_customer_is_asked_and_answered(self):
        product = self._create_item(level=12)
        partner = self.env["res.partner"].create({"name": "Grand Hotel"})
        for back in range(1, 30):
            self._create_sale([(product, 1)], self._week(back))
        order = self._create_sale([(product, 150)], self._week(6) + timedelta(days=1), partner_id=partner.id)
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a)
        self._run()
        line = self._found(product)
        self.assertRecordValues(
            line,
            [{"reason": "customer", "state": "proposed", "partner_id": partner.id, "order_id": order.id,
              "partner_quantity": 150}],
        )  # fmt: skip
        self.assertIn("Grand Hotel", line.with_user(self.planner).explanation)
        self.assertGreater(line.share_explained, 0.9)
        self._as_manager(line).action_mark_once()
        self.assertRecordValues(line, [{"state": "applied", "once": True}])
        self._run()
        self.assertRecordValues(self._found(product), [{"state": "applied", "once": True, "reason": "customer"}])
        self._as_manager(line).action_keep()
        self.assertEqual(line.quantity_used, line.quantity_raw)

    def test_price_cut_explains(self):
        product = self._create_item(level=40, week_6=180)
        days = self.env["scm.demand.day"].sudo().search([("product_id", "=", product.id)])
        for day in days:
            day.revenue = day.quantity * (5.0 if day.quantity == 180 else 10.0)
        self._run()
        self.assertRecordValues(self._found(product), [{"reason": "price", "state": "proposed", "price_ratio": 0.5}])

    def test_event_that_lifts_all_explains_and_stays(self):
        products = [self._create_item(f"Item {number}", week_8=150) for number in range(8)]
        start = self._week(8)
        event = self.env["scm.event"].create(
            {
                "name": "Fair",
                "kind": "festival",
                "occurrence_ids": [Command.create({"date_start": start, "date_end": start + timedelta(days=6)})],
            }
        )
        self._run()
        lines = self.corrections.search([("date", "=", start)])
        self.assertEqual(set(lines.product_id.ids), {product.id for product in products})
        self.assertEqual(set(lines.mapped("reason")), {"event"})
        self.assertEqual(set(lines.mapped("state")), {"kept"})
        self.assertEqual(lines.event_id, event)

    def test_dip_without_stock_is_explained(self):
        product = self._create_item(level=40, week_10=0)
        self._run()
        self.env["scm.stockout"].sudo().create(
            {
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": product.id,
                "date_from": self._week(10),
                "date_to": self._week(10) + timedelta(days=5),
                "days": 6,
                "lost_share": 1,
            }
        )
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            run.with_context(scm_detect_outliers=True)._read_panel()
        self.assertRecordValues(self._found(product), [{"reason": "stockout", "state": "kept"}])

    def test_what_is_gone_goes_unless_somebody_decided(self):
        product, other = self._create_item("A", week_5=300), self._create_item("B", week_5=300)
        self._run()
        self._as_manager(self._found(other)).action_keep()
        days = self.env["scm.demand.day"].sudo().search([("quantity", "=", 300)])
        days.quantity = 30
        self._run()
        self.assertFalse(self._found(product))
        self.assertEqual(self._found(other).state, "kept")

    def test_chart_shows_both_sides(self):
        product = self._create_item(week_5=300)
        self._run()
        data = self._as(self.planner, self.env["scm.forecast.chart"]).get_forecast_chart(product.id)
        [mark] = data["corrections"]
        self.assertEqual((mark["date"], mark["raw"], mark["state"]), (self._week(5).isoformat(), 300, "applied"))
        self.assertFalse(data["can_correct"])
        xmlrpc.client.dumps((data,))

    def test_daily_forecast_reads_corrected_days(self):
        product = self._create_item(week_5=300)
        self._run()
        with self._at(self.TODAY):
            keys, panel = self.env["scm.demand.day"]._panel(self.company_a, [product.id], freq="D", periods=100)
        before = panel.quantity[0].copy()
        self.corrections._apply_to(self.company_a, keys, panel)
        self.assertAlmostEqual(np.nansum(before) - np.nansum(panel.quantity[0]), 270, delta=6)

    def test_rights_and_companies(self):
        product = self._create_item(week_5=300)
        self._run()
        line = self._found(product)
        self.assertTrue(self._as(self.planner, self.corrections).search([("id", "=", line.id)]))
        self.assertFalse(self._as(self.planner_b, self.corrections).search([]))
        calls = ((self.planner, "action_keep"), (self.planner_b, "action_undo"), (self.outsider, "action_apply"))
        for user, method in calls:
            with self.assertRaises(AccessError):
                getattr(self._as(user, line), method)()
        with self.assertRaises(AccessError):
            line.with_user(self.manager).write({"state": "kept"})

    def test_bad_input_is_said(self):
        product = self._create_item()
        model, place = self._as_manager(self.corrections), self.warehouse_a.id
        for arguments, words in (
            ((product.id, place, "2026-10-05", -1, "x"), "0 or more"),
            ((product.id, place, "2026-10-05", float("nan"), "x"), "0 or more"),
            ((product.id, place, "2026-10-05", 5, " "), "few words"),
            ((product.id, place, "soon", 5, "x"), "not a day"),
            ((0, place, "2026-10-05", 5, "x"), "no such product"),
        ):
            with self.assertRaisesRegex(UserError, words):
                model.set_cleaned(*arguments)

    def test_same_queries_for_few_and_many(self):
        counts = []
        for number in (2, 12):
            for item in range(number):
                self._create_item(f"{number} {item}", week_5=300)
            with self._at(self.TODAY):
                run = self.env["scm.forecast.run"].sudo()._prepare_run_vals(self.company_a, "forecast")
                keys, panel = self.env["scm.demand.day"]._panel(self.company_a, date_end=run["date_from"])
            self.assertTrue(keys or number)
            counts.append(self._query_count(self.corrections._detect, self.company_a, keys, panel))
        self.assertEqual(*counts)
