from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # what is still to come from vendors, among all the moves of the past
    _scm_coming_idx = models.Index(
        "(purchase_line_id) WHERE purchase_line_id IS NOT NULL AND state NOT IN ('done', 'cancel')"
    )
