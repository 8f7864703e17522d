"""Second beat of the order plan: the kernel's plan of one company. Written by ``scm.order.plan.write``."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel import lateness, order_plan, plan_lots, plan_risk, replenish
from ..kernel.plan_types import Flow, Plan, PlanFlows, PlanItems, PlanOptions
from ..kernel.proposal import Sellers, choose_sellers
from ..kernel.supply_calendar import arrival_day

MOST_LOT_WEEKS = 26


@dataclass(frozen=True)
class PlanData:
    """Plan of one company with all that its rows are made of; arrays and tables per item, (n,)."""

    company: models.BaseModel
    today: date
    items: pd.DataFrame
    policies: pd.DataFrame
    supply: replenish.Supply
    sellers: Sellers
    break_lines: np.ndarray
    kernel: PlanItems
    options: PlanOptions
    plan: Plan
    risk: plan_risk.Risk
    unit_cost: np.ndarray
    problem: np.ndarray
    kind: np.ndarray

    @property
    def monday(self):
        return self.today - timedelta(days=self.options.weekday)

#: products that are planned together when all of a large company are
PRODUCTS_AT_ONCE = 5000


class ScmOrderPlanRefresh(models.AbstractModel):
    _name = "scm.order.plan.refresh"
    _description = "Refresh of the Order Plan"

    @api.model
    def _run(self, companies, product_ids=None):
        """Plan these companies, or only some products of them; returns the number of rows.

        A fixed number of queries per company. Running it twice gives the same rows and the same orders.
        """
        self = self.sudo()  # called by jobs and by methods that have checked the role; nobody writes the plan himself
        count = 0
        for company in companies:
            self = self.with_company(company)
            wanted = None if self._must_plan_all(company) else product_ids
            if wanted is not None and not wanted:
                continue
            count += self._run_all(company) if wanted is None else self._run_some(company, wanted)
        return count

    @api.model
    def _run_some(self, company, product_ids):
        """Some products, as many at a time as :meth:`_run_all` takes."""
        writer, shared, count = self.env["scm.order.plan.write"], self._read_shared(company), 0
        for start in range(0, len(product_ids), PRODUCTS_AT_ONCE):
            part = list(product_ids)[start : start + PRODUCTS_AT_ONCE]
            count += writer._write_plan(self._plan_company(company, part, shared), part)
        return count

    @api.model
    def _run_all(self, company):
        """All products of a company, so many at a time that memory does not grow with the company."""
        writer = self.env["scm.order.plan.write"]
        products = sorted(self.env["scm.order.plan.input"]._read_items(company, None)["product_id"].unique().tolist())
        if len(products) <= PRODUCTS_AT_ONCE:
            return writer._write_plan(self._plan_company(company), None)
        # first, so that the last part counts what is left
        writer._drop_others(company, products)
        count, shared = 0, self._read_shared(company)
        # products that may stand in for one another are planned together, else a substitute would not be seen
        pairs = self.env.execute_query(self.env["scm.order.plan.input"]._substitutes_query(products))
        for number, part in enumerate(plan_risk.parts(products, pairs, PRODUCTS_AT_ONCE)):
            data = self._plan_company(company, part, shared)
            count += writer._write_plan(data, part, first=not number, anew=True)
        return count

    @api.model
    def _must_plan_all(self, company):
        """Some products can only be planned again within the weeks that the plan of all has."""
        plan = self.env["scm.order.plan"].search([("company_id", "=", company.id)], limit=1)
        today = self.env["scm.demand.day"]._scm_company_today(company)
        monday = today - timedelta(days=today.weekday())
        return not plan or plan.date_from != monday or plan.weeks != company.scm_plan_weeks

    @api.model
    def _read_shared(self, company):
        """What the vendors of a company did until now: the same for all parts, and the same for a part as for all."""
        source = self.env["scm.order.plan.input"]
        receipts = self.env["scm.policy.refresh"]._receipts(source._read_receipts(company))
        return SimpleNamespace(receipts=receipts, lateness=source._read_lateness(company))

    @api.model
    def _plan_company(self, company, product_ids=None, shared=None):
        """:class:`PlanData` of a company, or of some of its products with all their warehouses."""
        self.env.flush_all()
        shared = shared or self._read_shared(company)
        source = self.env["scm.order.plan.input"]
        self._follow_units(company)
        zones = source._read_today(company)
        items = source._read_items(company, product_ids)
        items = items[items["warehouse_id"].isin(zones)].reset_index(drop=True)
        days = np.array([zones[warehouse_id] for warehouse_id in items["warehouse_id"]], dtype="datetime64[D]")
        today = self.env["scm.demand.day"]._scm_company_today(company)
        options = self._options(company, today)
        policies = self.env["scm.policy.refresh"]._choose_policies(company, items)
        levels = source._read_levels(company, items)
        sellers, info = source._read_sellers(company, items, days)
        supply, resupply = self._supply(company, items, levels, sellers, info, shared.receipts)
        calendar, rows = self._calendar(company, sellers, supply, today, options)
        kernel, lines = self._kernel_items(items, policies, levels, sellers, supply, resupply, rows, days, today)
        first_day = arrival_day(calendar, kernel.calendar_row, np.zeros(len(items), int), kernel.lead_days)
        flows = self._flows(company, items, days, today, first_day, shared.lateness)
        plan = order_plan.plan(kernel, flows, calendar, options)
        return self._judge(company, today, items, policies, supply, sellers, lines, kernel, options, plan)

    @api.model
    def _options(self, company, today):
        return PlanOptions(
            weeks=company.scm_plan_weeks,
            weekday=today.weekday(),
            transfer_days=company.scm_plan_transfer_days if company.scm_plan_transfers == "all" else None,
            backward=company.scm_plan_backward,
            forward=company.scm_plan_forward,
        )

    @api.model
    def _follow_units(self, company):
        """Firm and cancelled orders of a product whose unit changed: converted, or opened again if they cannot be."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_planned_order o
                   SET quantity = CASE WHEN same.root THEN o.quantity * old.factor / own.factor ELSE 0 END,
                       state = CASE WHEN same.root THEN o.state ELSE 'proposed' END, uom_id = own.id
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom own ON own.id = t.uom_id,
                       uom_uom old,
               LATERAL (SELECT split_part(old.parent_path, '/', 1) = split_part(own.parent_path, '/', 1) AS root) same
                 WHERE o.product_id = p.id AND old.id = o.uom_id AND o.uom_id <> own.id AND o.company_id = %s
                   AND o.state IN ('firm', 'cancelled')
                """,
                company.id,
            )
        )

    # Supply

    @api.model
    def _supply(self, company, items, levels, sellers, info, receipts):
        """(:class:`replenish.Supply`, (source, days) of resupply routes)."""
        source = self.env["scm.order.plan.input"]
        resupply = source._read_sources(company, items)
        wanted = np.maximum(levels["lot"].to_numpy(float), 0.0)
        fixed = self.env["scm.policy.refresh"]._fixed_sellers(SimpleNamespace(items=items, sellers=sellers))
        seller = np.where(fixed >= 0, fixed, choose_sellers(sellers, len(items), wanted))
        facts = SimpleNamespace(
            product=items["product_id"].to_numpy(int),
            route_days=source._read_route_days(company, items),
            fixed_multiple=items["rule_multiple"].fillna(0.0).to_numpy(float),
        )
        terms = replenish.SellerTerms(
            vendor=info["company_partner"].to_numpy(int),
            delay=info["delay"].to_numpy(float),
            factor=info["uom_factor"].to_numpy(float),
            fits=info["fits"].to_numpy(bool),
        )
        supply = replenish.supply_of(facts, sellers, terms, receipts, seller, company.days_to_purchase)
        # a reordering rule that names a vendor is bought from him whatever routes say
        return supply, (np.where(fixed >= 0, -1, resupply[0]), resupply[1])

    @api.model
    def _calendar(self, company, sellers, supply, today, options):
        """(kernel's calendar from today on, row of each item's vendor in it)."""
        vendor = np.where(supply.seller >= 0, sellers.partner[supply.seller], 0) if len(sellers.item) else np.zeros(
            len(supply.seller), int
        )
        last = today + timedelta(weeks=options.weeks + order_plan.BEYOND_WEEKS)
        calendar, rows = self.env["scm.event"]._supply_calendar(company, np.unique(vendor).tolist(), today, last)
        known = pd.Series(rows, dtype=float)
        return calendar, known.reindex(vendor).fillna(-1).to_numpy(int)

    @api.model
    def _kernel_items(self, items, policies, levels, sellers, supply, resupply, rows, days, today):
        monday = today - timedelta(days=today.weekday())
        source, source_days = resupply
        routed = source >= 0
        lead = np.where(routed, source_days, supply.nodes.mean(axis=1))
        quantities, prices, lines = plan_lots.price_breaks(sellers, np.where(routed, -1, supply.seller))
        company = self.env.company
        forecast = self.env["scm.order.plan.input"]._read_forecast(company, items, monday)
        stocked = policies["stocked"].to_numpy(bool)
        whole = items["whole"].astype(bool).to_numpy()
        most = policies["cover_max_days"].to_numpy(float)
        most_weeks = np.where(most > 0, np.maximum(most / 7, 1.0), np.inf)
        kernel = PlanItems(
            product=items["product_id"].to_numpy(int),
            opening=items["on_hand"].to_numpy(float),
            safety=levels["safety_stock"].to_numpy(float),
            step=np.where(whole, 1.0, self.env["scm.policy.refresh"]._unit_step()),
            gone_days=np.clip((days - np.datetime64(monday)).astype(int), 0, 7),
            forecast=np.where(stocked[:, None], forecast, 0.0),
            can_order=routed | (supply.kind != replenish.NO_SUPPLY) & (supply.blocked != "unit_mismatch"),
            source=source,
            lead_days=np.maximum(lead, 0.0),
            calendar_row=np.where(routed, -1, rows),
            lot_weeks=self._lot_weeks(policies, levels, most_weeks),
            most_weeks=most_weeks,
            moq=np.where(routed, 0.0, supply.moq),
            multiple=np.where(routed, 0.0, supply.multiple),
            rate=policies["holding_rate"].to_numpy(float),
            break_quantity=quantities,
            break_price=prices,
        )
        return kernel, lines

    @api.model
    def _lot_weeks(self, policies, levels, most_weeks):
        """Weeks that a lot is to last: the review period, or what the policy's order quantity lasts if that is more."""
        demand = levels["demand_day"].to_numpy(float)
        lasts = np.where(demand > 0, levels["lot"].to_numpy(float) / np.where(demand > 0, demand, 1.0), 0.0)
        days = np.maximum(policies["review_days"].to_numpy(float), lasts)
        weeks = np.clip(np.round(days / 7), 1, MOST_LOT_WEEKS)
        return np.minimum(weeks, np.maximum(np.floor(most_weeks), 1)).astype(int)

    # Flows

    @api.model
    def _flows(self, company, items, days, today, first_day, late):
        source = self.env["scm.order.plan.input"]
        receipts = source._read_open_receipts(company, items, days)
        receipts["day"] = self._likely_days(items, receipts, late)
        deliveries = source._read_deliveries(company, items, days)
        taken = deliveries["customer"].eq(True) & (deliveries["day"] >= 0)
        return PlanFlows(
            receipts=self._flow(receipts[~receipts["draft"]]),
            draft=self._flow(receipts[receipts["draft"]]),
            orders=self._flow(deliveries[taken]),
            other_out=self._flow(deliveries[~taken].assign(day=lambda rows: rows["day"].clip(lower=0))),
            **self._decided_flows(source._read_decided(company, items), today, first_day),
        )

    @api.model
    def _likely_days(self, items, receipts, facts):
        """Days on which open receipts are to be expected; what comes from no vendor comes as planned."""
        product = items["product_id"].to_numpy(int)[receipts["item"].to_numpy(int)]
        late, _sample = lateness.usual_lateness(
            facts["partner_id"], facts["product_id"], facts["days"], receipts["partner_id"], product
        )
        return lateness.likely_days(receipts["date"], receipts["promise"], late)

    @api.model
    def _decided_flows(self, decided, today, first_day):
        """Firm orders as flows, and weeks in which nobody wants an order. What is not ordered yet takes its time."""
        item = decided["item"].to_numpy(int)
        day = (decided["date_receipt"].to_numpy(dtype="datetime64[D]") - np.datetime64(today)).astype(int)
        leave = decided["date_order"].fillna(decided["date_receipt"]).to_numpy(dtype="datetime64[D]")
        leave = np.maximum((leave - np.datetime64(today)).astype(int), 0)
        is_transfer = (decided["kind"] == "transfer").to_numpy()
        firm = (decided["state"] == "firm").to_numpy()
        earliest = np.where(is_transfer, 0, np.minimum(first_day[item] if len(first_day) else 0, 10**6))
        coming = np.maximum(day, earliest)
        quantity = decided["quantity"].to_numpy(float)
        from_item = decided["source"].to_numpy(int)

        def flow(rows, where, when, amount=quantity):
            return Flow(where[rows], when[rows].astype(int), amount[rows])

        wish = ~firm & (day >= -6)
        return {
            "firm": flow(firm & ~is_transfer, item, coming),
            "firm_transfer_in": flow(firm & is_transfer, item, np.maximum(day, 0)),
            "firm_transfer_out": flow(firm & is_transfer & (from_item >= 0), from_item, leave),
            "no_buy": flow(wish & ~is_transfer, item, np.maximum(day, 0), np.ones(len(day))),
            "no_transfer": flow(wish & is_transfer, item, np.maximum(day, 0), np.ones(len(day))),
        }

    @api.model
    def _flow(self, rows):
        return Flow(rows["item"].to_numpy(int), rows["day"].to_numpy(int), rows["quantity"].to_numpy(float))

    # Judgement

    @api.model
    def _judge(self, company, today, items, policies, supply, sellers, lines, kernel, options, plan):
        cost = items["standard_price"].fillna(0.0).to_numpy(float)
        cost = np.where(cost > 0, cost, supply.price)
        margin = items["list_price"].fillna(0.0).to_numpy(float) - cost
        substitutes = self.env["scm.order.plan.input"]._read_substitutes(items)
        risk = plan_risk.risk(
            plan, kernel.safety, kernel.step, kernel.can_order, margin, self._same_product(items), substitutes
        )
        routed = (kernel.source >= 0) & ~plan.circle
        problem = np.select(
            [plan.circle, plan.never_open & kernel.can_order, ~routed & (supply.blocked != "")],
            ["circular_transfer", "no_open_day", supply.blocked.astype(str)],
            "",
        )
        ways = [routed, supply.kind == replenish.BUY, supply.kind == replenish.INTERNAL]
        kind = np.select(ways, ["transfer", "buy", "make"], "none")
        return PlanData(
            company=company, today=today, items=items, policies=policies, supply=supply, sellers=sellers,
            break_lines=lines, kernel=kernel, options=options, plan=plan, risk=risk, unit_cost=cost, problem=problem,
            kind=kind,
        )  # fmt: skip

    @api.model
    def _same_product(self, items):
        """Pairs of items of one product, int (p, 2)."""
        keys = items[["product_id"]].reset_index(names="item")
        keys = keys[keys["product_id"].duplicated(keep=False)]
        pairs = keys.merge(keys, on="product_id", suffixes=("", "_other"))
        return pairs.loc[pairs["item"] != pairs["item_other"], ["item", "item_other"]].to_numpy(int)

    @api.model
    def _now(self):
        return fields.Datetime.to_string(fields.Datetime.now())
