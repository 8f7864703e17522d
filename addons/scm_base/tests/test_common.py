"""The test kit itself: its flows must do what their names say."""

from odoo.tests import tagged

from .common import ScmCase


@tagged("post_install", "-at_install")
class TestScmCase(ScmCase):
    def test_purchase_receipt_and_return(self):
        product = self._create_product("Lamp", vendor=self.vendor)
        order = self._create_purchase([(product, 10)], "2026-03-02", planned="2026-03-09")
        self.assertEqual(order.date_approve, self._moment("2026-03-02"))
        first = self._receive(order, "2026-03-08", {product: 4})
        second = self._receive(order, "2026-03-10")
        self.assertEqual(first.move_ids.date, self._moment("2026-03-08"))
        self.assertRecordValues(order.order_line, [{"qty_received": 10.0, "date_planned": self._moment("2026-03-09")}])
        self._return_to_vendor(second, "2026-03-12", {product: 5})
        self.assertEqual(order.order_line.qty_received, 5.0)

    def test_sale_delivery_and_return(self):
        product = self._create_product("Lamp")
        self._set_stock(product, 8, day="2026-03-01")
        order = self._create_sale([(product, 5)], "2026-03-02")
        self.assertEqual(order.date_order, self._moment("2026-03-02"))
        picking = self._deliver(order, "2026-03-03")
        self._return_from_customer(picking, "2026-03-05", {product: 1})
        self.assertEqual(product.with_context(warehouse_id=self.warehouse_a.id).qty_available, 4.0)

    def test_other_company(self):
        product = self._create_product("Lamp")
        order = self._create_purchase([(product, 3)], "2026-03-02", planned="2026-03-04", company=self.company_b)
        picking = self._receive(order, "2026-03-04")
        self.assertEqual(picking.picking_type_id.warehouse_id, self.warehouse_b)
        self.assertEqual(picking.move_ids.date.hour, 3, "noon in Tokyo is 3 o'clock UTC")
