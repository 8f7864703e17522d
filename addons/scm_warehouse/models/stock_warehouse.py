from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    scm_walk_speed = fields.Float(
        "Walking Speed (m/s)", default=1.2, help="With a trolley; metres saved become time by it."
    )
    scm_hour_cost = fields.Float(
        "Cost of an Hour", default=20.0, help="Cost of an hour of work in this warehouse, in the company's currency."
    )
    scm_picks_read_at = fields.Datetime("Picks Known Until", readonly=True, copy=False)
    scm_picks_basis = fields.Char(readonly=True, copy=False, export_string_translation=False)

    @api.constrains("scm_walk_speed", "scm_hour_cost")
    def _check_scm_work(self):
        for warehouse in self:
            if warehouse.scm_walk_speed <= 0:
                raise ValidationError(
                    self.env._("%(name)s: the walking speed has to be more than zero.", name=warehouse.name)
                )
            if warehouse.scm_hour_cost < 0:
                raise ValidationError(
                    self.env._("%(name)s: the cost of an hour cannot be negative.", name=warehouse.name)
                )
