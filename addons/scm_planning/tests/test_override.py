from datetime import timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .forecast_common import ForecastCase


@tagged("post_install", "-at_install")
class TestOverride(ForecastCase):
    """Overrides at any level, forecasts that add up, and what overrides were worth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cups, cls.pots = cls.env["product.category"].create([{"name": "Cups"}, {"name": "Pots"}])
        cls.products = cls._create_products(6)
        cls.products[:4].categ_id = cls.cups
        cls.products[4:].categ_id = cls.pots
        # a run leaves no trace in the instance, so that all tests can share one
        cls.run_one = cls._run(cls)
        cls.week = cls.run_one.date_from + timedelta(weeks=1)

    # Helpers

    def _values(self, **changes):
        values = {
            "level": "category", "categ_id": self.cups.id, "mode": "percent", "value": 50, "reason": "promotion",
            "date_from": str(self.week), "date_to": str(self.week + timedelta(weeks=1)),
        }  # fmt: skip
        return {name: value for name, value in (values | changes).items() if value is not None}

    def _create(self, user=None, day=None, **changes):
        with self._at(day or self.TODAY):
            model = self._as(user or self.manager, self.env["scm.forecast.override"])
            return self.env["scm.forecast.override"].browse(model.create_override(self._values(**changes))["id"])

    def _lines(self, run, products, week=None):
        return self.env["scm.forecast.line"].search(
            [("forecast_id.run_id", "=", run.id), ("product_id", "in", products.ids), ("date", "=", week or self.week)]
        )

    def _final(self, run, products, week=None):
        lines = self._lines(run, products, week)
        return sum(line.quantity_override if line.is_overridden else line.quantity for line in lines)

    # What an override does

    def test_it_reaches_the_items_of_its_group_and_nobody_else(self):
        before = sum(self._lines(self.run_one, self.products[:4]).mapped("quantity"))
        override = self._create()
        self.assertEqual((override.item_count, override.state), (4, "active"))
        self.assertAlmostEqual(self._final(self.run_one, self.products[:4]), 1.5 * before, delta=1)
        self.assertFalse(any(self._lines(self.run_one, self.products[4:]).mapped("is_overridden")))

    def test_what_policy_and_plan_read_has_it(self):
        keys, plain, _extra = self.run_one._kernel_result()
        before = plain.expected[:, 1].copy()
        self._create(mode="total", value=100)
        _keys, result, _extra = self.run_one._kernel_result()
        inside = np.array([product_id in self.products[:4].ids for product_id, _warehouse in keys])
        self.assertAlmostEqual(result.expected[inside, 1].sum(), 100, places=4)
        np.testing.assert_allclose(result.expected[~inside, 1], before[~inside])

    def test_many_units_are_shared_out_whole_and_add_up(self):
        self._create(mode="total", value=1001)
        parts = [line.quantity_override for line in self._lines(self.run_one, self.products[:4])]
        self.assertEqual((sum(parts), [part % 1 for part in parts]), (1001, [0] * 4))

    def test_preview_says_the_same_and_keeps_nothing(self):
        with self._at(self.TODAY):
            answer = self._as(self.manager, self.env["scm.forecast.override"]).preview_override(self._values())
        self.assertEqual(answer["items"], 4)
        self.assertAlmostEqual(answer["after"], 1.5 * answer["before"], delta=2)
        self.assertFalse(self.env["scm.forecast.override"].search_count([("company_id", "=", self.company_a.id)]))
        override = self._create()
        self.assertAlmostEqual(override.quantity_after, answer["after"], places=4)

    def test_the_more_specific_comes_last_and_both_are_named(self):
        product = self.products[0]
        self._create()
        one = self._create(level="product", categ_id=None, product_id=product.id, mode="total", value=5)
        self.assertAlmostEqual(self._final(self.run_one, product), 5)
        self.assertIn("Cups", one.overlap)

    def test_withdrawn_gives_the_statistical_forecast_back(self):
        before = self._final(self.run_one, self.products)
        override = self._create()
        self._as(self.manager, override).action_withdraw("Promotion called off")
        self.assertAlmostEqual(self._final(self.run_one, self.products), before)
        self.assertEqual((override.state, override.state_reason), ("withdrawn", "Promotion called off"))

    def test_it_stays_over_the_next_run_until_its_weeks_are_over(self):
        override = self._create(mode="total", value=60)
        after = self.TODAY + timedelta(weeks=1)
        run = self._run(day=after)
        self.assertAlmostEqual(self._final(run, self.products[:4]), 60)
        self._run(day=after + timedelta(weeks=2))
        self.assertEqual(override.state, "expired")

    def test_past_its_expiry_it_is_not_applied_and_says_so(self):
        override = self._create(date_expire=str(self.TODAY + timedelta(days=3)))
        run = self._run(day=self.TODAY + timedelta(weeks=1))
        self.assertEqual(override.state, "expired")
        self.assertTrue(override.state_reason)
        self.assertFalse(any(self._lines(run, self.products).mapped("is_overridden")))

    # Forecasts that add up

    def test_each_level_is_the_sum_of_what_lies_below(self):
        self._create()
        nodes = self.env["scm.forecast.node"].search([("run_id", "=", self.run_one.id)])

        def weeks(node):
            return np.array(node.series["quantity"]) + np.array(node.changes or [0.0] * self.run_one.horizon)

        [company] = nodes.filtered(lambda node: node.level == "company")
        cups = nodes.filtered(lambda node: node.level == "category" and node.categ_id == self.cups)
        pots = nodes.filtered(lambda node: node.level == "category" and node.categ_id == self.pots)
        np.testing.assert_allclose(weeks(cups) + weeks(pots), weeks(company), atol=0.1)
        self.assertAlmostEqual(weeks(company)[1], self._final(self.run_one, self.products), delta=0.1)

    def test_the_page_reads_as_often_for_many_as_for_few(self):
        page = self._as(self.planner, self.env["scm.forecast.hierarchy"])
        page.get_nodes("product")
        few = self._query_count(lambda: page.get_nodes("product", limit=2))
        many = self._query_count(lambda: page.get_nodes("product", limit=6))
        self.assertLessEqual(many, few)
        rows = page.get_nodes("category")["rows"]
        self.assertEqual({row["name"] for row in rows}, {"Cups", "Pots"})
        chart = page.get_chart("category", rows[0]["scope"])
        self.assertEqual(len(chart["forecast"]), self.run_one.horizon)

    # What it was worth

    def test_a_week_that_is_over_is_frozen_and_few_weeks_are_no_verdict(self):
        self._create(mode="total", value=100, date_to=None, date_from=str(self.run_one.date_from))
        self._create_demand(self.products[0], [(self.run_one.date_from + timedelta(days=1), 90)])
        self._run(day=self.TODAY + timedelta(weeks=1))
        [row] = self.env["scm.forecast.value.added"].search([("company_id", "=", self.company_a.id)])
        self.assertEqual((row.quantity_final, row.quantity_actual, row.error_final), (100, 90, 10))
        self.assertAlmostEqual(row.value_added, row.error_stat - 10)
        total = self._as(self.planner, self.env["scm.forecast.value.added"]).get_summary("user")["total"]
        self.assertEqual((total["weeks"], total["verdict"] in ("better", "worse")), (1, False))

    # Rights and nonsense

    def test_planners_override_products_and_managers_groups(self):
        product = {"level": "product", "categ_id": None, "product_id": self.products[0].id}
        self._create(self.planner, **product)
        with self.assertRaisesRegex(AccessError, "managers"):
            self._create(self.planner)
        with self.assertRaises(AccessError):
            self._create(self.outsider, **product)

    def test_another_company_neither_sees_nor_makes_it(self):
        override = self._create()
        self.assertFalse(self._as(self.planner_b, self.env["scm.forecast.override"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.planner_b, override).action_withdraw()
        with self.assertRaises(AccessError):
            self._create(company_id=self.company_b.id)

    def test_nonsense_is_refused_with_words(self):
        for error, changes in (
            (UserError, {"level": "planet"}),
            (UserError, {"reason": "because"}),
            (UserError, {"date_from": "soon"}),
            (UserError, {"value": "many"}),
            (UserError, {"colour": "red"}),
            (UserError, {"categ_id": 999999999}),
            (ValidationError, {"value": -101}),
            (ValidationError, {"mode": "total", "value": -1}),
            (ValidationError, {"value": float("nan")}),
            (ValidationError, {"categ_id": None}),
            (ValidationError, {"product_id": self.products[0].id}),
        ):
            with self.subTest(**changes), self.assertRaises(error), self.env.cr.savepoint():
                self._create(**changes)
