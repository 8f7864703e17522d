from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_pick_gap_minutes = fields.Integer(
        "Longest Gap of Work (min)",
        default=30,
        help="Between two transfers of a person on a day: what is longer counts as a break up to this many minutes.",
    )
    scm_receipt_wait_hours = fields.Integer(
        "Dock to Stock within (h)",
        default=24,
        help="An alert is opened for goods that are here and not put away after so many hours. 0: no alert.",
    )

    @api.constrains("scm_pick_gap_minutes", "scm_receipt_wait_hours")
    def _check_scm_flow(self):
        for warehouse in self:
            if not 1 <= warehouse.scm_pick_gap_minutes <= 480:
                raise ValidationError(
                    self.env._("%(name)s: the longest gap of work is from 1 to 480 minutes.", name=warehouse.name)
                )
            if warehouse.scm_receipt_wait_hours < 0:
                raise ValidationError(
                    self.env._("%(name)s: the hours from dock to stock cannot be negative.", name=warehouse.name)
                )
