"""Orders from proposals: through Odoo's procurement, once, and what fails does not stop the rest."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestReplenish(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_product("First", vendor=cls.vendor, price=8.0, delay=14)
        cls.second = cls._create_product("Second", vendor=cls.vendor, price=8.0, delay=14)
        cls.orphan = cls._create_product("Orphan")
        cls._create_forecast({cls.first: 70, cls.second: 7, cls.orphan: 7})
        cls._refresh()
        cls.proposals = cls._proposal(cls.first) + cls._proposal(cls.second) + cls._proposal(cls.orphan)

    def _replenish(self, proposals):
        with self._at(self.TODAY):
            return proposals.with_user(self.buyer).replenish()

    def _lines(self):
        return self.env["purchase.order.line"].search([("product_id", "in", (self.first + self.second).ids)])

    def test_one_quotation_per_vendor_once(self):
        wanted = {proposal.product_id: proposal.qty_to_order for proposal in self.proposals}
        result = self._replenish(self.proposals[:2])
        lines = self._lines()
        self.assertEqual(len(lines.order_id), 1)
        self.assertEqual(lines.order_id.state, "draft")
        self.assertEqual(result["purchase_order_ids"], lines.order_id.ids)
        self.assertEqual(result["ordered"], 2)
        self.assertEqual(result["failed"], [])
        for line in lines:
            self.assertEqual(line.product_qty, wanted[line.product_id])
        self.assertEqual(set(self.proposals[:2].mapped("qty_to_order")), {0.0})
        again = self._replenish(self.proposals[:2])
        self.assertEqual((again["ordered"], again["purchase_order_ids"]), (0, []))
        self.assertEqual(sum(self._lines().mapped("product_qty")), sum(lines.mapped("product_qty")))

    def test_stale_screen_orders_only_what_is_still_needed(self):
        """The list was opened, then a colleague ordered by hand."""
        self._create_purchase([(self.first, 5000)], self.TODAY, confirm=False)
        result = self._replenish(self.proposals[0])
        self.assertEqual(result["ordered"], 0)

    def test_failing_product_is_named_and_others_go_through(self):
        result = self._replenish(self.proposals)
        self.assertEqual(result["ordered"], 2)
        self.assertEqual([line["product_id"] for line in result["failed"]], self.orphan.ids)
        self.assertIn("vendor", result["failed"][0]["reason"].lower())
        self.assertEqual(len(self._lines()), 2)

    def test_failure_inside_odoo_does_not_stop_the_others(self):
        stock_rule = self.env.registry["stock.rule"]
        original = stock_rule._run_buy

        def run_buy(records, procurements):
            if any(procurement.product_id == self.second for procurement, _rule in procurements):
                raise UserError("Second is locked")  # pylint: disable=translation-required
            return original(records, procurements)

        with patch.object(stock_rule, "_run_buy", run_buy):
            result = self._replenish(self.proposals[:2])
        self.assertEqual(result["ordered"], 1)
        failed = [(line["product"], line["reason"]) for line in result["failed"]]
        self.assertEqual(failed, [("Second", "Second is locked")])
        self.assertEqual(self._lines().product_id, self.first)

    def test_rule_made_for_the_order_has_no_levels(self):
        self._replenish(self.proposals[0])
        rule = self.env["stock.warehouse.orderpoint"].search([("product_id", "=", self.first.id)])
        self.assertRecordValues(rule, [{"product_min_qty": 0, "product_max_qty": 0, "trigger": "manual"}])
        self.assertEqual(self.proposals[0].state, "proposed")

    def test_vendor_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.first.seller_ids.write({"product_uom_id": dozen.id, "price": 96})
        self._refresh()
        pieces = self.proposals[0].qty_to_order
        self._replenish(self.proposals[0])
        line = self._lines()
        self.assertEqual((line.product_uom_id, line.product_qty * 12), (dozen, pieces))

    def test_button_opens_the_quotation(self):
        with self._at(self.TODAY):
            action = self.proposals[:2].with_user(self.buyer).action_replenish()
        self.assertEqual(action["res_model"], "purchase.order")
        self.assertEqual(action["res_id"], self._lines().order_id.id)
        with self._at(self.TODAY):
            action = self.proposals[:2].with_user(self.buyer).action_replenish()
        self.assertEqual(action["tag"], "display_notification")
