from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_wave_auto = fields.Boolean(
        "Plan Waves by Itself", help="Every hour the waves of the day are planned again. A person still releases them."
    )
    scm_face_auto = fields.Boolean(
        "Refill by Itself", help="Transfers to pick faces are made every hour, without a person in between."
    )
    scm_face_days = fields.Integer(
        "Demand of (days)", default=28, help="Days of picks from which the pick faces take their demand."
    )

    @api.constrains("scm_face_days")
    def _check_scm_face_days(self):
        for warehouse in self:
            if not 1 <= warehouse.scm_face_days <= 366:
                raise ValidationError(
                    self.env._("%(name)s: demand is taken from 1 to 366 days of picks.", name=warehouse.name)
                )
