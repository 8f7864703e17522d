from odoo import fields, models


class ScmMetricVersion(models.Model):
    """What a metric meant from a day on. Rows stay as they are."""

    _name = "scm.metric.version"
    _description = "Version of a Metric"
    _order = "number desc, id desc"
    _rec_name = "number"

    metric_id = fields.Many2one("scm.metric", required=True, readonly=True, ondelete="cascade", index=True)
    number = fields.Integer("Version", required=True, readonly=True, aggregator=None)
    date_from = fields.Date("Valid from", required=True, readonly=True)
    formula = fields.Text(readonly=True)
    source = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Changed by", readonly=True)
