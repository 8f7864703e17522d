from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_grade_a_location_id = fields.Many2one(
        "stock.location",
        "Returns as New to",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        help="Empty: they stay where the receipt brought them, and follow the warehouse's usual way into stock.",
    )
    scm_grade_b_location_id = fields.Many2one(
        "stock.location",
        "Returns to Refurbish to",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        help="Outside of the stock that is sold. Empty: a place for them is made with the first one.",
    )
    scm_grade_c_location_id = fields.Many2one(
        "stock.location",
        "Scrapped Returns to",
        check_company=True,
        domain="[('usage', '=', 'inventory')]",
        help="Empty: the company's scrap location.",
    )
