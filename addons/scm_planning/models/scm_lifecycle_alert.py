from odoo import api, models


class ScmProductLifecycle(models.Model):
    """Alerts about stock that nobody will ask for after the end, and about new products nobody has looked at."""

    _inherit = "scm.product.lifecycle"

    @api.model
    def _sync_alerts(self, company):
        remaining = self.search(
            [("company_id", "=", company.id), ("stage", "in", ("ending", "ended")), ("remaining_quantity", ">", 0)]
        )
        proposed = self.search(
            [("company_id", "=", company.id), ("stage", "=", "new"), ("like_state", "=", "proposed")]
        )
        alerts = self.env["scm.alert"]
        alerts._sync("planning_remainder", company, [line._prepare_alert(line.remaining_value) for line in remaining])
        alerts._sync("planning_like_item", company, [line._prepare_alert(0.0) for line in proposed])

    def _prepare_alert(self, money):
        return {
            "subject_key": f"{self.product_id.id}:{self.warehouse_id.id or 0}",
            "name": self.display_name,
            "product_id": self.product_id.id,
            "warehouse_id": self.warehouse_id.id or None,
            "res_model": self._name,
            "res_id": self.id,
            "money_at_stake": money,
            "why": self.why or None,
        }
