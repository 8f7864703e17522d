from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestSlotting(WarehouseCase):
    """A hall with two aisles; the fast product lies far, the slow one near."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near = cls._places("A", bays=3)
        cls.far = cls._places("D", bays=10)
        cls.env["scm.dock"].create(
            {"name": "Packing", "warehouse_id": cls.warehouse_a.id, "x": 0.0, "y": 0.0, "kind": "pack"}
        )
        cls.warehouse_a._scm_refresh_travel()
        cls.fast, cls.slow = cls._create_product("Fast", weight=1.0), cls._create_product("Slow", weight=1.0)
        cls._put(cls.far[9], cls.fast, 500)
        cls._put(cls.near[0], cls.slow, 50)
        with cls._at(cls.TODAY):
            cls.env["scm.pick.day"]._scm_refresh(cls.company_a)
        cls._picked(cls.far[9], cls.fast, 900)
        cls._picked(cls.near[0], cls.slow, 5)

    @classmethod
    def _picked(cls, place, product, picks):
        """Picks on one day of the window."""
        cls.env.cr.execute(
            "INSERT INTO scm_pick_day (company_id, warehouse_id, location_id, product_id, date, picks, quantity)"
            " VALUES (%s, %s, %s, %s, '2026-11-10', %s, %s)",
            [cls.company_a.id, place.warehouse_id.id, place.id, product.id, picks, picks],
        )

    def _propose(self, user=None):
        with self._at(self.TODAY):
            run_id = self._as(user or self.manager, self.env["scm.slotting.run"]).propose(self.warehouse_a.id)
        run = self.env["scm.slotting.run"].browse(run_id)
        self.assertEqual(run.state, "done", run.message)
        return run

    def _own(self, moves):
        return self._as(self.manager, moves)

    def test_the_fast_product_comes_near(self):
        run = self._propose()
        move = run.move_ids.filtered(lambda move: move.product_id == self.fast)
        self.assertEqual(move.location_id, self.far[9])
        self.assertIn(move.location_dest_id, self.near)
        # ten picks a day, there and back
        way = self.far[9].scm_distance - move.location_dest_id.scm_distance
        self.assertAlmostEqual(move.picks_day, 10.0)
        self.assertAlmostEqual(move.metres_day, 20.0 * way, 0)
        self.assertAlmostEqual(run.metres_before - run.metres_after, sum(run.move_ids.mapped("metres_day")), delta=1)
        seconds = 20.0 * way / self.warehouse_a.scm_walk_speed
        self.assertAlmostEqual(move.money_day, seconds / 3600 * self.warehouse_a.scm_hour_cost, 1)
        self.assertEqual(move.why["sample"], 900)
        labels = self.env["scm.why"]._labels()
        codes = [term["code"] for term in move.why["terms"]] + [move.why["method"], move.why["formula"]]
        self.assertFalse([code for code in codes if code not in labels])

    def test_proposing_twice_proposes_once(self):
        first = self._propose()
        kept = [(m.product_id, m.location_id, m.location_dest_id) for m in first.move_ids]
        second = self._propose()
        self.assertFalse(first.move_ids)
        self.assertEqual([(m.product_id, m.location_id, m.location_dest_id) for m in second.move_ids], kept)

    def test_what_is_turned_down_is_not_proposed_again(self):
        run = self._propose()
        with self._at(self.TODAY):
            self._own(run.move_ids).reject()
        again = self._propose()
        self.assertFalse(again.move_ids.filtered(lambda move: move.product_id == self.fast))
        self.assertEqual(run.move_ids.mapped("state"), ["rejected"] * len(run.move_ids))

    def test_apply_and_undo(self):
        old = self.env["stock.putaway.rule"].create(
            {
                "product_id": self.fast.id,
                "location_in_id": self.warehouse_a.lot_stock_id.id,
                "location_out_id": self.far[9].id,
                "company_id": self.company_a.id,
            }
        )
        run = self._propose()
        move = run.move_ids.filtered(lambda move: move.product_id == self.fast)
        with self._at(self.TODAY):
            done = self._own(move).apply()
        self.assertEqual(done["skipped"], [])
        self.assertEqual(set(move.picking_ids.mapped("state")), {"assigned"})
        self.assertEqual(move.picking_ids.picking_type_id, self.warehouse_a.int_type_id)
        self.assertFalse(old.active)
        self.assertEqual(move.rule_id.location_out_id, move.location_dest_id)
        self.assertEqual(
            self.warehouse_a.lot_stock_id._get_putaway_strategy(self.fast), move.location_dest_id, "it comes there now"
        )
        move.picking_ids.move_ids.picked = True
        move.picking_ids._action_done()
        self.assertEqual(move.picking_state, "done")
        with self._at(self.TODAY):
            undone = self._own(move).undo()
        back = self.env["stock.picking"].browse(undone["transfers"])
        self.assertRecordValues(
            back.move_ids.filtered(lambda one: one.product_id == self.fast),
            [
                {
                    "location_id": move.location_dest_id.id,
                    "location_dest_id": self.far[9].id,
                    "product_uom_qty": 500.0,
                    "state": "assigned",
                }
            ],
        )
        self.assertTrue(old.active)
        self.assertFalse(move.rule_id)
        with self._refused("undone"):
            self._own(move).undo()

    def test_open_transfers_are_cancelled_by_undo(self):
        run = self._propose()
        with self._at(self.TODAY):
            self._own(run.move_ids).apply()
            pickings = run.move_ids.picking_ids
            undone = self._own(run.move_ids).undo()
        self.assertEqual(set(pickings.mapped("state")), {"cancel"})
        self.assertEqual(undone["transfers"], [])

    def test_a_ring_goes_through_a_free_place(self):
        """Only two places; each product belongs where the other one lies."""
        (self.near[1:] + self.far[:9]).active = False
        self.warehouse_a.scm_slotting_payback_days = 365
        run = self._propose()
        self.assertEqual(len(run.move_ids), 2)
        first, second = run.move_ids.sorted("sequence")
        self.assertEqual(first.buffer_id, self.warehouse_a.lot_stock_id)
        self.assertFalse(second.buffer_id)
        with self._at(self.TODAY):
            done = self._own(run.move_ids).apply()
        self.assertEqual(len(done["transfers"]), 2)
        turn, rest = self.env["stock.picking"].browse(done["transfers"]).sorted("id")
        self.assertEqual((turn.state, rest.state), ("assigned", "waiting"))
        turn.move_ids.picked = True
        turn._action_done()
        self.assertEqual(rest.state, "assigned")
        rest.move_ids.picked = True
        rest._action_done()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", (self.fast + self.slow).ids),
                ("quantity", ">", 0),
                ("location_id.usage", "=", "internal"),
            ]
        )
        lies = {quant.product_id: quant.location_id for quant in quants}
        self.assertEqual(lies, {self.fast: self.near[0], self.slow: self.far[9]})

    def test_stock_that_changed_is_left_alone(self):
        run = self._propose()
        move = run.move_ids.filtered(lambda move: move.product_id == self.fast)
        self._put(self.far[9], self.fast, -500)
        with self._at(self.TODAY):
            done = self._own(move).apply()
        self.assertEqual(done["applied"], 0)
        self.assertIn("no longer lies", done["skipped"][0])
        self.assertEqual(move.state, "proposed")

    def test_reserved_negative_and_locked_stay(self):
        picking = self._pick(self.far[9], self.fast, 1, self.TODAY)
        self.assertEqual(picking.state, "done")
        self.far[9].scm_is_locked = True
        self.assertFalse(self._propose().move_ids)
        self.far[9].scm_is_locked = False
        self.env["stock.quant"]._update_reserved_quantity(self.fast, self.far[9], 3)
        run = self._propose()
        self.assertFalse(run.move_ids)
        self.assertEqual(run.fixed_count, 1)

    def test_rules_of_places_hold(self):
        """Too heavy for the near places, which are high; a flammable product only where it may lie."""
        self.near.scm_level = 3
        self.env["scm.slotting.level"].create({"warehouse_id": self.warehouse_a.id, "level": 3, "max_unit_kg": 5.0})
        self.fast.weight = 12.0
        move = self._propose().move_ids.filtered(lambda move: move.product_id == self.fast)
        self.assertNotIn(move.location_dest_id, self.near)
        tag = self.env["scm.storage.tag"].create({"name": "Explosive", "kind": "hazard", "is_exclusive": True})
        self.fast.categ_id = self.env["product.category"].create({"name": "Bang", "scm_storage_tag_ids": tag.ids})
        self.far[4].scm_storage_tag_ids = tag
        [move] = self._propose().move_ids
        self.assertEqual((move.location_dest_id, move.role), (self.far[4], "mend"))

    def test_storage_category_holds(self):
        self.near.storage_category_id = self.env["stock.storage.category"].create(
            {
                "name": "Small",
                "max_weight": 1000.0,
                "product_capacity_ids": [(0, 0, {"product_id": self.fast.id, "quantity": 100.0})],
            }
        )
        move = self._propose().move_ids.filtered(lambda move: move.product_id == self.fast)
        self.assertNotIn(move.location_dest_id, self.near)

    def test_places_without_a_way_are_named(self):
        self.env["stock.location"].create(
            {"name": "Nowhere", "location_id": self.warehouse_a.lot_stock_id.id, "usage": "internal"}
        )
        run = self._propose()
        self.assertEqual(run.no_way_count, 1)
        self.assertIn("Nowhere", run.error_ids.message)

    def test_only_managers_and_own_companies(self):
        with self._refused("manager", AccessError):
            self._as(self.planner, self.env["scm.slotting.run"]).propose(self.warehouse_a.id)
        with self._refused("no such warehouse"):
            self._as(self.manager, self.env["scm.slotting.run"]).propose(self.warehouse_b.id)
        run = self._propose()
        with self._refused("manager", AccessError):
            self._as(self.planner, run.move_ids).accept()
        with self._refused("supply chain users", AccessError):
            self._as(self.packer, self.env["scm.slotting.run"]).get_summary()
        summary = self._as(self.planner, self.env["scm.slotting.run"]).get_summary()
        [row] = summary["warehouses"]
        self.assertEqual(row["moves"], len(run.move_ids))
        self.assertFalse(summary["can_decide"])
        self.assertFalse(self._as(self.planner_b, self.env["scm.slotting.move"]).search([("run_id", "=", run.id)]))
        self.assertFalse(None in row.values())

    def test_settings_are_checked(self):
        with self._refused("more than zero", ValidationError):
            self.warehouse_a.scm_slotting_load = 0
        with self._refused("no zone of the stock", ValidationError):
            self.warehouse_a.scm_slotting_location_ids = self.warehouse_b.lot_stock_id
        with self._refused("negative", ValidationError):
            self.env["scm.slotting.level"].create({"warehouse_id": self.warehouse_a.id, "level": -1})
        self.warehouse_a.with_user(self.manager).action_scm_usual_levels()
        self.assertEqual(len(self.warehouse_a.scm_slotting_level_ids), 4)

    def test_as_many_queries_for_many(self):
        few = self._query_count(self._propose)
        products = self.env["product.product"].create(
            [{"name": f"P{i}", "is_storable": True, "weight": 1.0} for i in range(40)]
        )
        for place, product in zip(self._places("E", bays=40), products, strict=True):
            self._put(place, product, 5)
            self._picked(place, product, 400)
        self.warehouse_a._scm_refresh_travel()
        self.warehouse_a.scm_slotting_moves = 0
        many = self._query_count(self._propose)
        self.assertLessEqual(many, few + 4)

    def test_pairs(self):
        customers = self.env.ref("stock.stock_location_customers")
        out = self.warehouse_a.out_type_id

        def deliver(products, day):
            with self._at(day):
                moves = self.env["stock.picking"].create(
                    {
                        "picking_type_id": out.id,
                        "location_id": self.warehouse_a.lot_stock_id.id,
                        "location_dest_id": customers.id,
                        "move_ids": [
                            (0, 0, {
                                "product_id": product.id, "product_uom_qty": 1, "product_uom": product.uom_id.id,
                                "location_id": self.warehouse_a.lot_stock_id.id, "location_dest_id": customers.id,
                            })
                            for product in products
                        ],
                    }
                ).move_ids  # fmt: skip
                moves.write({"state": "done", "date": self._moment(day)})

        other = self._create_product("Other")
        for _number in range(9):
            deliver(self.fast + self.slow, "2026-11-02")
        for _number in range(40):
            deliver(other, "2026-11-03")
        with self._at(self.TODAY), self._refused("manager", AccessError):
            self._as(self.planner, self.env["scm.product.pair"]).refresh()
        with self._at(self.TODAY):
            self._as(self.manager, self.env["scm.product.pair"]).refresh()
        pair = self.env["scm.product.pair"].search([("warehouse_id", "=", self.warehouse_a.id)])
        self.assertRecordValues(
            pair, [{"product_id": self.fast.id, "other_id": self.slow.id, "together": 9, "share": 1.0}]
        )
        self.assertAlmostEqual(pair.lift, 49 / 9, 1)
        move = self._propose().move_ids.filtered(lambda move: move.product_id == self.fast)
        self.assertEqual(move.pair_product_id, self.slow)
        self.assertIn("Slow", move.pair_hint)
        with self._at(self.TODAY):
            self.assertTrue(self._as(self.manager, self.env["scm.product.pair"]).refresh())
