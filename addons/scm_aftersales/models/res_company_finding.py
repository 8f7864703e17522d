from odoo import fields, models

from ..kernel.cause_test import Limits


class ResCompany(models.Model):
    """What a finding from returns needs."""

    _inherit = "res.company"

    scm_finding_days = fields.Integer(
        "Days of Orders Searched", default=180, help="Orders of so many days are searched for causes of returns."
    )
    scm_finding_level = fields.Float(
        "False Findings", default=0.05, help="Share of false ones that is accepted among the findings of a search."
    )
    scm_finding_deliveries = fields.Integer(
        "Fewest Deliveries", default=30, help="Products, lots, lanes ... with fewer deliveries are not tested."
    )
    scm_finding_returns = fields.Integer("Fewest Returns", default=4, help="Of different deliveries.")
    scm_finding_factor = fields.Float(
        "Smallest Factor", default=1.3, help="Return rate over the rate of the rest; less is left in peace."
    )

    _scm_finding_sense = models.Constraint(
        "CHECK(scm_finding_days BETWEEN 14 AND 1100 AND scm_finding_level > 0 AND scm_finding_level <= 0.5"
        " AND scm_finding_deliveries >= 5 AND scm_finding_returns >= 2 AND scm_finding_factor >= 1)",
        "Findings from returns: search 14 to 1100 days, accept more than 0 and at most half of false findings, and ask "
        "for at least 5 deliveries, 2 returns and a factor of 1.",
    )

    def _scm_finding_limits(self):
        """The same for the kernel."""
        return Limits(
            level=self.scm_finding_level,
            min_exposure=self.scm_finding_deliveries,
            min_returned=self.scm_finding_returns,
            min_factor=self.scm_finding_factor,
        )
