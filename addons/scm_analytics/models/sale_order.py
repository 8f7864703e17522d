from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # promises and fill rate are read by promised day
    _scm_promised_idx = models.Index("(company_id, scm_date_promised) WHERE state = 'sale'")
