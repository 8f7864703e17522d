from odoo import models


class ScmReturnLine(models.Model):
    """What the customer sees of an item."""

    _inherit = "scm.return.line"

    def _portal_view(self):
        wishes = self.env["scm.return"]._portal_outcomes()
        return {
            "line": self,
            "name": self.product_id.with_context(display_default_code=False).display_name,
            "quantity": self.quantity,
            "unit": self.uom_id.name,
            "lot": self.lot_id.name or "",
            "reason": self.reason_id.name or "",
            "comment": self.comment or "",
            "decision": self.decision or "",
            "text": self.decision_text or "",
            "outcome": wishes.get(self.outcome or self.wish, ""),
            "photos": self.attachment_ids,
            "value": self.value,
        }
