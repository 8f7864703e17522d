from odoo import api, fields, models

ACTIVE_STATES = ("queued", "running")


class ScmRunSlice(models.Model):
    """A piece of a run that can be done beside its other pieces, by whichever worker is free.

    Whoever does it holds a lock on the row. PostgreSQL takes the lock back when that worker dies, and with it all that
    the worker wrote; so the slice is open again, and another does it from its start.
    """

    _name = "scm.run.slice"
    _description = "Slice of a Run"
    _order = "id"
    _rec_name = "part"

    run_model = fields.Char(required=True, readonly=True)
    run_id = fields.Many2oneReference(model_field="run_model", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    part = fields.Char(required=True, readonly=True, help="Part of the run that was cut into slices.")
    work = fields.Json(required=True, readonly=True, help="What is to be done, as the run itself wrote it down.")
    state = fields.Selection([("open", "Open"), ("done", "Done")], required=True, readonly=True, default="open")
    finished = fields.Integer(readonly=True, help="Subjects that it finished and that the run has not counted yet.")

    _run_idx = models.Index("(run_model, run_id, part)")

    @api.autovacuum
    def _gc_ended(self):
        """Delete the slices of runs that failed, were cancelled or are gone; a run that is done deletes its own."""
        for (model,) in self._read_group([], ["run_model"]):
            mine = self.search([("run_model", "=", model)])
            active = self.env[model].search([("state", "in", ACTIVE_STATES)]) if model in self.env else mine.browse()
            mine.filtered(lambda part, ids=set(active.ids): part.run_id not in ids).unlink()
