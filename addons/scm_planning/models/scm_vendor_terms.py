from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FILL = [
    ("never", "As needed"),
    ("pays", "As far as freight saved exceeds the cost of holding stock"),
    ("always", "Always whole containers"),
]


class ScmVendorTerms(models.Model):
    """On what terms a vendor delivers to a company; what is left at zero does not bind."""

    _name = "scm.vendor.terms"
    _description = "Vendor Terms"
    _order = "partner_id, company_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", "Vendor", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    min_order_value = fields.Monetary(
        "Minimum Order", help="The vendor takes no order below this value. Zero: it takes any.", aggregator=None
    )
    freight_free_value = fields.Monetary(
        "Freight Free From", help="From this value on the vendor pays the freight. Zero: never.", aggregator=None
    )
    freight_cost = fields.Monetary(
        help="Freight of one order; with a container type, of one container.", aggregator=None
    )
    order_cost = fields.Monetary(
        help="What one order costs beside freight: writing, following up, receiving, booking.", aggregator=None
    )
    container_type_id = fields.Many2one("scm.container.type", "Container", ondelete="restrict")
    fill = fields.Selection(FILL, "Fill Containers", required=True, default="pays")
    window_days = fields.Integer(
        "Joining Window (days)",
        default=14,
        help="Orders due within so many days may be pulled forward into one order.",
        aggregator=None,
    )
    interval_days = fields.Integer(
        "Shipping Interval (days)", help="At least so many days between two orders. Zero: no limit.", aggregator=None
    )
    weekly_capacity = fields.Float(
        "Weekly Capacity (units)", help="Most units that the vendor makes in a week. Zero: no limit.", aggregator=None
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    weekdays = fields.Char("Order Days", compute="_compute_weekdays")
    active = fields.Boolean(default=True)

    _vendor_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "This vendor already has terms in this company: change those."
    )
    _positive = models.Constraint(
        "CHECK(min_order_value >= 0 AND freight_free_value >= 0 AND freight_cost >= 0 AND order_cost >= 0 "
        "AND weekly_capacity >= 0)",
        "Values, costs and capacities of a vendor must not be negative.",
    )
    _days_range = models.Constraint(
        "CHECK(window_days BETWEEN 0 AND 366 AND interval_days BETWEEN 0 AND 366)",
        "Joining window and shipping interval must be between 0 and 366 days.",
    )

    @api.constrains(*WEEKDAYS)
    def _check_weekdays(self):
        for terms in self:
            if not any(terms[day] for day in WEEKDAYS):
                raise ValidationError(
                    self.env._(
                        "%(vendor)s would take orders on no day at all. Tick at least one weekday, or archive the "
                        "terms and enter a shut-down for the time in which it is closed.",
                        vendor=terms.partner_id.display_name,
                    )
                )

    @api.depends(*WEEKDAYS)
    def _compute_weekdays(self):
        names = dict(zip(WEEKDAYS, self._weekday_names(), strict=True))
        for terms in self:
            open_days = [name for day, name in names.items() if terms[day]]
            terms.weekdays = self.env._("Every day") if len(open_days) == len(WEEKDAYS) else " ".join(open_days)

    @api.model
    def _weekday_names(self):
        return (
            self.env._("Mon"), self.env._("Tue"), self.env._("Wed"), self.env._("Thu"), self.env._("Fri"),
            self.env._("Sat"), self.env._("Sun"),
        )  # fmt: skip
