from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_care_stop = fields.Boolean(
        "Stop Proactive Care", help="Nothing is proposed, approved or sent while this is on, whatever the rules say."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_care_stop = fields.Boolean(related="company_id.scm_care_stop", readonly=False)
