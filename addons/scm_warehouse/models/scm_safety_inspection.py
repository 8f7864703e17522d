from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .scm_safety_template import SUBJECTS

STATES = [("todo", "To Do"), ("done", "Done"), ("missed", "Missed"), ("cancelled", "Cancelled")]


class ScmSafetyInspection(models.Model):
    """One walk with a checklist. What is answered is frozen."""

    _name = "scm.safety.inspection"
    _description = "Safety Inspection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, id desc"
    _rec_names_search = ["template_id.name", "equipment", "location_name"]
    _check_company_auto = True

    #: what only those who make it, and the schedule, write
    FIXED = frozenset(
        {
            "state",
            "result",
            "answer_ids",
            "answer_count",
            "failed_count",
            "critical_count",
            "date_done",
            "done_by_id",
            "minutes",
            "note",
            "signature",
            "uuid",
            "reason",
            "schedule_id",
            "subject",
            "location_name",
        }
    )
    #: what can be changed until it is made
    PLANNED = frozenset({"template_id", "warehouse_id", "location_id", "equipment", "date_due"})

    template_id = fields.Many2one(
        "scm.safety.template", "Checklist", required=True, index=True, ondelete="restrict", check_company=True
    )
    subject = fields.Selection(SUBJECTS, "About", required=True, readonly=True, default="other")
    schedule_id = fields.Many2one(
        "scm.safety.schedule", readonly=True, ondelete="set null", index="btree_not_null", check_company=True
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    location_id = fields.Many2one(
        "stock.location", "Place", ondelete="set null", index="btree_not_null", check_company=True
    )
    location_name = fields.Char("Place as It Was Named", readonly=True)
    equipment = fields.Char()
    date_due = fields.Date("Due", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", "Responsible", domain=[("share", "=", False)], index="btree_not_null", check_company=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="todo", index=True, copy=False, tracking=True
    )
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Not OK"), ("critical", "Critical")], readonly=True, copy=False, tracking=True
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    answer_ids = fields.One2many("scm.safety.answer", "inspection_id", "Answers", readonly=True, copy=False)
    answer_count = fields.Integer("Questions", readonly=True, copy=False)
    failed_count = fields.Integer("Not OK", readonly=True, copy=False)
    critical_count = fields.Integer("Critical", readonly=True, copy=False)
    date_done = fields.Datetime("Done at", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False, index="btree_not_null")
    minutes = fields.Float("Took (minutes)", readonly=True, copy=False, digits=(16, 1))
    note = fields.Text(readonly=True, copy=False)
    signature = fields.Binary(readonly=True, copy=False, attachment=True)
    uuid = fields.Char("Key of the Phone", readonly=True, copy=False)
    reason = fields.Char("Why Cancelled", readonly=True, copy=False)
    incident_ids = fields.One2many("scm.safety.incident", "inspection_id", "Incidents")
    incident_count = fields.Integer("Number of Incidents", compute="_compute_incident_count")

    _uuid_uniq = models.UniqueIndex("(uuid) WHERE uuid IS NOT NULL", "This inspection was sent already.")
    _schedule_day_uniq = models.UniqueIndex(
        "(schedule_id, date_due) WHERE schedule_id IS NOT NULL",
        "There is already an inspection of this schedule that day.",
    )
    _open_idx = models.Index("(company_id, date_due) WHERE state = 'todo'")

    @api.depends("template_id.name", "equipment", "location_id", "location_name", "date_due")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for inspection in self:
            where = inspection.equipment or inspection.location_id.name or inspection.location_name
            day = format_date(self.env, inspection.date_due)
            inspection.display_name = " · ".join(part for part in (inspection.template_id.name, where, day) if part)

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for inspection in self:
            inspection.is_overdue = bool(
                inspection.state == "todo" and inspection.date_due and inspection.date_due < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date_due", "<", fields.Date.context_today(self)), ("state", "=", "todo")]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_fixed(vals)
        templates = self.env["scm.safety.template"].browse(vals.get("template_id") for vals in vals_list)
        vals_list = [{**vals, "subject": template.subject} for vals, template in zip(vals_list, templates, strict=True)]
        inspections = super().create(vals_list)
        inspections._store_place()
        return inspections

    def write(self, vals):
        self._check_fixed(vals)
        if not self.env.su and self.PLANNED & vals.keys():
            self._check_todo()
        result = super().write(vals)
        if "location_id" in vals:
            self._store_place()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for inspection in self:
            if inspection.state in ("done", "missed"):
                raise UserError(
                    self.env._("%(name)s is kept: it says what was checked, and when.", name=inspection.display_name)
                )

    def action_cancel(self, reason=""):
        """It need not be made.

        :param reason: why, in words
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is cancelled, so that nobody wonders later."))
        self._check_todo()
        # sudo: write access was checked; the state is written by buttons and phones alone
        self.sudo().write({"state": "cancelled", "reason": reason.strip()})
        return True

    def action_open_incidents(self):
        """Show the incidents that it opened."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Incidents"),
            "res_model": "scm.safety.incident",
            "domain": [("inspection_id", "=", self.id)],
            "views": [(False, "list"), (False, "form")],
        }

    def _check_fixed(self, vals):
        """What a phone hands in is not typed."""
        if not self.env.su and (fixed := self.FIXED & vals.keys()):
            raise UserError(
                self.env._(
                    "%(field)s of an inspection comes from whoever makes it: it is not typed.",
                    field=self._fields[min(fixed)]._description_string(self.env),
                )
            )

    def _check_todo(self):
        for inspection in self:
            if inspection.state != "todo":
                raise UserError(
                    self.env._(
                        "%(name)s is %(state)s: it cannot be changed any more.",
                        name=inspection.display_name,
                        state=dict(self._fields["state"]._description_selection(self.env))[inspection.state].lower(),
                    )
                )

    def _store_place(self):
        """The place by name, for when it is gone."""
        for inspection in self.sudo():  # sudo: a field that follows from another
            if inspection.location_id:
                inspection.location_name = inspection.location_id.display_name

    def _compute_incident_count(self):
        counts = dict(
            self.env["scm.safety.incident"]._read_group(
                [("inspection_id", "in", self.ids)], ["inspection_id"], ["__count"]
            )
        )
        for inspection in self:
            inspection.incident_count = counts.get(inspection, 0)
