from odoo import fields, models


class ResCompany(models.Model):
    """What a finding of the nightly search needs."""

    _inherit = "res.company"

    scm_change_level = fields.Float(
        "Chance of a False Finding",
        default=0.2,
        help="Chance that a company in which nothing changes gets any finding at all within a year of nights.",
    )
    scm_change_weeks = fields.Integer(
        "Weeks Looked at", default=8, help="The last weeks, compared with the same weeks of last year or those before."
    )
    scm_change_least = fields.Float(
        "Smallest Change", default=0.15, help="Share by which sales, rates and times must differ to be a finding."
    )
    scm_change_sample = fields.Integer(
        "Fewest Facts", default=60, help="Lines, parcels, units ... of the weeks looked at; fewer are not tested."
    )
    scm_change_quiet_days = fields.Integer(
        "Days of Quiet", default=90, help="A finding that was dismissed is not shown again for so many days."
    )

    _scm_change_sense = models.Constraint(
        "CHECK(scm_change_level > 0 AND scm_change_level <= 0.5 AND scm_change_weeks BETWEEN 4 AND 26"
        " AND scm_change_least > 0 AND scm_change_least < 1 AND scm_change_sample >= 20"
        " AND scm_change_quiet_days BETWEEN 1 AND 1100)",
        "Findings: accept a chance of more than 0 and at most a half, look at 4 to 26 weeks, ask for a change of more "
        "than 0 and less than 100 %, at least 20 facts, and 1 to 1100 days of quiet.",
    )
