from odoo import fields, models


class ScmMetricRestatement(models.Model):
    """A manager asked for days of a metric to be read again, and said why. Rows stay as they are."""

    _name = "scm.metric.restatement"
    _description = "Restatement of a Metric"
    _order = "id desc"
    _rec_name = "metric_id"

    metric_id = fields.Many2one("scm.metric", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Asked by", readonly=True, default=lambda self: self.env.user)
    changed_count = fields.Integer("Values Changed", readonly=True)
    correction_ids = fields.One2many("scm.metric.correction", "restatement_id", "Changes", readonly=True)
