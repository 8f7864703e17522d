from odoo import fields, models


class ScmReturnFindingDismiss(models.TransientModel):
    """Asks why a finding is dismissed."""

    _name = "scm.return.finding.dismiss"
    _description = "Dismiss Findings"

    finding_ids = fields.Many2many("scm.return.finding", required=True)
    reason = fields.Char("Why", required=True)

    def action_dismiss(self):
        """Dismiss them, with this reason."""
        self.ensure_one()
        return self.finding_ids.action_dismiss(self.reason)
