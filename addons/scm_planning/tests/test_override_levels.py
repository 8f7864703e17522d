from datetime import timedelta

import numpy as np
from odoo.tests import tagged

from .forecast_common import ForecastCase

VERDICT_WEEKS = 8


@tagged("post_install", "-at_install")
class TestOverrideLevels(ForecastCase):
    """Two warehouses, categories below one another, a vendor and customers of three places."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse_2 = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": cls.company_a.id}
        )
        categories = cls.env["product.category"]
        cls.ware = categories.create({"name": "Ware"})
        cls.cups, cls.pots = categories.create(
            [{"name": "Cups", "parent_id": cls.ware.id}, {"name": "Pots", "parent_id": cls.ware.id}]
        )
        cls.lids = categories.create({"name": "Lids"})
        cls.products = cls._create_products(6)
        for products, category in ((cls.products[:2], cls.cups), (cls.products[2:4], cls.pots)):
            products.categ_id = category
        cls.products[4:].categ_id = cls.lids
        for product in cls.products[::2]:
            cls._create_weekly_demand(product, [4, 7, 3] * 20, cls.warehouse_2)
        cls._create_vendors()
        cls._create_places()
        # a run leaves no trace in the instance, so that all tests can share one
        cls.run_one = cls._run(cls)
        cls.week = cls.run_one.date_from + timedelta(weeks=1)

    @classmethod
    def _create_vendors(cls):
        other = cls.env["res.partner"].create({"name": "Other Vendor"})
        sellers = [(product, cls.vendor) for product in cls.products[:3]] + [(cls.products[3], other)]
        cls.env["product.supplierinfo"].create(
            [{"partner_id": vendor.id, "product_tmpl_id": one.product_tmpl_id.id} for one, vendor in sellers]
            # his second vendor is not the one that counts
            + [
                {"partner_id": cls.vendor.id, "product_tmpl_id": cls.products[3].product_tmpl_id.id, "sequence": 90},
            ]
        )

    @classmethod
    def _create_places(cls):
        cls.state = cls.env.ref("base.state_us_5")
        cls.other_state = cls.env.ref("base.state_us_1")
        cls.america, cls.france = cls.state.country_id, cls.env.ref("base.fr")
        for number, (country, state) in enumerate(
            ((cls.america, cls.state), (cls.america, cls.other_state), (cls.france, None))
        ):
            partner = cls.env["res.partner"].create(
                {"name": f"Customer {number}", "country_id": country.id, "state_id": state and state.id}
            )
            for weeks in (3, 9, 20):
                cls._create_sale(
                    [(cls.products[0], 40), (cls.products[4], 30)],
                    cls.monday - timedelta(weeks=weeks),
                    partner_id=partner.id,
                )

    # Helpers

    def _override(self, level, **values):
        plain = {"mode": "percent", "value": 50, "reason": "promotion", "date_from": str(self.week)}
        values = plain | {"level": level} | {name: getattr(value, "id", value) for name, value in values.items()}
        with self._at(self.TODAY):
            model = self._as(self.manager, self.env["scm.forecast.override"])
            return self.env["scm.forecast.override"].browse(model.create_override(values)["id"])

    def _touched(self):
        """Set of (product, warehouse) whose forecast of the week is overridden."""
        lines = self.env["scm.forecast.line"].search(
            [("forecast_id.run_id", "=", self.run_one.id), ("date", "=", self.week), ("override_id", "!=", False)]
        )
        return {(line.product_id, line.forecast_id.warehouse_id) for line in lines}

    def _nodes(self, level):
        return self.env["scm.forecast.node"].search([("run_id", "=", self.run_one.id), ("level", "=", level)])

    def _weeks(self, nodes):
        """Final forecast per week of these nodes together."""
        changes = [node.changes or [0.0] * self.run_one.horizon for node in nodes]
        return np.array([node.series["quantity"] for node in nodes]).sum(axis=0) + np.array(changes).sum(axis=0)

    # Sums

    def test_every_level_adds_up_to_the_company_with_overrides_of_every_level(self):
        self._override("category", categ_id=self.ware)
        self._override("warehouse", warehouse_id=self.warehouse_2, mode="add", value=12)
        self._override("product", product_id=self.products[5], mode="total", value=33)
        self._override("country", country_id=self.america, value=20)
        company = self._weeks(self._nodes("company"))
        stores = self._nodes("warehouse")
        self.assertEqual(stores.warehouse_id, self.warehouse_a + self.warehouse_2)
        np.testing.assert_allclose(self._weeks(stores), company, atol=0.1)
        tops = self._nodes("category").filtered(lambda node: not node.parent_categ_id)
        np.testing.assert_allclose(self._weeks(tops), company, atol=0.1)
        np.testing.assert_allclose(self._weeks(self._nodes("country")), company, atol=0.1)

    def test_categories_of_a_warehouse_add_up_to_it_and_over_warehouses_to_the_category(self):
        self._override("category", categ_id=self.cups, warehouse_id=self.warehouse_2)
        cells = self._nodes("category_warehouse")
        for store in self._nodes("warehouse"):
            tops = cells.filtered(
                lambda node, store=store: node.warehouse_id == store.warehouse_id and not node.parent_categ_id
            )
            np.testing.assert_allclose(self._weeks(tops), self._weeks(store), atol=0.1)
        for category in self._nodes("category"):
            own = cells.filtered(lambda node, category=category: node.categ_id == category.categ_id)
            np.testing.assert_allclose(self._weeks(own), self._weeks(category), atol=0.1)
        below = self._nodes("category").filtered(lambda node: node.parent_categ_id == self.ware)
        above = self._nodes("category").filtered(lambda node: node.categ_id == self.ware)
        np.testing.assert_allclose(self._weeks(below), self._weeks(above), atol=0.1)

    def test_states_add_up_to_their_country(self):
        self._override("state", state_id=self.state, mode="percent", value=80)
        country = self._nodes("country").filtered(lambda node: node.country_id == self.america)
        states = self._nodes("state")
        self.assertEqual(states.state_id, self.state + self.other_state)
        np.testing.assert_allclose(self._weeks(states), self._weeks(country), atol=0.1)

    # Scopes

    def test_a_vendor_is_the_products_whose_first_vendor_he_is(self):
        self._override("vendor", vendor_id=self.vendor)
        self.assertEqual({product for product, _store in self._touched()}, set(self.products[:3]))

    def test_narrowed_to_a_warehouse_the_other_one_is_left_alone(self):
        for values in (
            {"level": "vendor", "vendor_id": self.vendor},
            {"level": "category", "categ_id": self.ware},
            {"level": "product", "product_id": self.products[0]},
        ):
            with self.subTest(level=values["level"]):
                one = self._override(**values, warehouse_id=self.warehouse_2)
                self.assertEqual({store for _product, store in self._touched()}, {self.warehouse_2})
                self.assertIn("in Second", one.name)
                self._as(self.manager, one).action_withdraw()
                self.assertFalse(self._touched())

    def test_a_place_changes_its_part_of_the_items_that_go_there(self):
        before = {item.product_id: item.quantity for item in self._lines_of_week()}
        country = self._override("country", country_id=self.america, value=100)
        self.assertEqual({product for product, _store in self._touched()}, {self.products[0], self.products[4]})
        # twice what goes to America: it had 2 of 3 of what was sold with an address
        self.assertAlmostEqual(country.quantity_after, 2 * country.quantity_before, delta=1)
        after = {item.product_id: item.quantity_override or item.quantity for item in self._lines_of_week()}
        self.assertGreater(after[self.products[0]], before[self.products[0]])
        self._as(self.manager, country).action_withdraw()
        state = self._override("state", state_id=self.state, value=100)
        self.assertAlmostEqual(state.quantity_before, country.quantity_before / 2, delta=0.5)

    def _lines_of_week(self):
        return self.env["scm.forecast.line"].search(
            [
                ("forecast_id.run_id", "=", self.run_one.id),
                ("forecast_id.warehouse_id", "=", self.warehouse_a.id),
                ("date", "=", self.week),
            ]
        )

    # As many queries for many as for few

    def test_overrides_are_applied_with_as_many_queries_for_many_as_for_few(self):
        model = self.env["scm.forecast.override"].sudo()
        self._override("category", categ_id=self.ware)
        self._override("vendor", vendor_id=self.vendor)
        self._override("country", country_id=self.america)
        model._apply_run(self.run_one)
        few = self._query_count(model._apply_run, self.run_one)
        model.search([("company_id", "=", self.company_a.id)])[0].copy()
        first = model.search([("company_id", "=", self.company_a.id)], limit=1)
        for level, name, records in (
            ("product", "product_id", self.products),
            ("category", "categ_id", self.cups + self.pots + self.lids),
            ("state", "state_id", self.state + self.other_state),
        ):
            blank = dict.fromkeys(("product_id", "categ_id", "vendor_id", "country_id", "state_id"), False)
            model.create(
                [first.copy_data(blank | {"level": level, name: record.id})[0] for record in records for _again in "ab"]
            )
        many = self._query_count(model._apply_run, self.run_one)
        self.assertLessEqual(many, few)

    def test_every_page_reads_as_often_for_many_as_for_few(self):
        self._override("category", categ_id=self.ware)
        page = self._as(self.planner, self.env["scm.forecast.hierarchy"])
        for level, scope in (
            ("warehouse", {}),
            ("category", {}),
            ("category", {"categ_id": self.ware.id}),
            ("category", {"warehouse_id": self.warehouse_a.id}),
            ("region", {}),
            ("region", {"country_id": self.america.id}),
            ("product", {"categ_id": self.ware.id}),
        ):
            with self.subTest(level=level, scope=scope):
                page.get_nodes(level, scope)
                # the largest region is the one that is not known, and it has no name to read
                few = self._query_count(page.get_nodes, level, scope, limit=2 if level == "region" else 1)
                many = self._query_count(page.get_nodes, level, scope, limit=40)
                self.assertLessEqual(many, few)
                self.assertGreater(len(page.get_nodes(level, scope)["rows"]), 1)

    def test_pages_are_cut_and_searched_in_the_database(self):
        page = self._as(self.planner, self.env["scm.forecast.hierarchy"])
        whole = page.get_nodes("category", {"categ_id": self.ware.id})
        self.assertEqual((whole["total"], len(whole["rows"])), (2, 2))
        second = page.get_nodes("category", {"categ_id": self.ware.id}, offset=1, limit=1)
        self.assertEqual((second["total"], second["rows"]), (2, whole["rows"][1:]))
        for level, search, names in (
            ("category", "lid", ["Lids"]),
            ("warehouse", "second", ["Second"]),
            ("region", "franc", ["France"]),
            ("region", "not known", ["Region not known"]),
            ("company", "nobody", []),
        ):
            with self.subTest(level=level, search=search):
                found = page.get_nodes(level, search=search)
                self.assertEqual(([row["name"] for row in found["rows"]], found["total"]), (names, len(names)))

    # What it was worth

    def test_from_eight_weeks_on_there_is_a_verdict(self):
        self._create_added(VERDICT_WEEKS - 1)
        summary = self._as(self.planner, self.env["scm.forecast.value.added"]).get_summary
        self.assertEqual(summary("reason")["total"]["verdict"], "not_enough")
        self._create_added(1, first=VERDICT_WEEKS - 1)
        [row] = summary("user")["rows"]
        self.assertEqual((row["weeks"], row["verdict"], row["id"]), (VERDICT_WEEKS, "better", self.manager.id))
        self.assertIn("better in 8 weeks", row["sentence"])
        self._create_added(VERDICT_WEEKS, user=self.planner, final=45.0)
        verdicts = {row["id"]: row["verdict"] for row in summary("user")["rows"]}
        self.assertEqual(verdicts, {self.manager.id: "better", self.planner.id: "worse"})

    def _create_added(self, count, first=0, user=None, final=29.0):
        """Weeks with a statistical forecast of 20, this final one, and demand of around 30."""
        product = self.products[0 if user is None else 1]
        self.env["scm.forecast.value.added"].sudo().create(
            [
                {
                    "company_id": self.company_a.id,
                    "user_id": (user or self.manager).id,
                    "level": "typed",
                    "product_id": product.id,
                    "warehouse_id": self.warehouse_a.id,
                    "date": self.monday - timedelta(weeks=week + 1),
                    "quantity_stat": 20.0,
                    "quantity_final": final,
                    "quantity_actual": 29.0 + week % 3,
                }
                for week in range(first, first + count)
            ]
        )
