from odoo import fields, models


class ScmSupplierStandingLog(models.Model):
    """One change of a standing: by a published card, by time, or by a manager."""

    _name = "scm.supplier.standing.log"
    _description = "Supplier Standing Change"
    _order = "date desc, id desc"

    standing_id = fields.Many2one("scm.supplier.standing", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="standing_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="standing_id.partner_id", store=True, index=True)
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("card", "Scorecard"),
            ("restated", "Card Restated"),
            ("probation_over", "Probation Over"),
            ("override", "Decision"),
            ("override_ended", "Decision Ended"),
            ("eliminated", "Eliminated"),
            ("readmitted", "Readmitted"),
        ],
        required=True,
        readonly=True,
    )
    grade_from_id = fields.Many2one("scm.grade", "From", readonly=True, ondelete="restrict")
    grade_to_id = fields.Many2one("scm.grade", "To", readonly=True, ondelete="restrict")
    state_from = fields.Char("State before", readonly=True)
    state_to = fields.Char("State after", readonly=True)
    score = fields.Float(readonly=True, aggregator=None)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
