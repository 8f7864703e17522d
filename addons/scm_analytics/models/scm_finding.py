from odoo import api, fields, models

from odoo.addons.scm_base.models.scm_alert_type import AREAS

from .scm_metric import UNITS

KINDS = [
    ("growth", "Growth or Fall"),
    ("peak", "Peak Moved"),
    ("excess", "Overstock and Ageing"),
    ("return_rate", "Return Rate"),
    ("return_cause", "Cause of Returns"),
    ("lane", "Lane"),
    ("supplier", "Supplier"),
    ("forecast_bias", "Forecast Bias"),
]
MEASURES = [
    ("revenue", "Revenue"),
    ("units", "Units"),
    ("hours", "Orders by Hour"),
    ("weekdays", "Orders by Weekday"),
    ("excess", "Cash Tied Up"),
    ("return_rate", "Units Returned"),
    ("late", "Parcels Late"),
    ("transit", "Days on the Way"),
    ("not_otif", "Lines Not on Time in Full"),
    ("days_late", "Days Late"),
    ("rejected", "Units Refused at Receipt"),
    ("bias", "Forecast Bias"),
]
DIMENSIONS = [
    ("warehouse", "Warehouse"),
    ("category", "Product Category"),
    ("region", "Region"),
    ("lane", "Lane"),
    ("supplier", "Supplier"),
    ("group", "Group"),
]
STATES = [
    ("new", "New"),
    ("seen", "Seen"),
    ("accepted", "Accepted"),
    ("improving", "Being Improved"),
    ("dismissed", "Dismissed"),
    ("resolved", "Resolved"),
]
#: fields that say of what a finding is, in the order in which its name is put together
SUBJECT_FIELDS = ("carrier_id", "state_id", "country_id", "categ_id", "partner_id", "warehouse_id")
#: states that the nightly search opens again when what was resolved comes back
OPEN_STATES = ("new", "seen", "accepted", "improving")


class ScmFinding(models.Model):
    """Something that changed or stands out beyond chance, and what it costs. Written by the nightly search alone.

    There is one row per company, kind, measure and subject (:attr:`key`): what is found again is the same row, what is
    found no more is resolved, and what was dismissed stays quiet until ``date_quiet``.
    """

    _name = "scm.finding"
    _description = "Finding"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "is_current DESC, money_size DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    subject = fields.Char("Of", compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one("scm.finding.run", "Last Search", readonly=True, ondelete="set null")
    area = fields.Selection(AREAS, required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    measure = fields.Selection(MEASURES, readonly=True)
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Kind, measure and subject: there is one finding of each.")
    state = fields.Selection(
        STATES, required=True, default="new", readonly=True, index=True, tracking=True, group_expand=True
    )
    is_current = fields.Boolean("Holds Now", readonly=True, default=True, help="The last search found it.")

    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, index="btree_not_null", ondelete="cascade")
    categ_id = fields.Many2one(
        "product.category", "Category", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    state_id = fields.Many2one("res.country.state", "State or Province", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="cascade")
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True, index="btree_not_null", ondelete="cascade")
    group_name = fields.Char("Group", readonly=True, help="Name of what is no record of its own.")
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference("Source", model_field="res_model", readonly=True)

    date_from = fields.Date("Days from", readonly=True)
    date_to = fields.Date("Days to", readonly=True)
    base_from = fields.Date("Compared with: from", readonly=True)
    base_to = fields.Date("Compared with: to", readonly=True)
    unit = fields.Selection(UNITS, required=True, readonly=True, default="count")
    before = fields.Float(readonly=True, aggregator=None, digits=(16, 4), help="What was to be expected.")
    after = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    change = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="Of sums: share by which it is more or less than expected. Of rates and days: the difference.",
    )
    low = fields.Float("Change, at Least", readonly=True, aggregator=None, digits=(16, 4), help="95 % interval.")
    high = fields.Float("Change, at Most", readonly=True, aggregator=None, digits=(16, 4), help="95 % interval.")
    p_value = fields.Float("p", readonly=True, aggregator=None, digits=(16, 8), help="Chance of this test alone.")
    p_adjusted = fields.Float(
        "p, All Tests", readonly=True, aggregator=None, digits=(16, 6), help="Over all tests of the search (Holm)."
    )
    is_tested = fields.Boolean(
        "Tested", readonly=True, help="Else it is counted, not estimated: stock that lies there needs no test."
    )
    sample = fields.Integer("n", readonly=True, aggregator=None, help="Facts that it is made of.")
    money = fields.Monetary(readonly=True, help="Per year; below zero it costs. Stock: what is tied up now.")
    money_size = fields.Monetary("Size of It", readonly=True, aggregator=None, help="Money without its sign.")
    series = fields.Json(readonly=True, help="Weeks with what was and what was to be expected, for the chart.")
    why = fields.Json(readonly=True)

    date_first = fields.Date("First Seen", readonly=True)
    date_last = fields.Date("Last Seen", readonly=True)
    date_quiet = fields.Date("Quiet until", readonly=True, copy=False)
    dismissal = fields.Char("Why Dismissed", readonly=True, tracking=True)
    improvement_id = fields.Many2one("scm.improvement", readonly=True, copy=False, index="btree_not_null")

    _key_uniq = models.UniqueIndex("(company_id, key)", "There is already a finding about this.")
    _money_idx = models.Index("(company_id, money_size DESC) WHERE is_current")

    @api.depends("kind", "measure", "group_name", *SUBJECT_FIELDS)
    def _compute_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for finding in self:
            # sudo: whoever reads the finding reads of what it is
            parts = [finding.sudo()[field].display_name for field in SUBJECT_FIELDS]
            parts = [finding.group_name, *parts]
            finding.subject = " · ".join(part for part in parts if part) or finding.company_id.sudo().name
            label = measures.get(finding.measure) or kinds.get(finding.kind, "")
            finding.name = f"{label}: {finding.subject}"

    @api.depends("name")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.name
