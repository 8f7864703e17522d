from odoo import fields, models


class ScmSafetyProcedureStep(models.Model):
    _name = "scm.safety.procedure.step"
    _description = "Step of an Emergency Procedure"
    _order = "procedure_id, sequence, id"

    procedure_id = fields.Many2one("scm.safety.procedure", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("What to Do", required=True, translate=True)
    role = fields.Char("Who", translate=True, help="Role, for example “Shift leader”.")
    user_id = fields.Many2one("res.users", "Person", domain=[("share", "=", False)], ondelete="set null")
    phone = fields.Char(help="Number to call; one tap on the phone.")
    minutes = fields.Integer("Within (minutes)", help="0: no limit.", aggregator=None)
