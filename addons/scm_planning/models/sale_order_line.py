from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # The increments of demand ask for "changed since".
    _scm_write_date_idx = models.Index("(write_date)")
