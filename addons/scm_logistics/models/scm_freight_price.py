import json

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

from ..kernel import freight_rate as kernel

#: ordinals that stand for "always"
FIRST, LAST = 1, 3652059
CHUNK = 20_000


class ScmFreightPrice(models.AbstractModel):
    """What the carrier should charge: contract rates, else the delivery method's own price, without our margin."""

    _name = "scm.freight.price"
    _description = "Expected Freight"

    @api.model
    def _fill(self, parcel_ids, again=False):
        """Store the expected freight of parcels that have none yet (``again``: of all that were computed).

        :return: number of parcels that were filled
        """
        facts = self._facts(parcel_ids, again)
        if not facts:
            return 0
        price, source = self._price(facts)
        known = np.isfinite(price)
        rows = [
            {"id": fact["id"], "cost": fact["round"](cost) if fine else 0.0, "source": name if fine else "none"}
            for fact, cost, name, fine in zip(facts, price.tolist(), source, known.tolist(), strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_parcel p SET cost_expected = r.cost, cost_source = r.source
                  FROM jsonb_to_recordset(%s::jsonb) AS r(id int4, cost numeric, source text)
                 WHERE p.id = r.id
                """,
                json.dumps(rows),
            )
        )
        self.env["scm.parcel"].browse(parcel_ids).invalidate_recordset(["cost_expected", "cost_source"])
        return len(rows)

    @api.model
    def _facts(self, parcel_ids, again=False):
        """What prices depend on, one dict per parcel, in one query."""
        self.env.flush_all()
        wanted = SQL("p.cost_source IS NOT NULL") if again else SQL(
            "p.cost_source IS NULL AND COALESCE(p.cost_expected, 0) = 0"
        )  # fmt: skip
        facts = self.env.execute_query_dict(self._facts_sql(SQL("p.id = ANY(%s) AND %s", list(parcel_ids), wanted)))
        return self._with_rounding(facts)

    @api.model
    def _with_rounding(self, facts):
        # sudo: the rounding of a company's currency is no secret
        companies = self.env["res.company"].sudo().browse({fact["company_id"] for fact in facts})
        rounding = {company.id: company.currency_id.round for company in companies}
        for fact in facts:
            fact["round"] = rounding[fact["company_id"]]
        return facts

    @api.model
    def _facts_sql(self, where):
        """Goods of a transfer with several parcels are shared out evenly among them."""
        return SQL(
            """
            SELECT p.id, p.company_id, p.carrier_id, COALESCE(p.zone_id, 0) AS zone, COALESCE(p.weight, 0) AS weight,
                   COALESCE(p.value, 0)::float AS price, COALESCE(g.quantity, 0) AS quantity,
                   COALESCE(g.volume, 0) AS volume, COALESCE(g.wv, 0) AS wv, COALESCE(g.label, 0) AS label,
                   %(day)s AS day,
                   p.cost_expected::float AS cost_expected, p.cost_source
              FROM scm_parcel p
              JOIN res_company c ON c.id = p.company_id JOIN res_partner cp ON cp.id = c.partner_id
              LEFT JOIN stock_warehouse w ON w.id = p.warehouse_id LEFT JOIN res_partner wp ON wp.id = w.partner_id
              LEFT JOIN LATERAL (
                   SELECT sum(m.quantity / s.parcels) AS quantity, sum(m.volume / s.parcels) AS volume,
                          sum(m.wv / s.parcels) AS wv, sum(k.carrier_price / s.parcels) AS label
                     FROM scm_parcel_picking_rel r
                     JOIN stock_picking k ON k.id = r.picking_id
                    CROSS JOIN LATERAL (SELECT count(*)::float AS parcels FROM scm_parcel_picking_rel o
                                         WHERE o.picking_id = r.picking_id) s
                     LEFT JOIN LATERAL (
                          SELECT sum(q.quantity) AS quantity, sum(q.quantity * d.volume) AS volume,
                                 sum(q.quantity * d.volume * d.weight) AS wv
                            FROM (SELECT v.product_id,
                                         COALESCE(v.quantity * v.product_qty / NULLIF(v.product_uom_qty, 0), v.quantity)
                                             ::float AS quantity
                                    FROM stock_move v WHERE v.picking_id = k.id AND v.state = 'done') q
                            JOIN product_product d ON d.id = q.product_id) m ON TRUE
                    WHERE r.parcel_id = p.id) g ON TRUE
             WHERE p.carrier_id IS NOT NULL AND %(where)s
             ORDER BY p.id
            """,
            day=local_day_sql(SQL("COALESCE(p.date_handed, p.create_date)"), zone_sql("cp", "wp")),
            where=where,
        )

    @api.model
    def _price(self, facts, weight=None, zone=None):
        """Price (n,) and where it comes from, for what the facts say, or with another weight or zone (n,) each."""
        column = {name: np.array([fact[name] for fact in facts]) for name in ("company_id", "carrier_id", "zone")}
        weight = np.array([fact["weight"] for fact in facts], float) if weight is None else np.asarray(weight, float)
        zone = column["zone"] if zone is None else np.asarray(zone, np.int64)
        day = np.array([fact["day"].toordinal() for fact in facts], np.int64)
        price, source = np.full(len(facts), np.nan), np.full(len(facts), "none", object)
        for company_id in np.unique(column["company_id"]).tolist():
            mine = np.flatnonzero(column["company_id"] == company_id)
            rates = self._rates(company_id, np.unique(column["carrier_id"][mine]).tolist())
            price[mine] = kernel.contract_price(rates, column["carrier_id"][mine], zone[mine], weight[mine], day[mine])
        source[np.isfinite(price)] = "rate"
        self._price_of_methods(facts, column, weight, price, source)
        return price, source.tolist()

    @api.model
    def _rates(self, company_id, carrier_ids):
        # sudo: prices are read by the caller's computation, shown only on records that he may read
        rates = self.env["scm.freight.rate"].sudo().search_fetch(
            [("company_id", "=", company_id), ("carrier_id", "in", carrier_ids)]
        )  # fmt: skip
        return kernel.Rates.of(
            (
                rate.carrier_id.id,
                rate.zone_id.id or kernel.ALL,
                rate.weight_from,
                rate.price_base,
                rate.price_kg,
                rate.date_from.toordinal() if rate.date_from else FIRST,
                rate.date_to.toordinal() if rate.date_to else LAST,
            )
            for rate in rates
        )

    @api.model
    def _price_of_methods(self, facts, column, weight, price, source):
        """Fill what the contract does not price by the delivery methods; writes into ``price`` and ``source``."""
        open_ids = np.unique(column["carrier_id"][np.isnan(price)]).tolist()
        carriers = self.env["delivery.carrier"].sudo().browse(open_ids)  # sudo: as for rates
        for carrier in carriers:
            mine = np.flatnonzero((column["carrier_id"] == carrier.id) & np.isnan(price))
            own = [facts[number] for number in mine]
            found = self._method_price(carrier, own, weight[mine])
            rates = {company: self._currency_rate(carrier, company) for company in {fact["company_id"] for fact in own}}
            price[mine] = found * np.array([rates[fact["company_id"]] for fact in own])
            kind = {"fixed": "fixed", "base_on_rule": "rule"}.get(carrier.delivery_type, "transfer")
            source[mine[np.isfinite(found)]] = kind

    @api.model
    def _method_price(self, carrier, facts, weight):
        if carrier.delivery_type == "fixed":
            return np.full(len(facts), carrier.fixed_price)
        if carrier.delivery_type != "base_on_rule":
            label = np.array([fact["label"] for fact in facts], float)
            # another weight than that of the label has no price known
            same = weight == np.array([fact["weight"] for fact in facts], float)
            return np.where((label > 0) & same, label, np.nan)
        rules = [
            (rule.variable, rule.operator, rule.max_value, rule.list_base_price, rule.list_price, rule.variable_factor)
            for rule in carrier.price_rule_ids
        ]
        values = {name: [fact[name] for fact in facts] for name in ("volume", "wv", "price", "quantity")}
        return kernel.rule_price(rules, {"weight": weight, **values})

    @api.model
    def _currency_rate(self, carrier, company_id):
        company = self.env["res.company"].sudo().browse(company_id)  # sudo: its currency, no secret
        if carrier.currency_id == company.currency_id or not carrier.currency_id:
            return 1.0
        today = fields.Date.context_today(self)
        return self.env["res.currency"]._get_conversion_rate(carrier.currency_id, company.currency_id, company, today)
