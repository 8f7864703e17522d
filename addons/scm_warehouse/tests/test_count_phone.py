"""Counting on the phone: entries once, count at t against the book at t, recount, approval, places that go away."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .warehouse_common import WarehouseCase

DAY = "2026-11-23"


@tagged("post_install", "-at_install")
class TestCountPhone(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = cls._places(bays=4)
        cls.place = cls.places[0]
        cls.second = cls._create_user("second", "stock.group_stock_user")
        cls.chief = cls._create_user("chief", "stock.group_stock_manager")
        cls.warehouse_a.scm_count_is_automatic = False
        cls.env["scm.count.rule"].search([("company_id", "in", [False, cls.company_a.id])], limit=50).active = False
        with cls._at(DAY, 8):
            cls._put(cls.place, cls.product, 10.0)
        cls.number = 0

    def _task(self, place=None, **values):
        return self.env["scm.count.task"].create({"location_id": (place or self.place).id, "date": DAY, **values})

    def _key(self):
        type(self).number += 1
        return f"key-{self.number:08d}"

    def _tasks_of(self, user):
        return self._as(user, self.env["scm.count.task"])

    def _entry(self, task, quantity, hour=12, product=None, **values):
        moment = fields.Datetime.to_string(self._moment(DAY, hour))
        product = product or self.product
        return {
            "uuid": self._key(),
            "task_id": task.id,
            "product_id": product.id,
            "quantity": quantity,
            "moment": moment,
        } | values

    def _count(self, task, quantity, user=None, hour=12, at=None, **values):
        """Claimed at ten, counted and finished at an hour, received by the server at ``at``."""
        user = user or self.counter
        if not task.user_id:
            with self._at(DAY, min(hour, 10)):
                self._tasks_of(user).claim(task.id)
        entries = [] if quantity is None else [self._entry(task, quantity, hour)]
        moment = fields.Datetime.to_string(self._moment(DAY, hour))
        payload = {"uuid": self._key(), "task_id": task.id, "moment": moment, "entries": entries} | values
        with self._at(DAY, at or hour):
            return self._tasks_of(user).finish(payload)

    def _stock(self, product=None, place=None):
        quants = self.env["stock.quant"].search(
            [("location_id", "=", (place or self.place).id), ("product_id", "=", (product or self.product).id)]
        )
        return sum(quants.mapped("quantity"))

    # What is found

    def test_as_on_the_books(self):
        task = self._task()
        answer = self._count(task, 10.0)
        self.assertEqual(answer["state"], "done")
        self.assertRecordValues(
            task.line_ids, [{"expected_quantity": 10.0, "quantity": 10.0, "difference": 0.0, "in_tolerance": True}]
        )
        self.assertEqual(task.counted_by_id, self.counter)
        self.assertFalse(task.line_ids.move_ids)

    def test_goods_that_moved_after_the_count_are_no_difference(self):
        """Ten found at noon, three picked at one, the phone is heard at two."""
        task = self._task()
        with self._at(DAY, 10):
            self._tasks_of(self.counter).claim(task.id)
        self._pick(self.place, self.product, 3.0, self._moment(DAY, 13))
        self.assertEqual(self._count(task, 10.0, hour=12, at=14)["state"], "done")
        self.assertEqual(task.line_ids.expected_quantity, 10.0)
        self.assertEqual(self._stock(), 7.0)

    def test_goods_that_moved_before_the_count_are_off_the_books(self):
        task = self._task()
        self._pick(self.place, self.product, 3.0, self._moment(DAY, 11))
        self.assertEqual(self._count(task, 7.0, hour=12, at=14)["state"], "done")
        self.assertEqual(task.line_ids.expected_quantity, 7.0)

    def test_the_difference_is_corrected_not_the_stock_overwritten(self):
        """Eight found of ten, then three are picked: five are left after the correction, not eight."""
        task = self._task()
        self.assertEqual(self._count(task, 8.0)["state"], "recount")
        self.assertEqual(self._count(task, 8.0, self.second)["state"], "approval")
        self._pick(self.place, self.product, 3.0, self._moment(DAY, 13))
        with self._at(DAY, 15):
            self.assertEqual(self._tasks_of(self.chief).approve(task.ids, "pick"), {"done": 1})
        self.assertEqual(self._stock(), 5.0)
        move = task.line_ids.move_ids
        self.assertRecordValues(move, [{"is_inventory": True, "state": "done", "product_qty": 2.0}])
        self.assertEqual(move.inventory_name, f"{task.name} · Picked wrongly")
        self.assertRecordValues(
            task, [{"state": "done", "approved_by_id": self.chief.id, "value_difference": -20.0, "difference_count": 1}]
        )

    def test_goods_in_the_hands_of_a_picker_are_no_difference(self):
        task = self._task()
        with self._at(DAY, 9):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": self.warehouse_a.out_type_id.id,
                    "location_id": self.place.id,
                    "location_dest_id": self.customer.property_stock_customer.id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 4.0,
                                "location_id": self.place.id,
                                "location_dest_id": self.customer.property_stock_customer.id,
                            },
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.action_assign()
            picking.move_line_ids.picked = True
        self.assertEqual(self._count(task, 6.0)["state"], "done")
        self.assertRecordValues(
            task.line_ids,
            [{"expected_quantity": 10.0, "picked_quantity": 4.0, "reserved_quantity": 4.0, "difference": 0.0}],
        )

    def test_what_nobody_counted_is_not_there_and_a_stranger_is_found(self):
        stranger = self._create_product("Stranger")
        task = self._task()
        self._count(task, None, entries=[self._entry(task, 2.0, product=stranger)])
        lines = {line.product_id: line for line in task.line_ids}
        self.assertEqual(lines[self.product].difference, -10.0)
        self.assertEqual((lines[stranger].difference, lines[stranger].is_unexpected), (2.0, True))

    def test_an_empty_place(self):
        task = self._task(self.places[1], origin="zero")
        with self._refused("nothing was counted"):
            self._count(task, None)
        self.assertEqual(self._count(task, None, is_empty=True)["state"], "done")
        self.assertTrue(task.is_empty)

    def test_stock_below_zero(self):
        place = self.places[2]
        with self._at(DAY, 8):
            self._put(place, self.product, -3.0)
        task = self._task(place)
        self._count(task, 5.0)
        self._count(task, 5.0, self.second)
        with self._at(DAY, 15):
            self._tasks_of(self.chief).approve(task.ids, "transfer")
        self.assertEqual(self._stock(place=place), 5.0)

    def test_units_and_lots(self):
        """A box is counted as what it holds; a lot that nobody knew becomes one when the stock is corrected."""
        dozen = self.env.ref("uom.product_uom_dozen")
        tracked = self._create_product("Milk", tracking="lot")
        task = self._task(self.places[3])
        entry = self._entry(task, 2.0, product=tracked, uom_id=dozen.id, lot_name="L-77")
        self._count(task, None, entries=[entry])
        self.assertRecordValues(task.line_ids, [{"quantity": 24.0, "lot_name": "L-77", "is_unexpected": True}])
        entry = self._entry(task, 24.0, product=tracked, lot_name="L-77")
        self._count(task, None, self.second, entries=[entry])
        with self._at(DAY, 15):
            self._tasks_of(self.chief).approve(task.ids, "receipt")
        quant = self.env["stock.quant"].search([("location_id", "=", self.places[3].id)])
        self.assertRecordValues(quant, [{"quantity": 24.0, "product_id": tracked.id}])
        self.assertEqual(quant.lot_id.name, "L-77")

    def test_bad_entries_are_refused_with_words(self):
        task = self._task()
        kilo = self.env.ref("uom.product_uom_kgm")
        serial = self._create_product("Machine", tracking="serial")
        service = self._create_product("Service", type="service", is_storable=False)
        for values, words in (
            ({"quantity": -1.0}, "zero or more"),
            ({"quantity": float("nan")}, "zero or more"),
            ({"quantity": "7"}, "zero or more"),
            ({"quantity": 4006381333931.0}, "zero or more"),
            ({"uom_id": kilo.id}, "not counted in this unit"),
            ({"product_id": serial.id, "quantity": 2.0}, "serial numbers"),
            ({"product_id": service.id}, "not kept in stock"),
            ({"product_id": 0}, "does not exist"),
            ({"uuid": "x"}, "key of its own"),
            ({"moment": "noon"}, "YYYY-MM-DD"),
        ):
            with self.subTest(words=words), self._at(DAY, 13), self._refused(words):
                self._tasks_of(self.counter).record_count([self._entry(task, 1.0) | values])
        self.assertFalse(task.entry_ids)

    # Once and only once

    def test_sent_twice_counts_once(self):
        task = self._task()
        entry = self._entry(task, 10.0)
        with self._at(DAY, 12):
            self.assertEqual(self._tasks_of(self.counter).record_count([entry]), {"kept": 1, "again": 0})
            self.assertEqual(self._tasks_of(self.counter).record_count([entry]), {"kept": 0, "again": 1})
            payload = {"uuid": self._key(), "task_id": task.id, "moment": entry["moment"], "entries": [entry]}
            first = self._tasks_of(self.counter).finish(payload)
            self.assertEqual(self._tasks_of(self.counter).finish(payload), first)
        self.assertEqual(len(task.entry_ids), 2)
        self.assertEqual(len(task.line_ids), 1)

    def test_a_later_entry_replaces_an_earlier_one(self):
        task = self._task()
        entries = [self._entry(task, 100.0, 11), self._entry(task, 10.0, 12)]
        self.assertEqual(self._count(task, None, entries=entries[::-1], hour=13)["state"], "done")

    def test_a_wrong_clock(self):
        """A phone an hour ahead says so; a moment in the future is now, one before the count was taken is that."""
        task = self._task()
        with self._at(DAY, 10):
            self._tasks_of(self.counter).claim(task.id)
        entries = [
            self._entry(task, 1.0, 13, clock_offset=-3600.0),
            self._entry(task, 2.0, 20),
            self._entry(task, 3.0, 7),
        ]
        with self._at(DAY, 14):
            self._tasks_of(self.counter).record_count(entries)
        hours = {entry.quantity: entry.moment for entry in task.entry_ids}
        self.assertEqual(hours[1.0], self._moment(DAY, 12))
        self.assertEqual(hours[2.0], self._moment(DAY, 14))
        self.assertEqual(hours[3.0], self._moment(DAY, 10))

    def test_entries_stand(self):
        task = self._task()
        self._count(task, 10.0)
        with self._refused("stand as they were sent"):
            task.entry_ids[0].quantity = 3.0
        with self._refused("stand as they were sent"):
            task.entry_ids[0].unlink()
        with self._refused("cancel it, so"):
            task.unlink()

    # Who counts

    def test_two_counters_at_one_place(self):
        task = self._task()
        with self._at(DAY, 10):
            self._tasks_of(self.counter).claim(task.id)
        with self._at(DAY, 11):
            with self._refused("being counted by counter"):
                self._tasks_of(self.second).claim(task.id)
            self.assertFalse(self._tasks_of(self.second).next_tasks(self.warehouse_a.id)["tasks"])
            self._tasks_of(self.counter).release(task.ids)
            self.assertEqual(len(self._tasks_of(self.second).next_tasks(self.warehouse_a.id)["tasks"]), 1)
        # who is not heard of for half a day has lost the place
        with self._at(DAY, 20):
            self.assertEqual(self._tasks_of(self.counter).claim(task.id)["id"], task.id)

    def test_the_recount_is_made_by_another_person(self):
        task = self._task()
        self._count(task, 8.0)
        self.assertRecordValues(task, [{"state": "recount", "round": 2, "user_id": False}])
        with self._refused("by another person"):
            self._count(task, 8.0)
        with self._at(DAY, 13):
            self.assertFalse(self._tasks_of(self.counter).next_tasks(self.warehouse_a.id)["tasks"])
        # the second one finds all ten: nothing to correct, and the first count is on record as wrong
        self.assertEqual(self._count(task, 10.0, self.second)["state"], "done")
        self.assertRecordValues(
            task.line_ids, [{"difference": 0.0, "first_difference": -2.0, "in_tolerance": False, "is_recounted": True}]
        )

    def test_small_differences_are_corrected_by_themselves(self):
        self.warehouse_a.write({"scm_count_is_automatic": True, "scm_count_limit": 25.0})
        task = self._task()
        self._count(task, 8.0)
        self.assertEqual(self._count(task, 8.0, self.second)["state"], "done")
        self.assertEqual((self._stock(), task.is_automatic), (8.0, True))
        # two people who find two things: a manager looks, however small it is
        again = self._task()
        self._count(again, 7.0)
        self.assertEqual(self._count(again, 9.0, self.second)["state"], "approval")

    def test_corrected_twice_is_refused(self):
        task = self._task()
        self._count(task, 8.0)
        self._count(task, 8.0, self.second)
        with self._at(DAY, 14):
            quant = self.env["stock.quant"].search([("location_id", "=", self.place.id)])
            quant.with_context(inventory_mode=True).inventory_quantity = 8.0
            quant.action_apply_inventory()
        with self._at(DAY, 15):
            with self._refused("was corrected after it was counted"):
                self._tasks_of(self.chief).approve(task.ids, "pick")
            self._tasks_of(self.chief).reject(task.ids, "Corrected by hand")
        self.assertRecordValues(task, [{"state": "recount", "round": 3}])
        self.assertEqual(self._count(task, 8.0, self.second, hour=16)["state"], "done")

    def test_approval_asks_for_the_cause_and_the_right(self):
        task = self._task()
        self._count(task, 8.0)
        self._count(task, 8.0, self.second)
        with self._refused("say the cause"):
            self._tasks_of(self.chief).approve(task.ids)
        for user in (self.counter, self.planner):
            with self._refused("Only managers", AccessError):
                self._tasks_of(user).approve(task.ids, "pick")
        with self._refused("Say why"):
            self._tasks_of(self.chief).reject(task.ids, " ")
        self._tasks_of(self.manager).reject(task.ids, "Counted in the dark", again=False)
        self.assertRecordValues(task, [{"state": "cancelled", "cancel_reason": "Counted in the dark"}])
        self.assertEqual(self._stock(), 10.0)

    def test_rights_come_before_the_input(self):
        for method, argument in (
            ("record_count", [{}]), ("finish", {}), ("skip", {}), ("claim", 0), ("release", False), ("find_code", ""),
            ("next_tasks", False),
        ):  # fmt: skip
            for user in (self.outsider, self.planner):
                with self.subTest(method=method), self._refused("Only people of the warehouse", AccessError):
                    getattr(self._tasks_of(user), method)(argument)

    def test_another_company(self):
        place = self._places(warehouse=self.warehouse_b)[0]
        task = self.env["scm.count.task"].create({"location_id": place.id, "date": DAY})
        self.assertEqual(task.company_id, self.company_b)
        with self._refused("", AccessError):
            self._tasks_of(self.counter).record_count([self._entry(task, 1.0)])
        with self._at(DAY, 10):
            self.assertFalse(self._tasks_of(self.counter).next_tasks()["tasks"])

    # The round

    def test_the_round_goes_in_walking_order_from_where_one_stands(self):
        for rank, place in enumerate(self.places, 1):
            place.scm_walk_sequence = rank
        for place in self.places:
            self._task(place)
        with self._at(DAY, 10):
            found = self._tasks_of(self.counter).next_tasks(self.warehouse_a.id, self.places[2].id)
        self.assertEqual([row["place"] for row in found["tasks"]], ["A-03-0", "A-04-0", "A-01-0", "A-02-0"])
        self.assertTrue(found["is_blind"])
        item = found["tasks"][2]["items"][0]
        self.assertEqual((item["product_id"], item["name"]), (self.product.id, "Lamp"))
        self.assertNotIn("expected", item)
        self.warehouse_a.scm_count_is_blind = False
        with self._at(DAY, 10):
            found = self._tasks_of(self.counter).next_tasks(self.warehouse_a.id)
        self.assertEqual(found["tasks"][0]["items"][0]["expected"], 10.0)

    def test_a_place_is_skipped_with_the_reason(self):
        task = self._task()
        moment = fields.Datetime.to_string(self._moment(DAY, 10))
        payload = {"uuid": self._key(), "task_id": task.id, "reason": "A forklift stands there", "moment": moment}
        with self._at(DAY, 10):
            for _twice in range(2):
                self.assertEqual(self._tasks_of(self.counter).skip(payload)["state"], "todo")
        self.assertRecordValues(task, [{"skip_reason": "A forklift stands there", "user_id": False}])

    def test_as_many_queries_for_many_places_as_for_few(self):
        many = self._places("B", bays=24)
        with self._at(DAY, 8):
            for place in many:
                self._put(place, self.product, 2.0)
                self._task(place)
        phone = self._tasks_of(self.counter)
        with self._at(DAY, 10):
            self._query_count(phone.next_tasks, self.warehouse_a.id, False, 2)
            few = self._query_count(phone.next_tasks, self.warehouse_a.id, False, 2)
            self._query_count(phone.next_tasks, self.warehouse_a.id, False, 24)
            self.assertEqual(self._query_count(phone.next_tasks, self.warehouse_a.id, False, 24), few)

    def test_codes(self):
        self.product.barcode = "LAMP-1"
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["product.uom"].create({"product_id": self.product.id, "uom_id": dozen.id, "barcode": "LAMP-BOX"})
        phone = self._tasks_of(self.counter)
        self.assertEqual([item["factor"] for item in phone.find_code("LAMP-1")], [1.0])
        self.assertEqual([item["factor"] for item in phone.find_code("LAMP-BOX")], [12.0])
        self.assertEqual(phone.find_code("no such code"), [])

    def test_a_place_that_is_scanned(self):
        """By name within the hall; what waits there is taken, and who has it is named."""
        twin = self._places(warehouse=self.warehouse_b)[0]
        self.assertEqual(twin.name, self.place.name)
        task = self._task()
        with self._at(DAY, 10):
            found = self._tasks_of(self.counter).find_place(" a-01-0 ", self.warehouse_a.id)
            self.assertEqual(found["task"]["id"], task.id)
            with self._refused("being counted by counter"):
                self._tasks_of(self.second).find_place("A-01-0", self.warehouse_a.id)
            found = self._tasks_of(self.second).find_place("A-02-0")
            self.assertEqual(found, {"location_id": self.places[1].id, "name": "A-02-0"})
            self.assertEqual(self._tasks_of(self.second).find_place("no such place"), {})

    # Places that go away

    def test_a_place_that_goes_away_takes_its_count_with_it(self):
        archived, deleted = self._task(self.places[1]), self._task(self.places[2])
        name = self.places[2].complete_name
        self.places[1].action_archive()
        self.places[2].unlink()
        self.assertRecordValues(
            archived + deleted,
            [
                {"state": "cancelled", "cancel_reason": "The place was taken out of use."},
                {"state": "cancelled", "cancel_reason": "The place was deleted."},
            ],
        )
        self.assertRecordValues(deleted, [{"location_id": False, "location_name": name}])
        with self._at(DAY, 12), self._refused("not to be counted any more: The place was deleted."):
            self._tasks_of(self.counter).record_count([self._entry(deleted, 1.0)])

    def test_what_hangs_in_the_air_is_not_offered(self):
        task = self._task()
        self.place.scm_is_locked = True
        with self._at(DAY, 10):
            self.assertFalse(self._tasks_of(self.counter).next_tasks(self.warehouse_a.id)["tasks"])
        self.place.scm_is_locked = False
        later = fields.Date.to_date(DAY) + timedelta(days=1)
        task.date = later
        with self._at(DAY, 10):
            self.assertFalse(self._tasks_of(self.counter).next_tasks(self.warehouse_a.id)["tasks"])

    def test_one_open_count_a_place(self):
        self._task()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._task()
            self.env.flush_all()
