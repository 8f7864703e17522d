from odoo import fields, models

#: what a checklist is about, in the order of the board
SUBJECTS = [
    ("fire", "Fire"),
    ("rack", "Racks"),
    ("forklift", "Forklifts"),
    ("electric", "Electrics"),
    ("theft", "Theft and Access"),
    ("cold", "Cold Chain"),
    ("housekeeping", "Housekeeping"),
    ("other", "Other"),
]


class ScmSafetyTemplate(models.Model):
    """A checklist. What was asked and answered is copied to the inspection, so a change of it changes no past one."""

    _name = "scm.safety.template"
    _description = "Safety Checklist"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    subject = fields.Selection(SUBJECTS, "About", required=True, default="other")
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: for all companies.")
    description = fields.Text(translate=True, help="Shown to the inspector before the first question.")
    minutes = fields.Integer("Takes (minutes)", default=10)
    is_signed = fields.Boolean("Signature Needed", help="The inspector signs on the screen of the phone.")
    item_ids = fields.One2many("scm.safety.item", "template_id", "Questions", copy=True)
    item_count = fields.Integer("Number of Questions", compute="_compute_item_count")
    schedule_ids = fields.One2many("scm.safety.schedule", "template_id", "Schedules")
    schedule_count = fields.Integer("Number of Schedules", compute="_compute_schedule_count")

    def _compute_item_count(self):
        counts = dict(
            self.env["scm.safety.item"]._read_group([("template_id", "in", self.ids)], ["template_id"], ["__count"])
        )
        for template in self:
            template.item_count = counts.get(template, 0)

    def _compute_schedule_count(self):
        counts = dict(
            self.env["scm.safety.schedule"]._read_group([("template_id", "in", self.ids)], ["template_id"], ["__count"])
        )
        for template in self:
            template.schedule_count = counts.get(template, 0)
