from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    scm_promise_mode = fields.Selection(
        [
            ("off", "Not shown"),
            ("beside", "Beside Odoo's expected date"),
            ("commit", "Also as the delivery date when an order is confirmed"),
        ],
        "Day of Delivery from Lanes",
        required=True,
        default="beside",
    )
    scm_promise_share = fields.Float(
        "Share on Time", default=0.9, help="Share of parcels that arrive by the promised day, by what the lane did."
    )
    scm_lane_months = fields.Integer("Months Measured", default=12, help="Parcels of so many months make the lanes.")

    @api.constrains("scm_promise_share", "scm_lane_months")
    def _check_scm_promise(self):
        for company in self:
            if not 0.5 <= company.scm_promise_share <= 0.995:
                raise ValidationError(
                    self.env._(
                        "%(name)s: promise a share between 50 %% and 99.5 %%; none arrives always.", name=company.name
                    )
                )
            if not 1 <= company.scm_lane_months <= 36:
                raise ValidationError(
                    self.env._("%(name)s: lanes are measured over 1 to 36 months.", name=company.name)
                )
