from odoo import fields, models

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
    title = fields.Char("Question", readonly=True)
    section_title = fields.Char("Section", readonly=True)
    answer = fields.Char(readonly=True)
    comment = fields.Text(readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    supplier_answer = fields.Char("Supplier Said", readonly=True, help="Where the site visit found something else.")
    scored = fields.Boolean(readonly=True)
    score = fields.Float("Points", readonly=True, aggregator="avg", help="From 0 to 100.", digits=(5, 1))
    critical = fields.Boolean(readonly=True)
    not_applicable = fields.Boolean(readonly=True)
    missing = fields.Boolean("Not Answered", readonly=True)
    failed = fields.Boolean("Critical and No", readonly=True)
