from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_quiet_from = fields.Float("Quiet from", default=21.0, help="Hour of the customer's day.")
    scm_quiet_to = fields.Float("Quiet to", default=8.0, help="Hour of the customer's day.")
    scm_slip_days = fields.Integer(
        "Slip Worth a Message (days)",
        default=1,
        help="A new date is told when it is at least so many days after the one that the customer knows.",
    )
    scm_silence_quantile = fields.Float(
        "Parcels That Are Never Silent Longer",
        default=0.95,
        help="Share of delivered parcels whose longest silence is taken as the norm of their lane.",
    )
    scm_late_probability = fields.Float(
        "Predicted Late from", default=0.5, help="Probability of being late from which a parcel is listed."
    )

    _scm_quiet_hours = models.Constraint(
        "CHECK(scm_quiet_from >= 0 AND scm_quiet_from < 24 AND scm_quiet_to >= 0 AND scm_quiet_to < 24)",
        "Hours of the day are from 0:00 to 23:59.",
    )
    _scm_slip = models.Constraint("CHECK(scm_slip_days >= 1)", "A slip is at least one day.")
    _scm_shares = models.Constraint(
        "CHECK(scm_silence_quantile > 0.5 AND scm_silence_quantile < 1"
        " AND scm_late_probability > 0 AND scm_late_probability <= 1)",
        "The share of parcels is between 50 % and 100 %, the probability between 0 % and 100 %.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["scm.parcel.message.rule"]._ensure(companies)
        return companies
