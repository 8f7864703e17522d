"""The order plan: weekly netting of all items of a company at once.

An item is a product in a warehouse. For each item and week::

    closing = opening + receipts at their likely days + quotations + firm orders + planned orders + transfers in
              - orders taken - forecast net of them - transfers out - what other warehouses need from it

Where closing would fall below the safety stock, the plan

1. takes surplus of other warehouses (:mod:`.plan_transfers`),
2. then orders a lot (:mod:`.plan_lots`), never to come earlier than what is ordered today, and ordered as late as the
   vendor's calendar allows (:mod:`.supply_calendar`): a shut-down pulls orders forward, and needs that it joins on one
   arrival are one order;
3. an item that a resupply route serves orders from its source warehouse, whose demand that becomes (distribution
   requirements planning: Martin, 1983), so items are netted from the end of each chain to its source.

Demand that finds no stock waits: closing is negative and the next receipt serves it first. What is short before an
order placed today can arrive cannot be saved by ordering (:mod:`.plan_risk`).

Loops run over weeks, levels and chunks of products only. Quantities are in the product's unit, days count from today.
"""

from dataclasses import dataclass, replace

import numpy as np

from .plan_demand import by_week, consume, forecast_weeks, monday_of, week_of
from .plan_lots import lots
from .plan_transfers import levels_of, share_surplus, surplus_pairs
from .plan_types import ORDER_FIELDS, ORDER_TYPES, TERMS, Plan, PlannedOrders, closing_of
from .proposal import QUANTITY_EPS
from .supply_calendar import NEVER, arrival_day, latest_order_day

#: items planned at once: bounds the memory, not the result
CHUNK = 20000
#: weeks looked at beyond the plan for items whose lead time would end behind it
BEYOND_WEEKS = 64
BUY, TRANSFER = 0, 1


def plan(items, flows, calendar, options):
    """The plan of all items of a company.

    :param items: :class:`.plan_types.PlanItems`; ``flows``: :class:`.plan_types.PlanFlows`
    :param options: :class:`.plan_types.PlanOptions`
    :param calendar: :class:`.supply_calendar.SupplyCalendar` that starts today

    50 on hand, 20 a week, one week of lead time, lots of two weeks: stock is 10 after week 1, so 40 more must be there
    in week 2, and again every second week; the last order is for the week behind the plan.

    >>> from datetime import date
    >>> from .plan_types import PlanFlows, PlanItems, PlanOptions
    >>> from .supply_calendar import SupplyCalendar
    >>> calendar = SupplyCalendar(date(2026, 11, 23), np.zeros((0, 0)))
    >>> one = dict(product=1, opening=50., safety=0., step=1., gone_days=0, can_order=True, source=-1, lead_days=7.,
    ...            calendar_row=-1, lot_weeks=2, most_weeks=np.inf, moq=0., multiple=0., rate=.2)
    >>> items = PlanItems(**{name: np.array([value]) for name, value in one.items()}, forecast=np.full((1, 8), 20.),
    ...                   break_quantity=np.zeros((1, 0)), break_price=np.zeros((1, 0)))
    >>> result = plan(items, PlanFlows(), calendar, PlanOptions(weeks=6))
    >>> result.terms["planned"].tolist(), result.closing.tolist()
    ([[0.0, 0.0, 30.0, 0.0, 40.0, 0.0]], [[30.0, 10.0, 20.0, 0.0, 20.0, 0.0]])
    >>> result.orders.order_day.tolist()
    [7, 21, 35]
    """
    reach = _Reach.of(items, calendar, options)
    longest = int(np.unique(items.product, return_counts=True)[1].max(initial=1))
    level, circle = levels_of(items.source, longest)
    items = replace(items, source=np.where(circle, -1, items.source))
    parts = []
    for first, last in _chunks(items.product, reach.first_week > options.weeks - 8):
        late = (reach.first_week[first:last] > options.weeks - 8).any()
        horizon = options.weeks + (BEYOND_WEEKS if late else 0)
        chunk = _Chunk(items.part(first, last), flows.part(first, last), reach, slice(first, last), horizon, options)
        parts.append(chunk.run(level[first:last], calendar))
    return _joined(parts, items, reach, circle, options)


@dataclass(frozen=True)
class _Reach:
    """When goods ordered today are there."""

    first_day: np.ndarray
    first_week: np.ndarray
    never_open: np.ndarray

    @classmethod
    def of(cls, items, calendar, options):
        day = arrival_day(calendar, items.calendar_row, np.zeros(len(items.product), int), items.lead_days)
        never = day == NEVER
        can = items.can_order & ~never
        # as far as the plan ever looks
        beyond = options.weeks + BEYOND_WEEKS
        day = np.where(can, np.minimum(day, 7 * beyond), 7 * beyond)
        return cls(day, np.minimum(week_of(day, options.weekday), beyond), never)


def _chunks(product, far):
    """Slices of whole products of about CHUNK items. Those that look far ahead are not put in with the others."""
    n = len(product)
    if not n:
        return []
    starts = np.flatnonzero(np.concatenate([[True], product[1:] != product[:-1]]))
    is_far = np.logical_or.reduceat(far, starts)
    ends = np.append(starts[1:], n)
    chunks, first, kind = [], 0, bool(is_far[0])
    for start, end, this in zip(starts.tolist(), ends.tolist(), is_far.tolist(), strict=True):
        if this != kind or end - first > CHUNK:
            if start > first:
                chunks.append((first, start))
            first, kind = start, this
    return [*chunks, (first, n)]


class _Chunk:
    """The netting of some products, with tables of all their weeks."""

    def __init__(self, items, flows, reach, rows, weeks, options):
        self.items, self.options, self.weeks = items, options, weeks
        self.first_day, self.first_week = reach.first_day[rows], np.minimum(reach.first_week[rows], weeks)
        self.can = items.can_order & ~reach.never_open[rows]
        self.offset = rows.start
        n = len(items.product)
        table = {name: by_week(flow.item, flow.day, flow.quantity, n, weeks, options.weekday)
                 for name, flow in vars(flows).items()}  # fmt: skip
        gross = forecast_weeks(items.forecast, weeks, items.gone_days)
        table["forecast"] = consume(gross, table["orders"], options.backward, options.forward)
        self.table = table
        self.tail = gross[:, -min(8, weeks) :].mean(axis=1)
        self.planned, self.dependent = np.zeros((n, weeks)), np.zeros((n, weeks))
        self.transfer_in, self.transfer_out = table["firm_transfer_in"], table["firm_transfer_out"]
        self.moq_above_max = np.zeros(n, bool)
        self.orders = []

    def run(self, level, calendar):
        self._transfer()
        for number in range(int(level.max(initial=0)) + 1):
            rows = np.flatnonzero(level == number)
            if len(rows):
                self._net(rows, calendar)
        return self._result()

    # Flows

    def _supply(self, rows=slice(None)):
        names = ("receipts", "draft", "firm")
        return sum(self.table[name][rows] for name in names) + self.transfer_in[rows]

    def _demand(self, rows=slice(None)):
        names = ("orders", "forecast", "other_out")
        return sum(self.table[name][rows] for name in names) + self.transfer_out[rows] + self.dependent[rows]

    def _transfer(self):
        items, options = self.items, self.options
        pairs = surplus_pairs(items.product, items.source, _whole(items.lead_days), options.transfer_days)
        if not len(pairs.dest):
            return
        closing = items.opening[:, None] + np.cumsum(self._supply() - self._demand(), axis=1)
        facts = {
            "safety": items.safety, "step": items.step, "first_week": self.first_week, "lot_weeks": items.lot_weeks,
            "tail": self.tail, "blocked": self.table["no_transfer"] > 0,
        }  # fmt: skip
        moves = share_surplus(closing, facts, pairs, options.weekday)
        np.add.at(self.transfer_in, (moves.dest, week_of(moves.arrive_day, options.weekday)), moves.quantity)
        np.add.at(self.transfer_out, (moves.donor, week_of(moves.leave_day, options.weekday)), moves.quantity)
        self.orders.append(self._as_orders(moves))

    def _as_orders(self, moves):
        count = len(moves.dest)
        return PlannedOrders(
            kind=np.full(count, TRANSFER), item=moves.dest, source=moves.donor,
            need_day=monday_of(moves.week, self.options.weekday), order_day=moves.leave_day,
            receipt_day=moves.arrive_day, quantity=moves.quantity, net=moves.quantity, price=np.zeros(count),
            price_break=np.full(count, -1), stock=np.full(count, np.nan), last_week=moves.week,
        )  # fmt: skip

    # Netting

    def _net(self, rows, calendar):
        """Lots of the items ``rows``, week by week."""
        items, weeks = self.items, self.weeks
        demand = self._demand(rows)
        flow = np.cumsum(self._supply(rows) - demand, axis=1)
        reached = np.cumsum(demand, axis=1)
        added = np.zeros(len(rows))
        when = self._arrivals(rows, calendar)
        sourced = items.source[rows] >= 0
        blocked = np.where(sourced[:, None], self.table["no_transfer"][rows], self.table["no_buy"][rows]) > 0
        allowed = self.can[rows]
        for week in range(weeks):
            closing = items.opening[rows] + flow[:, week] + added
            ready = allowed & (self.first_week[rows] <= week) & (closing < items.safety[rows] - QUANTITY_EPS)
            chosen = np.flatnonzero(ready)
            if not len(chosen):
                continue
            chosen = chosen[~blocked[chosen, week_of(when.receipt[chosen, week], self.options.weekday)]]
            if len(chosen):
                added[chosen] += self._order(rows, chosen, week, closing[chosen], flow, reached, added, when)

    def _arrivals(self, rows, calendar):
        """For each item and week of need: when to order, when that is there, last week that shares this arrival."""
        items, weekday = self.items, self.options.weekday
        lead = _whole(items.lead_days[rows])
        pairs, of_item = np.unique(np.stack([items.calendar_row[rows], lead, self.first_day[rows]]), axis=1,
                                   return_inverse=True)  # fmt: skip
        vendor, days, first = (values[:, None] for values in pairs)
        need = np.maximum(monday_of(np.arange(self.weeks), weekday)[None], np.minimum(first, 7 * self.weeks))
        order = np.maximum(latest_order_day(calendar, vendor, need, days), 0)
        receipt = np.minimum(arrival_day(calendar, vendor, order, days), need)
        week = week_of(receipt, weekday)
        shared = np.tile(np.arange(self.weeks), (len(week), 1))
        for number in range(self.weeks - 2, -1, -1):
            same = (week[:, number] == week[:, number + 1]) & (week[:, number] < number + 1)
            shared[:, number] = np.where(same, shared[:, number + 1], number)
        of_item = of_item.reshape(-1)
        return _When(order[of_item], np.minimum(receipt, 7 * self.weeks - weekday - 1)[of_item], shared[of_item])

    def _order(self, rows, chosen, week, closing, flow, reached, added, when):
        """Order lots for the items ``rows[chosen]``; returns their quantities."""
        items = rows[chosen]
        of = self.items
        last = np.maximum(week + of.lot_weeks[items] - 1, when.shared[chosen, week])
        lowest = self._lowest(chosen, items, week, last, flow) + added[chosen] + of.opening[items]
        net = np.maximum(of.safety[items] - lowest, 0.0)
        cover = self._demand_until(chosen, items, week, week + of.most_weeks[items], reached)
        most = of.safety[items] + cover
        step = np.where(of.multiple[items] > 0, of.multiple[items], of.step[items])
        terms = {
            "moq": of.moq[items], "step": step, "rate": of.rate[items], "weeks": of.lot_weeks[items],
            "quantities": of.break_quantity[items], "prices": of.break_price[items],
        }  # fmt: skip
        week_demand = self._demand_until(chosen, items, week, np.full(len(items), week + 13.0), reached) / 13
        quantity, price, price_break = lots(net, closing, most, terms, week_demand)
        self.moq_above_max[items] |= of.moq[items] > most + QUANTITY_EPS
        receipt = when.receipt[chosen, week]
        self.planned[items, week_of(receipt, self.options.weekday)] += quantity
        self._ask_source(items, when.order[chosen, week], quantity)
        self.orders.append(PlannedOrders(
            kind=np.full(len(items), BUY), item=items, source=of.source[items],
            need_day=monday_of(np.full(len(items), week), self.options.weekday), order_day=when.order[chosen, week],
            receipt_day=receipt, quantity=quantity, net=net, price=price, price_break=price_break, stock=closing,
            last_week=last,
        ))  # fmt: skip
        return quantity

    def _ask_source(self, items, order_day, quantity):
        source = self.items.source[items]
        asked = source >= 0
        np.add.at(
            self.dependent, (source[asked], week_of(order_day[asked], self.options.weekday)), quantity[asked]
        )

    def _lowest(self, chosen, items, week, last, flow):
        """Lowest of the cumulated flow from ``week`` to ``last``; behind the plan the tail of the forecast goes on."""
        span = np.arange(week, min(self.weeks, int(last.max()) + 1))
        table = flow[np.ix_(chosen, span)]
        lowest = np.where(span[None] <= last[:, None], table, np.inf).min(axis=1)
        behind = flow[chosen, -1] - self.tail[items] * np.maximum(last - self.weeks + 1, 0)
        return np.where(last >= self.weeks, np.minimum(lowest, behind), lowest)

    def _demand_until(self, chosen, items, week, until, reached):
        """Demand after ``week`` up to week ``until`` (whole or not, may be infinite)."""
        last = np.floor(np.minimum(until, 1e6)).astype(int)
        inside = reached[chosen, np.minimum(last, self.weeks - 1)] - reached[chosen, week]
        behind = self.tail[items] * np.maximum(last - self.weeks + 1, 0)
        return np.where(np.isfinite(until), inside + behind, np.inf)

    # Result

    def _result(self):
        shown = self.options.weeks
        terms = {name: self.table[name][:, :shown] for name in ("receipts", "draft", "orders", "other_out", "forecast")}
        terms |= {
            "planned": (self.planned + self.table["firm"])[:, :shown],
            "transfer_in": self.transfer_in[:, :shown],
            "transfer_out": self.transfer_out[:, :shown],
            "dependent": self.dependent[:, :shown],
        }
        orders = _concatenate(self.orders)
        # beyond the plan only what is to be ordered within it
        orders = orders.take(orders.order_day < 7 * shown - self.options.weekday)
        moved = replace(orders, item=orders.item + self.offset,
                        source=np.where(orders.source >= 0, orders.source + self.offset, -1))  # fmt: skip
        return terms, moved, self.moq_above_max


@dataclass(frozen=True)
class _When:
    order: np.ndarray
    receipt: np.ndarray
    shared: np.ndarray


def _whole(days):
    return np.ceil(np.asarray(days, float) - 1e-9).astype(int)


def _concatenate(parts):
    columns = {}
    for name in ORDER_FIELDS:
        kind = ORDER_TYPES.get(name, int)
        columns[name] = np.concatenate([getattr(part, name) for part in parts]).astype(kind) if parts else np.zeros(
            0, kind
        )
    return PlannedOrders(**columns)


def _joined(parts, items, reach, circle, options):
    n = len(items.product)
    terms = {name: np.concatenate([part[0][name] for part in parts]) if parts else np.zeros((0, options.weeks))
             for name in TERMS}  # fmt: skip
    orders = _concatenate([part[1] for part in parts])
    orders = orders.take(np.lexsort((orders.receipt_day, orders.item)))
    above = np.concatenate([part[2] for part in parts]) if parts else np.zeros(n, bool)
    return Plan(
        terms=terms,
        closing=closing_of(items.opening, terms),
        orders=orders,
        first_week=reach.first_week,
        first_day=reach.first_day,
        circle=circle,
        never_open=reach.never_open,
        moq_above_max=above,
    )
