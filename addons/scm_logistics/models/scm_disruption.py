from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmDisruption(models.Model):
    """A typhoon, a strike, a closed road: said once, applied to every parcel and open delivery that it meets."""

    _name = "scm.disruption"
    _description = "Disruption"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    kind_id = fields.Many2one("scm.disruption.kind", required=True, ondelete="restrict", tracking=True)
    icon = fields.Char("Picture", related="kind_id.icon")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("ended", "Ended")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
        index=True,
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    zip_prefixes = fields.Char(help="Beginnings of zip codes, with commas between them: 970, 971, 972.")
    carrier_ids = fields.Many2many(
        "delivery.carrier", string="Carriers", check_company=True, help="Empty: all carriers."
    )
    warehouse_ids = fields.Many2many(
        "stock.warehouse", string="From Warehouses", check_company=True, help="Empty: from all warehouses."
    )
    date_from = fields.Date("From", required=True, tracking=True, help="First day on which parcels stand still.")
    date_to = fields.Date("To", required=True, tracking=True, help="Last day on which parcels stand still.")
    extra_days = fields.Integer(
        "Delay (days)",
        required=True,
        compute="_compute_extra_days",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="Working days of the carrier by which parcels come later.",
    )
    customer_text = fields.Char(
        "Words for Customers", help="Instead of the kind's own words, in the language of the customers. May be empty."
    )
    note = fields.Text("Internal Notes")
    impact_ids = fields.One2many("scm.disruption.impact", "disruption_id", "Affected", copy=False)
    date_activated = fields.Datetime("Activated on", readonly=True, copy=False)
    date_ended = fields.Datetime("Ended on", readonly=True, copy=False)

    _days = models.Constraint("CHECK(date_from <= date_to)", "A disruption cannot end before it begins.")
    _extra = models.Constraint("CHECK(extra_days BETWEEN 0 AND 365)", "A delay is between 0 and 365 days.")

    @api.depends("kind_id")
    def _compute_extra_days(self):
        for one in self:
            one.extra_days = one.kind_id.extra_days or one.extra_days or 1

    @api.constrains("country_ids", "state_ids", "zip_prefixes", "carrier_ids", "warehouse_ids")
    def _check_area(self):
        for one in self:
            if not (one.country_ids or one.state_ids or one._prefixes() or one.carrier_ids or one.warehouse_ids):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: say where it is: a country, a state, zip codes, a carrier or a warehouse.",
                        name=one.name,
                    )
                )

    def _prefixes(self):
        """Beginnings of zip codes, without spaces and in capitals."""
        words = (self.zip_prefixes or "").replace(";", ",").replace("，", ",").replace("、", ",").split(",")
        return sorted({"".join(word.split()).upper() for word in words} - {""})
