from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_return_handling_cost = fields.Monetary(
        "Handling of a Returned Item",
        help="Receiving, inspecting and putting away one item of a return; counts in the cost of returns.",
    )
    scm_return_b_loss = fields.Float(
        "Loss at Grade B", default=0.3, help="Share of its cost that a unit loses when it has to be refurbished."
    )
