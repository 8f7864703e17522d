from odoo import fields, models


class ScmFlowState(models.Model):
    """How far the transfers of a company have been read."""

    _name = "scm.flow.state"
    _inherit = "scm.read.state"
    _description = "Flow: how far it is read"
    _rec_name = "company_id"
    _lock_class = 0x5C57

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watermark = fields.Datetime(readonly=True, help="Transfers changed since then are read again. Empty: read all.")
    zones = fields.Json(readonly=True, help="Time zones with which the days were computed.")
    date_refreshed = fields.Datetime("Last Refresh", readonly=True)

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one state.")
