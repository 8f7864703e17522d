from odoo import fields, models


class ScmFindingDismiss(models.TransientModel):
    """Asks why findings are dismissed."""

    _name = "scm.finding.dismiss"
    _description = "Dismiss Findings"

    finding_ids = fields.Many2many("scm.finding", required=True)
    reason = fields.Char("Why", required=True)

    def action_dismiss(self):
        """Dismiss them, with this reason."""
        self.ensure_one()
        return self.finding_ids.action_dismiss(self.reason)
