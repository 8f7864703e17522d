import io
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL
from openpyxl import load_workbook

from .metric_common import MetricCase


@tagged("post_install", "-at_install")
class TestRegions(MetricCase):
    """Figures by region: of the right days and company, the same from frozen days and from the facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        germany = cls.env.ref("base.de")
        cls.states = cls.env["res.country.state"].create(
            [{"name": name, "code": name[:3], "country_id": germany.id} for name in ("Northland", "Southland")]
        )
        cls.places = cls.env["res.partner"].create(
            [
                {"name": "North", "country_id": germany.id, "state_id": cls.states[0].id},
                {"name": "South", "country_id": germany.id, "state_id": cls.states[1].id},
                {"name": "Abroad", "country_id": cls.env.ref("base.jp").id},
                {"name": "Nowhere", "country_id": False, "state_id": False},
            ]
        )
        cls.product.standard_price = 6.0
        for place, back, count in ((0, 1, 3), (0, 2, 1), (1, 1, 2), (2, 3, 1), (3, 1, 1), (0, 29, 2), (2, 31, 2)):
            for _each in range(count):
                cls._order(cls.places[place], cls.TODAY - timedelta(days=back))

    @classmethod
    def _order(cls, place, day, **values):
        return cls._sell(day, quantity=2.0, partner_id=place.id, partner_shipping_id=place.id, **values)

    @classmethod
    def _copy_orders(cls, order, days_back):
        """Copies of an order without lines, placed so many days before: by SQL, for it takes hundreds."""
        cls.env.flush_all()
        names = [
            name
            for name, field in order._fields.items()
            if field.store and field.column_type and name not in ("id", "date_order")
        ]
        cls.env.cr.execute(
            SQL(
                """INSERT INTO sale_order (date_order, %(names)s)
                   SELECT date_order - (back - 1) * interval '1 day', %(names)s
                     FROM sale_order, unnest(%(days)s) AS back WHERE id = %(order)s""",
                names=SQL(", ").join(map(SQL.identifier, names)),
                days=days_back,
                order=order.id,
            )
        )

    def _page(self, user=None, **kwargs):
        with self._at(self.TODAY):
            return self._as(user or self.planner, self.env["scm.regions"]).get_regions(**kwargs)

    def _figures(self, page, code="orders"):
        """``{name: (value, before)}`` of countries and, below them, of their regions."""
        rows = [row for country in page["countries"] for row in (country, *country["regions"])]
        return {row["name"]: (row["measures"][code]["value"], row["measures"][code]["before"]) for row in rows}

    def test_countries_and_their_states_with_the_days_before(self):
        page = self._page()
        self.assertEqual(
            self._figures(page),
            {
                "Germany": (6, 2),
                "Northland": (4, 2),
                "Southland": (2, 0),
                "Japan": (1, 2),
                "Without country": (1, 0),
            },
        )
        total = page["total"]["measures"]
        self.assertEqual((total["orders"]["value"], total["orders"]["before"]), (8, 4))
        self.assertEqual((total["units"]["value"], total["revenue"]["value"]), (16, 160))
        self.assertEqual(total["gross_margin"]["value"], 160 - 16 * 6)
        self.assertAlmostEqual(page["countries"][0]["measures"]["orders"]["share"], 6 / 8)
        self.assertEqual((page["date_to"], page["compare_to"]), ("2026-11-22", "2026-10-25"))

    def test_frozen_days_say_the_same_as_the_facts(self):
        facts = self._page()
        self._freeze("orders", "revenue", "units", "gross_margin", "return_rate", "carrier_on_time", "parcel_cost")
        self.env["sale.order"].search([("partner_id", "in", self.places.ids)]).state = "cancel"
        frozen = self._page()
        for code in ("orders", "revenue", "units", "gross_margin"):
            self.assertEqual(self._figures(frozen, code), self._figures(facts, code), code)
        self.assertEqual(
            self._page(days=364)["total"]["measures"], {}, "days that nobody froze are read from the facts"
        )

    def test_little_data_is_no_growth_and_much_is(self):
        self.assertEqual(self._page()["total"]["measures"]["orders"]["verdict"], "not_enough_data")
        self._copy_orders(self._order(self.places[2], self.day), [back for back in range(1, 29) for _each in "abc"])
        self._copy_orders(self._order(self.places[2], self.day), [*range(29, 57), 30, 40, 50])
        japan = next(row for row in self._page()["countries"] if row["name"] == "Japan")["measures"]["orders"]
        self.assertEqual(japan["verdict"], "grows")
        self.assertLess(0, japan["low"])
        self.assertLess(japan["low"], japan["change"])
        self.assertLess(japan["change"], japan["high"])

    def test_one_warehouse_and_one_category(self):
        other = self.env["stock.warehouse"].create({"name": "East", "code": "EA", "company_id": self.company_a.id})
        self._order(self.places[1], self.day, warehouse_id=other.id)
        self.assertEqual(self._figures(self._page(warehouse_id=other.id)), {"Germany": (1, 0), "Southland": (1, 0)})
        parent = self.env["product.category"].create({"name": "Light"})
        self.product.categ_id = self.env["product.category"].create({"name": "Desk", "parent_id": parent.id})
        page = self._page(category_id=parent.id)
        self.assertEqual(page["total"]["measures"]["units"]["value"], 18)
        self.assertNotIn("orders", page["total"]["measures"], "an order has no category")
        self.assertFalse(next(one for one in page["measures"] if one["code"] == "orders")["is_known"])

    def test_a_day_is_a_day_of_the_warehouse(self):
        self._order(self.places[1], self.day, hour=23)
        self._order(self.places[1], self.TODAY, hour=0)
        page = self._page()
        self.assertEqual(self._figures(page)["Southland"], (3, 0))
        action = self._open(self.states[1].id)
        self.assertEqual(len(self.env["sale.order"].search(action["domain"])), 3)

    def _open(self, region, **kwargs):
        regions = self._as(self.planner, self.env["scm.regions"])
        return regions.open_region(region, "2026-10-26", "2026-11-22", **kwargs)

    def test_each_bar_leads_to_its_orders(self):
        page = self._page()
        for country in page["countries"]:
            orders = self.env["sale.order"].search(self._open(country["id"])["domain"])
            self.assertEqual(len(orders), country["measures"]["orders"]["value"], country["name"])
        category = self.product.categ_id or self.env["product.category"].create({"name": "Lamps"})
        self.product.categ_id = category
        lines = self._open(self.states[0].id, category_id=category.id)
        self.assertEqual(len(self.env[lines["res_model"]].search(lines["domain"])), 4)

    def test_nonsense_is_refused_with_words(self):
        for kwargs, words in (
            ({"days": 30}, "cannot be compared"),
            ({"days": True}, "cannot be compared"),
            ({"days": None}, "cannot be compared"),
            ({"compare": "ever"}, "is no comparison"),
            ({"warehouse_id": self.warehouse_b.id}, "has no warehouse"),
            ({"category_id": 2**30}, "no product category"),
            ({"date_to": "soon"}, "is no day"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._page(**kwargs)
        with self.assertRaisesRegex(UserError, "is no region"):
            self._open("Berlin")

    def test_only_for_users_of_the_supply_chain_and_their_company(self):
        regions = self._as(self.outsider, self.env["scm.regions"])
        for call in (lambda: regions.get_regions(days="x"), lambda: regions.open_region(0, "x", "y")):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(self._page(self.planner_b)["countries"])

    def test_the_workbook_has_units_and_definitions(self):
        regions = self._as(self.planner, self.env["scm.regions"])
        book = load_workbook(io.BytesIO(regions._page_workbook(self._page())))
        heads = [cell.value for cell in book.worksheets[0][1]]
        self.assertIn("Revenue of Goods [EUR]", heads)
        self.assertEqual(book.worksheets[0]["A2"].value, "All")
        texts = [cell.value for row in book.worksheets[-1].iter_rows() for cell in row if cell.value]
        self.assertIn("2026-10-26 – 2026-11-22", texts)

    def test_as_many_queries_for_many_regions_as_for_few(self):
        few = self._query_count(self._page)
        country = self.env.ref("base.de")
        states = self.env["res.country.state"].create(
            [{"name": f"Land {number}", "code": f"L{number}", "country_id": country.id} for number in range(12)]
        )
        places = self.env["res.partner"].create(
            [{"name": state.name, "country_id": country.id, "state_id": state.id} for state in states]
        )
        order = self._order(self.places[0], self.day)
        self._copy_orders(order, [1] * len(places))
        copies = self.env["sale.order"].search([("name", "=", order.name), ("id", "!=", order.id)])
        for copy, place in zip(copies, places, strict=True):
            copy.partner_shipping_id = place
        self.assertLessEqual(self._query_count(self._page), few)
        self.assertEqual(len(self._figures(self._page())), 5 + len(places))
