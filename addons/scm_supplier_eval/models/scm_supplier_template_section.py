from odoo import api, fields, models


class ScmSupplierTemplateSection(models.Model):
    """How much a section of the questionnaire counts, and what it needs at least."""

    _name = "scm.supplier.template.section"
    _description = "Section of a Qualification Template"
    _order = "sequence, id"

    template_id = fields.Many2one("scm.supplier.template", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    page_id = fields.Many2one("survey.question", "Section of the Survey", required=True, ondelete="cascade", index=True)
    name = fields.Char("Section", compute="_compute_name")
    question_count = fields.Integer("Questions", compute="_compute_name")
    sequence = fields.Integer(default=10)
    weight = fields.Float(
        "Weight (%)", default=20.0, digits=(5, 1), help="Share of the total score; the weights sum to 100."
    )
    pass_mark = fields.Float(
        digits=(5, 1),
        default=50.0,
        help="A section below this many points of 100 makes the outcome conditional at best.",
    )

    _page_uniq = models.UniqueIndex("(template_id, page_id)", "A template judges each section once.")
    _weight_valid = models.Constraint("CHECK(weight >= 0 AND weight <= 100)", "A weight is between 0 and 100 %.")
    _mark_valid = models.Constraint("CHECK(pass_mark >= 0 AND pass_mark <= 100)", "A mark is between 0 and 100.")

    @api.depends("page_id")
    @api.depends_context("lang")
    def _compute_name(self):
        # sudo: buyers read what the sections are called, but have no right to surveys
        for section in self.sudo():
            section.name = section.page_id.title
            section.question_count = len(section.page_id.question_ids)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["scm.supplier.template"].browse({vals["template_id"] for vals in vals_list})._check_draft()
        return super().create(vals_list)

    def write(self, vals):
        self.template_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self.template_id._check_draft()
