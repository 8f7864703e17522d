from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    scm_is_manual = fields.Boolean(
        "Delivered by Hand",
        help="Nobody sends us events of this carrier (own van, a neighbour's truck): its parcels are on the phone list "
        "“Deliver today”, where they are ticked off.",
    )
