from odoo import fields, models

from .scm_safety_template import SUBJECTS

STATES = [("todo", "To Do"), ("done", "Done"), ("missed", "Missed"), ("cancelled", "Cancelled")]


class ScmSafetyInspection(models.Model):
    """One walk with a checklist. What is answered is frozen."""

    _name = "scm.safety.inspection"
    _description = "Safety Inspection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
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

    def _compute_is_overdue(self):
        for inspection in self:
            inspection.is_overdue = False

    def _search_is_overdue(self, operator, value):
        return NotImplemented

    def _compute_incident_count(self):
        counts = dict(
            self.env["scm.safety.incident"]._read_group(
                [("inspection_id", "in", self.ids)], ["inspection_id"], ["__count"]
            )
        )
        for inspection in self:
            inspection.incident_count = counts.get(inspection, 0)
