from datetime import date, datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.warehouse_common import WarehouseCase

#: a Thursday
DAY = date(2026, 11, 26)


class WaveCase(WarehouseCase):
    """Adds aisles ``a`` and ``c`` with stock, a cut-off at 16:00, and orders that are ready to be picked.

    The clock stands at nine in the morning of Thursday, 26 November 2026, in Berlin.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(cls._at(DAY, hour=9))
        cls.a, cls.c = cls._places("A"), cls._places("C")
        for place in cls.a + cls.c:
            cls._put(place, cls.product, 1000)
        cls.product.weight = 2.0
        cls.out = cls.warehouse_a.out_type_id
        cls.cutoff = cls.env["scm.wave.cutoff"].create(
            {"name": "Post", "warehouse_id": cls.warehouse_a.id, "hour": 16.0, "batch_orders": 2}
        )
        cls.plans = cls._as(cls.packer, cls.env["scm.wave.plan"])

    @classmethod
    def _orders(cls, *places, due=DAY, quantity=1.0, ready=True):
        """A delivery for each place (or group of places), promised on a day, reserved exactly there."""
        pickings = cls.env["stock.picking"].create([cls._order_vals(place, due, quantity) for place in places])
        pickings.action_confirm()
        if ready:
            pickings.action_assign()
        # core takes the day on which it was made; orders are promised for a day
        pickings.move_ids.date_deadline = cls._moment(due, hour=17)
        pickings.scheduled_date = cls._moment(due, hour=17)
        return pickings

    @classmethod
    def _order_vals(cls, places, due, quantity):
        customers = cls.env.ref("stock.stock_location_customers")
        return {
            "picking_type_id": cls.out.id,
            "partner_id": cls.customer.id,
            "location_id": cls.warehouse_a.lot_stock_id.id,
            "location_dest_id": customers.id,
            "move_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": cls.product.id,
                        "product_uom_qty": quantity,
                        "product_uom": cls.product.uom_id.id,
                        "location_id": place.id,
                        "location_dest_id": customers.id,
                    },
                )
                for place in places
            ],
        }

    def _tours(self, made):
        return self.env["stock.picking.batch"].browse(made["batches"])


@tagged("post_install", "-at_install")
class TestWave(WaveCase):
    def test_neighbours_are_walked_together_and_planning_again_changes_nothing(self):
        near, far, near_too = self._orders(self.a[0], self.c[0], self.a[1])
        made = self.plans.plan_waves(self.warehouse_a.id, "2026-11-26")
        self.assertEqual((made["orders"], made["lines"], made["created"], made["unplanned"]), (3, 3, 2, []))
        tours = self._tours(made)
        self.assertEqual({tour.picking_ids for tour in tours}, {near + near_too, far})
        self.assertLess(made["metres"], made["metres_before"])
        self.assertEqual(set(tours.mapped("state")), {"draft"})
        self.assertEqual(tours[0].scm_cutoff_at, datetime(2026, 11, 26, 15))  # 16:00 in Berlin
        self.assertEqual(tours[0].scm_why["sample"], len(tours[0].picking_ids))
        again = self.plans.plan_waves(self.warehouse_a.id, "2026-11-26")
        self.assertEqual((again["created"], again["changed"], again["removed"]), (0, 0, 0))
        self.assertEqual(again["batches"], made["batches"])

    def test_a_new_order_joins_and_a_cancelled_one_leaves(self):
        first, second = self._orders(self.a[0], self.c[0])
        made = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(made["created"], 1)
        third = self._orders(self.c[1])
        again = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual((again["created"], len(again["batches"])), (1, 2))
        self.assertEqual(second.batch_id, third.batch_id)
        self.assertNotEqual(first.batch_id, second.batch_id)
        alone = first.batch_id
        first.action_cancel()
        second.do_unreserve()
        last = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual((alone.state, len(last["batches"])), ("cancel", 1))
        self.assertFalse(second.batch_id)
        third.do_unreserve()
        self.assertEqual(self.plans.plan_waves(self.warehouse_a.id)["removed"], 1)

    def test_what_a_person_changed_or_released_is_left_alone(self):
        first, second, third = self._orders(self.a[0], self.a[1], self.c[0])
        self.plans.plan_waves(self.warehouse_a.id)
        mine = first.batch_id
        second.batch_id = third.batch_id  # somebody knows better
        self.assertTrue(mine.scm_is_fixed and third.batch_id.scm_is_fixed)
        again = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(again["batches"], [])
        self.assertEqual(second.batch_id, third.batch_id)
        self._as(self.packer, mine).action_scm_release()
        self.assertEqual((mine.state, first.batch_id), ("in_progress", mine))
        by_hand = self.env["stock.picking.batch"].create({"picking_ids": [(6, 0, self._orders(self.a[2]).ids)]})
        self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(len(by_hand.picking_ids), 1)

    def test_a_full_wave_takes_the_earliest_promise_and_names_the_rest(self):
        self.cutoff.max_orders = 2
        later, today, yesterday = self._orders(self.a[0]), self._orders(self.a[1]), self._orders(self.a[2])
        later.date_deadline, yesterday.date_deadline = "2026-11-26 17:00:00", "2026-11-25 08:00:00"
        made = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(self._tours(made).picking_ids, today + yesterday)
        self.assertEqual(made["late"], 1)
        [row] = made["unplanned"]
        self.assertEqual((row["picking_id"], row["code"]), (later.id, "full:orders"))
        alert = self.env["scm.alert"].search([("type_id.code", "=", "wave_unfit"), ("state", "=", "open")])
        self.assertIn("1 orders", alert.name)
        self.cutoff.max_orders = 3
        self.assertEqual(self.plans.plan_waves(self.warehouse_a.id)["unplanned"], [])
        self.assertEqual(alert.state, "resolved")

    def test_released_tours_use_the_capacity(self):
        self.cutoff.write({"max_lines": 2})
        first = self._orders(self.a[0])
        self._tours(self.plans.plan_waves(self.warehouse_a.id)).action_scm_release()
        second, third = self._orders(self.a[1], self.a[2])
        made = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(self._tours(made).picking_ids, second)
        self.assertEqual([row["code"] for row in made["unplanned"]], ["full:lines"])
        self.assertTrue(first.batch_id.state == "in_progress" and not third.batch_id)

    def test_capacity_per_hour_shrinks_with_the_clock(self):
        # picking is over at 15:30: 6.5 hours from nine, half an hour from three
        self.cutoff.write({"capacity_per": "hour", "max_orders": 2, "batch_orders": 0})
        self._orders(*self.a, *self.c)
        self.assertEqual(self.plans.plan_waves(self.warehouse_a.id)["orders"], 8)
        with self._at(DAY, hour=15):
            made = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual((made["orders"], len(made["unplanned"])), (1, 7))

    def test_what_cannot_be_picked_is_named(self):
        ready, waiting, shut = self._orders(self.a[0], self.a[1], self.c[0])
        waiting.do_unreserve()
        self.c[0].scm_is_locked = True
        codes = {row["picking_id"]: row["code"] for row in self.plans.plan_waves(self.warehouse_a.id)["unplanned"]}
        self.assertEqual(codes, {waiting.id: "not_ready", shut.id: "locked"})
        self.assertTrue(ready.batch_id)
        with self._at(DAY, hour=18):
            made = self.plans.plan_waves(self.warehouse_a.id, "2026-11-26")
            self.assertIn("past", {row["code"] for row in made["unplanned"]})
            # without a day: the next one with a departure
            self.assertEqual(self.plans.plan_waves(self.warehouse_a.id)["date"], "2026-11-27")

    def test_days_without_departure_and_orders_of_later_days(self):
        self._orders(self.a[0], due=date(2026, 11, 28))  # a Saturday
        self.assertEqual(self.plans.plan_waves(self.warehouse_a.id)["orders"], 0)
        saturday = self.plans.plan_waves(self.warehouse_a.id, "2026-11-28")
        self.assertEqual([row["code"] for row in saturday["unplanned"]], ["no_cutoff"])
        self.cutoff.days_ahead = 2
        self.assertEqual(self.plans.plan_waves(self.warehouse_a.id, "2026-11-26")["orders"], 1)

    def test_a_big_order_has_its_own_tour_and_lines_are_in_walking_order(self):
        self.cutoff.write({"batch_lines": 3, "batch_orders": 0})
        for rank, place in enumerate(self.c + self.a):
            place.write({"scm_walk_sequence": rank + 1, "scm_has_way": True})
        big, _small = self._orders(self.a + self.c, self.a[3])
        self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(big.batch_id.picking_ids, big)
        self.assertIn("wave_alone", big.batch_id.scm_why["notes"])
        self.assertEqual(big.batch_id.move_line_ids.location_id.ids, (self.c + self.a).ids)
        lines = self.env["stock.move.line"].search([("picking_id", "=", big.id)], order="scm_walk_sequence desc")
        self.assertEqual(lines[0].location_id, self.a[3])

    def test_the_board_shows_load_room_and_what_is_left_out(self):
        self.cutoff.write({"max_lines": 2, "name": "Van"})
        self._orders(self.a[0], self.a[1], self.a[2])
        viewer = self._as(self.planner, self.env["scm.wave.plan"])
        before = viewer.get_board(self.warehouse_a.id)
        self.assertEqual((before["new"], before["planned_at"], before["may_plan"]), (3, "", False))
        self.plans.plan_waves(self.warehouse_a.id)
        board = viewer.get_board(self.warehouse_a.id, "2026-11-26")
        [wave] = board["waves"]
        self.assertEqual(
            (wave["leaves"], wave["over"], wave["state"], wave["minutes"]), ("16:00", "15:30", "running", 390)
        )
        self.assertEqual((wave["orders"], wave["lines"], wave["kg"]), (2, 2, 4.0))
        self.assertEqual(wave["limits"], {"orders": False, "lines": 2.0, "kg": False})
        self.assertEqual([(row["count"], len(row["ids"])) for row in board["reasons"]], [(1, 1)])
        self.assertEqual((board["new"], board["planned_at"], board["sums"]["unplanned"]), (0, "09:00", 1))
        with self.assertRaises(AccessError):
            self._as(self.outsider, viewer).get_board(self.warehouse_a.id)
        few = self._query_count(viewer.get_board, self.warehouse_a.id)
        self._orders(*(list(self.a + self.c) * 3))
        self.cutoff.max_lines = 0
        self.plans.plan_waves(self.warehouse_a.id)
        self.assertLessEqual(self._query_count(viewer.get_board, self.warehouse_a.id), few)

    def test_the_hourly_job_plans_where_it_is_switched_on(self):
        order = self._orders(self.a[0])
        self.plans.sudo()._plan_all()
        self.assertFalse(order.batch_id)
        self.warehouse_a.scm_wave_auto = True
        self.plans.sudo()._plan_all()
        self.assertEqual(order.batch_id.state, "draft")

    def test_odoos_own_batches_leave_planned_operations_alone(self):
        self.out.write({"auto_batch": True, "batch_group_by_partner": True})
        self.assertFalse(self._orders(self.a[0]).batch_id)
        self.cutoff.active = False
        self.assertTrue(self._orders(self.a[0]).batch_id)

    def test_rights_and_companies(self):
        self._orders(self.a[0])
        with self.assertRaises(AccessError):
            self._as(self.planner, self.plans).plan_waves("nonsense")
        with self.assertRaises(AccessError):
            self.plans.plan_waves(self.warehouse_b.id)
        with self._refused("no warehouse"):
            self.plans.plan_waves(999999999)
        with self._refused("not a day"):
            self.plans.plan_waves(self.warehouse_a.id, "soon")
        self.assertEqual(self._as(self.manager, self.plans).plan_waves(self.warehouse_a.id)["orders"], 1)
        self.assertFalse(self._as(self.planner_b, self.env["scm.wave.cutoff"]).search([("id", "=", self.cutoff.id)]))
        self.cutoff.active = False
        with self._refused("has no cut-off"):
            self.plans.plan_waves(self.warehouse_a.id)

    def test_bad_cutoffs_are_refused(self):
        for values, words in (
            ({"hour": 7.0}, "picking begins before"),
            ({"lead_minutes": 600}, "packing takes all"),
            ({"max_kg": -1.0}, "cannot be negative"),
            (dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), False), "at least one weekday"),
            ({"picking_type_id": self.warehouse_b.out_type_id.id}, "another warehouse"),
        ):
            with self._refused(words, ValidationError):
                self.cutoff.write(values)

    def test_as_many_queries_for_many_orders(self):
        self.cutoff.batch_orders = 4

        def count(rounds):
            orders = self._orders(*(list(self.a + self.c) * rounds))
            queries = self._query_count(self.plans.plan_waves, self.warehouse_a.id)
            self.assertEqual(len(orders.batch_id), 2 * rounds)
            orders.batch_id.action_scm_release()
            return queries

        count(1)
        few = count(2)
        self.assertEqual(count(10), few)
