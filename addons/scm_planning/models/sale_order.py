from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # The increments of demand ask for "changed since".
    _scm_write_date_idx = models.Index("(write_date)")
