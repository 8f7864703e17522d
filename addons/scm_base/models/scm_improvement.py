from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .scm_alert_type import AREAS

STATES = [
    ("open", "Open"),
    ("running", "Running"),
    ("checking", "Checking the Effect"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
CLOSED = ("done", "cancelled")
#: what only a measurement may write
MEASURED = frozenset(
    {
        "baseline_value",
        "after_value",
        "baseline_sample",
        "after_sample",
        "effect",
        "effect_low",
        "effect_high",
        "verdict",
        "why",
    }
)
#: days of the periods before and after, where nobody says otherwise
PERIOD_DAYS = 90
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

    metric = fields.Selection(
        selection=lambda self: [(code, values["label"]) for code, values in self._metrics().items()],
        help="The measure that the improvement should move, of its partner and product.",
    )
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

    # How it moves

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_measured(vals)
        improvements = super().create([self._with_baseline(vals) for vals in vals_list])
        improvements._schedule_owners()
        return improvements

    @api.model
    def _with_baseline(self, vals):
        """The period before, where a measure was chosen and no period."""
        if not vals.get("metric") or vals.get("baseline_from"):
            return vals
        day = fields.Date.to_date(vals.get("date_open")) or fields.Date.context_today(self)
        return vals | {"baseline_from": day - timedelta(days=PERIOD_DAYS), "baseline_to": day - timedelta(days=1)}

    def _check_not_measured(self, vals):
        if not self.env.su and (measured := MEASURED & vals.keys()):
            raise UserError(
                self.env._(
                    "%(field)s of “%(improvement)s” is measured, not typed: choose a measure and press Measure Now.",
                    field=self._fields[min(measured)]._description_string(self.env),
                    improvement=self[:1].name or vals.get("name", ""),
                )
            )

    def write(self, vals):
        self._check_not_measured(vals)
        if vals.get("state") in CLOSED:
            self._check_actions_done(vals["state"])
            vals = {"date_done": fields.Date.context_today(self), **vals}
        elif vals.get("state"):
            vals = {"date_done": False, **vals}
        result = super().write(vals)
        if vals.get("state") == "checking":
            self._fill_after_period()
        if {"user_id", "date_due", "state"} & vals.keys():
            self._schedule_owners()
        return result

    def _check_actions_done(self, state):
        if state != "done":
            return
        for improvement in self:
            open_actions = improvement.action_ids.filtered(lambda action: not action.date_done)
            if open_actions:
                raise UserError(
                    self.env._(
                        "“%(improvement)s” cannot be closed: “%(action)s” is not done (%(count)s open). Mark the "
                        "actions as done, or remove those that are not needed.",
                        improvement=improvement.name,
                        action=open_actions[0].name,
                        count=len(open_actions),
                    )
                )

    def _fill_after_period(self):
        """The period after begins with the check and is as long as the one before."""
        for improvement in self.filtered(lambda improvement: improvement.metric and not improvement.after_from):
            today = fields.Date.context_today(improvement)
            length = timedelta(days=PERIOD_DAYS - 1)
            if improvement.baseline_from and improvement.baseline_to:
                length = improvement.baseline_to - improvement.baseline_from
            improvement.write({"after_from": today, "after_to": improvement.after_to or today + length})

    def action_start(self):
        """Work has begun."""
        return self.write({"state": "running"})

    def action_check(self):
        """All is done; from now on the measure is watched."""
        for improvement in self:
            improvement._check_actions_done("done")
        return self.write({"state": "checking"})

    def action_close(self):
        """Close it, with the effect as it is known now."""
        self._check_actions_done("done")
        self.filtered(lambda one: one.metric and one.baseline_from and one.after_to).action_measure()
        return self.write({"state": "done"})

    def action_cancel(self):
        """It is not needed, or it was opened in error."""
        return self.write({"state": "cancelled"})

    def action_reopen(self):
        """Work goes on."""
        return self.write({"state": "running"})

    def action_open_source(self):
        """Open the record that it was opened for."""
        self.ensure_one()
        if (
            not self.res_id
            or self.res_model not in self.env
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(self.env._("What “%(name)s” was opened for does not exist any more.", name=self.name))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    # For programs

    @api.model
    def _open_for(self, vals_list):
        """Open improvements once: where one with the same company and ``source_key`` is not closed, that one stands.

        :param vals_list: values with ``company_id`` and ``source_key``
        :return: the improvements in this order, old or new, by two queries and one create
        """
        standing = self.search(
            [
                ("company_id", "in", [vals["company_id"] for vals in vals_list]),
                ("source_key", "in", [vals["source_key"] for vals in vals_list]),
                ("state", "not in", CLOSED),
            ]
        )
        found = {(one.company_id.id, one.source_key): one for one in standing}
        missing = [vals for vals in vals_list if (vals["company_id"], vals["source_key"]) not in found]
        for made in self.create(missing):
            found[made.company_id.id, made.source_key] = made
        return self.browse([found[vals["company_id"], vals["source_key"]].id for vals in vals_list])

    # Activities of owners

    def _schedule_owners(self):
        """One activity per open improvement, for its owner, on its due day."""
        activity_type = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        if not activity_type:
            return
        # sudo: the activity is for the owner, whoever opened or changed the improvement (write access was checked)
        activities = self.env["mail.activity"].sudo()
        standing = activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", activity_type.id),
                ("automated", "=", True),
            ]
        )
        wanted = {
            one.id: (one.user_id.id, one.date_due)
            for one in self
            if one.user_id and one.date_due and one.state not in CLOSED
        }
        kept = standing.filtered(lambda each: wanted.get(each.res_id) == (each.user_id.id, each.date_deadline))
        (standing - kept).unlink()
        for done in kept:
            wanted.pop(done.res_id, None)
        activities.create([self._prepare_activity(activity_type, key, *value) for key, value in wanted.items()])

    def _prepare_activity(self, activity_type, improvement_id, user_id, deadline):
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": improvement_id,
            "activity_type_id": activity_type.id,
            "automated": True,
            "user_id": user_id,
            "date_deadline": deadline,
            "summary": self.browse(improvement_id).name,
        }
