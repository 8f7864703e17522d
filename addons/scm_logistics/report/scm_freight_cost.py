from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

#: ratios of sums: what is divided by what
RATIOS = {
    "cost_parcel": ("cost", "parcel_count"),
    "cost_kg": ("cost", "weight"),
    "cost_share": ("cost", "value"),
}


class ScmFreightCost(models.Model):
    """What each parcel that left our dock cost, to be summed by carrier, zone, weight, order or time.

    Costs per order, parcel and kilogram are sums over sums, not means of means.
    """

    _name = "scm.freight.cost"
    _description = "Freight Cost"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "parcel_id"
    _depends = {
        "scm.parcel": [
            "company_id", "carrier_id", "warehouse_id", "zone_id", "band_id", "country_id", "state_id", "partner_id",
            "direction", "weight", "value", "cost_expected", "cost_invoiced", "cost_source", "date_handed",
            "status", "sale_ids",
        ],
        "scm.freight.invoice": ["state"],
        "scm.freight.invoice.line": ["parcel_id", "difference", "invoice_id"],
        "scm.freight.claim": ["parcel_id", "state", "amount_paid"],
        "res.company": ["partner_id"],
        "stock.warehouse": ["partner_id"],
        "res.partner": ["tz"],
    }  # fmt: skip

    parcel_id = fields.Many2one("scm.parcel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    zone_id = fields.Many2one("scm.zone", readonly=True)
    band_id = fields.Many2one("scm.weight.band", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", "Region", readonly=True)
    partner_id = fields.Many2one("res.partner", "Delivery Address", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, help="The first, where a parcel has several.")
    direction = fields.Selection([("out", "To Customer"), ("return", "Return")], readonly=True)
    date = fields.Date("Handed Over", readonly=True)
    parcel_count = fields.Integer("Parcels", readonly=True)
    is_invoiced = fields.Boolean("Invoiced", readonly=True)
    weight = fields.Float("Weight (kg)", readonly=True, digits="Stock Weight")
    value = fields.Monetary("Value of Goods", readonly=True)
    cost_expected = fields.Monetary("Expected", readonly=True)
    cost_invoiced = fields.Monetary("Invoiced Freight", readonly=True)
    cost = fields.Monetary("Freight", readonly=True, help="As invoiced, else as expected.")
    difference = fields.Monetary(readonly=True, help="Invoiced less expected; agreed surcharges are expected.")
    claims_paid = fields.Monetary(readonly=True)
    cost_net = fields.Monetary("Freight less Claims", readonly=True)
    cost_parcel = fields.Monetary("per Parcel", readonly=True, aggregator="avg")
    cost_kg = fields.Monetary("per kg", readonly=True, aggregator="avg")
    cost_order = fields.Monetary("per Order", readonly=True, aggregator="avg")
    cost_share = fields.Float("Share of the Goods' Value", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        zone = zone_sql("cp", "wp")
        return SQL(
            """
            SELECT f.*, f.cost - f.claims_paid AS cost_net, f.cost AS cost_parcel, f.cost AS cost_order,
                   f.cost / NULLIF(f.weight, 0) AS cost_kg, f.cost / NULLIF(f.value, 0) AS cost_share
              FROM (SELECT p.id, p.id AS parcel_id, p.company_id, c.currency_id, p.carrier_id, p.warehouse_id,
                           p.zone_id, p.band_id, p.country_id, p.state_id, p.partner_id, p.direction, 1 AS parcel_count,
                           %s AS date, COALESCE(p.cost_invoiced, 0) != 0 AS is_invoiced,
                           COALESCE(p.weight, 0)::numeric AS weight, COALESCE(p.value, 0) AS value,
                           COALESCE(p.cost_expected, 0) AS cost_expected, COALESCE(p.cost_invoiced, 0) AS cost_invoiced,
                           COALESCE(NULLIF(p.cost_invoiced, 0), p.cost_expected, 0) AS cost,
                           (SELECT min(r.order_id) FROM scm_parcel_sale_rel r WHERE r.parcel_id = p.id) AS order_id,
                           COALESCE((SELECT sum(l.difference) FROM scm_freight_invoice_line l
                                       JOIN scm_freight_invoice i ON i.id = l.invoice_id
                                      WHERE l.parcel_id = p.id AND i.state IN ('checked', 'approved')), 0)
                               AS difference,
                           COALESCE((SELECT sum(k.amount_paid) FROM scm_freight_claim k
                                      WHERE k.parcel_id = p.id AND k.state = 'paid'), 0) AS claims_paid
                      FROM scm_parcel p
                      JOIN res_company c ON c.id = p.company_id JOIN res_partner cp ON cp.id = c.partner_id
                      LEFT JOIN stock_warehouse w ON w.id = p.warehouse_id
                      LEFT JOIN res_partner wp ON wp.id = w.partner_id
                     WHERE p.date_handed IS NOT NULL) f
            """,
            local_day_sql(SQL("p.date_handed"), zone),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Costs per unit are sums over sums."""
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in (*RATIOS, "cost_order"):
            return super()._read_group_select(aggregate_spec, query)
        column = {each: self._field_to_sql(self._table, each, query) for each in ("cost", "order_id")}
        if name == "cost_order":
            # parcels of no order would make orders look dear
            return SQL(
                "SUM(%s) FILTER (WHERE %s IS NOT NULL) / NULLIF(COUNT(DISTINCT %s), 0)",
                column["cost"],
                column["order_id"],
                column["order_id"],
            )
        below = self._field_to_sql(self._table, RATIOS[name][1], query)
        return SQL("SUM(%s) FILTER (WHERE %s > 0) / NULLIF(SUM(%s), 0)", column["cost"], below, below)

    def action_open_parcel(self):
        """The parcel itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.parcel",
            "res_id": self.parcel_id.id,
            "views": [(False, "form")],
        }
