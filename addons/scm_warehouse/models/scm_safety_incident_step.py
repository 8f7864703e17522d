from odoo import fields, models


class ScmSafetyIncidentStep(models.Model):
    _name = "scm.safety.incident.step"
    _description = "Emergency Step of an Incident"
    _order = "incident_id, sequence, id"

    incident_id = fields.Many2one("scm.safety.incident", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="incident_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("What to Do", required=True)
    role = fields.Char("Who")
    user_id = fields.Many2one("res.users", "Person", domain=[("share", "=", False)], ondelete="set null")
    phone = fields.Char()
    minutes = fields.Integer("Within (minutes)", aggregator=None)
    date_done = fields.Datetime("Done at", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False)

    def action_done(self):
        """Tick it, with who did it and when."""
        for step in self:
            step.incident_id.set_step(step.id, True)
        return True

    def action_undo(self):
        """Take the tick back."""
        for step in self:
            step.incident_id.set_step(step.id, False)
        return True
