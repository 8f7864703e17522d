from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    """How a warehouse counts: what a day takes, and what else asks for a count."""

    _inherit = "stock.warehouse"

    scm_count_planned = fields.Boolean("Plan Counts", help="Each night, places are planned for the coming days.")
    scm_count_capacity = fields.Integer("Places a Day", default=20, help="Places that are counted on a working day.")
    scm_count_days = fields.Integer("Days ahead", default=10, help="Working days that the plan reaches.")
    scm_count_minutes = fields.Float(
        "Minutes a Place", default=4.0, help="Work of one count. By risk, only places are counted that risk more."
    )
    scm_count_min_days = fields.Integer(
        "Rest after a Count (days)", default=30, help="So long a place is not counted again because of its risk."
    )
    scm_count_class_by = fields.Selection(
        [("abc_value", "Value"), ("abc_picks", "Picks")],
        "Class by",
        required=True,
        default="abc_value",
        help="A place is of the best class of what lies there.",
    )
    scm_count_calendar_id = fields.Many2one(
        "resource.calendar",
        "Counting Days",
        check_company=True,
        help="Days of work and holidays. Empty: the working hours of the company.",
    )
    scm_count_zero = fields.Boolean("Confirm Empty Places", help="A pick that empties a place asks for a look at it.")
    scm_count_short = fields.Boolean(
        "Count after a Short Pick", help="Less was picked than asked for, and the book says that there was enough."
    )
    scm_count_neighbours = fields.Boolean(
        "Count Neighbours of a Difference",
        help="Where a count was wrong, the places beside it that hold goods are counted, too.",
    )
    scm_count_target = fields.Float(
        "Target Accuracy", default=0.97, help="Share of counted records within tolerance, as percentage."
    )

    @api.constrains(
        "scm_count_capacity", "scm_count_days", "scm_count_minutes", "scm_count_min_days", "scm_count_target"
    )
    def _check_scm_count(self):
        for warehouse in self:
            limits = (
                ("scm_count_capacity", 1, 5000),
                ("scm_count_days", 1, 60),
                ("scm_count_minutes", 0, 480),
                ("scm_count_min_days", 0, 365),
                ("scm_count_target", 0, 1),
            )
            for name, low, high in limits:
                if not low <= warehouse[name] <= high:
                    raise ValidationError(
                        self.env._(
                            "%(warehouse)s: “%(field)s” has to lie between %(low)s and %(high)s.",
                            warehouse=warehouse.name,
                            field=self._fields[name]._description_string(self.env),
                            low=low,
                            high=high,
                        )
                    )
