from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scm_champion_auto = fields.Boolean(related="company_id.scm_champion_auto", readonly=False)
    scm_transfer_percent = fields.Float(related="company_id.scm_transfer_percent", readonly=False)
    scm_markdown_most = fields.Float(related="company_id.scm_markdown_most", readonly=False)
    scm_markdown_weeks = fields.Integer(related="company_id.scm_markdown_weeks", readonly=False)
    scm_return_percent = fields.Float(related="company_id.scm_return_percent", readonly=False)
    scm_salvage_percent = fields.Float(related="company_id.scm_salvage_percent", readonly=False)
    scm_clearance_pricelist_id = fields.Many2one(related="company_id.scm_clearance_pricelist_id", readonly=False)
