from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    scm_delivery_messages = fields.Selection(
        [("all", "All"), ("important", "Only Delays, Attempts and Pickup"), ("none", "None")],
        "Delivery Messages",
        default="all",
        help="What the customer agreed to be told about his parcels, by mail or SMS.",
    )
