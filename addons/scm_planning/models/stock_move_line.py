from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # The increments of returns and stock-outs ask for "changed since".
    _scm_write_date_idx = models.Index("(write_date) WHERE state = 'done'")
