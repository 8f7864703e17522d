from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .choice_common import ChoiceCase


class TestShipFrom(ChoiceCase):
    """Berlin has kettles and no cups, Munich has both; Munich costs more by the good carrier, which collects there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.munich = cls.env["stock.warehouse"].create(
            {"name": "Munich", "code": "MUC", "company_id": cls.company_a.id}
        )
        cls.cup = cls._create_product("Cup", weight=1.0)
        cls._set_stock(cls.product, 50.0, cls.munich)
        cls._set_stock(cls.cup, 50.0, cls.munich)
        cls.cheap.scm_warehouse_ids = cls.warehouse_a
        cls.company_a.scm_split_cost = 3.0

    def _order(self, *products, **values):
        return self._create_sale(
            [(product, 1) for product in products], "2026-11-23", commitment_date=self._moment("2026-11-26"), **values
        )

    def _propose_from(self, *orders):
        ids = [order.id for order in orders]
        with self._at(self.TODAY):
            return self.env["scm.ship.from"]._propose(self.company_a, self.env["sale.order"].browse(ids))

    def test_a_split_is_avoided(self):
        order = self._order(self.product, self.cup, confirm=False)
        proposal = self._propose_from(order)
        # one parcel of the good carrier from Munich (7 + 0) against two parcels and the handling
        self.assertRecordValues(
            proposal,
            [
                {
                    "warehouse_id": self.warehouse_a.id,
                    "suggested_warehouse_id": self.munich.id,
                    "suggested_carrier_id": self.good.id,
                    "parcels_present": 2,
                    "parcels_suggested": 1,
                    "state": "proposed",
                }
            ],
        )
        self.assertGreater(proposal.saving, 3.0)
        self.assertIn("ship_from_note_avoids", proposal.why["notes"])
        codes = {term["code"] for term in proposal.why["terms"]} | set(proposal.why["notes"])
        self.assertLess(codes, set(self.env["scm.why"].labels()))
        self.assertEqual(self._propose_from(order), proposal)
        self.assertEqual(self._as(self.seller, proposal).apply(), 1)
        self.assertEqual(order.warehouse_id, self.munich)

    def test_what_is_at_hand_stays(self):
        proposal = self._propose_from(self._order(self.product))
        self.assertEqual((proposal.state, proposal.suggested_warehouse_id), ("agreed", self.warehouse_a))

    def test_a_confirmed_order_moves_with_its_delivery(self):
        order = self._order(self.product, self.cup)
        old = order.picking_ids
        proposal = self._propose_from(order)
        groups = ("stock.group_stock_user", "sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self._as(self._create_user("both", *groups), proposal).apply(), 1)
        new = order.picking_ids - old
        self.assertEqual(old.state, "cancel")
        self.assertEqual(new.picking_type_id.warehouse_id, self.munich)
        self.assertEqual(sorted(new.move_ids.mapped("product_uom_qty")), [1.0, 1.0])
        self.assertEqual(order.order_line.filtered("product_id").mapped("qty_delivered"), [0.0, 0.0])

    def test_what_has_left_does_not_move(self):
        order = self._order(self.product, self.cup)
        proposal = self._propose_from(order)
        self._deliver(order, "2026-11-24", {self.product: 1})
        with self.assertRaisesRegex(UserError, order.name):
            proposal.apply()

    def test_reject_keeps_the_reason(self):
        proposal = self._propose_from(self._order(self.product, self.cup))
        with self.assertRaisesRegex(UserError, "Say why"):
            self._as(self.seller, proposal).reject("")
        with self.assertRaises(AccessError):
            self._as(self.outsider, proposal).reject("mine")
        self._as(self.seller, proposal).reject("The cup comes tomorrow")
        self.assertEqual((proposal.state, proposal.user_id), ("rejected", self.seller))
        self.assertFalse(self._propose_from(proposal.order_id))

    def test_own_reservations_are_at_hand(self):
        self._set_stock(self.cup, 1.0)
        order = self._order(self.product, self.cup)
        order.picking_ids.action_assign()
        self.assertEqual(self._propose_from(order).state, "agreed")

    def test_as_many_queries_for_many_as_for_few(self):
        few = [self._order(self.product, confirm=False) for _number in range(2)]
        many = [self._order(self.product, self.cup, confirm=False) for _number in range(12)]
        self._propose_from(*few)
        self.assertLessEqual(
            self._query_count(self._propose_from, *many), self._query_count(self._propose_from, *few) + 2
        )

    def test_stock_nearby(self):
        france = self.env.ref("base.fr")
        far = self.env["scm.zone"].create(
            {"name": "France", "company_id": self.company_a.id, "country_ids": [Command.set(france.ids)]}
        )
        self.warehouse_a.partner_id.country_id = self.germany
        base = {"company_id": self.company_a.id, "carrier_id": self.good.id, "warehouse_id": self.warehouse_a.id,
                "date_handed": "2026-11-02 10:00:00"}  # fmt: skip
        near = {"zone_id": self.zone.id, "cost_expected": 5.0, "date_delivered": "2026-11-03 10:00:00"}
        away = {"zone_id": far.id, "cost_expected": 9.0, "date_delivered": "2026-11-05 10:00:00", "is_late": True}
        self.env["scm.parcel"].create([base | near | {"name": "N"}] * 4 + [base | away | {"name": "A"}] * 2)
        with self._at("2026-11-23"):
            found = self._as(self.planner, self.env["scm.ship.from"]).get_regions(365)
        [region] = found["regions"]
        self.assertEqual((region["name"], region["days"], found["local"]["parcels"]), ("France", 2.0, 4))
        self.assertEqual(found["days"], 21)
        # 2 parcels in 21 days cost 4 more each; no class is the default, so lateness costs what the company says
        self.assertAlmostEqual(region["gain"], 2 * 365 / 21 * 4, 1)
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.ship.from"]).get_regions()
