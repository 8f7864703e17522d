from odoo import api, fields, models

from ..kernel import grading
from .scm_grade import CONSEQUENCES

STATES = [
    ("unrated", "Not Rated"),
    ("normal", "Normal"),
    ("watch", "Under Watch"),
    ("probation", "On Probation"),
    ("blocked", "Blocked"),
    ("eliminated", "Eliminated"),
]
#: states in which nothing more is bought, unless a manager decided otherwise
CLOSED_STATES = ("blocked", "eliminated")


class ScmSupplierStanding(models.Model):
    """Where a supplier stands with a company: its grade, what follows from it, and what a manager decided.

    Cards, days that go by and decisions of managers change it, each by a method here that writes a line of history.
    """

    _name = "scm.supplier.standing"
    _description = "Supplier Standing"
    _order = "score DESC NULLS LAST, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    group_id = fields.Many2one(related="partner_id.scm_supplier_group_id")
    grade_id = fields.Many2one(
        "scm.grade",
        "Measured Grade",
        readonly=True,
        ondelete="restrict",
        help="By the latest published scorecard, with the margin of the grade scheme.",
    )
    previous_grade_id = fields.Many2one(
        "scm.grade",
        "Grade before",
        readonly=True,
        ondelete="restrict",
        help="Grade before the latest card: what a restated card is judged from.",
    )
    score = fields.Float(readonly=True, aggregator="avg", digits=(5, 1))
    date_card = fields.Date("Card until", readonly=True, help="Last day of the period of the latest card that counts.")
    date_since = fields.Date("Grade since", readonly=True)
    state = fields.Selection(STATES, "Standing", required=True, readonly=True, default="unrated", index=True)
    date_probation = fields.Date("Probation until", readonly=True)
    improvement_id = fields.Many2one("scm.improvement", "Corrective Action", readonly=True, ondelete="set null")
    override_grade_id = fields.Many2one("scm.grade", "Grade by Decision", readonly=True, ondelete="restrict")
    override_reason = fields.Char("Reason", readonly=True)
    override_user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    override_date = fields.Date("Decided on", readonly=True)
    override_until = fields.Date("Decision until", readonly=True)
    effective_grade_id = fields.Many2one(
        "scm.grade", "Grade", compute="_compute_effective", store=True, ondelete="restrict"
    )
    consequence = fields.Selection(CONSEQUENCES, compute="_compute_effective", store=True)
    share_limit = fields.Float("Largest Share (%)", compute="_compute_effective", store=True, aggregator=None)
    color = fields.Char(related="effective_grade_id.color")
    why = fields.Json(readonly=True)
    log_ids = fields.One2many("scm.supplier.standing.log", "standing_id", "History", readonly=True)

    # a constraint, not an index: only then Odoo's merging of partners knows that one of two has to go
    _partner_once = models.Constraint("UNIQUE(company_id, partner_id)", "This supplier has a standing already.")

    @api.depends(
        "state",
        "grade_id.consequence",
        "grade_id.share_max",
        "override_grade_id.consequence",
        "override_grade_id.share_max",
    )
    def _compute_effective(self):
        for standing in self:
            decided, grade = standing.override_grade_id, standing.grade_id
            standing.effective_grade_id = decided or grade
            standing.consequence = grading.allowed(
                standing.state, grade._band() if grade else None, override=decided.consequence
            )
            closed = standing.state in CLOSED_STATES and not decided
            standing.share_limit = 0.0 if closed else (decided or grade).share_max if decided or grade else 100.0

    @api.model
    def _standing_of(self, company, partner_ids):
        """What the standing of these suppliers allows, in one query.

        :param partner_ids: ids of partners; a contact counts as its commercial partner
        :return: ``{partner_id: {"id", "grade", "grade_id", "consequence", "share_limit", "override", "state",
            "score"}}`` for those that have a standing; ``share_limit`` is a share from 0 to 1, grade_id False while
            there is no grade
        """
        partners = self.env["res.partner"].browse(partner_ids)
        commercial = {partner.id: partner.commercial_partner_id.id for partner in partners}
        standings = self.search([("company_id", "=", company.id), ("partner_id", "in", list(set(commercial.values())))])
        found = {standing.partner_id.id: standing._prepare_standing() for standing in standings}
        return {partner_id: found[top] for partner_id, top in commercial.items() if top in found}

    def _prepare_standing(self):
        return {
            "id": self.id,
            "grade": self.effective_grade_id.name or "",
            "grade_id": self.effective_grade_id.id,
            "color": self.color or "",
            "consequence": self.consequence,
            "share_limit": self.share_limit / 100.0,
            "override": bool(self.override_grade_id),
            "state": self.state,
            "score": self.score,
        }

    # History

    def _log(self, kind, rows):
        """Write history: ``rows`` maps each standing to ``(grade before, state before, reason)``."""
        today = {company: fields.Date.to_string(company._scm_local_today()) for company in self.company_id}
        # sudo: nobody may write history by hand; each caller checked who may change the standing
        self.env["scm.supplier.standing.log"].sudo().create(
            [
                {
                    "standing_id": standing.id,
                    "date": today[standing.company_id],
                    "kind": kind,
                    "grade_from_id": grade.id,
                    "grade_to_id": standing.effective_grade_id.id,
                    "state_from": state,
                    "state_to": standing.state,
                    "score": standing.score,
                    "reason": reason,
                    "user_id": self.env.uid,
                }
                for standing, (grade, state, reason) in rows.items()
            ]
        )
