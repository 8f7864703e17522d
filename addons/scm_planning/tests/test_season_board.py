from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestSeasonBoard(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env["scm.event"]
        cls.events.search([]).active = False
        cls.vendor.country_id = cls.env.ref("base.cn")
        cls.toys, cls.tools = cls.env["product.category"].create([{"name": "Toys"}, {"name": "Tools"}])
        cls.doll = cls._create_product("Doll", vendor=cls.vendor, delay=20, categ_id=cls.toys.id)
        cls.saw = cls._create_product("Saw", categ_id=cls.tools.id)

    def _shutdown(self):
        return self.events.create(
            {
                "name": "Closed", "kind": "shutdown", "country_ids": [Command.link(self.env.ref("base.cn").id)],
                "occurrence_ids": [Command.create({"date_start": "2027-01-30", "date_end": "2027-02-19"})],
            }
        )  # fmt: skip

    def _feasts(self, months):
        self.events.create(
            [
                {
                    "name": f"E{month}", "kind": "feast",
                    "occurrence_ids": [
                        Command.create({"date_start": f"2027-{month:02d}-03", "date_end": f"2027-{month:02d}-04"})
                    ],
                }
                for month in months
            ]
        )  # fmt: skip

    def _board(self, user=None, **values):
        self.env.flush_all()
        with self._at(self.TODAY):
            return self._as(user or self.planner, self.env["scm.season.board"]).get_board(**values)

    def _planned(self, product, day, value, **values):
        return self.env["scm.planned.order"].create(
            {
                "company_id": self.company_a.id, "product_id": product.id, "warehouse_id": self.warehouse_a.id,
                "categ_id": product.categ_id.id, "kind": "buy", "vendor_id": self.vendor.id, "quantity": 10,
                "date_order": day, "date_receipt": day, "value": value,
            }
            | values
        )  # fmt: skip

    def test_empty_company_gets_words_not_errors(self):
        board = self._board()
        self.assertEqual((board["forecast"]["run_id"], board["events"], board["orders_by"]), (False, [], []))
        self.assertEqual(board["weeks"][0]["expected"], False)
        self.assertEqual(board["plan"]["stock"], [])
        self.assertEqual([month["date"] for month in board["months"]][:2], ["2026-11-01", "2026-12-01"])

    def test_expected_demand_and_last_year_by_category(self):
        self._create_sale([(self.doll, 30, 8.0)], "2025-11-26")
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a)
        run = self._create_forecast({self.doll: 7.0, self.saw: 3.0})
        weeks = self._board()["weeks"]
        self.assertEqual(len(weeks), 26)
        self.assertAlmostEqual(weeks[0]["expected"], 10, delta=0.2)
        # the doll at what the last year brought, the saw at its price
        self.assertAlmostEqual(weeks[3]["expected_value"], 7 * 8 + 3 * 25, delta=3)
        self.assertEqual((weeks[0]["date"], weeks[0]["last_year"]), ("2026-11-23", 30))
        self.assertAlmostEqual(weeks[0]["last_year_value"], 240)
        toys = self._board(categ_id=self.toys.id)["weeks"]
        self.assertAlmostEqual(toys[0]["expected"], 7, delta=0.2)
        line = run.forecast_ids.filtered(lambda row: row.product_id == self.doll).line_ids[0]
        self._as(self.planner, line).action_override(50.0, "Tender")
        self.assertAlmostEqual(self._board(categ_id=self.toys.id)["weeks"][0]["expected"], 50, places=3)

    def test_events_of_both_sides_with_their_bands(self):
        self._shutdown()
        self.events.create(
            {
                "name": "Doll days", "kind": "promotion", "lead_in_days": 3, "after_days": 2, "expected_uplift": 0.4,
                "category_ids": [Command.link(self.toys.id)],
                "occurrence_ids": [Command.create({"date_start": "2026-12-10", "date_end": "2026-12-12"})],
            }
        )  # fmt: skip
        marks = self._board()["events"]
        self.assertEqual([mark["name"] for mark in marks], ["Doll days", "Closed"])
        self.assertEqual([mark["kind"] for mark in marks], ["promotion", "shutdown"])
        self.assertEqual(
            [marks[0][name] for name in ("lead_from", "from", "to", "after_to", "expected", "learned")],
            ["2026-12-07", "2026-12-10", "2026-12-12", "2026-12-14", 0.4, False],
        )
        self.assertEqual([mark["name"] for mark in self._board(categ_id=self.tools.id)["events"]], ["Closed"])

    def test_order_by_or_wait(self):
        self._shutdown()
        [row] = self._board()["orders_by"]
        self.assertEqual((row["order_by"], row["wait_until"], row["value"]), ("2027-01-10", "2027-02-21", False))
        self.assertEqual((row["vendor"], row["country"], row["products"], row["late"]), ("Vendor", "China", 1, False))
        self.env["scm.order.plan.item"].create(
            {
                "plan_id": self.env["scm.order.plan"].create({"company_id": self.company_a.id}).id,
                "company_id": self.company_a.id, "product_id": self.doll.id, "warehouse_id": self.warehouse_a.id,
                "vendor_id": self.vendor.id, "lead_time_days": 40,
            }
        )  # fmt: skip
        self._planned(self.doll, "2026-12-01", 300.0)
        self._planned(self.doll, "2026-12-30", 500.0)
        [row] = self._board()["orders_by"]
        self.assertEqual((row["order_by"], row["value"], row["orders"]), ("2026-12-21", 300.0, 1))

    def test_vendor_that_never_opens_has_no_last_day(self):
        event = self._shutdown()
        event.occurrence_ids = [
            Command.create({"date_start": first, "date_end": first + timedelta(days=364)})
            for first in (date(2025, 1, 1), date(2026, 1, 1), date(2027, 3, 1), date(2028, 3, 1))
        ]
        self.assertIsInstance(self._board()["orders_by"], list)

    def test_purchases_against_budget(self):
        self._planned(self.doll, "2026-11-20", 100.0, late=True)
        self._planned(self.doll, "2026-12-20", 250.0)
        self._planned(self.saw, "2026-12-21", 50.0)
        self._planned(self.saw, "2026-12-21", 999.0, kind="transfer")
        self._planned(self.saw, "2026-12-21", 999.0, state="cancelled")
        self._create_purchase([(self.saw, 4)], self.TODAY)
        self.env["scm.purchase.budget"].create({"company_id": self.company_a.id, "month": "2026-12-01", "amount": 200})
        november, december = self._board()["months"][:2]
        self.assertEqual((november["planned"], november["late"], november["budget"]), (100, 1, False))
        self.assertEqual(november["ordered"], 40)
        self.assertEqual((december["planned"], december["count"], december["budget"]), (300, 2, 200))
        december = self._board(categ_id=self.toys.id)["months"][1]
        self.assertEqual((december["planned"], december["budget"]), (250, False))
        with self._at(self.TODAY):
            action = self._as(self.planner, self.env["scm.season.board"]).action_month("2026-12-01")
        self.assertEqual(sum(self.env["scm.planned.order"].search(action["domain"]).mapped("value")), 300)

    def test_event_says_what_it_did(self):
        for sold, quantity in ((date(2026, 8, 3), 280), (date(2026, 9, 3), 280), (date(2026, 9, 25), 40)):
            self._create_sale([(self.doll, quantity)], sold)
        with self._at(self.TODAY):
            self.env["scm.demand.day"]._refresh(self.company_a)
        event = self.events.create(
            {
                "name": "Doll days", "kind": "promotion", "category_ids": [Command.link(self.toys.id)],
                "occurrence_ids": [
                    Command.create({"date_start": "2026-09-25", "date_end": "2026-09-26"}),
                    Command.create({"date_start": "2026-12-10", "date_end": "2026-12-12"}),
                ],
            }
        )  # fmt: skip
        coming = event.occurrence_ids.filtered(lambda row: row.date_start.month == 12)
        with self._at(self.TODAY):
            found = self._as(self.planner, self.env["scm.season.event"]).get_event(coming.id)
        self.assertEqual([(past["from"], past["before"]) for past in found["past"]], [("2026-09-25", False)])
        # 40 units on two days, against 560 in the eight weeks before
        self.assertAlmostEqual(found["past"][0]["peak"], 1.0)
        self.assertEqual((found["learned"], found["expected"]), ([], 0.0))

    def test_roles_companies_and_bad_input(self):
        with self.assertRaises(AccessError):
            self._board(self.outsider)
        with self.assertRaises(AccessError):
            self._board(company_id=self.company_b.id)
        with self.assertRaisesRegex(UserError, "13, 26"):
            self._board(weeks=27)
        with self.assertRaisesRegex(UserError, "category"):
            self._board(categ_id=999999999)
        with self.assertRaisesRegex(UserError, "occurrence"):
            self._as(self.planner, self.env["scm.season.event"]).get_event(999999999)
        with self.assertRaisesRegex(UserError, "YYYY-MM-DD"):
            self._as(self.planner, self.env["scm.season.board"]).action_month("soon")
        self._planned(self.doll, "2026-12-20", 250.0)
        self.assertEqual(self._board(self.planner_b)["months"][1]["planned"], 0)

    def test_as_many_queries_for_much_as_for_little(self):
        self._shutdown()
        self._create_forecast({self.doll: 7.0})
        self._planned(self.doll, "2026-12-20", 250.0)
        self._feasts([1])
        self._board()
        few = self._query_count(self._board)
        vendors = self.env["res.partner"].create(
            [{"name": f"V{n}", "country_id": self.env.ref("base.cn").id} for n in range(15)]
        )
        for vendor in vendors:
            product = self._create_product(f"P {vendor.name}", vendor=vendor, delay=9, categ_id=self.toys.id)
            self._planned(product, "2026-12-20", 9.0, vendor_id=vendor.id)
        self._feasts(range(2, 10))
        # new records clear the cache of access rules, which is read once for each model
        self._board()
        # one for each of the 15 vendors or 8 events would be many more
        self.assertLess(self._query_count(self._board), few + 6)
        self.assertEqual(len(self._board()["orders_by"]), 16)
