from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    scm_window_from = fields.Float("Delivery from", help="Earliest hour of the day. 0:00: any.")
    scm_window_to = fields.Float("Delivery until", help="Latest hour of the day. 0:00: any.")
    scm_service_minutes = fields.Integer("Minutes at the Stop", help="0: as usual.")

    @api.constrains("scm_window_from", "scm_window_to", "scm_service_minutes")
    def _check_scm_window(self):
        for partner in self:
            late = partner.scm_window_to or 24.0
            if not 0 <= partner.scm_window_from < late <= 24 or partner.scm_service_minutes < 0:
                raise ValidationError(
                    self.env._("%s: the delivery window begins before it ends, within one day.", partner.display_name)
                )
