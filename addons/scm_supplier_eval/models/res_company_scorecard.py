from odoo import fields, models

PERIODS = [("month", "Month"), ("quarter", "Quarter")]


class ResCompany(models.Model):
    """When scorecards are made."""

    _inherit = "res.company"

    scm_scorecard_period = fields.Selection(PERIODS, "Scorecard period", required=True, default="month")
    scm_scorecard_auto = fields.Boolean(
        "Make scorecards by themselves",
        default=True,
        help="As drafts, when a period is over. A manager publishes them.",
    )

    def _scm_last_period(self):
        """(first day, last day) of the last month or quarter that is over where the company is."""
        self.ensure_one()
        start = fields.Date.start_of(self._scm_local_today(), self.scm_scorecard_period)
        last = fields.Date.subtract(start, days=1)
        return fields.Date.start_of(last, self.scm_scorecard_period), last
