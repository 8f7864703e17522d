from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestProductClassOfDemand(ScmCase):
    def test_classes_count_what_was_ordered(self):
        product = self._create_product(standard_price=4.0)
        for day in ("2026-10-06", "2026-10-13"):
            self._create_sale([(product, 5)], day)
        with self._at("2026-11-23"):
            self.env["scm.demand.day"]._refresh(self.company_a)
            self.env["scm.product.class"]._refresh(self.company_a)
        found = self.env["scm.product.class"].search([("product_id", "=", product.id)])
        self.assertRecordValues(found, [{"value": 40.0, "picks": 2, "abc_value": "A", "periods": 7}])
