from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    scm_is_history = fields.Boolean("Receipts from before Odoo", copy=False, readonly=True)
