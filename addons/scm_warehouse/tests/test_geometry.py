import base64
import io

import openpyxl
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from .warehouse_common import WarehouseCase


class TestGeometry(WarehouseCase):
    """Ways, closest location, import and map of one hall: aisles A and B, four bays of three metres."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper", "stock.group_stock_manager", "scm_base.scm_group_user")
        cls.a = cls._places("A", 4)
        cls.b = cls._places("B", 4)
        cls.dock = cls.env["scm.dock"].create({"name": "Packing", "warehouse_id": cls.warehouse_a.id, "x": 0, "y": 1})

    def _measure(self, user=None):
        return self._as(user or self.keeper, self.warehouse_a).refresh_travel()

    # Ways

    def test_distance_order_and_way(self):
        found = self._measure()
        self.assertEqual(found, {"places": 8, "without_way": 0})
        self.assertEqual(self.a.mapped("scm_distance"), [2, 5, 8, 11])
        self.assertEqual(self.b.mapped("scm_distance"), [6, 9, 12, 15])
        self.assertTrue(all((self.a + self.b).mapped("scm_has_way")))
        self.assertEqual(self.a.mapped("scm_walk_sequence"), [1, 2, 3, 4])
        self.assertEqual(self.b.mapped("scm_walk_sequence"), [8, 7, 6, 5])
        self.assertEqual(self.warehouse_a.scm_aisle_ids.mapped("name"), ["A", "B"])

    def test_numbers_are_enough(self):
        (self.a + self.b).write({"scm_x": 0, "scm_y": 0})
        self._measure()
        self.assertEqual((self.b - self.b[0]).mapped("scm_has_way"), [True] * 3)
        self.assertGreater(self.b[3].scm_distance, self.b[0].scm_distance)

    def test_one_way_and_closed_aisles(self):
        self._measure()
        self.warehouse_a.scm_aisle_ids.filtered(lambda aisle: aisle.name == "B").direction = "closed"
        self._measure()
        self.assertFalse(any(self.b.mapped("scm_has_way")))
        self.assertEqual(self.b.mapped("scm_distance"), [0.0] * 4)
        self.assertEqual(self.b.mapped("scm_walk_sequence"), [0] * 4)

    def test_lost_places_are_one_alert_with_names(self):
        alerts = self.env["scm.alert"].search([("type_id.code", "=", "place_without_way")])
        self.b.write({"scm_aisle": False, "scm_x": 0, "scm_y": 0})
        found = self._measure()
        self.assertEqual(found["without_way"], 4)
        alert = self.env["scm.alert"].search([("type_id.code", "=", "place_without_way")]) - alerts
        self.assertEqual(len(alert), 1)
        self.assertIn("B-01-0, B-02-0", alert.name)
        self.assertEqual(alert.why["terms"], [{"code": "no_coordinates", "value": 4}])
        self.b.unlink()
        self._measure()
        self.assertEqual(alert.state, "resolved")

    def test_a_hall_that_nobody_drew_is_no_alert(self):
        self.assertEqual(self._as(self.keeper, self.warehouse_a).refresh_travel()["without_way"], 0)
        self.warehouse_b._scm_refresh_travel()
        self.assertEqual(self.warehouse_b.scm_lost_count, self.warehouse_b.scm_place_count)
        self.assertFalse(self.env["scm.alert"].search([("company_id", "=", self.company_b.id)]))

    def test_layout_is_checked(self):
        with self._refused("cross aisle", ValidationError):
            self.warehouse_a.write({"scm_cross_front": False, "scm_cross_back": False})
        with self._refused("no metres", ValidationError):
            self.warehouse_a.scm_cross_middle = "in the middle"
        with self._refused("more than zero", ValidationError):
            self.warehouse_a.scm_bay_length = 0
        self.warehouse_a.write({"scm_cross_front": False, "scm_cross_back": False, "scm_cross_middle": "7.5"})
        self._measure()
        self.assertEqual(self.a[1].scm_distance, 1.5 + 6.5)

    def test_rights(self):
        for user in (self.packer, self.planner, self.outsider):
            with self._refused("managers", AccessError):
                self._measure(user)
        with self.assertRaises(AccessError):
            self._as(self.keeper, self.warehouse_b).refresh_travel()
        with self.assertRaises(AccessError):
            self._as(self.packer, self.dock).write({"x": 3})
        self._as(self.manager, self.dock).write({"x": 3})
        self.assertFalse(self._as(self.planner_b, self.env["scm.dock"]).search([("id", "=", self.dock.id)]))

    def test_whoever_changes_the_hall_need_not_think_of_it(self):
        cron = self.env.ref("scm_warehouse.scm_travel_cron")
        for change in (
            lambda: self.a[0].write({"scm_bay": 9}),
            lambda: self.dock.write({"x": 2}),
            lambda: self.warehouse_a.write({"scm_cross_back": False}),
            lambda: self._places("C", 1),
        ):
            before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
            change()
            self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)

    def test_tours(self):
        walk, order, lost = self.warehouse_a._scm_tours({"x": [self.a[3].id, self.b[0].id, self.stock.id]})["x"]
        # up aisle A to its last place, on to the back cross aisle, over to B, home through it
        self.assertEqual(walk, 11 + 2 + 4 + 11 + 2 + 4)
        self.assertEqual(set(order), {self.a[3].id, self.b[0].id})
        self.assertEqual(lost, self.stock.ids)
        self.assertEqual(self.warehouse_a._scm_tours({1: []}), {1: (0.0, [], [])})

    @property
    def stock(self):
        return self.warehouse_a.lot_stock_id

    def test_as_many_queries_for_many(self):
        self._measure()
        few = self._query_count(self.warehouse_a._scm_refresh_travel)
        self._places("C", 12)
        self._measure()
        self.assertEqual(self._query_count(self.warehouse_a._scm_refresh_travel), few)
        (self.a + self.b).write({"scm_x": 1})
        self.assertEqual(self._query_count(self.warehouse_a._scm_refresh_travel), few)

    # Put-away

    def _put_away(self, quantity=1):
        return self.stock._get_putaway_strategy(self.product, quantity)

    def _closest_rule(self, **values):
        category = self.env["stock.storage.category"].create({"name": "Any", **values})
        (self.a + self.b).storage_category_id = category
        return self.env["stock.putaway.rule"].create(
            {
                "product_id": self.product.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.stock.id,
                "sublocation": "closest_location",
                "storage_category_id": category.id,
            }
        )

    def test_closest_is_by_metres(self):
        """The dock is at aisle B: Odoo takes A-01-0, the first by its name; the closest is B-01-0."""
        self._closest_rule()
        self.dock.x = 4
        self.assertEqual(self._put_away(), self.a[0])
        self._measure()
        self.assertEqual(self._put_away(), self.b[0])
        self.assertNotIn("scm_nearest_first", self._put_away().env.context)
        self.warehouse_a.scm_putaway_nearest = False
        self.assertEqual(self._put_away(), self.a[0])

    def test_closest_with_room(self):
        """The closest place has no room left for the weight: the next one by metres, low levels first."""
        self.product.weight = 1
        self._closest_rule(max_weight=10)
        high = self._places("B", 1, levels=2)[1]
        high.storage_category_id = self.b[0].storage_category_id
        self.dock.x = 4
        self._measure()
        self._put(self.b[0], self._create_product("Stone", weight=1), 10)
        self.assertEqual(high.scm_distance, self.b[0].scm_distance)
        self.assertEqual(self._put_away(5), high)
        self._put(high, self.product, 10)
        self.assertEqual(self._put_away(5), self.b[1])

    # Import

    def _import(self, name, content, user=None, **values):
        jobs = self._as(user or self.keeper, self.env["scm.import"])
        job = jobs.create({"importer": "location", "filename": name, "file": base64.b64encode(content), **values})
        job.action_preview()
        job.action_check()
        return job

    def _csv(self, *rows, heads="Place,Aisle,Bay,Level,X (m),Y (m),Storage category,Warehouse"):
        return "\n".join([heads, *rows]).encode()

    def test_csv(self):
        self.env["stock.storage.category"].create({"name": "Shelf"})
        self.a[1].barcode = "LOC-1"
        job = self._import(
            "places.csv",
            self._csv(
                "a-01-0,Q,7,2,40,21.5,shelf,",
                "loc-1,Q,8,,,,,",
                f"{self.a[2].complete_name},,,,0,30,,{self.warehouse_a.code}",
            ),
        )
        self.assertEqual((job.error_count, job.valid_count), (0, 3), job.finding_ids.mapped("message"))
        job.action_confirm()
        self.assertRecordValues(
            self.a[:3],
            [
                {"scm_aisle": "Q", "scm_bay": 7, "scm_level": 2, "scm_x": 40, "scm_y": 21.5},
                {"scm_aisle": "Q", "scm_bay": 8, "scm_level": 0, "scm_x": 0, "scm_y": 6},
                {"scm_aisle": "A", "scm_bay": 3, "scm_level": 0, "scm_x": 0, "scm_y": 30},
            ],
        )
        self.assertEqual(self.a[0].storage_category_id.name, "Shelf")
        self.assertTrue(self.warehouse_a.scm_travel_at, "the ways are measured at once")

    def test_excel_creates_places(self):
        book = openpyxl.Workbook()
        book.active.append(["庫位", "巷道", "列", "層"])
        for bay in (1, 2):
            book.active.append([f"N-{bay}", "N", bay, 0])
        content = io.BytesIO()
        book.save(content)
        job = self._import("new.xlsx", content.getvalue())
        self.assertEqual(job.error_count, 2, "nothing is created unless asked for")
        job = self._import("new.xlsx", content.getvalue(), create_missing=True)
        self.assertEqual(job.error_count, 0, job.finding_ids.mapped("message"))
        job.action_confirm()
        made = self.env["stock.location"].search([("scm_aisle", "=", "N")], order="scm_bay")
        self.assertEqual(made.mapped("name"), ["N-1", "N-2"])
        self.assertEqual(made.location_id, self.stock)

    def test_errors_name_row_and_reason(self):
        self._places("A", 1, parent=self.b[3])
        job = self._import(
            "bad.csv",
            self._csv(
                "A-01-0,Q,1,,,,,",
                "A-02-0,Q,1.5,,,,,",
                "A-03-0,Q,1,-1,,,,",
                "A-04-0,,,,,,,",
                "B-01-0,,,,250000,1,,",
                "B-02-0,Q,1,,,,Moon,",
                "B-03-0,Q,1,,,,,Nowhere",
                "ZZ-1,Q,1,,,,,",
                "B-04-0,Q,1,,,,,",
                "b-04-0,Q,2,,,,,",
            ),
        )
        found = {finding.row: finding.message for finding in job.finding_ids}
        self.assertEqual(sorted(found), [2, 3, 4, 5, 6, 7, 8, 9, 11])
        for row, word in ((2, "Several"), (3, "whole"), (4, "whole"), (5, "nothing"), (6, "far"), (7, "category"),
                          (8, "warehouse"), (9, "No place"), (11, "row 10")):  # fmt: skip
            self.assertIn(word, found[row])

    def test_import_is_for_inventory_managers(self):
        for user in (self.packer, self.manager):
            with self.assertRaises(AccessError):
                self._import("x.csv", self._csv("A-01-0,Q,1,,,,,"), user=user)
        other = self._create_user(
            "keeper_b", "stock.group_stock_manager", "scm_base.scm_group_user", companies=self.company_b
        )
        job = self._import("x.csv", self._csv("A-02-0,Q,1,,,,,"), user=other)
        self.assertIn("No place", job.finding_ids.message)

    # Map

    def _map(self, user=None, **values):
        return self._as(user or self.planner, self.env["scm.warehouse.map"]).get_map(self.warehouse_a.id, **values)

    def _values(self, colour, **values):
        places = self._map(colour=colour, **values)["places"]
        return dict(zip(places["name"], places["value"], strict=True))

    def test_map_colours(self):
        self._put(self.a[0], self.product, 30)
        self._put(self.b[2], self.product, 5)
        with self._at(self.TODAY):
            self._pick(self.a[0], self.product, 2, "2026-11-20")
            self._pick(self.a[0], self.product, 2, "2026-11-21")
            self.env["scm.pick.day"].sudo()._scm_refresh(self.company_a)
            self.env["scm.product.class"].create(
                {
                    "product_id": self.product.id,
                    "warehouse_id": self.warehouse_a.id,
                    "company_id": self.company_a.id,
                    "abc_picks": "B",
                }
            )
            self._measure()
            self.assertEqual(self._values("picks")["A-01-0"], 2)
            self.assertEqual(self._values("picks", days=2)["A-01-0"], 1)
            classes = self._values("class")
            self.assertEqual([classes["A-01-0"], classes["B-03-0"], classes["A-02-0"]], [2, 2, 0])
            self.assertEqual(self._values("distance")["B-04-0"], 15)
            totals = self._map(days=10)["totals"]
        self.assertEqual((totals["picks"], totals["metres_per_pick"], totals["metres_per_day"]), (2, 4.0, 0.8))
        self.a[1].scm_is_locked = True
        self.assertEqual(self._values("locked")["A-02-0"], 1)

    def test_fill(self):
        self.product.weight = 2
        category = self.env["stock.storage.category"].create(
            {
                "name": "Limited",
                "max_weight": 100,
                "capacity_ids": [Command.create({"product_id": self.product.id, "quantity": 40})],
            }
        )
        self.a[:2].storage_category_id = category
        self._put(self.a[0], self.product, 30)
        self._put(self.a[2], self.product, 1)
        fill = self._values("fill")
        # 60 of 100 kg, but 30 of 40 units: the tighter limit counts
        self.assertEqual([fill[f"A-0{bay}-0"] for bay in (1, 2, 3, 4)], [0.75, 0, -2, -1])

    def test_place(self):
        self._put(self.a[0], self.product, 30)
        with self._at(self.TODAY):
            self._pick(self.a[0], self.product, 4, "2026-11-20")
            self.env["scm.pick.day"].sudo()._scm_refresh(self.company_a)
            place = self._as(self.packer, self.env["scm.warehouse.map"]).get_place(self.a[0].id, 30)
        self.assertEqual((place["name"], place["aisle"], place["bay"]), ("A-01-0", "A", 1))
        self.assertEqual(len(place["products"]), 1)
        product = place["products"][0]
        self.assertEqual((product["quantity"], product["picks"], product["taken"]), (26, 1, 4))
        gone = self.b[3].id
        self.b[3].unlink()
        with self._refused("does not exist any more"):
            self._as(self.packer, self.env["scm.warehouse.map"]).get_place(gone)

    def test_map_rights_and_bad_input(self):
        with self._refused("people of the supply chain", AccessError):
            self._map(self.outsider)
        with self._refused("companies"):
            self._map(self.planner_b)
        with self.assertRaises(AccessError):
            self._as(self.planner_b, self.env["scm.warehouse.map"]).get_place(self.a[0].id)
        for colour, days in (("pink", 90), ("picks", 0), ("picks", "many")):
            with self._refused("Choose"):
                self._map(colour=colour, days=days)
        self.assertEqual(self._as(self.planner_b, self.env["scm.warehouse.map"]).get_map()["places"]["id"], [])

    def test_map_takes_as_many_queries_for_many(self):
        def count(colour):
            self._map(colour=colour)  # rights and translations are looked up once
            return self._query_count(self._map, colour=colour)

        colours = ("picks", "class", "fill", "distance", "locked")
        few = {colour: count(colour) for colour in colours}
        for place in self._places("C", 10):
            self._put(place, self.product, 3)
        self.assertEqual({colour: count(colour) for colour in colours}, few)
