from odoo import SUPERUSER_ID
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestRuleMaker(ScmCase):
    def test_rules_of_the_nightly_job_survive_the_replenishment_page(self):
        """Odoo deletes manual rules of its own user when there is nothing to order."""
        product = self._create_product(vendor=self.vendor)
        rules = self.env["stock.warehouse.orderpoint"].with_user(SUPERUSER_ID)
        values = {
            "product_id": product.id,
            "location_id": self.warehouse_a.lot_stock_id.id,
            "company_id": self.company_a.id,
            "trigger": "manual",
        }
        rule = rules._scm_create([values])
        rule.action_replenish()
        self.assertTrue(rule.exists())
        self.assertEqual(rule.env.uid, SUPERUSER_ID)
