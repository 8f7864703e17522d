from odoo import api, fields, models


class ScmSupplierQualificationSection(models.Model):
    """Score of one section, as it was when the questionnaire was judged."""

    _name = "scm.supplier.qualification.section"
    _description = "Section of a Qualification"
    _order = "sequence, id"

    qualification_id = fields.Many2one(
        "scm.supplier.qualification", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="qualification_id.company_id", store=True, index=True)
    page_id = fields.Many2one("survey.question", "Section of the Survey", readonly=True, ondelete="set null")
    title = fields.Char("Section", compute="_compute_title")
    sequence = fields.Integer(readonly=True)
    score = fields.Float(readonly=True, aggregator="avg", digits=(5, 1))
    weight = fields.Float("Weight (%)", readonly=True, aggregator=None, digits=(5, 1))
    weight_used = fields.Float("Weight Used (%)", readonly=True, aggregator=None, digits=(5, 1))
    pass_mark = fields.Float(readonly=True, aggregator=None, digits=(5, 1))
    answered_count = fields.Integer("Answered", readonly=True)
    question_count = fields.Integer("Questions", readonly=True)
    passed = fields.Boolean(readonly=True)
    missing = fields.Boolean("Not Applicable", readonly=True)

    @api.depends("page_id")
    @api.depends_context("lang")
    def _compute_title(self):
        # sudo: whoever may read the score may read what the section is called
        for row in self.sudo():
            row.title = row.page_id.title
