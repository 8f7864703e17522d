from datetime import date, datetime

from odoo.exceptions import AccessError

from .warehouse_common import WarehouseCase


class TestPickDay(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = cls._places(bays=4)
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.facts = cls.env["scm.pick.day"]
        for place in cls.places:
            cls._put(place, cls.product, 100)

    def _refresh(self, full=False, companies=None):
        self.facts.sudo()._scm_refresh(companies or self.company_a + self.company_b, full=full)

    def _rows(self, *products):
        rows = self.facts.search([("product_id", "in", [product.id for product in products] or self.product.ids)])
        return sorted((row.date, row.location_id.name, row.picks, row.quantity) for row in rows)

    def test_a_day_is_the_warehouses(self):
        """Half past eleven in the evening in UTC is the next day in Berlin; two lines are two picks."""
        self._pick(self.places[0], self.product, 2, datetime(2026, 3, 2, 23, 30))
        self._pick(self.places[0], self.product, 3, "2026-03-03")
        self._pick(self.places[1], self.product, 1, "2026-03-03")
        self._refresh()
        self.assertEqual(self._rows(), [(date(2026, 3, 3), "A-01-0", 2, 5.0), (date(2026, 3, 3), "A-02-0", 1, 1.0)])

    def test_units_lots_and_negative_stock(self):
        """A dozen counts twelve; a line with three serial numbers is one pick; what was not there is a pick too."""
        serial = self._create_product("Radio", tracking="serial")
        lots = self.env["stock.lot"].create([{"name": f"S{i}", "product_id": serial.id} for i in range(3)])
        for lot in lots:
            self._put(self.places[2], serial, 1, lot=lot)
        self._pick(self.places[2], serial, 3, "2026-03-04")
        dozen = self.env.ref("uom.product_uom_dozen")
        self._moved(self.product, self.places[3], self.customers, 1, "2026-03-04", unit=dozen)
        empty = self._create_product("Sold out")
        move = self._moved(empty, self.places[0], self.customers, 2, "2026-03-04")
        self.assertEqual(move.state, "done")
        self._refresh()
        self.assertEqual(self._rows(serial), [(date(2026, 3, 4), "A-03-0", 1, 3.0)])
        self.assertEqual(self._rows(), [(date(2026, 3, 4), "A-04-0", 1, 12.0)])
        self.assertEqual(self._rows(empty), [(date(2026, 3, 4), "A-01-0", 1, 2.0)])

    def _moved(self, product, source, target, quantity, day, unit=None):
        with self._at(day):
            move = (
                self.env["stock.move"]
                .with_company(source.company_id)
                .create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "product_uom": (unit or product.uom_id).id,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                        "picking_type_id": source.warehouse_id.int_type_id.id,
                        "company_id": source.company_id.id,
                    }
                )
            )
            move._action_confirm()
            move._action_assign()
            move.quantity = quantity
            move.picked = True
            move._action_done()
        return move

    def test_what_stays_inside_is_no_pick(self):
        """Put-away, slotting, counts and the second step of a delivery are none; the walk to packing is one."""
        self.warehouse_a.delivery_steps = "pick_ship"
        output = self.warehouse_a.wh_output_stock_loc_id
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company_a.id)], limit=1
        )
        place, other = self.places[:2]
        self._moved(self.product, place, other, 5, "2026-03-05")
        self._moved(self.product, place, loss, 1, "2026-03-05")
        self._moved(self.product, place, output, 4, "2026-03-05")
        self._moved(self.product, output, self.customers, 4, "2026-03-06")
        self._refresh()
        self.assertEqual(self._rows(), [(date(2026, 3, 5), "A-01-0", 1, 4.0)])

    def test_increments_say_the_same_as_a_full_reading(self):
        with self._at("2026-03-10"):
            self._pick(self.places[0], self.product, 2, "2026-03-02")
            self._refresh()
        with self._at("2026-03-11"):
            late = self._pick(self.places[1], self.product, 4, "2026-03-11")
            self._refresh()
        with self._at("2026-03-12"):
            # somebody corrects what was booked, and where from
            late.move_ids.move_line_ids.write({"quantity": 3, "location_id": self.places[2].id})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE stock_move_line SET write_date = '2026-03-12 11:00' WHERE id = ANY(%s)",
                [late.move_ids.move_line_ids.ids],
            )
            self._refresh()
        by_increments = self._rows()
        self.assertEqual(by_increments, [(date(2026, 3, 2), "A-01-0", 1, 2.0), (date(2026, 3, 11), "A-03-0", 1, 3.0)])
        self._refresh(full=True)
        self.assertEqual(self._rows(), by_increments)

    def test_another_zone_reads_all_again(self):
        self._pick(self.places[0], self.product, 2, datetime(2026, 3, 2, 23, 30))
        self._refresh()
        self.company_a.partner_id.tz = "America/New_York"
        self._refresh()
        self.assertEqual(self._rows(), [(date(2026, 3, 2), "A-01-0", 1, 2.0)])

    def test_rights_and_companies(self):
        self._pick(self.places[0], self.product, 2, "2026-03-02")
        own = self._places("B", 1, warehouse=self.warehouse_b)
        self._put(own, self.product, 5)
        self._moved(self.product, own, self.customers, 1, "2026-03-02")
        self.assertTrue(self._as(self.manager, self.facts).refresh_picks())
        self._refresh()
        self.assertEqual(len(self._as(self.planner, self.facts).search([("product_id", "=", self.product.id)])), 1)
        self.assertEqual(self._as(self.planner_b, self.facts).search([]).location_id, own)
        self.assertTrue(self._as(self.packer, self.facts).search([]))
        with self._refused("managers", AccessError):
            self._as(self.planner, self.facts).refresh_picks()
        with self._refused("companies", AccessError):
            self._as(self.manager, self.facts).refresh_picks(self.company_b.ids)
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.facts).search([])
        with self.assertRaises(AccessError):
            self._as(self.manager, self.facts).create({})

    def test_as_many_queries_for_many(self):
        self._pick(self.places[0], self.product, 1, "2026-03-02")
        self._refresh()
        few = self._query_count(self._refresh)
        for bay in range(2):
            for day in (3, 4):
                self._pick(self.places[bay], self.product, 1, f"2026-03-0{day}")
        self.assertEqual(self._query_count(self._refresh), few)
