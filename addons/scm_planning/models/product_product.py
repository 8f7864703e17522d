from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_scm_forecast(self):
        """Open the forecast chart; the warehouse comes from the context (``scm_warehouse_id``), if any."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("scm_planning.scm_forecast_chart_action")
        return action | {
            "name": self.env._("Forecast of %(product)s", product=self.display_name),
            "context": {"scm_product_id": self.id, "scm_warehouse_id": self.env.context.get("scm_warehouse_id", False)},
        }
