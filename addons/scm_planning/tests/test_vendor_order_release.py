"""RFQs: by Odoo's own computations, exactly once, and open again when they are cancelled."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .vendor_order_common import VendorOrderCase


@tagged("post_install", "-at_install")
class TestVendorOrderRelease(VendorOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_product("First", vendor=cls.vendor, price=8.0, delay=14)
        cls.second = cls._create_product("Second", vendor=cls.vendor, price=4.0, delay=14)
        cls._terms()

    def _rfqs(self):
        return self.env["purchase.order"].search([("company_id", "=", self.company_a.id)])

    def test_one_quotation_once(self):
        lines = self._plan(self.first, 10) + self._plan(self.second, 5, 7)
        order = self._join()
        result = self._release(order)
        rfq = self._rfqs()
        self.assertEqual(result, {"purchase_order_ids": rfq.ids, "released": 2, "skipped": 0})
        self.assertRecordValues(
            rfq,
            [
                {
                    "state": "draft", "partner_id": self.vendor.id, "picking_type_id": self.warehouse_a.in_type_id.id,
                    "company_id": self.company_a.id, "currency_id": self.company_a.currency_id.id,
                    "scm_vendor_order_id": order.id,
                }
            ],
        )  # fmt: skip
        self.assertRecordValues(
            rfq.order_line.sorted("id"),
            [
                {"product_id": self.first.id, "product_qty": 10, "price_unit": 8.0},
                {"product_id": self.second.id, "product_qty": 5, "price_unit": 4.0},
            ],
        )
        arrival = self._moment(self.TODAY + timedelta(days=14))
        self.assertEqual(set(rfq.order_line.mapped("date_planned")), {arrival})
        self.assertEqual(lines.mapped("state"), ["released"] * 2)
        self.assertEqual(lines.purchase_line_id, rfq.order_line)
        self.assertEqual(rfq.order_line.scm_planned_order_ids, lines)
        self.assertEqual((order.state, order.purchase_order_id), ("released", rfq))
        again = self._release(order)
        self.assertEqual(again, {"purchase_order_ids": [], "released": 0, "skipped": 2})
        self._release(lines)
        self.assertEqual(self._rfqs(), rfq)

    def test_lines_of_one_product_become_one(self):
        self._plan(self.first, 10), self._plan(self.first, 30, 7)
        self._release(self._join())
        self.assertEqual(self._rfqs().order_line.mapped("product_qty"), [40.0])

    def test_vendor_unit_currency_tax_and_fiscal_position(self):
        dozen, dollar = self.env.ref("uom.product_uom_dozen"), self.env.ref("base.USD")
        dollar.active = True
        group = self.env["account.tax.group"].create({"name": "Taxes", "company_id": self.company_a.id})
        taxes = self.env["account.tax"].create(
            [
                {"name": name, "amount": amount, "type_tax_use": "purchase", "tax_group_id": group.id,
                 "company_id": self.company_a.id,
                 "country_id": self.company_a.account_fiscal_country_id.id or self.env.ref("base.de").id}
                for name, amount in (("Home", 19), ("Abroad", 0))
            ]
        )  # fmt: skip
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "company_id": self.company_a.id})
        taxes[1].write({"fiscal_position_ids": [Command.link(position.id)], "original_tax_ids": taxes[0].ids})
        self.first.supplier_taxes_id = taxes[0]
        self.vendor.with_company(self.company_a).property_account_position_id = position
        self.first.seller_ids.write({"product_uom_id": dozen.id, "price": 96, "currency_id": dollar.id})
        self._plan(self.first, 36, price_unit=7)
        self._plan(self.second, 5)
        self._release(self._join())
        foreign = self._rfqs().filtered(lambda order: order.currency_id == dollar)
        self.assertEqual(len(self._rfqs()), 2, "one RFQ per currency")
        line = foreign.order_line
        self.assertEqual((line.product_uom_id, line.product_qty, line.price_unit), (dozen, 3.0, 96.0))
        self.assertEqual((foreign.fiscal_position_id, line.tax_ids), (position, taxes[1]))

    def test_price_break_of_the_quantity_together(self):
        self.env["product.supplierinfo"].create(
            {"partner_id": self.vendor.id, "product_tmpl_id": self.first.product_tmpl_id.id, "min_qty": 20, "price": 6}
        )
        self._plan(self.first, 10), self._plan(self.first, 10, 7)
        self._release(self._join())
        self.assertEqual(self._rfqs().order_line.price_unit, 6.0)

    def test_what_the_budget_leaves_out_is_not_ordered(self):
        keep = self._plan(self.first, 10)
        out = self._plan(self.second, 10, quantity_net=1)
        self._budget(100)
        order = self._join()
        self.assertEqual((keep.budget_action, out.budget_action), ("keep", "cut"))
        result = self._release(order)
        self.assertEqual((result["released"], result["skipped"]), (1, 1))
        self.assertEqual(self._rfqs().order_line.product_id, self.first)
        self.assertFalse(out.vendor_order_id)
        self.assertEqual(self._join().line_ids, out, "it waits in an order of its own")

    def test_cancelled_or_deleted_opens_again(self):
        line = self._plan(self.first, 10)
        order = self._join()
        self._release(order)
        rfq = self._rfqs()
        rfq.button_cancel()
        self.env["scm.planned.order"]._reopen_lost(self.company_a)
        self.assertEqual((line.state, order.state), ("proposed", "cancelled"))
        new = self._join()
        self.assertEqual((new.line_ids, new == order), (line, False))
        self._release(new)
        line.purchase_line_id.unlink()
        line.invalidate_recordset()
        self.env["scm.planned.order"]._reopen_lost(self.company_a)
        self.assertEqual(line.state, "proposed")
        self.env["scm.planned.order"]._reopen_lost(self.company_a)

    def test_confirmed_stays_released(self):
        line = self._plan(self.first, 10)
        self._release(self._join())
        line.purchase_line_id.order_id.button_confirm()
        self.assertEqual(self.env["scm.planned.order"]._reopen_lost(self.company_a), 0)
        self.assertEqual(line.state, "released")

    def test_purchase_right_is_asked_for(self):
        order = (self._plan(self.first, 10), self._join())[1]
        with self.assertRaisesRegex(AccessError, "right to create purchase orders"):
            self._release(order, self.manager)
        with self.assertRaisesRegex(AccessError, "supply-chain manager"):
            self._release(order, self.planner)
        self.assertFalse(self._rfqs())

    def test_archived_vendor_is_named(self):
        order = (self._plan(self.first, 10), self._join())[1]
        self.vendor.active = False
        with self.assertRaisesRegex(UserError, "Vendor is archived.*First"):
            self._release(order)

    def test_other_kinds_are_left_alone(self):
        line = self._plan(self.first, 10, kind="transfer")
        self.assertEqual(self._release(line)["skipped"], 1)
        with self._at(self.TODAY):
            action = self._as(self.buyer, line).action_release()
        self.assertEqual(action["tag"], "display_notification")

    def test_two_companies_in_one_call(self):
        other = self._create_product("Other", vendor=self.vendor, price=800.0)
        self._plan(self.first, 10), self._plan(other, 10, warehouse=self.warehouse_b)
        orders = self._join() + self._join(self.company_b)
        both = self._create_user(
            "both",
            "scm_base.scm_group_manager",
            "purchase.group_purchase_user",
            companies=self.company_a + self.company_b,
        )
        result = self._release(orders, both)
        rfqs = self.env["purchase.order"].browse(result["purchase_order_ids"])
        self.assertEqual(rfqs.company_id, self.company_a + self.company_b)
        for rfq in rfqs:
            self.assertEqual(rfq.picking_type_id.company_id, rfq.company_id)
