from odoo import api, models
from odoo.tools import SQL


class ScmProductClass(models.Model):
    _inherit = "scm.product.class"

    @api.model
    def _consumed_sql(self, companies):
        """Demand instead of deliveries: what was ordered on the day it was ordered, imported history included."""
        return SQL(
            """
            SELECT company_id, warehouse_id, product_id, date AS day, quantity, line_count AS picks
              FROM scm_demand_day
             WHERE quantity > 0 AND company_id IN %s
            """,
            companies._ids,
        )
