import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scm_tracking_key import BLANKS, tracking_key, tracking_key_sql

#: what a person may write; all else follows from transfers, events and promises
_TYPED_FIELDS = {
    "name",
    "tracking_ref",
    "carrier_id",
    "partner_id",
    "picking_ids",
    "sale_ids",
    "package_id",
    "package_count",
    "weight",
    "value",
    "cost_expected",
}
#: what comes from Odoo's own parts of the form
_FREE_PREFIXES = ("message_", "activity_", "my_activity_", "website_message_")
#: canonical statuses, in the order in which a parcel usually passes them
STATUSES = [
    ("info_received", "Label made"),
    ("in_transit", "In Transit"),
    ("out_for_delivery", "Out for Delivery"),
    ("attempt_failed", "Attempt Failed"),
    ("available_for_pickup", "Ready for Pickup"),
    ("delivered", "Delivered"),
    ("exception", "Exception"),
    ("returned", "Returned to Sender"),
    ("expired", "Expired"),
]


class ScmParcel(models.Model):
    """One package on its way. Its state is a function of its events; what was promised is kept as it was promised."""

    _name = "scm.parcel"
    _description = "Parcel"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id DESC"
    _rec_name = "name"
    _check_company_auto = True

    name = fields.Char(required=True, copy=False, index="trigram", help="Tracking number, else a number of ours.")
    tracking_ref = fields.Char("Tracking Number", copy=False, index=True)
    direction = fields.Selection([("out", "To Customer"), ("return", "Return")], required=True, default="out")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", check_company=True, index=True)
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, index=True)
    partner_id = fields.Many2one("res.partner", "Delivery Address", index=True)
    picking_ids = fields.Many2many(
        "stock.picking", "scm_parcel_picking_rel", "parcel_id", "picking_id", "Transfers", copy=False
    )
    sale_ids = fields.Many2many("sale.order", "scm_parcel_sale_rel", "parcel_id", "order_id", "Orders", copy=False)
    package_id = fields.Many2one("stock.package", copy=False, index="btree_not_null")
    package_count = fields.Integer("Packages", default=1, help="Packages that travel under this tracking number.")
    # frozen from the address, because addresses change and the past does not
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    zone_id = fields.Many2one("scm.zone", readonly=True, index="btree_not_null")
    band_id = fields.Many2one("scm.weight.band", readonly=True)
    weight = fields.Float("Weight (kg)", digits="Stock Weight")
    value = fields.Monetary("Value of Goods")
    cost_expected = fields.Monetary("Expected Freight", help="Price of the carrier when the parcel was handed over.")
    cost_invoiced = fields.Monetary("Invoiced Freight", readonly=True, copy=False)

    status = fields.Selection(STATUSES, required=True, default="info_received", readonly=True, index=True)
    sub_status = fields.Char(readonly=True)
    status_at = fields.Datetime("Status since", readonly=True)
    last_event_at = fields.Datetime("Last News", readonly=True)
    last_text = fields.Char("Last News Says", readonly=True)
    last_place = fields.Char(readonly=True)
    is_final = fields.Boolean("Finished", readonly=True, index=True, help="Nothing can change any more.")
    attempts = fields.Integer("Failed Attempts", readonly=True)
    is_lost = fields.Boolean("Lost", readonly=True)
    is_damaged = fields.Boolean("Damaged", readonly=True)

    date_ordered = fields.Datetime("Ordered", readonly=True)
    date_ready = fields.Datetime("Ready", readonly=True, help="Packed: the last step before the dock was done.")
    date_handed = fields.Datetime("Handed Over", readonly=True, help="Left our dock.")
    date_first_scan = fields.Datetime("First Scan", readonly=True, help="The carrier's first sign of the parcel.")
    date_delivered = fields.Datetime("Delivered", readonly=True, index=True)

    date_promised = fields.Date("Promised", readonly=True, index=True, help="Day promised at order time; stays.")
    promise_source = fields.Selection(
        [
            ("commitment", "Day agreed with the customer"),
            ("lane", "Lane and cut-off"),
            ("odoo", "Lead times of products"),
        ],
        "Promise Made from",
        readonly=True,
    )
    date_expected = fields.Date("Expected", readonly=True, index=True, help="Day that is expected now.")
    days_late = fields.Integer(readonly=True, aggregator="avg", help="Days after the promised day, so far or at last.")
    is_late = fields.Boolean("Late", readonly=True, index=True)

    event_ids = fields.One2many("scm.parcel.event", "parcel_id", "Events")
    promise_ids = fields.One2many("scm.parcel.promise", "parcel_id", "Changes of the Date")
    access_token = fields.Char(
        copy=False, readonly=True, groups="base.group_system", default=lambda self: secrets.token_urlsafe(24)
    )
    state_why = fields.Json(readonly=True, help="Which events made the status.")
    why = fields.Json(readonly=True)

    # the expression is that of tracking_key_sql: people and carriers write numbers with spaces and in any case
    _tracking_idx = models.Index(
        f"(company_id, upper(regexp_replace(tracking_ref, '{BLANKS}', '', 'g')))"
    )
    _open_idx = models.Index("(company_id, status) WHERE is_final IS NOT TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        parcels = super().create(vals_list)
        parcels.filtered("tracking_ref")._adopt_orphans()
        return parcels

    def write(self, vals):
        if not self.env.su and (fixed := [name for name in vals if not self._is_typed(name)]):
            raise UserError(
                self.env._(
                    "Parcel %(parcel)s: %(fields)s cannot be typed. They follow from the events and promises of the "
                    "parcel; enter what happened as an event, or change the expected day with its button.",
                    parcel=self[:1].display_name,
                    fields=", ".join(self.fields_get(fixed, ["string"])[name]["string"] for name in fixed),
                )
            )
        result = super().write(vals)
        if vals.get("tracking_ref"):
            self._adopt_orphans()
        return result

    @api.model
    def _is_typed(self, name):
        """Hook: whether people with write access may write the field."""
        return name in _TYPED_FIELDS or name.startswith(_FREE_PREFIXES)

    @api.model
    def _open(self, parcels):
        """Action that shows these parcels: the form of a single one, else the list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_action")
        if len(parcels) == 1:
            return action | {"views": [(False, "form")], "res_id": parcels.id, "context": {}}
        return action | {"domain": [("id", "in", parcels.ids)], "context": {}}

    def _adopt_orphans(self):
        """Take over the events that came before the parcel was known."""
        return self.env["scm.tracking.orphan"]._adopt(self)

    def _classify(self):
        """Hook: fill zone and weight band of these parcels, set-based."""
        return self

    def _fill_cost_expected(self):
        """Hook: fill the expected freight of these parcels where it is empty, set-based."""
        return self

    def _after_state(self, changes):
        """Hook: statuses changed because of new events (not because a mapping was edited).

        :param changes: ``{parcel id: (old status, new status)}`` of those whose status changed
        """
        return changes

    @api.model
    def _find_by_tracking(self, company, wanted):
        """Parcels by tracking number, whatever its case and spaces, in one query.

        A number that a carrier uses again means the newest parcel that existed when the event happened.

        :param wanted: iterable of (tracking number, carrier id or False, moment)
        :return: ``{(tracking number, carrier id or False, moment): parcel id}``; unknown numbers are missing
        """
        wanted = list(wanted)
        keys = {tracking_key(ref) for ref, _carrier, _moment in wanted} - {""}
        if not keys:
            return {}
        self.flush_model(["tracking_ref", "company_id", "carrier_id", "date_ordered", "date_handed"])
        rows = self.env.execute_query(
            SQL(
                """SELECT %(key)s, carrier_id, COALESCE(date_ordered, date_handed, create_date), id
                     FROM scm_parcel WHERE company_id = %(company)s AND %(key)s = ANY(%(keys)s)
                    ORDER BY 3 DESC, id DESC""",
                key=tracking_key_sql("tracking_ref"),
                company=company.id,
                keys=sorted(keys),
            )
        )
        parcels = {}
        for key, carrier, since, id_ in rows:
            parcels.setdefault(key, []).append((carrier, since, id_))
        found = {one: _choose_parcel(parcels.get(tracking_key(one[0]), []), *one[1:]) for one in wanted}
        return {one: id_ for one, id_ in found.items() if id_}


def _choose_parcel(parcels, carrier, moment):
    """Id of the parcel that is meant, of those with one number, newest first; None if none can be."""
    fitting = [parcel for parcel in parcels if not carrier or not parcel[0] or parcel[0] == carrier]
    known = [parcel for parcel in fitting if moment and parcel[1] <= moment]
    return (known or fitting[-1:] or [(None, None, None)])[0][2]
