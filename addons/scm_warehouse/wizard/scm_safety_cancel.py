from odoo import fields, models


class ScmSafetyCancel(models.TransientModel):
    """Asks why an incident or an inspection is taken back."""

    _name = "scm.safety.cancel"
    _description = "Cancel with a Reason"

    incident_ids = fields.Many2many("scm.safety.incident", string="Incidents")
    inspection_ids = fields.Many2many("scm.safety.inspection", string="Inspections")
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Cancel what was chosen."""
        self.ensure_one()
        if self.incident_ids:
            self.incident_ids.action_cancel(self.reason)
        if self.inspection_ids:
            self.inspection_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
