from odoo import fields, models


class ScmReturnFactState(models.Model):
    """How far the return facts of a company have been read."""

    _name = "scm.return.fact.state"
    _inherit = "scm.read.state"
    _description = "Return Facts: how far they are read"
    _rec_name = "company_id"
    _lock_class = 0x5C4F

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    watermark = fields.Datetime(readonly=True, help="Documents changed since then are read again. Empty: read all.")
    zones = fields.Json(readonly=True, help="Time zones with which the days were computed.")
    date_refreshed = fields.Datetime("Last Refresh", readonly=True)
    curve = fields.Json(readonly=True, help="Completed share of returns by days since delivery.")
    curve_spread = fields.Json(readonly=True, help="Variance of the logarithm of these shares; -1: without bound.")
    curve_sample = fields.Integer(readonly=True, help="Returned deliveries from which the curve was measured.")

    _company_uniq = models.Constraint("UNIQUE(company_id)", "A company has one state.")
