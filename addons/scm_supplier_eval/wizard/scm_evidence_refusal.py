from odoo import fields, models


class ScmEvidenceRefusal(models.TransientModel):
    """Asks why a document is refused."""

    _name = "scm.evidence.refusal"
    _description = "Refusal of Evidence"

    evidence_ids = fields.Many2many("scm.supplier.evidence", required=True)
    reason = fields.Char(required=True, help="The supplier reads it in its portal.")

    def action_refuse(self):
        """Do it; the method called checks the role."""
        self.ensure_one()
        self.evidence_ids.scm_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
