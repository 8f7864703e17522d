from odoo import fields, models


class StockWarehouse(models.Model):
    """Places for goods that came back, by grade."""

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

    def _scm_refurbish_location(self):
        """The place for grade B, made when there is none. It lies beside the warehouse: its goods are not for sale."""
        self.ensure_one()
        if not self.scm_grade_b_location_id:
            self.scm_grade_b_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("%(warehouse)s Refurbish", warehouse=self.code),
                    "usage": "internal",
                    "location_id": self.view_location_id.location_id.id,
                    "company_id": self.company_id.id,
                }
            )
        return self.scm_grade_b_location_id

    def _scm_scrap_location(self):
        """The place for grade C: the one set, else the one to which Odoo scraps."""
        self.ensure_one()
        if self.scm_grade_c_location_id:
            return self.scm_grade_c_location_id
        company = self.company_id
        scrap = self.env["stock.scrap"].new({"company_id": company.id})
        return scrap.scrap_location_id
