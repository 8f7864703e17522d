from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ScmMetricRestate(models.TransientModel):
    """Ask for days of a metric to be read again, with a reason that is kept."""

    _name = "scm.metric.restate"
    _description = "Restate a Metric"

    metric_id = fields.Many2one("scm.metric", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    reason = fields.Text(required=True)

    def action_restate(self):
        """Read the days again; what was frozen before is kept in the list of changes."""
        metrics = self.env["scm.metric"]
        metrics._check_manager()
        self.ensure_one()
        if self.metric_id.kind == "level":
            raise UserError(
                self.env._(
                    "“%(metric)s” says how things stood at the end of a day. That cannot be read again later.",
                    metric=self.metric_id.name,
                )
            )
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work in this company. Choose one of yours."))
        if self.date_from > self.date_to:
            raise UserError(self.env._("The first day is behind the last. Swap them."))
        # sudo: frozen values are closed to writing; that the user is a manager of this company was checked
        restatement = self.metric_id.sudo()._restate(self.company_id, self.date_from, self.date_to, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.metric.restatement",
            "res_id": restatement.id,
            "views": [(False, "form")],
        }
