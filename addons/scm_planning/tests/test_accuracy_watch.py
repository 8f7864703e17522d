"""Accuracy watch: weeks are counted once, figures stay, drift raises alerts, methods change only for good reasons."""

import xmlrpc.client
from datetime import timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..kernel import champion as kernel
from .forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestAccuracyWatch(ForecastCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watch = cls.env["scm.accuracy.watch"]
        cls.accuracy = cls.env["scm.forecast.accuracy"]

    def _items(self, count=4, weeks=80, prefix="Item"):
        products = self._create_products(count, weeks, prefix=prefix)
        for product in products:
            self.env["scm.product.class"].create(
                {
                    "product_id": product.id, "warehouse_id": self.warehouse_a.id, "company_id": self.company_a.id,
                    "abc_value": "A", "abc_picks": "A", "abc_volume": "A", "xyz": "X", "date": self.TODAY,
                }
            )  # fmt: skip
        self.env["scm.demand.day"]._refresh(self.company_a)
        return products

    def _replay(self, weeks):
        with self._at(self.TODAY):
            return self.watch._replay(self.company_a, weeks)

    def _row(self, dimension="all", key="all", day=None):
        domain = [("company_id", "=", self.company_a.id), ("dimension", "=", dimension), ("key", "=", key)]
        return self.accuracy.search(domain + ([("date", "=", day)] if day else []), limit=1)

    def _of(self, product):
        return self.env["scm.forecast.watch"].search([("product_id", "=", product.id)])

    def test_replay_measures_the_past(self):
        products = self._items()
        self.assertEqual(self._replay(10), 10)
        row = self._row()
        self.assertEqual((row.date, row.item_count), (self.monday - timedelta(weeks=1), 4))
        self.assertTrue(row.replayed)
        self.assertAlmostEqual(row.wape, row.abs_error / row.actual)
        self.assertGreater(row.abs_mean13, 0)
        self.assertEqual(self._of(products[0]).weeks, 10)
        self.assertEqual(self._row("class", "AX").item_count, 4)
        self.assertEqual(self._row("warehouse", str(self.warehouse_a.id)).name, self.warehouse_a.display_name)

    def test_plain_methods_are_what_they_say(self):
        product = self._create_product("Ramp")
        self._create_weekly_demand(product, list(range(1, 81)))
        self.env["scm.demand.day"]._refresh(self.company_a)
        self._replay(1)
        row = self._row()
        # last week: 80; the thirteen before it: 67 to 79; a year before it: 28
        self.assertAlmostEqual(row.actual, 80)
        self.assertAlmostEqual(row.abs_mean13, 80 - 73, places=4)
        self.assertAlmostEqual(row.abs_naive, 52, places=4)

    def test_nothing_of_the_week_itself_is_known(self):
        product = self._create_product("Jump")
        self._create_weekly_demand(product, [10] * 79 + [500])
        self.env["scm.demand.day"]._refresh(self.company_a)
        self._replay(1)
        self.assertGreater(self._row().abs_error, 400)

    def test_a_published_run_counts_once_its_week_is_over(self):
        products = self._items()
        run = self._run(day=self.TODAY - timedelta(weeks=1))
        self.assertFalse(self._row(), "the week of the run is not over")
        with self._at(self.TODAY):
            self.assertEqual(self.watch._refresh(self.company_a), 1)
            self.assertEqual(self.watch._refresh(self.company_a), 0, "a week is counted once")
        row = self._row()
        self.assertEqual((row.date, row.run_id, row.replayed), (run.date_from, run, False))
        said = run.forecast_ids.line_ids.filtered(lambda line: line.date == run.date_from)
        self.assertAlmostEqual(row.error + row.actual, sum(said.mapped("quantity")), places=3)
        self.assertEqual(self._of(products[0]).weeks, 1)

    def test_figures_outlive_the_run(self):
        self._items()
        run = self._run(day=self.TODAY - timedelta(weeks=1))
        with self._at(self.TODAY):
            self.watch._refresh(self.company_a)
        before = self._row().wape
        run.current = False
        run._drop_rows()
        run.unlink()
        self.assertEqual((self._row().wape, self._row().run_id.id), (before, False))

    def test_an_override_is_its_authors(self):
        products = self._items()
        run = self._run(day=self.TODAY - timedelta(weeks=1))
        line = run.forecast_ids.filtered(lambda forecast: forecast.product_id == products[0]).line_ids[0]
        self._as(self.planner, line).action_override(500, "a promise")
        with self._at(self.TODAY):
            self.watch._refresh(self.company_a)
        self.assertEqual(self._row("planner", str(self.planner.id)).item_count, 1)
        self.assertGreater(self._row("planner", str(self.planner.id)).error, 400)

    def test_drift_opens_and_closes_an_alert(self):
        product = self._create_product("Collapse")
        draw = np.random.default_rng(1)
        demand = draw.poisson(40, 80)
        self._create_weekly_demand(product, demand.tolist())
        self.env["scm.demand.day"]._refresh(self.company_a)
        self._replay(16)
        item = self._of(product)
        self.env.cr.execute("UPDATE scm_forecast_watch SET biased = TRUE, signal = 0.9 WHERE id = %s", [item.id])
        self.env.invalidate_all()
        with self._at(self.TODAY):
            counts = self.env["scm.accuracy.alerts"]._refresh(self.company_a)
            self.assertEqual(counts["planning_bias_drift"]["opened"], 1)
            again = self.env["scm.accuracy.alerts"]._refresh(self.company_a)
            self.assertEqual(again["planning_bias_drift"]["touched"], 1)
        alert = self.env["scm.alert"].search(
            [("type_id.code", "=", "planning_bias_drift"), ("product_id", "=", product.id)]
        )
        self.assertEqual((alert.res_id, alert.why["method"]), (item.id, "drift_bias"))
        self.env.cr.execute("UPDATE scm_forecast_watch SET biased = FALSE WHERE id = %s", [item.id])
        self.env.invalidate_all()
        with self._at(self.TODAY):
            self.env["scm.accuracy.alerts"]._refresh(self.company_a)
        self.assertEqual(alert.state, "resolved")

    # Champion

    def _champion(self, lead=0.3, weeks=20):
        row = self.env["scm.forecast.champion"]._of(self.company_a)["A", "X"]
        draw = np.random.default_rng(2)
        row.losses = [
            [
                str(self.monday - timedelta(weeks=weeks - week)),
                {"ensemble": float(base), "mean13": float(base * (1 - lead))},
            ]
            for week, base in enumerate(draw.uniform(0.8, 1.2, weeks))
        ]
        row._decide(self.monday)
        return row

    def test_a_champion_waits_for_a_person(self):
        row = self._champion()
        self.assertEqual((row.method, row.challenger, row.verdict), ("ensemble", "mean13", "replaced"))
        with self.assertRaises(AccessError):
            self._as(self.planner, row).adopt()
        with self._at(self.TODAY):
            self._as(self.manager, row).adopt()
        self.assertEqual((row.method, row.date, row.verdict), ("mean13", self.TODAY, "rest"))
        self.assertEqual((row.log_ids.method_before, row.log_ids.user_id), ("ensemble", self.manager))
        with self._at(self.TODAY):
            self._as(self.manager, row).reset()
        self.assertEqual((row.method, len(row.log_ids)), ("ensemble", 2))

    def test_a_champion_changes_by_itself_where_it_may(self):
        self.company_a.scm_champion_auto = True
        row = self._champion()
        self.assertEqual((row.method, row.log_ids.automatic), ("mean13", True))

    def test_too_small_a_lead_changes_nothing(self):
        row = self._champion(lead=0.02)
        self.assertEqual((row.method, row.verdict), ("ensemble", "challenged"))
        with self.assertRaisesRegex(UserError, "better by enough"):
            self._as(self.manager, row).adopt()

    def test_the_next_run_uses_the_champion_and_remembers_the_ensemble(self):
        products = self._items()
        fixed = products[1]
        fixed.scm_forecast_method = "ses"
        for row in self.env["scm.forecast.champion"]._of(self.company_a).values():
            row.method = "mean13"
        run = self._run()
        methods = {forecast.product_id: forecast.method for forecast in run.forecast_ids}
        self.assertEqual((methods[products[0]], methods[fixed]), ("mean13", "ses"))
        shadow = self._of(products[0])
        self.assertEqual(shadow.said_date, run.date_from)
        self.assertGreater(shadow.said_ensemble, 0)

    # Interface

    def test_page(self):
        self._items()
        self.assertEqual(self._as(self.planner, self.accuracy).get_accuracy()["total"], {})
        self._replay(9)
        page = self._as(self.planner, self.accuracy).get_accuracy()
        xmlrpc.client.dumps((page,), allow_none=False)
        self.assertEqual((len(page["trend"]), page["total"]["items"]), (9, 4))
        self.assertTrue(0 <= page["total"]["better_mean13"] <= 1)
        self.assertEqual([row["key"] for row in page["classes"]], ["AX"])
        self.assertEqual(page["champions"][0]["weeks"], 9)

    def test_rights_and_bad_input(self):
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.accuracy).get_accuracy()
        with self.assertRaises(AccessError):
            self._as(self.planner, self.accuracy).get_accuracy(self.company_b.id)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.watch).replay(4)
        with self.assertRaises(AccessError):
            self._as(self.manager, self.watch).replay(4, self.company_b.id)
        for weeks in (0, 105, "many", None):
            with self.assertRaises(UserError):
                self._as(self.manager, self.watch).replay(weeks)
        self.assertEqual(self._as(self.manager, self.watch).replay(4), 0, "nothing was sold: nothing to measure")

    def test_other_company_sees_nothing(self):
        self._items()
        self._replay(3)
        page = self._as(self.planner_b, self.accuracy).get_accuracy(self.company_b.id)
        self.assertFalse(page["trend"] or page["worst"])
        self.assertFalse(self._as(self.planner_b, self.accuracy).search([]))

    def test_same_number_of_queries_for_many(self):
        self._items(4)
        self._replay(2)
        day = self.monday - timedelta(weeks=1)

        def absorb():
            self.env.cr.execute("DELETE FROM scm_forecast_accuracy WHERE company_id = %s", [self.company_a.id])
            with self._at(self.TODAY):
                said = self.watch._said_then(self.company_a, day)
                self.watch._absorb(self.company_a, day, said, replayed=True)

        absorb()
        small = self._query_count(absorb)
        self._items(20, prefix="More")
        absorb()
        self.assertEqual(self._query_count(absorb), small)

    def test_names_of_methods_agree(self):
        labels = dict(self.env["scm.forecast.champion"]._fields["method"].selection)
        self.assertEqual(tuple(labels), kernel.METHODS)
