from odoo import fields, models

from .scm_safety_item import KINDS


class ScmSafetyAnswer(models.Model):
    """What was asked, with the limits of that day, and what was answered."""

    _name = "scm.safety.answer"
    _description = "Answer of a Safety Inspection"
    _order = "inspection_id, sequence, id"

    inspection_id = fields.Many2one("scm.safety.inspection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="inspection_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="inspection_id.warehouse_id", store=True, index=True)
    date_done = fields.Datetime(related="inspection_id.date_done", store=True)
    item_id = fields.Many2one("scm.safety.item", ondelete="set null", index="btree_not_null")
    sequence = fields.Integer()
    section = fields.Char()
    question = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True)
    is_critical = fields.Boolean("Critical")
    value = fields.Char("Answer")
    number = fields.Float(aggregator="avg")
    unit = fields.Char()
    limits = fields.Char("Limits Then")
    result = fields.Selection([("passed", "OK"), ("failed", "Not OK"), ("na", "Not Applicable")], required=True)
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Photos")
