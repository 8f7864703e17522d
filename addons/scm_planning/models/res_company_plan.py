from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Settings of the order plan."""

    _inherit = "res.company"

    scm_plan_weeks = fields.Integer("Order plan (weeks)", default=26, required=True)
    scm_plan_transfers = fields.Selection(
        [("all", "Between all warehouses"), ("routes", "Only by resupply routes")],
        string="Planned transfers",
        required=True,
        default="all",
        help="Before the plan buys, it moves what another warehouse has beyond its own needs.",
    )
    scm_plan_transfer_days = fields.Integer(
        "Days between warehouses", default=2, required=True, help="Where no resupply route says how long it takes."
    )
    scm_plan_backward = fields.Integer(
        "Orders consume forecast of weeks before",
        default=1,
        required=True,
        help="An order that is more than the forecast of its week uses up that of so many weeks before it.",
    )
    scm_plan_forward = fields.Integer("Orders consume forecast of weeks after", default=1, required=True)

    @api.constrains("scm_plan_weeks", "scm_plan_transfer_days", "scm_plan_backward", "scm_plan_forward")
    def _check_scm_plan_settings(self):
        for company in self:
            if not 4 <= company.scm_plan_weeks <= 52:
                raise ValidationError(self.env._("The order plan must have between 4 and 52 weeks."))
            if not 0 <= company.scm_plan_transfer_days <= 90:
                raise ValidationError(self.env._("The days between warehouses must lie between 0 and 90."))
            if not (0 <= company.scm_plan_backward <= 12 and 0 <= company.scm_plan_forward <= 12):
                raise ValidationError(self.env._("Orders can consume the forecast of 0 to 12 weeks before and after."))
