from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmSlottingLevel(models.Model):
    """What a level of the racks may carry, and what a pick there costs beyond the walk: heavy low, golden zone."""

    _name = "scm.slotting.level"
    _description = "Rule for Levels"
    _order = "warehouse_id, level, id"
    _rec_name = "level"

    warehouse_id = fields.Many2one("stock.warehouse", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    level = fields.Integer("From Level", aggregator=None, help="Holds from this level up to the next row's level.")
    max_unit_kg = fields.Float(
        "Heaviest Unit (kg)", digits="Stock Weight", aggregator=None, help="Weight of one unit; 0: any."
    )
    extra_metres = fields.Float(
        "Reach (m)",
        digits=(16, 1),
        aggregator=None,
        help="Metres that a pick at this height is worth on top of the walk: bending, stretching, a ladder. "
        "0 is the golden zone.",
    )

    _level_uniq = models.Constraint("UNIQUE(warehouse_id, level)", "A level has one rule per warehouse.")

    @api.constrains("level", "max_unit_kg", "extra_metres")
    def _check_numbers(self):
        for rule in self:
            if min(rule.level, rule.max_unit_kg, rule.extra_metres) < 0:
                raise ValidationError(
                    self.env._(
                        "Level %(level)s of %(warehouse)s: level, weight and reach cannot be negative.",
                        level=rule.level,
                        warehouse=rule.warehouse_id.name,
                    )
                )
