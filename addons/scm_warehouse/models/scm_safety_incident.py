from odoo import fields, models

SEVERITIES = [("minor", "Minor"), ("serious", "Serious"), ("severe", "Severe")]
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

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    type_id = fields.Many2one("scm.safety.incident.type", required=True, index=True, ondelete="restrict", tracking=True)
    severity = fields.Selection(SEVERITIES, required=True, default="serious", index=True, tracking=True)
    is_near_miss = fields.Boolean(
        "Near Miss", tracking=True, help="It nearly happened: nobody was hurt, nothing broke."
    )
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

    def _compute_step_count(self):
        for incident in self:
            incident.step_count = len(incident.step_ids)
            incident.step_done_count = len(incident.step_ids.filtered("date_done"))

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
