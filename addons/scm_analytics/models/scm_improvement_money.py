"""Money of a measure: how many facts a year it is made of, and what one unit of it costs at one fact."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: facts of so many days are a year's volume: a whole year has each season once
VOLUME_DAYS = 365
#: with fewer returns in the scope the mean cost of the company is taken
LEAST_RETURNS = 10


class ScmImprovement(models.Model):
    _inherit = "scm.improvement"

    @api.model
    def _money_kinds(self):
        """Hook: ``{code of a measure: kind of money}``; each kind has a method ``_money_<kind>``.

        It returns ``{improvement id: (facts a year, money of one, more terms of the why record)}`` for all of these, by
        the same number of queries for few and for many.
        """
        return {
            "customer_return_rate": "returns",
            "customer_fault_rate": "returns",
            "lead_time": "carrying",
            "parcel_cost": "freight",
            "packaging_cost": "packing",
            "lost_sales_share": "lost_sales",
        }

    @api.model
    def _volume_from(self, company):
        return local_today(company) - timedelta(days=VOLUME_DAYS)

    # Returns: deliveries a year x mean cost of a return

    def _money_returns(self):
        self.env.flush_all()
        rows = self.env.execute_query(SQL(" UNION ALL ").join(one._returns_money_sql() for one in self))
        currencies = {one.id: one.currency_id.name for one in self}
        found = {}
        for number, deliveries, returns, cost, all_returns, all_cost in rows:
            if returns < LEAST_RETURNS:
                returns, cost = all_returns, all_cost
            if deliveries and returns:
                terms = [
                    {"code": "value_return_cost", "value": cost, "unit": currencies[number]},
                    {"code": "value_returns", "value": returns, "unit": ""},
                ]
                found[number] = (deliveries, cost / returns, terms)
        return found

    def _returns_money_sql(self):
        scope = self._return_scope_sql()
        return SQL(
            """SELECT %(id)s, count(*) FILTER (WHERE %(scope)s)::float8,
                      count(*) FILTER (WHERE fact.returned > 0 AND %(scope)s)::float8,
                      COALESCE(sum(fact.cost) FILTER (WHERE fact.returned > 0 AND %(scope)s), 0)::float8,
                      count(*) FILTER (WHERE fact.returned > 0)::float8,
                      COALESCE(sum(fact.cost) FILTER (WHERE fact.returned > 0), 0)::float8
                 FROM scm_return_fact fact
                WHERE fact.company_id = %(company)s AND fact.order_date >= %(first)s""",
            id=self.id,
            scope=scope,
            company=self.company_id.id,
            first=self._volume_from(self.company_id),
        )

    # Lead time: goods received a day x holding rate

    def _money_carrying(self):
        rates = self._holding_rates()
        received = self._received_value()
        found = {}
        for one in self:
            company, partner, product = one.company_id, one.partner_id.commercial_partner_id, one.product_id
            value = sum(
                amount
                for (owner, vendor, item), amount in received.items()
                if owner == company.id and (not partner or vendor == partner.id) and (not product or item == product.id)
            )
            rate = rates.get(company.id, 0.0)
            if value and rate:
                terms = [
                    {"code": "value_received", "value": value, "unit": one.currency_id.name},
                    {"code": "value_holding_rate", "value": rate, "unit": "percent"},
                ]
                found[one.id] = (value / VOLUME_DAYS, rate, terms)
        return found

    def _holding_rates(self):
        """``{company id: mean holding rate of its policies}``"""
        groups = self.env["scm.inventory.policy"]._read_group(
            [("company_id", "in", self.company_id.ids)], ["company_id"], ["holding_rate:avg"]
        )
        return {company.id: rate for company, rate in groups}

    def _received_value(self):
        """``{(company, vendor, product): goods received in a year, at cost}``, by one query and one read of costs."""
        domain = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("date_last_receipt", ">=", self._volume_from(company))
            for company in self.company_id
        )
        groups = self.env["scm.receipt.fact"]._read_group(
            domain, ["company_id", "partner_id", "product_id"], ["qty_received:sum"]
        )
        values = defaultdict(float)
        for company, rows in self._by_first(groups).items():
            products = self.env["product.product"].browse([product.id for _vendor, product, _quantity in rows])
            costs = {product.id: product.standard_price for product in products.with_company(company)}
            for vendor, product, quantity in rows:
                values[company.id, vendor.id, product.id] += quantity * costs[product.id]
        return values

    @api.model
    def _by_first(self, groups):
        found = defaultdict(list)
        for first, *others in groups:
            found[first].append(others)
        return found

    # Freight and packing: parcels a year, the measure is money already

    def _money_freight(self):
        domain = Domain.OR(self._year_of(company, "date_handed") for company in self.company_id)
        groups = self.env["scm.parcel"]._read_group(
            domain & Domain("direction", "=", "out"), ["company_id", "carrier_id"], ["__count"]
        )
        return self._facts_a_year(
            groups, lambda one, carrier: not one.scm_carrier_id or carrier == one.scm_carrier_id
        )

    def _money_packing(self):
        domain = Domain.OR(self._year_of(company, "date") for company in self.company_id)
        groups = self.env["scm.packaging.fact"]._read_group(domain, ["company_id", "warehouse_id"], ["parcels:sum"])
        return self._facts_a_year(
            groups, lambda one, warehouse: not one.scm_zone_id or warehouse == one.scm_zone_id.warehouse_id
        )

    def _facts_a_year(self, groups, belongs):
        """Facts of groups of (company, part, number) by improvement, where there are any; one is worth the change."""
        counts = {
            one.id: sum(number for company, part, number in groups if company == one.company_id and belongs(one, part))
            for one in self
        }
        return {number: (float(count), 1.0, []) for number, count in counts.items() if count}

    @api.model
    def _year_of(self, company, day):
        return Domain("company_id", "=", company.id) & Domain(day, ">=", self._volume_from(company))

    # Lost sales: what customers wanted in a year x gross margin

    def _money_lost_sales(self):
        self.env.flush_all()
        rows = self.env.execute_query(SQL(" UNION ALL ").join(one._wanted_sql() for one in self))
        currencies = {one.id: one.currency_id.name for one in self}
        found = {}
        for number, revenue, lost, cost in rows:
            if revenue > cost:
                terms = [
                    {"code": "value_revenue", "value": revenue, "unit": currencies[number]},
                    {"code": "value_lost_revenue", "value": lost, "unit": currencies[number]},
                    {"code": "value_cost_of_goods", "value": cost, "unit": currencies[number]},
                ]
                found[number] = (revenue + lost, (revenue - cost) / revenue, terms)
        return found

    def _wanted_sql(self):
        company, first = self.company_id.id, self._volume_from(self.company_id)
        product = SQL("AND product_id = %s", self.product_id.id) if self.product_id else SQL()
        return SQL(
            """SELECT %(id)s, COALESCE(sum(demand.revenue), 0)::float8,
                      (SELECT COALESCE(sum(lost_revenue), 0) FROM scm_stockout
                        WHERE company_id = %(company)s AND date_from >= %(first)s %(product)s)::float8,
                      COALESCE(sum(demand.quantity
                                   * COALESCE((product.standard_price ->> %(key)s)::numeric, 0)), 0)::float8
                 FROM (SELECT product_id, sum(revenue) AS revenue, sum(quantity) AS quantity FROM scm_demand_day
                        WHERE company_id = %(company)s AND date >= %(first)s %(product)s
                        GROUP BY product_id) demand
                 JOIN product_product product ON product.id = demand.product_id""",
            id=self.id,
            company=company,
            first=first,
            product=product,
            key=str(company),
        )
