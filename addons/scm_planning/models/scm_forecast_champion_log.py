from odoo import fields, models

from .scm_forecast_champion import METHOD_LABELS


class ScmForecastChampionLog(models.Model):
    """When a class changed its method, from which to which, and what spoke for it."""

    _name = "scm.forecast.champion.log"
    _description = "Change of the Forecast Method of a Class"
    _order = "id desc"
    _rec_name = "champion_id"

    champion_id = fields.Many2one("scm.forecast.champion", "Class", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(readonly=True)
    method_before = fields.Selection(METHOD_LABELS, "From", readonly=True)
    method_after = fields.Selection(METHOD_LABELS, "To", readonly=True)
    gain = fields.Float("Lead", readonly=True, aggregator=None)
    p_value = fields.Float("By Chance", digits=(6, 4), readonly=True, aggregator=None)
    weeks = fields.Integer(readonly=True, aggregator=None)
    automatic = fields.Boolean(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
