from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # what was shipped is read by the moment of leaving
    _scm_done_idx = models.Index("(company_id, date_done) WHERE state = 'done'")
