from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    scm_provider_id = fields.Many2one(
        "scm.tracking.provider",
        "Tracked by",
        company_dependent=True,
        check_company=True,
        help="Who tells us about the parcels of this carrier. Empty: nobody; they are followed by hand or by file.",
    )
    scm_provider_carrier_code = fields.Char(
        "Carrier's Code There", help="As the provider names this carrier, for example sf-express or shunfeng."
    )
    scm_poll_per_minute = fields.Integer(
        "Questions per Minute", help="About parcels of this carrier. 0: as many as the provider allows."
    )
