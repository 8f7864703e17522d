from odoo import fields, models

STATES = [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")]


class ScmSupplierTemplate(models.Model):
    """One version of a questionnaire by which suppliers are qualified: Odoo's survey, and how it is judged."""

    _name = "scm.supplier.template"
    _description = "Qualification Template"
    _inherit = ["mail.thread"]
    _order = "name, version desc, id desc"

    name = fields.Char(required=True, translate=True, tracking=True)
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    previous_id = fields.Many2one("scm.supplier.template", "Previous Version", readonly=True, copy=False)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", required=True, copy=False, ondelete="restrict", index=True
    )
    section_ids = fields.One2many("scm.supplier.template.section", "template_id", "Sections", copy=False)
    pass_mark = fields.Float(default=75.0, tracking=True, help="A total of at least this many points of 100 qualifies.")
    conditional_mark = fields.Float(
        default=60.0, tracking=True, help="A total from here up to the pass mark qualifies with conditions."
    )
    validity_months = fields.Integer(
        "Valid for (months)", default=24, tracking=True, help="A qualification has to be renewed after this time."
    )
    answer_days = fields.Integer("Days to Answer", default=21, help="Suppliers have this long to fill it in.")
    date_active = fields.Date("Active since", readonly=True, copy=False)
    date_retired = fields.Date("Retired on", readonly=True, copy=False)

    _marks_rise = models.Constraint(
        "CHECK(0 <= conditional_mark AND conditional_mark <= pass_mark AND pass_mark <= 100)",
        "The marks must rise: 0, conditional mark, pass mark, 100.",
    )
    _times_positive = models.Constraint(
        "CHECK(validity_months > 0 AND answer_days > 0)", "Validity and days to answer must be above 0."
    )
    _survey_uniq = models.UniqueIndex("(survey_id)", "Each version of a template has a questionnaire of its own.")
