from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_credit_program_id = fields.Many2one(
        "loyalty.program",
        "Program of Store Credit",
        domain="[('program_type', 'in', ('ewallet', 'gift_card')), ('company_id', 'in', (False, id))]",
        help="E-wallet or gift card program with which returns are paid as store credit.",
    )
    scm_return_mail = fields.Boolean(
        "Mail Instructions for Returns",
        default=True,
        help="When a return is approved, the customer gets the label or the address by mail.",
    )
    scm_return_share_b = fields.Float(
        "Paid for Grade B (%)",
        default=100.0,
        help="Share of the price that is paid back for used goods, where the fault is not ours.",
    )
    scm_return_share_c = fields.Float(
        "Paid for Grade C (%)",
        default=0.0,
        help="Share of the price that is paid back for scrap, where the fault is not ours.",
    )

    _scm_return_shares = models.Constraint(
        "CHECK(scm_return_share_b BETWEEN 0 AND 100 AND scm_return_share_c BETWEEN 0 AND 100)",
        "Shares that are paid for returned goods lie between 0 and 100 percent.",
    )
