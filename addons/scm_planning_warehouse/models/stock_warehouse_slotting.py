from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_slotting_ahead_days = fields.Integer(
        "Look Ahead (days)", default=28, help="Slotting by forecast places products for the demand of so many days."
    )

    @api.constrains("scm_slotting_ahead_days")
    def _check_scm_slotting_ahead(self):
        for warehouse in self:
            if warehouse.scm_slotting_ahead_days < 7:
                raise ValidationError(
                    self.env._("%(warehouse)s: look at least a week ahead.", warehouse=warehouse.name)
                )
