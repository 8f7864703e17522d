from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What it takes to be rid of stock that is too much."""

    _inherit = "res.company"

    scm_transfer_percent = fields.Float(
        "Cost of a transfer", default=0.03, help="Transport between warehouses or back to a vendor, share of the cost."
    )
    scm_markdown_most = fields.Float("Deepest markdown", default=0.5, help="0.5 is half the price.")
    scm_markdown_weeks = fields.Integer("Longest markdown (weeks)", default=13)
    scm_return_percent = fields.Float(
        "Vendors take back at", default=0.0, help="Where the price list says nothing. 0: they take nothing back."
    )
    scm_salvage_percent = fields.Float(
        "Worth when written off", default=0.0, help="Tax or scrap value, share of the cost."
    )
    scm_clearance_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Clearance price list",
        check_company=True,
        domain="['|', ('active', '=', True), ('active', '=', False)]",
        help="Where accepted markdowns are written. Empty: an archived list is made, whose prices hold for nobody "
        "until it is activated.",
    )

    @api.constrains(
        "scm_transfer_percent", "scm_markdown_most", "scm_markdown_weeks", "scm_return_percent", "scm_salvage_percent"
    )
    def _check_scm_disposal(self):
        for company in self:
            shares = (company.scm_transfer_percent, company.scm_return_percent, company.scm_salvage_percent)
            if not all(0 <= share <= 1 for share in shares):
                raise ValidationError(
                    self.env._("Costs and values of disposal are shares of the cost, between 0 and 100 %.")
                )
            if not 0 <= company.scm_markdown_most <= 0.9:
                raise ValidationError(self.env._("The deepest markdown must lie between 0 and 90 %."))
            if not 1 <= company.scm_markdown_weeks <= 52:
                raise ValidationError(self.env._("A markdown lasts between 1 and 52 weeks."))

    def _scm_clearance_pricelist(self):
        """The price list of accepted markdowns; made, archived, when there is none."""
        self.ensure_one()
        # sudo: the caller checked the role; the list is archived, so that no customer gets its prices
        company = self.sudo()
        if not company.scm_clearance_pricelist_id:
            company.scm_clearance_pricelist_id = self.env["product.pricelist"].sudo().create(
                {
                    "name": self.env._("Clearance"),
                    "company_id": self.id,
                    "currency_id": self.currency_id.id,
                    "sequence": 100,
                    "active": False,
                }
            )
        return company.scm_clearance_pricelist_id
