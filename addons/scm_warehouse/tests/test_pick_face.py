from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.test_wave import DAY, WaveCase


@tagged("post_install", "-at_install")
class TestPickFace(WaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.face_place, cls.old_bulk, cls.new_bulk = cls._places("F", 3)
        cls.lamp = cls._create_product("Bulb")
        cls.face = cls.env["scm.pick.face"].create(
            {
                "location_id": cls.face_place.id,
                "product_id": cls.lamp.id,
                "is_auto": False,
                "min_qty": 10,
                "max_qty": 40,
            }
        )
        with cls._at(DAY - timedelta(days=30)):
            cls._put(cls.old_bulk, cls.lamp, 24)
        cls._put(cls.new_bulk, cls.lamp, 100)
        cls.faces = cls._as(cls.packer, cls.env["scm.pick.face"])

    def _propose(self):
        made = self.faces.propose(self.warehouse_a.id)
        return made, self.env["scm.pick.face.proposal"].browse(made["proposals"])

    def _want(self, quantity, place=None):
        """An open order for the bulbs."""
        vals = self._order_vals(place or self.face_place, DAY, quantity)
        for _zero, _no, move in vals["move_ids"]:
            move["product_id"] = self.lamp.id
        picking = self.env["stock.picking"].create(vals)
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_a_low_face_is_filled_in_whole_cases_and_proposed_once(self):
        self._put(self.face_place, self.lamp, 5)
        self.face.refill_uom_id = self.env["uom.uom"].create(
            {"name": "Case of 12", "relative_factor": 12, "relative_uom_id": self.lamp.uom_id.id}
        )
        made, one = self._propose()
        self.assertEqual((made["now"], made["soon"], made["short"], made["empty"]), (0, 1, 0, []))
        self.assertEqual((one.quantity, one.cases, one.bulk_place_id), (24.0, 2.0, self.old_bulk))
        self.assertEqual(one.why["terms"][0], {"code": "face_on_hand", "value": 5.0, "unit": "Units"})
        again, same = self._propose()
        self.assertEqual(same, one)
        self.assertEqual(again["soon"], 1)

    def test_the_transfer_takes_the_oldest_bulk_and_counts_as_coming(self):
        self._put(self.face_place, self.lamp, 5)
        _made, one = self._propose()
        [transfer_id] = self._as(self.packer, one).action_apply()
        transfer = self.env["stock.picking"].browse(transfer_id)
        self.assertEqual(transfer.state, "assigned")
        self.assertEqual(
            {(line.location_id, line.location_dest_id, line.quantity) for line in transfer.move_line_ids},
            {(self.old_bulk, self.face_place, 24.0), (self.new_bulk, self.face_place, 11.0)},
        )
        self.assertEqual((one.state, one.picking_id), ("applied", transfer))
        self.assertEqual(self._propose()[0]["proposals"], [])
        self.assertEqual(self.face.coming, 35.0)
        # who checks availability again later gets bulk again, not the face itself
        transfer.do_unreserve()
        transfer.action_assign()
        self.assertNotIn(self.face_place, transfer.move_line_ids.location_id)
        transfer.move_ids.picked = True
        transfer._action_done()
        self._propose()
        self.assertEqual((one.state, self.face.on_hand, self.face.status), ("done", 40.0, "fine"))

    def test_a_transfer_that_waits_in_vain_is_no_comfort(self):
        self._put(self.face_place, self.lamp, 5)
        transfer = self.env["stock.picking"].browse(self._propose()[1].action_apply())
        transfer.do_unreserve()
        for place, quantity in ((self.old_bulk, 24), (self.new_bulk, 100)):
            self.env["stock.quant"]._update_available_quantity(self.lamp, place, -quantity)
        made, none = self._propose()
        self.assertEqual((made["empty"], len(none), self.face.status), ([self.face.display_name], 0, "empty"))
        card = next(one for one in self.env["scm.overview"]._wave_cards() if one["key"] == "pick_faces_empty")
        self.assertEqual((card["value"], card["tone"]), (1, "warn"))

    def test_what_open_orders_take_is_needed_first(self):
        self._put(self.face_place, self.lamp, 12)
        self.assertEqual(self._propose()[0]["proposals"], [])
        order = self._want(12)
        self.assertEqual(order.move_line_ids.location_id, self.face_place)
        waiting = self._want(6)  # nothing left to reserve there
        self.assertEqual(waiting.state, "confirmed")
        waiting.move_ids.location_id = self.warehouse_a.lot_stock_id
        made, one = self._propose()
        self.assertEqual((made["now"], one.urgency), (1, "now"))
        self.assertEqual((one.on_hand, one.taken, one.waiting), (12.0, 12.0, 6.0))
        self.assertEqual(one.quantity, 46.0)
        self.assertEqual(one.needed_at, order.scheduled_date)

    def test_no_bulk_is_an_alert_and_little_bulk_is_said(self):
        self.env["stock.quant"]._update_available_quantity(self.lamp, self.new_bulk, -100)
        self._put(self.face_place, self.lamp, 2)
        made, one = self._propose()
        self.assertEqual((made["short"], one.quantity, one.wanted_qty), (1, 24.0, 38.0))
        self.assertIn("face_short", one.why["notes"])
        self.env["stock.quant"]._update_available_quantity(self.lamp, self.old_bulk, -24)
        self._want(2)
        made, none = self._propose()
        self.assertEqual((made["empty"], len(none)), ([self.face.display_name], 0))
        self.face.demand_per_day = 5.0
        self._propose()
        alert = self.env["scm.alert"].search([("type_id.code", "=", "pick_face_no_bulk"), ("state", "=", "open")])
        self.assertEqual((alert.product_id, alert.money_at_stake), (self.lamp, 125.0))
        self._put(self.new_bulk, self.lamp, 50)
        self._propose()
        self.assertEqual(alert.state, "resolved")

    def test_negative_locked_and_room(self):
        self._put(self.face_place, self.lamp, -3)
        self.face.room_qty = 30
        _made, one = self._propose()
        self.assertEqual((one.urgency, one.quantity), ("now", 30.0))
        self.face_place.scm_is_locked = True
        self.assertEqual(self._propose()[0]["proposals"], [])
        self.assertEqual(self.face.status, "locked")
        self.face_place.scm_is_locked, self.old_bulk.scm_is_locked = False, True
        self.assertEqual(self._propose()[1].bulk_place_id, self.new_bulk)

    def test_not_today(self):
        _made, one = self._propose()
        self._as(self.packer, one).action_dismiss()
        self.assertEqual(self._propose()[0]["proposals"], [])
        with self._at(DAY + timedelta(days=1), hour=9):
            self.assertEqual(len(self._propose()[0]["proposals"]), 1)
        with self._refused("not proposed any more"):
            self._as(self.packer, one).action_apply()

    def test_limits_follow_the_picks(self):
        self.env["scm.pick.day"].create(
            [
                {
                    "company_id": self.company_a.id,
                    "warehouse_id": self.warehouse_a.id,
                    "location_id": self.face_place.id,
                    "product_id": self.lamp.id,
                    "date": DAY - timedelta(days=ago),
                    "picks": 1,
                    "quantity": 14.0,
                }
                for ago in range(1, 29, 2)
            ]
        )
        self.face.write({"is_auto": True, "cover_days": 2})
        changed = self._as(self.manager, self.faces).refresh_limits(self.warehouse_a.id)
        # 7 a day, 14 on a busy one: 14, and two usual days more
        self.assertEqual((changed, self.face.min_qty, self.face.max_qty), (1, 14.0, 28.0))
        self.assertEqual((self.face.demand_source, self.face.why["sample"]), ("picks", 14))
        self.assertEqual(self._as(self.manager, self.faces).refresh_limits(self.warehouse_a.id), 0)

    def test_rights_companies_and_bad_input(self):
        with self.assertRaises(AccessError):
            self._as(self.planner, self.faces).propose("nonsense")
        with self.assertRaises(AccessError):
            self.faces.propose(self.warehouse_b.id)
        with self.assertRaises(AccessError):
            self.faces.refresh_limits(self.warehouse_a.id)
        self.assertFalse(self._as(self.planner_b, self.faces).search([("id", "=", self.face.id)]))
        kilo = self.env.ref("uom.product_uom_kgm")
        for values, words in (
            ({"min_qty": -1}, "cannot be negative"),
            ({"min_qty": 50}, "more than the maximum"),
            ({"refill_uom_id": kilo.id}, "cannot be brought in"),
            ({"bulk_location_id": self.warehouse_b.lot_stock_id.id}, "same warehouse"),
            ({"location_id": self.env.ref("stock.stock_location_customers").id}, "not a place of stock"),
        ):
            with self._refused(words, ValidationError):
                self.face.write(values)

    def test_as_many_queries_for_many_faces(self):
        def count(names):
            places = self._places("G", len(names), parent=self.warehouse_a.lot_stock_id)
            products = self.env["product.product"].create([{"name": name, "is_storable": True} for name in names])
            for product in products:
                self._put(self.new_bulk, product, 30)
            self.env["scm.pick.face"].create(
                [
                    {"location_id": place.id, "product_id": product.id, "is_auto": False, "min_qty": 5, "max_qty": 9}
                    for place, product in zip(places, products, strict=True)
                ]
            )
            queries = self._query_count(self.faces.propose, self.warehouse_a.id)
            places.write({"active": False})
            self.env["scm.pick.face"].search([("product_id", "in", products.ids)]).active = False
            return queries

        count(["a"])
        self.assertEqual(count(list("bcd")), count([str(number) for number in range(40)]))

    def test_one_round_with_a_trolley_is_one_transfer(self):
        self.face.copy({"location_id": self.c[0].id, "product_id": self.product.id, "min_qty": 9999, "max_qty": 9999})
        self._put(self.face_place, self.lamp, 5)
        _made, both = self._propose()
        self.assertEqual(len(both), 2)
        transfers = self.env["stock.picking"].browse(both.action_apply())
        self.assertEqual(len(transfers.move_ids), 2)
        self.assertEqual(set(transfers.move_ids.mapped("state")), {"assigned"})
