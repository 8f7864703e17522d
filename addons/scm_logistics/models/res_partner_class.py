from odoo import fields, models


class ResPartner(models.Model):
    """The class by which the choice of a carrier knows what lateness costs."""

    _inherit = "res.partner"

    scm_customer_class_id = fields.Many2one(
        "scm.customer.class",
        "Customer Class",
        company_dependent=True,
        domain="[('company_id', '=', current_company_id)]",
        help="What a late parcel costs with this customer. Empty: the company's default class.",
    )
