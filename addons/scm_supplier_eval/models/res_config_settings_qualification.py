from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_qualification_gate = fields.Selection(
        related="company_id.scm_qualification_gate", readonly=False, required=True
    )
    scm_evidence_mail = fields.Boolean(related="company_id.scm_evidence_mail", readonly=False)
