from odoo import api, fields, models

from .scm_alert_type import AREAS

STATES = [
    ("open", "Open"),
    ("running", "Running"),
    ("checking", "Checking the Effect"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
CLOSED = ("done", "cancelled")
VERDICTS = [("worked", "Worked"), ("did_not", "No Effect"), ("not_enough_data", "Not Enough Data")]


class ScmImprovement(models.Model):
    """One register of corrective actions for all areas, each with the measure that it should move.

    Whoever opens one by program gives it a ``source_key``: while an improvement with that key is not closed, there is
    no second one (see :meth:`_open_for`).
    """

    _name = "scm.improvement"
    _description = "Improvement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, tracking=True)
    area = fields.Selection(AREAS, required=True, default="supplier", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="restrict", check_company=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict", check_company=True)
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference("Source", model_field="res_model", readonly=True)
    source_key = fields.Char(readonly=True, copy=False, help="Keeps a program from opening the same one twice.")
    problem = fields.Text(help="What was seen, where, when and how much.")
    cause = fields.Text("Root Cause")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
        default=lambda self: self.env.user,
    )
    date_open = fields.Date("Opened", required=True, readonly=True, default=fields.Date.context_today)
    date_due = fields.Date("Due", tracking=True)
    date_done = fields.Date("Closed", readonly=True, copy=False)
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    state = fields.Selection(
        STATES, required=True, default="open", index=True, tracking=True, copy=False, group_expand=True
    )
    action_ids = fields.One2many("scm.improvement.action", "improvement_id", "Actions", copy=True)
    action_count = fields.Integer("All Actions", compute="_compute_action_count")
    action_done_count = fields.Integer("Actions Done", compute="_compute_action_count")

    metric = fields.Selection("_selection_metric", help="The measure that the improvement should move.")
    baseline_from = fields.Date("Before: from")
    baseline_to = fields.Date("Before: to")
    after_from = fields.Date("After: from")
    after_to = fields.Date("After: to")
    target = fields.Float(
        "Wanted Change",
        help="By how much the measure should move, in its unit (points for rates, days, ppm), always a positive "
        "number. Empty: any change for the better counts.",
    )
    baseline_value = fields.Float("Before", readonly=True, copy=False, aggregator=None)
    after_value = fields.Float("After", readonly=True, copy=False, aggregator=None)
    baseline_sample = fields.Integer("Sample Before", readonly=True, copy=False, aggregator=None)
    after_sample = fields.Integer("Sample After", readonly=True, copy=False, aggregator=None)
    effect = fields.Float(readonly=True, copy=False, aggregator=None, help="After less before, in the measure's unit.")
    effect_low = fields.Float("Effect, from", readonly=True, copy=False, aggregator=None)
    effect_high = fields.Float("Effect, to", readonly=True, copy=False, aggregator=None)
    verdict = fields.Selection(VERDICTS, readonly=True, copy=False, tracking=True)
    value = fields.Monetary("Worth per Year", tracking=True, help="What the improvement is worth in a year, estimated.")
    why = fields.Json(readonly=True, copy=False)

    _source_uniq = models.UniqueIndex(
        "(company_id, source_key) WHERE source_key IS NOT NULL AND state NOT IN ('done', 'cancelled')",
        "There is already an improvement for this that is not closed.",
    )
    _due_idx = models.Index("(company_id, date_due) WHERE state NOT IN ('done', 'cancelled')")

    @api.model
    def _selection_metric(self):
        return []

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for improvement in self:
            improvement.is_overdue = bool(
                improvement.date_due and improvement.date_due < today and improvement.state not in CLOSED
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date_due", "<", fields.Date.context_today(self)), ("state", "not in", CLOSED)]

    @api.depends("action_ids.date_done")
    def _compute_action_count(self):
        for improvement in self:
            improvement.action_count = len(improvement.action_ids)
            improvement.action_done_count = len(improvement.action_ids.filtered("date_done"))
