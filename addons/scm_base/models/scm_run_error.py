from odoo import fields, models


class ScmRunError(models.Model):
    """A subject of a run that failed while the others went on."""

    _name = "scm.run.error"
    _description = "Error of a Run"
    _order = "id desc"
    _rec_name = "name"

    run_model = fields.Char(required=True, readonly=True)
    run_id = fields.Many2oneReference(model_field="run_model", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    name = fields.Char("Record", required=True, readonly=True)
    message = fields.Char(required=True, readonly=True)

    _run_idx = models.Index("(run_model, run_id)")
