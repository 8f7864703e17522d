"""What asks for a count, and how good the books turn out to be."""

from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .warehouse_common import WarehouseCase

MONDAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class TestCountAccuracy(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.env["stock.location"].create(
            {"name": "Picking", "usage": "view", "location_id": cls.warehouse_a.lot_stock_id.id}
        )
        cls.places = cls._places("A", bays=5, parent=cls.picking)
        cls.cause = cls.env["scm.count.cause"].search([("is_pick_error", "=", True)], limit=1)
        cls.tasks = cls.env["scm.count.task"]

    def _count(self, place, day, records, origin="plan", state="done", product=None):
        """A count of a place; each record is (book, counted[, recounted])."""
        moment = self._moment(day)
        task = self.tasks.create(
            {
                "location_id": place.id,
                "date": day,
                "origin": origin,
                "counted_at": moment,
                "done_at": moment,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "expected_quantity": book,
                            "quantity": counted,
                            "is_recounted": bool(again),
                            "recount_quantity": again[0] if again else 0,
                            "recount_expected": book if again else 0,
                            "difference": (again[0] if again else counted) - book,
                            "in_tolerance": counted == book,
                            "is_unexpected": not book,
                            "counted_at": moment,
                            "counted_by_id": self.counter.id,
                            "cause_id": counted != book and self.cause.id,
                            "unit_cost": 10,
                        }
                    )
                    for book, counted, *again in records
                ],
            }
        )
        with self._at(day, 13):
            task.state = state
            task.flush_recordset()
        return task

    def _open(self, place):
        return self.tasks.search([("location_id", "=", place.id), ("state", "=", "todo")])

    # Picks

    def test_a_pick_that_empties_a_place_asks_for_a_look(self):
        for place, quantity in zip(self.places[:2], (5, 6), strict=True):
            self._put(place, self.product, quantity)
        self._pick(self.places[0], self.product, 2, MONDAY)
        self.assertFalse(self._open(self.places[0]), "nobody asked for it")
        self.warehouse_a.scm_count_zero = True
        self._pick(self.places[0], self.product, 3, MONDAY)
        self._pick(self.places[1], self.product, 5, MONDAY)
        self.assertRecordValues(
            self._open(self.places[0]), [{"origin": "zero", "plan_reason": "emptied", "product_id": False}]
        )
        self.assertFalse(self._open(self.places[1]))

    def test_a_correction_and_a_move_inside_the_stock_are_no_picks(self):
        self.warehouse_a.scm_count_zero = True
        for place in self.places[:2]:
            self._put(place, self.product, 5)
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 5,
                "product_uom": self.product.uom_id.id,
                "location_id": self.places[0].id,
                "location_dest_id": self.places[2].id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        quant = self.env["stock.quant"].search(
            [("location_id", "=", self.places[1].id), ("product_id", "=", self.product.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 0
        quant.action_apply_inventory()
        self.assertFalse(self._open(self.places[0]) + self._open(self.places[1]))

    def test_a_short_pick_asks_where_the_book_says_there_was_enough(self):
        self.warehouse_a.scm_count_short = True
        self._put(self.places[0], self.product, 10)
        order = self._create_sale([(self.product, 6)], MONDAY)
        picking = order.picking_ids
        picking.action_assign()
        self._deliver(order, MONDAY, {self.product: 4})
        place = picking.move_line_ids.location_id
        self.assertEqual(place, self.places[0])
        task = self._open(place)
        self.assertRecordValues(
            task, [{"origin": "demand", "plan_reason": "short_pick", "product_id": self.product.id, "priority": "1"}]
        )
        self.assertEqual(task.why["terms"][0]["value"], picking.name)

    # Differences

    def test_a_difference_asks_for_the_neighbours_and_stops_where_the_books_are_right(self):
        for place in self.places[:4]:
            self._put(place, self.product, 5)
        self._count(self.places[1], MONDAY, [(5, 4)])
        self.assertFalse(self._open(self.places[0]), "nobody asked for it")
        self.warehouse_a.scm_count_neighbours = True
        self._count(self.places[1], MONDAY, [(5, 4)])
        self.assertEqual(self._open(self.places[0]).plan_reason, "neighbour")
        self.assertTrue(self._open(self.places[2]))
        self.assertFalse(self._open(self.places[3]), "two bays away")
        self._open(self.places[2]).state = "done"
        self.assertFalse(self._open(self.places[3]), "nothing was wrong there")

    def test_a_stray_product_asks_where_the_book_has_it(self):
        self.warehouse_a.scm_count_neighbours = True
        stray = self._create_product("Stray")
        self._put(self.places[4], stray, 7)
        self._count(self.places[0], MONDAY, [(0, 2)], product=stray)
        self.assertEqual(self._open(self.places[4]).product_id, stray)

    # Accuracy

    def test_the_summary_by_hand(self):
        """Planned: 4 records, 3 right (one by the recount); money of all; a doubted record does not count."""
        self.warehouse_a.scm_count_target = 0.9
        self._count(self.places[0], MONDAY, [(10, 10), (10, 7)])
        self._count(self.places[1], MONDAY, [(10, 10), (10, 12, 10)])
        self._count(self.places[2], MONDAY, [(10, 14)], origin="demand")
        self._count(self.places[3], MONDAY - timedelta(days=200), [(10, 0)])
        self._count(self.places[4], MONDAY, [(10, 0)], state="approval")
        with self._at(MONDAY):
            found = self._as(self.planner, self.env["scm.count.accuracy"]).get_summary(self.warehouse_a.id, 90)
        total = found["total"]
        self.assertEqual((total["records"], total["all_records"], total["accuracy"]), (4, 5, 0.75))
        self.assertEqual((total["net"], total["gross"], total["missing"], total["surplus"]), (10, 70, 30, 40))
        self.assertEqual((total["miscounts"], total["verdict"]), (1, "unsure"))
        self.assertTrue(total["low"] < 0.75 < total["high"])
        [zone] = found["zones"]
        self.assertEqual((zone["id"], zone["name"]), (str(self.picking.id), self.picking.complete_name))
        [cause] = found["causes"]
        self.assertEqual((cause["name"], cause["differences"], cause["gross"]), (self.cause.name, 2, 70))
        self.assertEqual([month["id"] for month in found["months"]], ["2026-11-01"])
        self.assertEqual(found["users"][0]["name"], self.counter.name)
        self.assertEqual(found["work"]["approval"], 1)

    def test_empty_and_other_companies_and_rights(self):
        self._count(self.places[0], MONDAY, [(10, 9)])
        facts = self.env["scm.count.accuracy"]
        other = self._as(self.planner_b, facts)
        self.assertFalse(other.search([]))
        self.assertEqual(other.get_summary()["total"]["all_records"], 0)
        self.assertEqual(other.get_summary(self.warehouse_a.id)["total"]["verdict"], "none")
        for user in (self.counter, self.outsider):
            with self.assertRaises(AccessError):
                self._as(user, facts).get_summary()

    def test_as_many_queries_for_many_records_as_for_few(self):
        facts = self._as(self.planner, self.env["scm.count.accuracy"])
        self._count(self.places[0], MONDAY, [(10, 9)])
        with self._at(MONDAY):
            facts.get_summary()
            few = self._query_count(facts.get_summary)
            for place in self.places[1:]:
                self._count(place, MONDAY, [(10, 10 - number) for number in range(8)])
            self.assertEqual(self._query_count(facts.get_summary), few)

    def test_alert_only_where_chance_does_not_explain_it(self):
        alerts = self.env["scm.count.alert"]

        def standing():
            return self.env["scm.alert"].search(
                [
                    ("type_id.code", "=", "count_accuracy"),
                    ("company_id", "=", self.company_a.id),
                    ("state", "!=", "resolved"),
                ]
            )

        self._count(self.places[0], MONDAY, [(10, 10)] * 19 + [(10, 9)])
        with self._at(MONDAY):
            alerts._sync_alerts(self.company_a)
            self.assertFalse(standing(), "1 of 20 may be chance at a target of 97 %")
            self._count(self.places[1], MONDAY, [(10, 9)] * 10)
            alerts._sync_alerts(self.company_a)
            alerts._sync_alerts(self.company_a)
        alert = standing()
        self.assertEqual((alert.res_id, alert.money_at_stake), (self.picking.id, 110))
        self.assertEqual(alert.why["sample"], 30)

    def test_an_improvement_is_opened_once_and_measured_by_the_counts_of_its_zone(self):
        facts = self._as(self.manager, self.env["scm.count.accuracy"])
        with self._at(MONDAY):
            action = facts.open_improvement(self.picking.id)
            self.assertEqual(facts.open_improvement(self.picking.id)["res_id"], action["res_id"])
        improvement = self.env["scm.improvement"].browse(action["res_id"])
        improvement.write({"after_from": MONDAY, "after_to": MONDAY + timedelta(days=60)})
        for number in range(40):
            self._count(self.places[0], MONDAY - timedelta(days=5), [(10, 10 - number % 2)])
            self._count(self.places[1], MONDAY + timedelta(days=5), [(10, 10)])
        self._count(self.places[2], MONDAY + timedelta(days=5), [(10, 0)], origin="demand")
        self._count(self._places("Z", bays=1), MONDAY + timedelta(days=5), [(10, 0)])
        improvement.action_measure()
        self.assertRecordValues(
            improvement,
            [{"baseline_value": 0.5, "after_value": 1.0, "verdict": "worked", "scm_zone_id": self.picking.id}],
        )
