from odoo import fields, models


class ScmSafetyProcedure(models.Model):
    """What to do at once, who does it and whom to call; copied to the incident when it is reported."""

    _name = "scm.safety.procedure"
    _description = "Emergency Procedure"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    step_ids = fields.One2many("scm.safety.procedure.step", "procedure_id", "Steps", copy=True)
    type_ids = fields.One2many("scm.safety.incident.type", "procedure_id", "Types of Incident")
