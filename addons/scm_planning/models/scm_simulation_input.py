"""First beat of a simulation: what happened in the period and before it, in a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel import replay
from ..kernel import replenish as stock_kernel
from ..kernel.demand import MAX_DAYS
from ..kernel.proposal import choose_sellers
from ..kernel.supply_calendar import arrival_day

#: run before the period and not counted, so that no rule profits from how it began
WARM_UP_DAYS = 28
#: an item is replayed when that much of its history lies before the first day
LEAST_HISTORY_DAYS = 56
#: other products of the company whose history helps to learn season and errors
CONTEXT_ITEMS = 300
LEAD_TIME_YEARS = 2


@dataclass(frozen=True)
class SimulationInput:
    """What all scenarios of a simulation share; n items, the first n rows of ``history``.

    :param items: table of items as :class:`.scm_policy_input.PolicyInput` has it, classes as they were at the start
    :param history: :class:`..kernel.replay.History`, also of other items, up to the last day
    :param calendar: events, whose dates were known before
    :param first: day of the history that is day 0 of the replay
    :param length: replayed days, warm-up included; ``warm_up``: days of it
    :param supply: :class:`..kernel.replenish.Supply` as measured until now: the truth of the replay
    :param nodes_then: (n, J) lead times as known at the start
    :param vendor: int (n,) vendor's company, -1 = none
    :param cost, price: (n,) per unit, company currency
    :param left_out: items without enough history
    """

    items: pd.DataFrame
    history: replay.History
    calendar: object
    first: int
    length: int
    warm_up: int
    supply: stock_kernel.Supply
    nodes_then: np.ndarray
    vendor: np.ndarray
    cost: np.ndarray
    price: np.ndarray
    left_out: int

    @property
    def n(self):
        return len(self.items)

    @property
    def first_day(self) -> date:
        return self.history.start + timedelta(days=self.first)

    def demand(self, factor=1.0):
        """(n, T) units per replayed day, lost ones included."""
        days = slice(self.first, self.first + self.length)
        return (self.history.demand[: self.n, days] + self.history.lost[: self.n, days]) * factor

    def rate(self, factor=1.0):
        """(n,) units per day of the weeks before the replay."""
        before = slice(max(0, self.first - replay.WEEK * replay.RATE_WEEKS), self.first)
        return (self.history.demand[: self.n, before] + self.history.lost[: self.n, before]).mean(1) * factor


class ScmSimulationInput(models.AbstractModel):
    _name = "scm.simulation.input"
    _description = "Input of Policy Simulations"

    @api.model
    def _read(self, simulation):
        """:class:`SimulationInput` of a simulation."""
        company = simulation.company_id
        first_day = self._first_day(simulation)
        keys = self._chosen_keys(simulation)
        history, keys, wanted = self._read_history(company, keys, first_day, simulation.date_to)
        data = self.env["scm.policy.input"]._read_company(company, sorted({product for product, _warehouse in keys}))
        positions = self._positions(data.items, keys)
        supply, cost, vendor = self._supply(company, data, data.receipts)
        then, _cost, _vendor = self._supply(company, data, self._receipts_then(company, first_day))
        items = self._classes_then(company, data.items.iloc[positions].reset_index(drop=True), first_day)
        chosen = np.asarray(positions)
        first = (first_day - history.start).days
        cost = cost[chosen]
        return SimulationInput(
            items=items,
            history=history,
            calendar=self._calendar(company, history, simulation.date_to),
            first=first,
            length=history.demand.shape[1] - first,
            warm_up=(simulation.date_from - first_day).days,
            supply=replace(
                supply,
                **{name: getattr(supply, name)[chosen] for name in ("nodes", "moq", "multiple", "kind", "source")},
            ),
            nodes_then=then.nodes[chosen],
            vendor=vendor[chosen],
            cost=cost,
            price=self._prices(simulation, items, cost),
            left_out=wanted - len(keys),
        )

    @api.model
    def _first_day(self, simulation):
        """A Monday, the warm-up before the period."""
        day = simulation.date_from - timedelta(days=WARM_UP_DAYS)
        return day - timedelta(days=day.weekday())

    # Which items

    @api.model
    def _chosen_keys(self, simulation):
        """(product id, warehouse id) of the items that sell most, by value."""
        query = self.env["scm.policy.proposal"]._search(simulation._item_domain())
        return self.env.execute_query(
            SQL(
                """
                SELECT product_id, warehouse_id FROM scm_policy_proposal
                 WHERE id IN %s
              ORDER BY demand_day * COALESCE(NULLIF(unit_cost, 0), 1) DESC, id
                 LIMIT %s
                """,
                query.subselect(),
                simulation.product_limit,
            )
        )

    @api.model
    def _positions(self, items, keys):
        index = pd.MultiIndex.from_frame(items[["product_id", "warehouse_id"]])
        return index.get_indexer(pd.MultiIndex.from_tuples(keys))

    # Demand

    @api.model
    def _read_history(self, company, chosen, first_day, date_to):
        """History of the chosen items that were known in time and of some others; the keys that are left, and how many
        were asked for."""
        days = self.env["scm.demand.day"]
        _company, warehouses = days._panel_scope(company)
        start = first_day - timedelta(weeks=company.scm_history_weeks)
        keys, known_from, group = days._panel_items(warehouses, None, start)
        rows = self._series(keys, known_from, chosen, (first_day - start).days)
        n = rows["chosen"]
        if not n:
            raise UserError(self._no_history_message(company, first_day))
        order = rows["order"]
        keys, known_from, group = keys[order], np.maximum(known_from[order], 0), group[order]
        shape = (len(keys), (date_to - start).days + 1)
        by_code = np.argsort(days._key_codes(keys), kind="stable")
        codes = days._key_codes(keys)[by_code]
        products = sorted(set(keys[:, 0].tolist()))
        demand = np.empty(shape, np.float32)
        demand[by_code] = days._panel_quantity(warehouses, products, codes, start, shape[1], shape, 1)
        lost, in_stock = self._stock_outs(warehouses, codes, by_code, start, shape)
        history = replay.History(start, np.maximum(demand, 0), lost, in_stock, known_from, group)
        return history, [tuple(key) for key in keys[:n].tolist()], len(chosen)

    @api.model
    def _series(self, keys, known_from, chosen, first):
        """Rows of the panel: the chosen ones that were known in time, then others, evenly taken."""
        place = {tuple(key): row for row, key in enumerate(keys.tolist())}
        in_time = known_from <= first - LEAST_HISTORY_DAYS
        mine = [place[key] for key in chosen if key in place and in_time[place[key]]]
        others = np.setdiff1d(np.flatnonzero(in_time), mine)
        take = min(len(others), CONTEXT_ITEMS)
        others = others[(np.arange(take) * len(others)) // max(take, 1)] if take else others[:0]
        return {"chosen": len(mine), "order": np.r_[np.array(mine, int), others]}

    @api.model
    def _no_history_message(self, company, first_day):
        self.env.cr.execute("SELECT min(date) FROM scm_demand_day WHERE company_id = %s", [company.id])
        [earliest] = self.env.cr.fetchone()
        if not earliest:
            return self.env._(
                "%(company)s has no demand yet, so there is nothing to replay. Import history from before Odoo "
                "(Planning > Demand > Import Demand), or wait for the first sales.",
                company=company.name,
            )
        need = earliest + timedelta(days=LEAST_HISTORY_DAYS + WARM_UP_DAYS + 7)
        return self.env._(
            "There is too little history before the period: rules of %(day)s would have known nothing of these "
            "products. The demand of %(company)s begins on %(earliest)s; begin the period on %(need)s or later.",
            day=fields.Date.to_string(first_day),
            company=company.name,
            earliest=fields.Date.to_string(earliest),
            need=fields.Date.to_string(need),
        )

    @api.model
    def _stock_outs(self, warehouses, codes, by_code, start, shape):
        """Units lost per day, spread evenly over the days of their stock-out, and days in stock."""
        days = self.env["scm.demand.day"]
        end = start + timedelta(days=shape[1] - 1)
        product, warehouse, first, last, lost = days._copy(
            SQL(
                """
                SELECT product_id, warehouse_id, date_from - %(start)s, COALESCE(date_to, %(end)s) - %(start)s,
                       COALESCE(lost_quantity, 0)::float8
                  FROM scm_stockout
                 WHERE warehouse_id = ANY(%(warehouses)s) AND date_from <= %(end)s
                   AND (date_to IS NULL OR date_to >= %(start)s)
                """,
                start=start,
                end=end,
                warehouses=warehouses.ids,
            ),
            *("i4", "i4", "i4", "i4", "f8"),
        )
        series, found = days._match(codes, product, warehouse)
        series, first, last, lost = (values[found] for values in (series, first, last, lost))
        counted = np.minimum(last - first + 1, MAX_DAYS)
        interval, day = self._days_of(first, last, shape[1])
        table = np.zeros(shape, np.float32)
        share = np.where(day - first[interval] < counted[interval], lost[interval] / counted[interval], 0.0)
        row = by_code[series[interval]]
        np.add.at(table, (row, day), share)
        in_stock = np.ones(shape, bool)
        in_stock[row, day] = False
        return table, in_stock

    @api.model
    def _days_of(self, first, last, days):
        """Every day of every interval within the table: (interval, day)."""
        begin, end = np.maximum(first, 0), np.minimum(last, days - 1)
        count = np.maximum(end - begin + 1, 0)
        interval = np.repeat(np.arange(len(count)), count)
        return interval, begin[interval] + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)

    @api.model
    def _calendar(self, company, history, date_to):
        until = date_to + timedelta(weeks=replay.HORIZON + 1)
        return self.env["scm.event"]._calendar(company, history.start, until)

    # Supply and money

    @api.model
    def _supply(self, company, data, receipts):
        """Supply by these measured lead times, unit cost, and vendor's company of each item (-1: none).

        :param receipts: rows as of ``scm.receipt.fact._lead_times``
        """
        refresh = self.env["scm.policy.refresh"]
        n = len(data.items)
        unknown = pd.DataFrame({"forecast_id": [None] * n, "pattern": [None] * n})
        items = refresh._kernel_items(data, unknown)
        info = data.seller_info
        terms = stock_kernel.SellerTerms(
            vendor=info["company_partner"].to_numpy(int),
            delay=info["delay"].to_numpy(float),
            factor=info["uom_factor"].to_numpy(float),
            fits=info["fits"].to_numpy(bool),
        )
        chosen = choose_sellers(data.sellers, n)
        seller = np.where(items.fixed_seller >= 0, items.fixed_seller, chosen)
        supply = stock_kernel.supply_of(
            items, data.sellers, terms, refresh._receipts(receipts), seller, company.days_to_purchase
        )
        cost = np.where(items.unit_cost > 0, items.unit_cost, supply.price)
        vendor = np.where(seller >= 0, terms.vendor[seller], -1) if len(terms.vendor) else np.full(n, -1)
        return supply, cost, vendor

    @api.model
    def _receipts_then(self, company, day):
        """Lead times of what had come by that day."""
        since = fields.Date.subtract(day, years=LEAD_TIME_YEARS)
        return self.env["scm.receipt.fact"]._lead_times(company, since, day)

    @api.model
    def _classes_then(self, company, items, day):
        """The items with the classes that they had on that day, as far as changes since are on record."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (product_id, warehouse_id, measure) product_id, warehouse_id, measure, class_from
                  FROM scm_product_class_history
                 WHERE company_id = %s AND date > %s AND measure IN ('abc_value', 'xyz')
                   AND class_from IS NOT NULL
              ORDER BY product_id, warehouse_id, measure, date, id
                """,
                company.id,
                day,
            )
        )
        place = {key: row for row, key in enumerate(zip(items["product_id"], items["warehouse_id"], strict=True))}
        letters = {"abc_value": items["abc"].tolist(), "xyz": items["xyz"].tolist()}
        for product_id, warehouse_id, measure, letter in rows:
            if (row := place.get((product_id, warehouse_id))) is not None:
                letters[measure][row] = letter
        return items.assign(abc=letters["abc_value"], xyz=letters["xyz"])

    @api.model
    def _prices(self, simulation, items, cost):
        """Mean price of the period, else the list price, else the cost."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, warehouse_id, (sum(revenue) / sum(quantity))::float8
                  FROM scm_demand_day
                 WHERE company_id = %s AND date BETWEEN %s AND %s AND quantity > 0 AND revenue > 0
              GROUP BY product_id, warehouse_id
                """,
                simulation.company_id.id,
                simulation.date_from,
                simulation.date_to,
            )
        )
        known = {(product_id, warehouse_id): price for product_id, warehouse_id, price in rows}
        keys = zip(items["product_id"], items["warehouse_id"], strict=True)
        price = np.array([known.get(key, np.nan) for key in keys], float)
        listed = items["list_price"].fillna(0.0).to_numpy(float)
        return np.where(np.isfinite(price), price, np.where(listed > 0, listed, cost))

    # Shut-downs

    @api.model
    def _arrive(self, company, data):
        """``arrive(order day, lead days, item)`` with the shut-downs of the vendors, or None when there are none."""
        until = data.first_day + timedelta(days=data.length + 800)
        vendors = {int(vendor_id) for vendor_id in data.vendor if vendor_id > 0}
        calendar, row_of = self.env["scm.event"]._supply_calendar(company, vendors, data.first_day, until)
        if not row_of:
            return None
        rows = np.array([row_of.get(int(vendor_id), -1) for vendor_id in data.vendor])
        return lambda day, lead, item: arrival_day(calendar, rows[item], day, lead)
