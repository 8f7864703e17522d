from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestForecast(ForecastCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [cls.product] = cls._create_products(1, weeks=70)
        with cls._at(cls.TODAY):
            cls.first = cls.env["scm.forecast.run"].sudo()._start_kind(cls.company_a, "forecast")
            cls.first._process()
        cls.forecast = cls.first.forecast_ids
        cls.lines = cls.forecast.line_ids

    # Override

    def test_override_keeps_quantity_reason_and_name(self):
        line = self.lines[2].with_user(self.planner)
        with self._at(self.TODAY):
            line.action_override(120, "Large tender")
        self.assertRecordValues(
            line,
            [
                {
                    "quantity_override": 120,
                    "override_reason": "Large tender",
                    "override_user_id": self.planner.id,
                    "is_overridden": True,
                }
            ],
        )
        self.assertTrue(self.forecast.overridden)
        line.action_override(None, "")
        self.assertFalse(line.is_overridden)
        self.assertFalse(self.forecast.overridden)

    def test_override_by_nothing_is_an_override(self):
        self.lines[0].with_user(self.planner).action_override(0, "Delisted")
        _keys, result, _extra = self.first._kernel_result()
        self.assertEqual(result.expected[0, 0], 0)
        self.assertGreater(result.expected[0, 1], 0)

    def test_override_needs_a_reason_and_a_possible_quantity(self):
        line = self.lines[0].with_user(self.planner)
        with self.assertRaisesRegex(UserError, "reason"):
            line.action_override(5, "  ")
        with self.assertRaisesRegex(UserError, "0 or more"):
            line.action_override(-1, "Typo")
        with self.assertRaisesRegex(UserError, "0 or more"):
            line.action_override(float("nan"), "Typo")

    def test_override_is_for_planners_of_the_company(self):
        with self.assertRaises(AccessError):
            self.lines[0].with_user(self.outsider).action_override(5, "Mine")
        with self.assertRaises(AccessError):
            self.lines[0].with_user(self.planner_b).action_override(5, "Mine")

    def test_override_over_rpc_by_date(self):
        day = str(self.lines[1].date)
        self.env["scm.forecast"].with_user(self.planner).override(
            self.product.id, self.warehouse_a.id, {day: 33}, "Agreed with sales"
        )
        self.assertEqual(self.lines[1].quantity_override, 33)
        with self.assertRaisesRegex(UserError, "2020-01-01"):
            self.env["scm.forecast"].with_user(self.planner).override(
                self.product.id, self.warehouse_a.id, {"2020-01-01": 1}, "Too late"
            )

    def test_override_lives_on_in_the_next_run_and_reaches_the_plan(self):
        self.lines[3].action_override(77, "Agreed")
        later = self._run(day=self.TODAY + timedelta(weeks=1))
        line = later.forecast_ids.line_ids[2]
        self.assertRecordValues(
            line,
            [{"date": self.lines[3].date, "quantity_override": 77, "override_reason": "Agreed"}],
        )
        self.assertTrue(later.forecast_ids.overridden)
        keys, result, _extra = later._kernel_result()
        self.assertEqual(keys, [(self.product.id, self.warehouse_a.id)])
        self.assertAlmostEqual(result.expected[0, 2], 77, places=3)
        self.assertNotAlmostEqual(result.expected[0, 1], 77, places=3)

    def test_only_the_current_forecast_is_overridden(self):
        self._run(day=self.TODAY + timedelta(weeks=1))
        with self.assertRaises(AccessError):
            self.lines[5].with_user(self.planner).action_override(5, "Late")

    # Chart

    def test_chart_has_history_forecast_events_and_errors(self):
        with self._at(self.TODAY):
            self.env["scm.event"].create(
                {"name": "Sale week", "source": "fixed", "month": "12", "day": 7, "duration_days": 5}
            )
            chart = self.env["scm.forecast.chart"].with_user(self.planner).get_forecast_chart(self.product.id)
        self.assertEqual(chart["product"]["name"], self.product.display_name)
        self.assertEqual(chart["warehouse"]["id"], self.warehouse_a.id)
        self.assertEqual(len(chart["forecast"]), 26)
        self.assertEqual(chart["forecast"][0]["date"], str(self.monday))
        days = [day for day, _quantity, _returned in chart["history"]]
        self.assertEqual(days[-1], str(self.monday - timedelta(weeks=1)))
        total = sum(self.env["scm.demand.day"].search([("product_id", "=", self.product.id)]).mapped("quantity"))
        self.assertAlmostEqual(sum(quantity for _day, quantity, _returned in chart["history"]), total)
        self.assertIn(("Sale week", "2026-12-07"), [(mark["name"], mark["from"]) for mark in chart["events"]])
        self.assertGreater(chart["figures"]["mae_seasonal_naive"], 0)
        self.assertTrue(chart["can_override"])

    def test_chart_shows_what_came_after_the_forecast_was_made(self):
        self._create_demand(self.product, [(self.monday + timedelta(days=1), 9)])
        chart = self.env["scm.forecast.chart"].with_user(self.planner).get_forecast_chart(self.product.id)
        self.assertEqual(chart["history"][-1][:2], [str(self.monday), 9])

    def test_chart_without_product_takes_the_largest(self):
        chart = self.env["scm.forecast.chart"].with_user(self.planner).get_forecast_chart()
        self.assertEqual(chart["product"]["id"], self.product.id)

    def test_chart_of_a_product_without_forecast_is_empty_not_an_error(self):
        product = self._create_product("Fresh")
        chart = self.env["scm.forecast.chart"].with_user(self.planner).get_forecast_chart(product.id)
        self.assertEqual((chart["forecast"], chart["history"], chart["figures"]), ([], [], {}))

    def test_chart_is_closed_to_outsiders_and_other_companies(self):
        chart = self.env["scm.forecast.chart"]
        with self.assertRaises(AccessError):
            chart.with_user(self.outsider).get_forecast_chart(self.product.id)
        chart_b = self.env(user=self.planner_b, context={"allowed_company_ids": self.company_b.ids})[
            "scm.forecast.chart"
        ]
        seen = chart_b.get_forecast_chart(self.product.id)
        self.assertEqual((seen["forecast"], seen["history"]), ([], []))
        with self.assertRaises(UserError):
            chart_b.get_forecast_chart(self.product.id, self.warehouse_a.id)

    def test_chart_takes_as_many_queries_for_a_long_history(self):
        chart = self.env["scm.forecast.chart"].with_user(self.planner)
        chart.get_forecast_chart(self.product.id)
        few = self._query_count(chart.get_forecast_chart, self.product.id)
        self._create_demand(self.product, [(self.monday - timedelta(weeks=80, days=day), 3) for day in range(300)])
        self.env["scm.event"].create(
            [
                {"name": f"Sale {number}", "source": "fixed", "month": str(number), "day": 7, "duration_days": 5}
                for number in range(1, 13)
            ]
        )
        self.assertEqual(self._query_count(chart.get_forecast_chart, self.product.id), few)
        self.assertLess(few, 60)

    def test_product_button_opens_the_chart(self):
        action = self.product.with_user(self.planner).action_open_scm_forecast()
        self.assertEqual(action["tag"], "scm_planning.forecast_chart")
        self.assertEqual(action["context"]["scm_product_id"], self.product.id)
