from odoo import api, fields, models

SOURCES = [("supplier", "Supplier"), ("auditor", "Site Visit"), ("import", "File")]


class ScmSupplierQualificationAnswer(models.Model):
    """One answer as it counted, and what the supplier had said where the auditor saw something else."""

    _name = "scm.supplier.qualification.answer"
    _description = "Answer of a Qualification"
    _order = "sequence, id"

    qualification_id = fields.Many2one(
        "scm.supplier.qualification", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="qualification_id.company_id", store=True, index=True)
    question_id = fields.Many2one("survey.question", "Question of the Survey", readonly=True, ondelete="set null")
    page_id = fields.Many2one("survey.question", "Section of the Survey", readonly=True, ondelete="set null")
    sequence = fields.Integer(readonly=True)
    code = fields.Char(readonly=True)
    title = fields.Text("Question", compute="_compute_words")
    section_title = fields.Char("Section", compute="_compute_words")
    choice_id = fields.Many2one("survey.question.answer", readonly=True, ondelete="set null")
    answer_text = fields.Text(readonly=True, help="What was typed, or all choices of several.")
    answer = fields.Text(compute="_compute_words")
    comment = fields.Text(readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    supplier_choice_id = fields.Many2one("survey.question.answer", "Choice of the Supplier", readonly=True)
    supplier_text = fields.Text("Text of the Supplier", readonly=True)
    supplier_answer = fields.Text(
        "Supplier Said", compute="_compute_words", help="Where the site visit found something else."
    )
    scored = fields.Boolean(readonly=True)
    score = fields.Float("Points", readonly=True, aggregator="avg", help="From 0 to 100.", digits=(5, 1))
    critical = fields.Boolean(readonly=True)
    not_applicable = fields.Boolean(readonly=True)
    missing = fields.Boolean("Not Answered", readonly=True)
    failed = fields.Boolean("Critical and No", readonly=True)

    @api.depends("question_id", "page_id", "choice_id", "answer_text", "supplier_choice_id", "supplier_text")
    @api.depends_context("lang")
    def _compute_words(self):
        # sudo: whoever may read the answer may read its words; buyers have no right to surveys
        for row in self.sudo():
            row.title = row.question_id.title or row.code
            row.section_title = row.page_id.title
            row.answer = row.choice_id.value or row.answer_text
            row.supplier_answer = row.supplier_choice_id.value or row.supplier_text
