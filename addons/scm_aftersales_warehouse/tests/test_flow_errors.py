from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.warehouse_common import WarehouseCase

_FACT = """
    INSERT INTO scm_return_fact (company_id, order_id, sale_line_id, move_id, order_date, delivery_date, product_id,
                                 product_tmpl_id, warehouse_id, delivered, value, returned, days, refund, cost, owner)
    SELECT %s, 0, 0, 0, %s, %s, p.id, p.product_tmpl_id, %s, 1, 25, %s, 5, 0, 0, %s FROM product_product p WHERE id = %s
"""


@tagged("post_install", "-at_install")
class TestFlowErrors(WarehouseCase):
    def test_returns_by_fault_of_picking_are_wrong_picks(self):
        last = self.TODAY
        for day, returned, owner, warehouse in (
            (last, 1, "picking", self.warehouse_a),
            (last - timedelta(days=90), 1, "picking", self.warehouse_a),
            (last - timedelta(days=91), 1, "picking", self.warehouse_a),
            (last, 0, "picking", self.warehouse_a),
            (last, 1, "supplier", self.warehouse_a),
            (last, 1, "picking", self.warehouse_b),
        ):
            company = warehouse.company_id.id
            self.env.cr.execute(_FACT, [company, day, day, warehouse.id, returned, owner, self.product.id])
        sources = self.env["scm.flow.board"]._pick_errors(self.warehouse_a, last - timedelta(days=90), last)
        found = {source["code"]: source["errors"] for source in sources}
        self.assertEqual(found, {"counts": 0, "returns": 2})
