from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_cut_off = fields.Float(
        "Cut-off", default=14.0, help="Orders until this hour, in the warehouse's time zone, are packed the same day."
    )
    scm_handling_days = fields.Integer(
        "Handling (working days)",
        help="Working days from the order to the dock. 0: orders before the cut-off leave today.",
    )

    scm_calendar_id = fields.Many2one(
        "resource.calendar",
        "Packing Days",
        help="Days on which the warehouse packs. Empty: the company's working days.",
    )

    @api.constrains("scm_cut_off", "scm_handling_days")
    def _check_scm_promise(self):
        for warehouse in self:
            if not 0 <= warehouse.scm_cut_off <= 24:
                raise ValidationError(
                    self.env._("%(name)s: the cut-off is an hour between 0:00 and 24:00.", name=warehouse.name)
                )
            if warehouse.scm_handling_days < 0:
                raise ValidationError(
                    self.env._("%(name)s: the days of handling cannot be negative.", name=warehouse.name)
                )
