from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # what changed since the last reading of return facts is found without reading all moves
    _scm_return_write_idx = models.Index("(write_date) WHERE sale_line_id IS NOT NULL AND state = 'done'")
