from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmMetricTarget(models.Model):
    """What a metric should be in a company, or in one of its warehouses, from a day on."""

    _name = "scm.metric.target"
    _description = "Target of a Metric"
    _order = "metric_id, company_id, warehouse_id, date_from desc"
    _rec_name = "metric_id"
    _check_company_auto = True

    metric_id = fields.Many2one("scm.metric", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, ondelete="cascade", help="Empty: the whole company."
    )
    date_from = fields.Date("Valid from", required=True, default=fields.Date.context_today)
    target = fields.Float(required=True, help="In the unit of the metric; a percentage as 0.95.")
    limit = fields.Float(
        "Alarm at", required=True, help="From here on it is red. Between target and this it is yellow."
    )

    _one = models.UniqueIndex(
        "(metric_id, company_id, COALESCE(warehouse_id, 0), date_from)",
        "There is already a target of this metric from this day on.",
    )

    @api.constrains("target", "limit", "metric_id")
    def _check_limit(self):
        for row in self:
            wrong = {"up": row.limit > row.target, "down": row.limit < row.target}.get(row.metric_id.direction)
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(metric)s: the alarm lies on the good side of the target. Of a metric that should be "
                        "%(direction)s, the alarm is the worse of the two.",
                        metric=row.metric_id.name,
                        direction=self.env._("high") if row.metric_id.direction == "up" else self.env._("low"),
                    )
                )

    @api.model
    def _at(self, company, day):
        """``{(metric id, warehouse id or False): (target, limit)}`` as they hold on a day, by one query."""
        rows = self.search([("company_id", "=", company.id), ("date_from", "<=", day)], order="date_from")
        return {(row.metric_id.id, row.warehouse_id.id): (row.target, row.limit) for row in rows}
