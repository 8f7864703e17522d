from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    scm_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Days",
        help="Days on which the carrier moves and delivers parcels; transit is counted in them. Empty: the company's.",
    )
    scm_pickup_time = fields.Float(
        "Collected at",
        default=17.0,
        help="Hour of the day, in the warehouse's time zone, at which the carrier collects. Empty (0:00): at night.",
    )
