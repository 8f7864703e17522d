from odoo import fields, models


class ScmSupplierTemplateSection(models.Model):
    """How much a section of the questionnaire counts, and what it needs at least."""

    _name = "scm.supplier.template.section"
    _description = "Section of a Qualification Template"
    _order = "sequence, id"

    template_id = fields.Many2one("scm.supplier.template", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    page_id = fields.Many2one("survey.question", "Section of the Survey", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    weight = fields.Float("Weight (%)", default=20.0, help="Share of the total score; the weights sum to 100.")
    pass_mark = fields.Float(
        default=50.0, help="A section below this many points of 100 makes the outcome conditional at best."
    )

    _page_uniq = models.UniqueIndex("(template_id, page_id)", "A template judges each section once.")
    _weight_valid = models.Constraint("CHECK(weight >= 0 AND weight <= 100)", "A weight is between 0 and 100 %.")
    _mark_valid = models.Constraint("CHECK(pass_mark >= 0 AND pass_mark <= 100)", "A mark is between 0 and 100.")
