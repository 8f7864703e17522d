from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_qualification_gate = fields.Selection(
        [("off", "Off"), ("warn", "Warn"), ("block", "Block")],
        "Qualification at Purchase",
        required=True,
        default="off",
        help="What happens to quotations and orders when the supplier is not qualified for a category of their lines.",
    )
    scm_evidence_mail = fields.Boolean(
        "Remind Suppliers of Evidence",
        help="Suppliers get a mail 60, 30 and 7 days before a certificate ends. Buyers are reminded in any case.",
    )
