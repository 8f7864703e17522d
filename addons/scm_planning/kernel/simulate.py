"""Replay of history under reordering rules, all items at once, period by period.

In each period, in this order:

1. what is due arrives, and serves waiting customers first where they wait;
2. every ``review`` periods the position (stock + on order - waiting) is looked at: below the minimum, an order lifts it
   to the maximum (at least ``moq``, up to whole ``multiple``); it arrives at the start of period t + lead time;
3. demand comes; what finds no stock is lost, or waits.

So an order must last through lead time + review, as in :mod:`.policy`. Lead times may differ by order; orders may
overtake each other. Periods without knowledge (NaN: the item did not exist yet) are passed over.
"""

from dataclasses import dataclass

import numpy as np

#: units closer than this are equal
EPS = 1e-6


@dataclass(frozen=True)
class Simulation:
    """What happened to each item after the warm-up; sums, so that they add up over items. All (n,), in units.

    :ivar demand, served: units asked for, and given at once from stock
    :ivar stock: sum over periods of the mean of the stock before and after the period's demand
    :ivar periods: periods counted
    :ivar demand_periods, ready_periods: periods with demand, and those of them in which all was served at once
    :ivar orders, ordered: number of orders and their units
    :ivar cycles, good_cycles: spans between two arrivals, and those without a stock-out
    :ivar missed: units not served at once: lost, or (waiting customers) late
    :ivar on_hand: stock at the end, below zero what customers wait for
    :ivar trace: period by period, where it was asked for
    """

    demand: np.ndarray
    served: np.ndarray
    stock: np.ndarray
    periods: np.ndarray
    demand_periods: np.ndarray
    ready_periods: np.ndarray
    orders: np.ndarray
    ordered: np.ndarray
    cycles: np.ndarray
    good_cycles: np.ndarray
    on_hand: np.ndarray
    trace: "Trace | None" = None

    @property
    def missed(self):
        return self.demand - self.served

    @property
    def mean_stock(self):
        """(n,) mean units on hand; 0 for an item that never existed."""
        return self.stock / np.maximum(self.periods, 1)

    def totals(self, unit_cost=1.0, unit_price=1.0, rows=slice(None)) -> "Totals":
        """Figures over items; ``rows`` is a mask or indices."""
        cost, price = (
            np.broadcast_to(np.asarray(value, float), self.demand.shape)[rows] for value in (unit_cost, unit_price)
        )

        def share(part, whole):
            return float(part[rows].sum() / whole[rows].sum()) if whole[rows].sum() > 0 else float("nan")

        asked = float((self.demand[rows] * price).sum())
        return Totals(
            fill_rate=share(self.served, self.demand),
            fill_rate_value=float((self.served[rows] * price).sum()) / asked if asked > 0 else float("nan"),
            cycle_service=share(self.good_cycles, self.cycles),
            ready_rate=share(self.ready_periods, self.demand_periods),
            stock_units=float(self.mean_stock[rows].sum()),
            stock_value=float((self.mean_stock[rows] * cost).sum()),
            orders=int(self.orders[rows].sum()),
            missed_units=float(self.missed[rows].sum()),
            missed_value=float((self.missed[rows] * price).sum()),
        )


@dataclass(frozen=True)
class Trace:
    """What happened in each period after the warm-up; all float32 (n, T), in units.

    :ivar stock: on hand at the end of the period
    :ivar missed: demand not served at once; ``ordered``, ``received``: units
    """

    stock: np.ndarray
    missed: np.ndarray
    ordered: np.ndarray
    received: np.ndarray


@dataclass(frozen=True)
class Totals:
    """Figures over many items; rates are NaN where there was nothing to rate."""

    fill_rate: float
    fill_rate_value: float
    cycle_service: float
    ready_rate: float
    stock_units: float
    stock_value: float
    orders: int
    missed_units: float
    missed_value: float


def simulate(
    demand,
    minimum,
    maximum,
    lead_periods,
    review=1,
    on_hand=None,
    lost_sales=True,
    moq=0.0,
    multiple=0.0,
    warm_up=0,
    arriving=None,
    keep=False,
) -> Simulation:
    """Replay the demand.

    :param demand: (n, T) units per period; NaN = the item did not exist
    :param minimum, maximum: (n,) or (n, T): the rules in force in each period
    :param lead_periods: int (n,) or (n, T): lead time of an order placed in that period, 0 or more
    :param review: periods between two looks, a number or int (n,)
    :param on_hand: (n,) stock when the item's first period begins; None = its maximum then
    :param warm_up: first periods that are run but not counted
    :param arriving: (n, K) units ordered before the start that arrive in period 0, 1, ..., or None
    :param keep: also return what happened in each period (:class:`Trace`)
    :raises ValueError: when shapes differ or a lead time or review is not possible

    Four a period, order-up-to 12, an order takes two periods:

    >>> run = simulate(np.full((1, 6), 4.0), [12.0], [12.0], [2])
    >>> run.served, run.orders, run.mean_stock
    (array([24.]), array([5]), array([4.]))
    """
    demand = np.asarray(demand, float)
    if demand.ndim != 2:
        raise ValueError("demand must be a table of items and periods")
    n, periods = demand.shape
    minimum, maximum = (_per_period(value, demand.shape, float) for value in (minimum, maximum))
    lead = _per_period(lead_periods, demand.shape, int)
    review = np.broadcast_to(np.asarray(review, int), (n,))
    if n and periods and (lead.min() < 0 or review.min() < 1):
        raise ValueError("lead times must be 0 or more periods, reviews 1 or more")
    run = _Run(n, int(lead.max(initial=0)), lost_sales)
    if arriving is not None:
        run.expect(np.asarray(arriving, float))
    if keep:
        run.trace = {name: np.zeros((periods - warm_up, n), np.float32) for name in Trace.__dataclass_fields__}
    exists = np.isfinite(demand)
    # a period is looked at as a whole: its values side by side in memory
    exists, demand, minimum, maximum, lead = (_by_period(table) for table in (exists, demand, minimum, maximum, lead))
    for period in range(periods):
        active = exists[period]
        run.begin(active, maximum[period] if on_hand is None else np.asarray(on_hand, float))
        run.count = period >= warm_up
        run.slot = period - warm_up
        run.arrive(period, active)
        due = active & (period % review == 0)
        run.order(period, due, minimum[period], maximum[period], lead[period], moq, multiple)
        run.sell(np.where(active, demand[period], 0.0), active)
    return run.result()


def draw_lead_periods(nodes, period_days, periods, seed):
    """Lead times for each item and period, drawn from measured distributions, int (n, periods).

    :param nodes: (n, J) equally likely lead times in days
    :param seed: the same seed gives the same draws

    Days become whole periods at random with the right mean, so 10 days are one week or two.

    >>> draw_lead_periods([[7.0, 7.0]], 7, 3, seed=1)
    array([[1, 1, 1]])
    """
    nodes = np.asarray(nodes, float)
    generator = np.random.default_rng(seed)
    column = generator.integers(0, nodes.shape[1], (len(nodes), periods))
    exact = np.take_along_axis(nodes, column, axis=1) / period_days
    return np.floor(exact + generator.random(exact.shape) * (1 - EPS)).astype(int)


def _by_period(table):
    """(T, n); a table that repeats one column stays a view."""
    return table.T if table.strides[1] == 0 else np.ascontiguousarray(table.T)


def _per_period(value, shape, kind):
    value = np.asarray(value, kind)
    if value.ndim == 1:
        value = value[:, None]
    try:
        return np.broadcast_to(value, shape)
    except ValueError:
        raise ValueError(f"expected one value per item or per item and period {shape}, got {value.shape}") from None


class _Run:
    """State of all items, and the sums."""

    def __init__(self, n, longest, lost_sales):
        self.lost_sales = lost_sales
        self.rows = np.arange(n)
        self.stock = np.zeros(n)
        self.on_order = np.zeros(n)
        self.pipeline = np.zeros((longest + 1, n))
        self.started = np.zeros(n, bool)
        self.stocked_out = np.zeros(n, bool)
        self.count = True
        self.slot = 0
        self.trace = None
        self.sums = {name: np.zeros(n) for name in ("demand", "served", "stock", "ordered")}
        names = ("periods", "demand_periods", "ready_periods", "orders", "cycles", "good_cycles")
        self.sums |= {name: np.zeros(n, int) for name in names}

    def add(self, name, value):
        if self.count:
            self.sums[name] += value

    def note(self, name, value):
        if self.trace is not None and self.count:
            self.trace[name][self.slot] += value

    def expect(self, arriving):
        """Orders from before the start: row k of the pipeline arrives in period k."""
        longest = max(len(self.pipeline), arriving.shape[1])
        self.pipeline = np.zeros((longest, len(self.rows)))
        self.pipeline[: arriving.shape[1]] = arriving.T
        self.on_order = arriving.sum(1)

    def begin(self, active, on_hand):
        new = active & ~self.started
        self.stock = np.where(new, on_hand, self.stock)
        self.started |= new

    def arrive(self, period, active):
        slot = period % len(self.pipeline)
        self._receive(self.pipeline[slot].copy(), active)
        self.pipeline[slot] = 0.0

    def _receive(self, quantity, active):
        came = (quantity > EPS) & active
        self.stock += quantity
        self.on_order -= quantity
        self.note("received", quantity)
        self.add("cycles", came)
        self.add("good_cycles", came & ~self.stocked_out)
        self.stocked_out &= ~came

    def order(self, period, due, minimum, maximum, lead, moq, multiple):
        position = self.stock + self.on_order
        wanted = np.maximum(np.maximum(maximum, minimum) - position, moq)
        step = np.broadcast_to(np.asarray(multiple, float), wanted.shape)
        safe = np.where(step > 0, step, 1.0)
        wanted = np.where(step > 0, np.ceil(wanted / safe - EPS) * safe, wanted)
        quantity = np.where(due & (position < minimum - EPS) & (wanted > EPS), wanted, 0.0)
        self.add("orders", quantity > 0)
        self.add("ordered", quantity)
        self.note("ordered", quantity)
        self.on_order += quantity
        at_once = lead == 0
        self.pipeline[(period + lead) % len(self.pipeline), self.rows] += np.where(at_once, 0.0, quantity)
        if at_once.any():
            self._receive(np.where(at_once, quantity, 0.0), due)

    def sell(self, demand, active):
        before = np.maximum(self.stock, 0.0)
        served = np.minimum(demand, before)
        ready = served >= demand - EPS
        self.stock -= served if self.lost_sales else demand
        self.stocked_out |= ~ready
        self.note("stock", np.where(active, self.stock, 0.0))
        self.note("missed", demand - served)
        self.add("demand", demand)
        self.add("served", served)
        self.add("stock", np.where(active, 0.5 * (before + np.maximum(self.stock, 0.0)), 0.0))
        self.add("periods", active)
        self.add("demand_periods", demand > EPS)
        self.add("ready_periods", (demand > EPS) & ready)

    def result(self):
        trace = self.trace and Trace(**{name: values.T for name, values in self.trace.items()})
        return Simulation(on_hand=self.stock, trace=trace, **self.sums)
