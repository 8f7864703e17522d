from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.zones import local_day, zone_name

SEVERITIES = [("minor", "Minor"), ("serious", "Serious"), ("severe", "Severe")]
KINDS = [("incident", "Incident"), ("near_miss", "Near Miss"), ("finding", "Finding of an Inspection")]
STATES = [
    ("open", "Open"),
    ("investigation", "Investigation"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN = ("open", "investigation")
CAUSES = [
    ("people", "People and Training"),
    ("method", "Way of Working"),
    ("equipment", "Equipment"),
    ("building", "Building and Racks"),
    ("goods", "Goods and Packaging"),
    ("outside", "From Outside"),
]


class ScmSafetyIncident(models.Model):
    """Something went wrong, or nearly did."""

    _name = "scm.safety.incident"
    _description = "Safety Incident"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    #: what only buttons and reports write
    FIXED = frozenset(
        {
            "state",
            "lock_location_ids",
            "lock_reason",
            "date_local",
            "date_closed",
            "closed_by_id",
            "reason",
            "uuid",
            "inspection_id",
            "answer_id",
            "reported_by_id",
            "location_name",
            "finding_key",
        }
    )
    #: what is frozen when the incident is over
    CONTENT = frozenset(
        {
            "type_id",
            "severity",
            "kind",
            "date",
            "warehouse_id",
            "location_id",
            "description",
            "people_count",
            "people_note",
            "lost_days",
            "goods_note",
            "goods_value",
            "cause",
            "cause_kind",
            "step_ids",
            "attachment_ids",
            "why_1",
            "why_2",
            "why_3",
            "why_4",
            "why_5",
        }
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    type_id = fields.Many2one("scm.safety.incident.type", required=True, index=True, ondelete="restrict", tracking=True)
    severity = fields.Selection(SEVERITIES, required=True, default="serious", index=True, tracking=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="incident",
        index=True,
        tracking=True,
        help="A near miss nearly happened; a finding is what an inspection found. Neither ends the days without one.",
    )
    finding_key = fields.Char(readonly=True, copy=False)
    date = fields.Datetime("Happened at", required=True, default=fields.Datetime.now, copy=False)
    date_local = fields.Date("Local Day", readonly=True, copy=False, index=True)
    reported_by_id = fields.Many2one(
        "res.users", "Reported by", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    location_id = fields.Many2one(
        "stock.location", "Place", ondelete="set null", index="btree_not_null", check_company=True, tracking=True
    )
    location_name = fields.Char("Place as It Was Named", readonly=True, copy=False)
    description = fields.Text("What Happened", required=True)
    people_count = fields.Integer("People Affected", tracking=True)
    people_note = fields.Text("Injuries and First Aid")
    lost_days = fields.Integer("Days Lost", help="Working days that those affected could not work.")
    goods_note = fields.Text("Goods and Equipment Affected")
    goods_value = fields.Monetary("Damage", tracking=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Photos")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", index=True, copy=False, tracking=True, group_expand=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Investigator",
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
        check_company=True,
    )
    step_ids = fields.One2many("scm.safety.incident.step", "incident_id", "Emergency Steps", copy=False)
    step_count = fields.Integer("Steps", compute="_compute_step_count")
    step_done_count = fields.Integer("Steps Done", compute="_compute_step_count")
    lock_location_ids = fields.Many2many(
        "stock.location",
        "scm_safety_incident_lock_rel",
        "incident_id",
        "location_id",
        "Locked Places",
        readonly=True,
        copy=False,
        check_company=True,
        help="Closed until the incident lets them go: nothing is reserved, put or taken there.",
    )
    lock_reason = fields.Char(readonly=True, copy=False)
    is_locking = fields.Boolean("Locks Places", compute="_compute_is_locking", search="_search_is_locking")
    why_1 = fields.Char("Why did it happen?")
    why_2 = fields.Char("And why that?")
    why_3 = fields.Char("Why that again?")
    why_4 = fields.Char("And what was behind it?")
    why_5 = fields.Char("The root")
    cause_kind = fields.Selection(CAUSES, "Kind of Cause", tracking=True)
    cause = fields.Text("Root Cause")
    date_closed = fields.Datetime("Closed at", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", "Closed by", readonly=True, copy=False)
    reason = fields.Char("Why Cancelled", readonly=True, copy=False)
    inspection_id = fields.Many2one(
        "scm.safety.inspection",
        "Found by Inspection",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
    )
    answer_id = fields.Many2one(
        "scm.safety.answer", "Found by Question", readonly=True, ondelete="set null", index="btree_not_null", copy=False
    )
    improvement_count = fields.Integer("Improvements", compute="_compute_improvement_count")
    uuid = fields.Char("Key of the Phone", readonly=True, copy=False)

    _uuid_uniq = models.UniqueIndex("(uuid) WHERE uuid IS NOT NULL", "This incident was sent already.")
    _answer_uniq = models.UniqueIndex(
        "(answer_id) WHERE answer_id IS NOT NULL", "This answer has its incident already."
    )
    _open_idx = models.Index("(company_id, state) WHERE state IN ('open', 'investigation')")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("scm.safety.incident") or "/"
            self._check_fixed(vals)
        incidents = super().create(vals_list)
        incidents._store_place_and_day()
        incidents._copy_steps()
        return incidents

    def write(self, vals):
        self._check_fixed(vals)
        if not self.env.su and self.CONTENT & vals.keys():
            self._check_not_over()
        result = super().write(vals)
        if {"date", "warehouse_id", "location_id"} & vals.keys():
            self._store_place_and_day()
        if "type_id" in vals:
            self.filtered(lambda incident: not incident.step_ids)._copy_steps()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_cancelled(self):
        for incident in self:
            if incident.state != "cancelled":
                raise UserError(
                    self.env._("%(incident)s is kept: cancel it with a reason instead.", incident=incident.name)
                )

    def _check_fixed(self, vals):
        """What buttons and reports write is not typed."""
        if not self.env.su and (fixed := self.FIXED & vals.keys()):
            raise UserError(
                self.env._(
                    "%(field)s of an incident is not typed: use its buttons.",
                    field=self._fields[min(fixed)]._description_string(self.env),
                )
            )

    def _check_not_over(self):
        for incident in self:
            if incident.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%(incident)s is over; what it says is frozen. Open it again to change it.",
                        incident=incident.name,
                    )
                )

    def _store_place_and_day(self):
        """The place by name, for when it is gone; the day on the clocks of the warehouse."""
        for incident in self.sudo():  # sudo: fields that follow from others
            zone = zone_name(incident.company_id, incident.warehouse_id)
            vals = {"date_local": local_day(incident.date, zone)}
            if incident.location_id:
                vals["location_name"] = incident.location_id.display_name
            incident.write(vals)

    def _copy_steps(self):
        """The emergency steps as they are today; a later change of the procedure changes no incident."""
        self.env["scm.safety.incident.step"].sudo().create(  # sudo: part of an incident that may be made
            [
                {
                    "incident_id": incident.id,
                    "sequence": number,
                    "name": step.name,
                    "role": step.role,
                    "user_id": step.user_id.id,
                    "phone": step.phone,
                    "minutes": step.minutes,
                }
                for incident in self
                for number, step in enumerate(incident.type_id.procedure_id.step_ids)
            ]
        )

    def _log_found_again(self, answer):
        self._message_log(
            body=self.env._(
                "Found again by %(inspection)s: %(answer)s",
                inspection=answer.inspection_id.display_name,
                answer=answer._said(),
            )
        )

    @api.depends("step_ids.date_done")
    def _compute_step_count(self):
        for incident in self:
            incident.step_count = len(incident.step_ids)
            incident.step_done_count = len(incident.step_ids.filtered("date_done"))

    @api.depends("lock_location_ids")
    def _compute_is_locking(self):
        for incident in self:
            incident.is_locking = bool(incident.lock_location_ids)

    def _search_is_locking(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("lock_location_ids", "!=", False)]

    def _compute_improvement_count(self):
        counts = dict(
            self.env["scm.improvement"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"], ["__count"]
            )
        )
        for incident in self:
            incident.improvement_count = counts.get(incident.id, 0)
