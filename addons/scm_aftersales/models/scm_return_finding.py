from odoo import api, fields, models

from .scm_return_cause import OWNERS

#: dimension -> {field of the finding: column of the facts}, in the order of the facts' own keys
DIMENSION_FIELDS = {
    "lot": {"lot_id": "lot_id"},
    "supplier_product": {"supplier_id": "supplier_id", "product_id": "product_id"},
    "product": {"product_id": "product_id"},
    "lane": {"carrier_id": "carrier_id", "warehouse_id": "warehouse_id", "zone_id": "zone_id"},
    "picker": {"picker_id": "user_id"},
    "packaging": {"package_type_id": "package_type_id"},
    "supplier": {"supplier_id": "supplier_id"},
    "carrier": {"carrier_id": "carrier_id"},
    "zone": {"zone_id": "zone_id"},
    "channel": {"team_id": "team_id"},
    "warehouse": {"warehouse_id": "warehouse_id"},
}
DIMENSIONS = [
    ("lot", "Lot or Serial"),
    ("supplier_product", "Product of a Supplier"),
    ("product", "Product"),
    ("lane", "Lane"),
    ("picker", "Picker"),
    ("packaging", "Packaging"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("zone", "Zone"),
    ("channel", "Sales Channel"),
    ("warehouse", "Warehouse"),
]
STATES = [("new", "New"), ("improving", "Being Improved"), ("dismissed", "Dismissed"), ("gone", "Gone")]


class ScmReturnFinding(models.Model):
    """What comes back more often than the rest of its kind, beyond chance. Written by :meth:`_find` alone."""

    _name = "scm.return.finding"
    _description = "Finding from Returns"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "is_current DESC, money DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one("scm.return.finding.run", "Last Search", readonly=True, ondelete="set null")
    state = fields.Selection(
        STATES, required=True, default="new", readonly=True, index=True, tracking=True, group_expand=True
    )
    is_current = fields.Boolean(
        "Holds Now", readonly=True, default=True, help="The last search found it; else it is remembered."
    )
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True, index=True)
    key = fields.Char(required=True, readonly=True, help="Ids of the records that it is about.")
    owner = fields.Selection(
        OWNERS, "Who Can Remove It", readonly=True, index=True, help="By the causes that inspection found most often."
    )
    lens = fields.Selection(
        [("all", "All Returns"), *OWNERS],
        "Returns Counted",
        readonly=True,
        default="all",
        help="The returns that stand out: all of them, or those whose cause belongs to one owner.",
    )

    product_id = fields.Many2one("product.product", readonly=True, index="btree_not_null", ondelete="cascade")
    supplier_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="cascade")
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True, ondelete="cascade")
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="cascade")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="cascade")
    package_type_id = fields.Many2one("stock.package.type", "Packaging", readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    picker_id = fields.Many2one("res.users", readonly=True, ondelete="cascade")
    team_id = fields.Many2one("crm.team", "Sales Channel", readonly=True, ondelete="cascade")

    date_from = fields.Date("Orders from", readonly=True)
    date_to = fields.Date("Orders to", readonly=True)
    delivered = fields.Float("Deliveries", readonly=True, digits=(16, 0), aggregator=None)
    exposure = fields.Float(
        "Deliveries, Matured",
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="Young deliveries count with the share of their returns that must have come by now.",
    )
    returned = fields.Float("Deliveries with a Return", readonly=True, digits=(16, 0), aggregator=None)
    customers = fields.Integer(readonly=True, aggregator=None, help="Different customers behind the returns.")
    rate = fields.Float("Return Rate", readonly=True, aggregator=None)
    low = fields.Float("Rate, at Least", readonly=True, aggregator=None, help="95 % interval (Clopper-Pearson).")
    high = fields.Float("Rate, at Most", readonly=True, aggregator=None)
    group_rate = fields.Float(
        "Rate of the Rest", readonly=True, aggregator=None, help="Of all other deliveries in the same categories."
    )
    factor = fields.Float(readonly=True, aggregator=None, help="Rate over the rate of the rest.", digits=(16, 1))
    factor_low = fields.Float("Factor, at Least", readonly=True, aggregator=None, digits=(16, 1))
    p_value = fields.Float("p", readonly=True, aggregator=None, digits=(16, 6))
    q_value = fields.Float(
        "q",
        readonly=True,
        aggregator=None,
        digits=(16, 6),
        help="Share of false findings to expect among all that are at least as clear (Benjamini-Hochberg).",
    )
    excess = fields.Float(
        "Returns too Many", readonly=True, digits=(16, 1), aggregator=None, help="Above the rate of the rest."
    )
    money = fields.Monetary("Costs too Much", readonly=True, help="Returns too many, at what a return costs here.")
    money_year = fields.Monetary("Per Year", readonly=True)
    causes = fields.Json("Returns by Cause", readonly=True, help="Causes and how many returns each has.")
    covers = fields.Json("Explained Cells", readonly=True, help="Other cells that stand out only because of this one.")
    date_first = fields.Date("First Seen", readonly=True)
    date_last = fields.Date("Last Seen", readonly=True)
    dismissal = fields.Char("Why Dismissed", readonly=True, tracking=True)
    improvement_id = fields.Many2one("scm.improvement", readonly=True, copy=False, index="btree_not_null")
    why = fields.Json(readonly=True)

    _cell_uniq = models.UniqueIndex("(company_id, dimension, key)", "There is already a finding about this.")

    @api.depends(*{name for names in DIMENSION_FIELDS.values() for name in names}, "dimension")
    def _compute_name(self):
        for finding in self:
            # sudo: whoever reads the finding reads of what it is
            parts = [finding.sudo()[name].display_name for name in DIMENSION_FIELDS.get(finding.dimension, ())]
            finding.name = " · ".join(part for part in parts if part) or finding.key

    @api.depends("name")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.name
