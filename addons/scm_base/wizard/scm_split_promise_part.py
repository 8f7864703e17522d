from odoo import fields, models


class ScmSplitPromisePart(models.TransientModel):
    _name = "scm.split.promise.part"
    _description = "Part of a Split Date"
    _order = "date, id"

    wizard_id = fields.Many2one("scm.split.promise", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    quantity = fields.Float(required=True, digits="Product Unit")
