from odoo import fields, models


class ScmReturnLine(models.Model):
    """The reason that a customer's words probably give, for lines that have none."""

    _inherit = "scm.return.line"

    is_reason_suggested = fields.Boolean("Reason from a Suggestion", readonly=True, copy=False)

    def write(self, vals):
        if "reason_id" in vals and "is_reason_suggested" not in vals:
            vals = vals | {"is_reason_suggested": False}
        return super().write(vals)

    def _words(self):
        """What the customer said about this line; of the whole return only where this is its one line."""
        self.ensure_one()
        whole = self.return_id.comment if len(self.return_id.line_ids) == 1 else ""
        return (self.comment or "").strip() or (whole or "").strip()
