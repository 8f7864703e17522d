from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    """What a counter sees, and what happens with what he finds."""

    _inherit = "stock.warehouse"

    scm_count_is_blind = fields.Boolean(
        "Count Blind", default=True, help="The phone does not show what the books say: a number that is seen is found."
    )
    scm_count_is_recounted = fields.Boolean(
        "Recount by Another Person",
        default=True,
        help="A place outside tolerance is counted again by somebody else before anything is corrected.",
    )
    scm_count_is_automatic = fields.Boolean(
        "Correct Small Differences by Itself", help="Below the limit, stock is corrected without anybody's approval."
    )
    scm_count_limit = fields.Float(
        "Limit of Corrections by Itself",
        default=50.0,
        help="Differences of one count, each without sign, in the company's currency. Above it a manager approves.",
    )

    @api.constrains("scm_count_limit")
    def _check_scm_count_limit(self):
        for warehouse in self:
            if warehouse.scm_count_limit < 0:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the limit of corrections by itself cannot be negative. 0: a manager approves all.",
                        name=warehouse.name,
                    )
                )
