from odoo import fields, models


class ScmSlaReason(models.Model):
    """Why a ticket was answered or solved too late."""

    _name = "scm.sla.reason"
    _description = "Reason for Being Late"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
