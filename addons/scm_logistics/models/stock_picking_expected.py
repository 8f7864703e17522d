from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    scm_date_expected = fields.Date(
        "Expected at the Customer", readonly=True, copy=False, help="New day of delivery, moved by a disruption."
    )
