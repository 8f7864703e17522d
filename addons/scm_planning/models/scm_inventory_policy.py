from odoo import api, fields, models
from odoo.exceptions import ValidationError

ABC = [("A", "A"), ("B", "B"), ("C", "C")]
XYZ = [("X", "X"), ("Y", "Y"), ("Z", "Z")]

#: (abc, xyz): (service level, most cover in days) of a new company: much for what sells much and evenly
DEFAULT_MATRIX = {
    ("A", "X"): (0.98, 60),
    ("A", "Y"): (0.97, 75),
    ("A", "Z"): (0.95, 90),
    ("B", "X"): (0.97, 90),
    ("B", "Y"): (0.95, 105),
    ("B", "Z"): (0.92, 120),
    ("C", "X"): (0.95, 150),
    ("C", "Y"): (0.90, 180),
    ("C", "Z"): (0.85, 180),
}
#: Cost of one more order line in a new company; by currency name
DEFAULT_ORDERING_COST = {"CNY": 20, "HKD": 25, "TWD": 90, "JPY": 450, "KRW": 4000, "THB": 100, "INR": 250, "VND": 70000}
OTHER_ORDERING_COST = 3
MAX_COVER_DAYS = 3650


class ScmInventoryPolicy(models.Model):
    """How much service a class of products gets, and within which limits.

    One row per ABC and XYZ class and company (the matrix), and rows without classes that products are given by hand.
    """

    _name = "scm.inventory.policy"
    _description = "Inventory Policy"
    _order = "company_id, kind, abc, xyz, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("class", "Class"), ("item", "Given by hand")],
        required=True,
        default="item",
        help="A class policy holds for all products of the class; the other kind only for products that name it.",
    )
    abc = fields.Selection(ABC, string="ABC", help="Class by value of demand")
    xyz = fields.Selection(XYZ, string="XYZ", help="Class by variability of demand")
    stocked = fields.Boolean(
        default=True, help="Not stocked: proposals set minimum and maximum to zero, orders follow demand."
    )
    target = fields.Selection(
        [("cycle", "Cycles without stock-out"), ("fill", "Units delivered from stock")],
        required=True,
        default="cycle",
        help="What the service level counts: order cycles in which nothing runs out, or the share of demanded units "
        "that stock delivers (fill rate). For irregular products the two are far apart.",
    )
    service_level = fields.Float(required=True, default=0.95, digits=(4, 3), aggregator="avg")
    review_days = fields.Float(
        "Review (days)", required=True, default=7.0, help="How often orders are placed.", aggregator="avg"
    )
    cover_min_days = fields.Float(
        "Least Cover (days)",
        default=0.0,
        help="The minimum is at least this many days of forecast. Zero: no limit.",
        aggregator="avg",
    )
    cover_max_days = fields.Float(
        "Most Cover (days)",
        default=0.0,
        help="The maximum is at most this many days of forecast; stock beyond it counts as excess. Zero: no limit.",
        aggregator="avg",
    )
    ordering_cost = fields.Monetary(
        help="Cost of one more order line. With the holding rate it sets the economic order quantity. Zero: not used.",
        aggregator="avg",
    )
    holding_rate = fields.Float(
        "Holding Rate (per year)",
        default=0.2,
        digits=(4, 3),
        help="Cost of holding stock for a year as a share of its value.",
        aggregator="avg",
    )
    active = fields.Boolean(default=True)

    _class_uniq = models.UniqueIndex(
        "(company_id, abc, xyz) WHERE kind = 'class'", "There is already a policy for this class in this company."
    )
    _class_complete = models.Constraint(
        "CHECK(kind <> 'class' OR (abc IS NOT NULL AND xyz IS NOT NULL))", "A class policy needs both classes."
    )
    _level_range = models.Constraint(
        "CHECK(service_level >= 0.5 AND service_level <= 0.999)", "The service level must lie between 50 % and 99.9 %."
    )
    _review_range = models.Constraint(
        "CHECK(review_days >= 1 AND review_days <= 366)", "The review period must be between 1 and 366 days."
    )
    _costs_positive = models.Constraint(
        "CHECK(ordering_cost >= 0 AND ordering_cost <= 1e9 AND holding_rate >= 0 AND holding_rate <= 10)",
        "Costs must not be negative, nor the holding rate above 1,000 %.",
    )

    @api.constrains("cover_min_days", "cover_max_days")
    def _check_cover(self):
        for policy in self:
            # asked this way round, so that what is no number does not pass
            if not all(0 <= days <= MAX_COVER_DAYS for days in (policy.cover_min_days, policy.cover_max_days)):
                raise ValidationError(
                    self.env._(
                        "%(name)s: days of cover must lie between 0 and %(most)s.",
                        name=policy.name,
                        most=MAX_COVER_DAYS,
                    )
                )
            if policy.cover_max_days and policy.cover_min_days > policy.cover_max_days:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the least cover (%(low)s days) is above the most cover (%(high)s days).",
                        name=policy.name,
                        low=policy.cover_min_days,
                        high=policy.cover_max_days,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Odoo checks the company that a record leaves, not the one it is moved to
            self.check_access("write")
        return result

    @api.model
    def _ensure_defaults(self, companies):
        """Give each company the rows of the matrix that it lacks; also the archived ones count as there."""
        present = self.with_context(active_test=False)._read_group(
            [("company_id", "in", companies.ids), ("kind", "=", "class")], ["company_id", "abc", "xyz"]
        )
        known = {(company.id, abc, xyz) for company, abc, xyz in present}
        missing = [
            self._prepare_class_vals(company, abc, xyz)
            for company in companies
            for abc, xyz in DEFAULT_MATRIX
            if (company.id, abc, xyz) not in known
        ]
        return self.create(missing)

    def _prepare_class_vals(self, company, abc, xyz):
        level, most = DEFAULT_MATRIX[abc, xyz]
        return {
            "name": f"{abc}{xyz}",
            "company_id": company.id,
            "kind": "class",
            "abc": abc,
            "xyz": xyz,
            "service_level": level,
            "cover_max_days": most,
            "ordering_cost": DEFAULT_ORDERING_COST.get(company.currency_id.name, OTHER_ORDERING_COST),
        }
