from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import scm_forecast_compute, scm_forecast_run
from .forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestForecastRun(ForecastCase):
    def test_run_forecasts_each_product_and_shows_it_when_done(self):
        products = self._create_products(5)
        run = self._run()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "message": False,
                    "item_count": 5,
                    "horizon": 26,
                    "date_from": self.monday,
                    "current": True,
                    "published": True,
                    "progress": 100,
                    "error_count": 0,
                }
            ],
        )
        forecasts = self.env["scm.forecast"].with_user(self.planner).search([("run_id", "=", run.id)])
        self.assertEqual(forecasts.product_id, products)
        self.assertEqual(set(forecasts.mapped(lambda forecast: len(forecast.line_ids))), {26})
        self.assertEqual(forecasts[0].line_ids.mapped("date")[:2], [self.monday, self.monday + timedelta(weeks=1)])
        for forecast in forecasts:
            self.assertAlmostEqual(forecast.mean_week, forecast.recent_week, delta=0.35 * forecast.recent_week)
            for line in forecast.line_ids:
                self.assertLessEqual(line.q05, line.q50)
                self.assertLessEqual(line.q80, line.q95)

    def _count_rows(self, run):
        return self.env["scm.forecast"].sudo().search_count([("run_id", "=", run.id)])

    def test_rows_are_hidden_until_the_run_is_published(self):
        self._create_products(3)
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            while self._count_rows(run) < 3:
                run._process_batch()
        self.assertEqual(self.env["scm.forecast"].sudo().search_count([("run_id", "=", run.id)]), 3)
        self.assertFalse(self.env["scm.forecast"].with_user(self.manager).search([("run_id", "=", run.id)]))
        self.assertFalse(
            self.env["scm.forecast.line"].with_user(self.manager).search([("forecast_id.run_id", "=", run.id)])
        )
        run._process()
        self.assertEqual(self.env["scm.forecast"].with_user(self.manager).search_count([("run_id", "=", run.id)]), 3)

    def test_killed_run_goes_on_and_says_the_same(self):
        self._create_products(7)
        whole = self._values(self._run())
        with self._at(self.TODAY), patch.object(scm_forecast_run, "BATCH_SIZE", 2):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            while not self._count_rows(run):
                run._process_batch()
            self.assertEqual(self._count_rows(run), 2)
            # What came in meanwhile must not mix into a forecast that is half written
            self._create_demand(self._create_product("Late"), [(self.monday - timedelta(days=3), 500)])
            self.env.flush_all()
            self.env.invalidate_all()
            other = self.env(context={})["scm.forecast.run"].browse(run.id)
            other._process()
        self.assertEqual(other.state, "done")
        self.assertEqual(self._values(other), whole)

    def test_new_run_replaces_the_old_one_in_one_step(self):
        self._create_products(2)
        first = self._run()
        second = self._run()
        self.assertFalse(first.current)
        self.assertTrue(second.current)
        self.assertFalse(
            self.env["scm.forecast"].sudo().search_count([("run_id", "=", first.id)]), "same week: replaced"
        )

    def test_keeps_as_many_weeks_as_set(self):
        self.company_a.scm_forecast_keep = 2
        self._create_products(2)
        runs = [self._run(day=self.TODAY + timedelta(weeks=week)) for week in range(4)]
        counts = [self.env["scm.forecast"].sudo().search_count([("run_id", "=", run.id)]) for run in runs]
        self.assertEqual(counts, [0, 0, 2, 2])
        self.assertEqual([run.state for run in runs], ["done"] * 4)

    def test_two_runs_at_once_are_refused_by_name(self):
        self._create_products(1)
        manager = self.env["scm.forecast.run"].with_user(self.manager).with_company(self.company_a)
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].browse(manager.run_now(self.company_a.id))
            with self.assertRaisesRegex(UserError, run.name):
                manager.run_now(self.company_a.id)

    def test_only_managers_of_the_company_start_runs(self):
        for user, company in (
            (self.planner, self.company_a),
            (self.outsider, self.company_a),
            (self.manager, self.company_b),
        ):
            with self.assertRaises(AccessError):
                self.env["scm.forecast.run"].with_user(user).run_now(company.id)

    def test_manager_runs_and_waits(self):
        self._create_products(1)
        with self._at(self.TODAY):
            run_id = self.env["scm.forecast.run"].with_user(self.manager).run_now(self.company_a.id, wait=True)
        run = self.env["scm.forecast.run"].with_user(self.planner).browse(run_id)
        self.assertEqual((run.state, run.user_id), ("done", self.manager))

    def test_company_without_warehouse_is_told_so(self):
        company = self._create_company("No warehouse", "base.EUR", "UTC")
        self.env["stock.warehouse"].search([("company_id", "=", company.id)]).write({"active": False})
        with self.assertRaisesRegex(UserError, "No warehouse has no warehouse"):
            self.env["scm.forecast.run"].sudo()._start_kind(company, "forecast")

    def test_no_history_is_said_and_the_old_forecast_stays(self):
        run = self._run(self.company_b)
        self.assertRecordValues(run, [{"state": "done", "item_count": 0, "current": False, "published": False}])
        self.assertIn("no demand of Company B", run.message)
        self._create_products(1)
        good = self._run()
        self.env["scm.demand.day"].sudo().search([]).unlink()
        self.env["scm.demand.item"].sudo().search([]).unlink()
        self.assertIn("no demand of Company A", self._run().message)
        self.assertTrue(good.current)
        self.assertEqual(self.env["scm.forecast"].search_count([("run_id", "=", good.id)]), 1)

    def test_company_without_sales_still_gets_its_proposals_and_alerts(self):
        product = self._create_product("On the shelf", vendor=self.vendor)
        self._set_stock(product, 3)
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "warehouse_id": self.warehouse_a.id,
                "location_id": self.warehouse_a.lot_stock_id.id,
                "company_id": self.company_a.id,
                "product_min_qty": 5,
                "product_max_qty": 10,
                "trigger": "manual",
            }
        )
        orphan = self._create_product("Nobody sells it to us")
        self._set_stock(orphan, 1)
        self.company_a.scm_policy_auto_apply = True
        run = self._run()
        self.assertEqual((run.state, run.step, run.error_count), ("done", "end", 0))
        self.assertIn("no demand of Company A", run.message)
        proposals = self.env["scm.policy.proposal"].with_user(self.planner).search([])
        rows = {proposal.product_id: proposal for proposal in proposals}
        self.assertEqual(set(rows), {product, orphan})
        self.assertRecordValues(
            rows[product],
            [
                {
                    "pattern": "no_history",
                    "state": "unchanged",
                    "min_proposed": 5,
                    "max_proposed": 10,
                    "qty_to_order": 7,
                    "excess_quantity": 0,
                }
            ],
        )
        self.assertIn("no_forecast", rows[product].why["notes"])
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (5, 10), "what is not known changes nothing")
        self._create_weekly_demand(self._create_product("Sells"), [5] * 30)
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a, full=True)
        self.assertFalse(self._run(kind="forecast").message)
        self.assertRecordValues(rows[product], [{"pattern": "no_history", "state": "unchanged", "min_proposed": 5}])
        alerts = self.env["scm.alert"].search([("company_id", "=", self.company_a.id), ("state", "=", "open")])
        self.assertIn((orphan, "planning_blocked"), [(alert.product_id, alert.type_id.code) for alert in alerts])

    def test_empty_company(self):
        company = self._create_company("Empty", "base.EUR", "UTC")
        for kind in ("forecast", "refresh", "daily"):
            run = self._run(company, kind)
            self.assertEqual(run.state, "done", f"{kind}: {run.message}")

    @mute_logger(scm_forecast_compute.__name__)
    def test_result_whose_file_is_gone_is_computed_again(self):
        self._create_products(3)
        run = self._run()
        before = run._kernel_result()
        run._spool_attachment().unlink()
        keys, result, extra = run._kernel_result()
        self.assertEqual(keys, before[0])
        self.assertEqual(result.mean.tolist(), before[1].mean.tolist())
        self.assertEqual(extra["recent"].tolist(), before[2]["recent"].tolist())
        self.assertTrue(run._has_spool())

    @mute_logger(scm_forecast_compute.__name__)
    def test_result_that_cannot_be_computed_again_is_said(self):
        self._create_products(1)
        run = self._run()
        run._spool_attachment().unlink()
        self.env["scm.demand.day"].sudo().search([]).unlink()
        self.env["scm.demand.item"].sudo().search([]).unlink()
        with self.assertRaisesRegex(UserError, "Plan again"):
            self.env["scm.policy.proposal"]._refresh(self.company_a)

    @mute_logger("odoo.addons.scm_base.models.scm_run_mixin")
    def test_half_written_run_whose_file_is_gone_ends(self):
        self._create_products(5)
        with self._at(self.TODAY), patch.object(scm_forecast_run, "BATCH_SIZE", 2):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            while not self._count_rows(run):
                run._process_batch()
            run._spool_attachment().raw = b""
            run._process()
        self.assertEqual((run.state, run.published), ("failed", False))
        self.assertIn("Plan again", run.message)

    def test_learned_effects_are_shown_on_the_event(self):
        self.env["scm.event"].search([]).active = False
        category = self.env["product.category"].create({"name": "Tea"})
        weeks = 120
        lifted = {weeks - 104, weeks - 52}
        for number in range(4):
            product = self._create_product(f"Tea {number}", categ_id=category.id)
            self._create_weekly_demand(product, [60 if week in lifted else 30 for week in range(weeks)])
        first = self.monday - timedelta(weeks=weeks)
        week_days = [(first + timedelta(weeks=week), first + timedelta(weeks=week, days=6)) for week in lifted]
        event = self.env["scm.event"].create(
            {
                "name": "Tea week",
                "kind": "festival",
                "occurrence_ids": [
                    Command.create({"date_start": start, "date_end": end})
                    for start, end in [*week_days, (self.monday, self.monday + timedelta(days=6))]
                ],
            }
        )
        self._run()
        run = self._run()
        effect = event.with_user(self.planner).effect_ids
        self.assertRecordValues(effect, [{"run_id": run.id, "categ_id": category.id, "times_seen": 2}])
        self.assertGreater(effect.peak, 0.5)
        self.assertFalse(self._as(self.planner_b, self.env["scm.event.effect"]).search([]))
        self.assertFalse(effect.has_access("write"))
        self.assertEqual(self.env["scm.event.effect"].search_count([("event_id", "=", event.id)]), 1)

    def test_product_deleted_meanwhile_is_listed_and_the_run_finishes(self):
        products = self._create_products(3)
        gone_id = products[1].id
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
            while not run._spool_attachment():
                run._process_batch()
                if run.step == "forecast" and not run._spool_attachment():
                    run._compute_forecast()
            products[1].unlink()
            run._process()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.error_count, 1)
        self.assertIn(str(gone_id), run.error_ids.name)
        self.assertEqual(run.forecast_ids.product_id, products[0] + products[2])

    def test_bad_series_fails_alone(self):
        self._create_products(4)
        forecast = scm_forecast_compute.forecast
        bad_total = 777.0
        # too young for anybody to call its one week an outlier
        bad = self._create_product("Bad")
        self._create_demand(bad, [(self.monday - timedelta(days=6), bad_total)])

        def picky(panel, options, calendar):
            if (panel.quantity >= bad_total).any():
                raise ValueError("cannot be")
            return forecast(panel, options, calendar)

        with patch.object(scm_forecast_compute, "forecast", picky), mute_logger(scm_forecast_compute.__name__):
            run = self._run()
        self.assertEqual((run.state, run.item_count, run.error_count), ("done", 4, 1))
        self.assertEqual(run.error_ids.name, bad.display_name)
        self.assertIn("cannot be", run.error_ids.message)

    def test_companies_are_apart(self):
        [own] = self._create_products(1)
        [other] = self._create_products(1, warehouse=self.warehouse_b, prefix="Other")
        self._run(self.company_a)
        self._run(self.company_b)
        seen = self.env["scm.forecast"].with_user(self.planner).search([])
        self.assertEqual(seen.product_id, own)
        env_b = self.env(user=self.planner_b, context={"allowed_company_ids": self.company_b.ids})
        self.assertEqual(env_b["scm.forecast"].search([]).product_id, other)
        self.assertEqual(env_b["scm.forecast.line"].search([]).forecast_id.product_id, other)
        self.assertEqual(env_b["scm.forecast.run"].search([]).company_id, self.company_b)

    def test_outsider_sees_nothing(self):
        for model in ("scm.forecast.run", "scm.forecast", "scm.forecast.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.outsider).search([])

    def test_nobody_writes_rows_by_hand(self):
        self._create_products(1)
        run = self._run()
        for record in (run.forecast_ids, run.forecast_ids.line_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).write(
                    {"freq": "D"} if record._name == "scm.forecast" else {"quantity": 1}
                )

    def test_planner_fixes_a_method(self):
        products = self._create_products(2)
        first = self._run()
        self.assertFalse(first.forecast_ids.filtered("method"))
        first.forecast_ids[0].with_user(self.planner).action_fix_method("mean13")
        fixed = first.forecast_ids[0].product_id
        with self.assertRaisesRegex(UserError, "crystal ball"):
            first.forecast_ids[0].with_user(self.planner).action_fix_method("crystal ball")
        second = self._run(day=self.TODAY)
        forecast = second.forecast_ids.filtered(lambda row: row.product_id == fixed)
        self.assertEqual((forecast.method, forecast.main_method), ("mean13", "mean13"))
        recent = sum(
            self.env["scm.demand.day"]
            .search([("product_id", "=", fixed.id), ("date", ">=", self.monday - timedelta(weeks=13))])
            .mapped("quantity")
        )
        self.assertAlmostEqual(forecast.recent_week, recent / 13, places=3)
        self.assertFalse((second.forecast_ids - forecast).method)
        self.assertEqual(len(products), 2)

    def test_daily_forecast_of_fast_movers(self):
        fast, slow = self._create_products(2)
        self._create_demand(fast, [(self.TODAY - timedelta(days=day), 5) for day in range(1, 120) if day % 7 != 5])
        self.company_a.scm_daily_picks = 0.5
        self._run()
        run = self._run(kind="daily")
        self.assertEqual((run.freq, run.horizon, run.state), ("D", 56, "done"))
        self.assertEqual(run.forecast_ids.product_id, fast)
        self.assertEqual(run.forecast_ids.line_ids[0].date, self.TODAY)
        chart = self.env["scm.forecast.chart"].with_user(self.planner).get_forecast_chart(fast.id, freq="D")
        self.assertEqual((len(chart["forecast"]), chart["period_days"], chart["can_override"]), (56, 1, False))
        self.assertEqual(chart["history"][-1][0], str(self.TODAY - timedelta(days=1)))
        self.assertEqual({choice["freq"] for choice in chart["choices"]}, {"D", "W"})
        weekly = self.env["scm.forecast.run"].search([("freq", "=", "W"), ("current", "=", True)])
        self.assertEqual(weekly.forecast_ids.product_id, fast + slow)

    def test_query_count_does_not_grow_with_products(self):
        def count(products):
            self._create_products(products)
            with self._at(self.TODAY):
                run = self.env["scm.forecast.run"].sudo()._start_kind(self.company_a, "forecast")
                while run.step != "forecast":
                    run._process_batch()
                used = 0
                while run.step == "forecast":
                    used += self._query_count(run._process_batch)
                run._process()
            return used

        self._create_products(1)
        self._run()
        self.assertEqual(count(10), count(190), "one batch holds both")

    def test_tracking_marks_products_that_keep_missing(self):
        [steady, dropped] = self._create_products(2, weeks=80)
        start = self.monday - timedelta(weeks=5)
        self.env["scm.demand.day"].sudo().search([("product_id", "=", dropped.id), ("date", ">=", start)]).unlink()
        for week in range(6):
            run = self._run(day=start + timedelta(weeks=week))
        rows = {forecast.product_id: forecast for forecast in run.forecast_ids}
        self.assertEqual(rows[dropped].tracking_count, 5)
        self.assertGreater(rows[dropped].tracking_signal, 4)
        self.assertTrue(rows[dropped].biased)
        self.assertLess(abs(rows[steady].tracking_signal), 4)

    def test_current_forecast_cannot_be_deleted(self):
        self._create_products(1)
        run = self._run()
        with self.assertRaisesRegex(UserError, "current"):
            run.with_user(self.manager).unlink()
        self._run()
        run.unlink()
        self.assertFalse(run.exists())


@tagged("post_install", "-at_install")
class TestNightly(ForecastCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).scm_schedule = "off"
        cls.company_a.scm_schedule = "weekly"
        cls._create_products(2)
        cls.cron = cls.env.ref("scm_planning.scm_forecast_nightly_cron")

    def _night(self, day):
        with self._at(day), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        return self.env["scm.forecast.run"].search([("company_id", "=", self.company_a.id)])

    def test_forecast_each_week_and_refresh_each_night(self):
        runs = self._night(self.TODAY)
        self.assertEqual(runs.mapped("kind"), ["forecast"])
        self.assertEqual(runs.state, "done")
        self.assertEqual(len(self._night(self.TODAY)), 1, "once a night")
        self.assertEqual(self._night(self.TODAY + timedelta(days=1))[0].kind, "refresh")
        self.assertEqual(self._night(self.TODAY + timedelta(days=7))[0].kind, "forecast")

    def test_daily_schedule_and_forecast_by_day(self):
        self.company_a.write({"scm_schedule": "daily", "scm_daily_picks": 0.05})
        self._night(self.TODAY)
        runs = self._night(self.TODAY + timedelta(days=1))
        self.assertEqual(sorted(runs.mapped("kind")), ["daily", "daily", "forecast", "forecast"])
        self.assertEqual(set(runs.mapped("state")), {"done"})

    @mute_logger("odoo.addons.scm_base.models.scm_run_mixin")
    def test_failing_company_does_not_stop_the_others(self):
        self.company_b.scm_schedule = "weekly"
        self._create_products(1, warehouse=self.warehouse_b, prefix="Other")
        run_class = self.env.registry["scm.forecast.run"]
        compute = run_class._compute_forecast

        def fails_in_b(run):
            if run.company_id == self.company_b:
                raise ZeroDivisionError("broken")
            return compute(run)

        with patch.object(run_class, "_compute_forecast", fails_in_b):
            self._night(self.TODAY)
        states = {run.company_id: run.state for run in self.env["scm.forecast.run"].search([("date", "=", self.TODAY)])}
        self.assertEqual((states[self.company_a], states[self.company_b]), ("done", "failed"))

    def test_interrupted_run_is_finished_first(self):
        with self._at(self.TODAY):
            run = self.env["scm.forecast.run"]._start_kind(self.company_a, "forecast")
            run._process_batch()
        self.assertEqual(run.state, "running")
        runs = self._night(self.TODAY)
        self.assertEqual(runs, run)
        self.assertEqual(run.state, "done")
