"""Replay of a past period day by day under rules that were set with what was known then.

Beside :mod:`.simulate`, which runs given levels, this module keeps the future out: every few weeks a forecast is made
on the history up to that day (:func:`forecasts_through_time`), levels follow from it as in the nightly plan
(:func:`levels_through_time`), and they hold until the next one (Makridakis et al., 1982, call it rolling origin).

* Demand is what customers ordered plus the units lost on days without stock, so that a rule with more stock can sell
  them. The forecasts see only days in stock, as they did then: a lost sale is not known to whoever lost it.
* Each rule starts in its own steady state: the position is its maximum, of it a lead time's demand is on order and
  comes in evenly. The first days (warm-up) are run but not counted.
* Lead times are drawn per item and day from the measured distribution with a fixed seed, the same for all rules, so
  that differences between rules are not luck (common random numbers; Law and Kelton, 2000, chapter 11).

Days are counted from 0, the first day of the warm-up or of the history, a Monday. Quantities in the item's unit.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

from .datatypes import DemandPanel, ForecastOptions
from .forecast import forecast
from .policy import plan, protection
from .replenish import demand_from_today
from .simulate import EPS, Simulation, Trace, draw_lead_periods, simulate

WEEK = 7
#: short, so that a history of a year still leaves origins for the back-test
HORIZON = 13
FORECAST_LEVELS = (0.05, 0.5, 0.8, 0.95)
#: weeks of demand that tell how much is on order at the start
RATE_WEEKS = 13


@dataclass(frozen=True)
class History:
    """Demand of items by day from ``start``, a Monday.

    :param demand: (n, D) units ordered
    :param lost: (n, D) units that would have been ordered beside them, had there been stock
    :param in_stock: bool (n, D)
    :param known_from: int (n,), first day from which the item's history counts
    :param group: int (n,), category number
    """

    start: date
    demand: np.ndarray
    lost: np.ndarray
    in_stock: np.ndarray
    known_from: np.ndarray
    group: np.ndarray

    @property
    def whole_weeks(self):
        return self.demand.shape[1] // WEEK

    def weeks(self, factor_from=None, factor=1.0):
        """Quantity and share in stock by week, each (n, W); unknown weeks are NaN.

        :param factor_from: first day whose demand is multiplied by ``factor``
        """
        days = self.whole_weeks * WEEK
        sold = np.where(self.in_stock[:, :days], self.demand[:, :days], 0.0)
        if factor_from is not None and factor != 1.0:
            sold[:, factor_from:] *= factor
        shape = (len(sold), self.whole_weeks, WEEK)
        quantity = sold.reshape(shape).sum(2)
        share = self.in_stock[:, :days].reshape(shape).mean(2)
        known = np.arange(self.whole_weeks)[None] >= (self.known_from // WEEK)[:, None]
        return np.where(known & (share > 0), quantity, np.nan), np.where(known, share, 1.0)


@dataclass(frozen=True)
class Supply:
    """How items are supplied; arrays (n,) unless said otherwise.

    :param nodes: (n, J) lead times in days, equally likely, as they were known at the start
    :param lead: int (n, T), days that an order of each replayed day takes
    :param moq, multiple: what the vendor asks for, 0 = nothing
    """

    nodes: np.ndarray
    lead: np.ndarray
    moq: np.ndarray
    multiple: np.ndarray


@dataclass(frozen=True)
class Levels:
    """Minimum and maximum (n, P) in force from each of the replayed days ``days`` (P,), the first of which is 0."""

    days: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray

    @classmethod
    def fixed(cls, minimum, maximum):
        """Levels that stay; NaN = no rule, nothing is ever ordered."""
        low, high = (np.nan_to_num(np.asarray(value, float))[:, None] for value in (minimum, maximum))
        return cls(np.zeros(1, int), low, np.maximum(low, high))

    def by_day(self, days):
        """(minimum, maximum), each (n, days)."""
        column = np.searchsorted(self.days, np.arange(days), side="right") - 1
        return self.minimum[:, column], self.maximum[:, column]


def plan_days(length, every):
    """Days on which levels are set anew: 0, ``every``, ... below ``length``; ``every`` is made whole weeks.

    >>> plan_days(60, 28).tolist()
    [0, 28, 56]
    """
    step = max(round(every / WEEK), 1) * WEEK
    return np.arange(0, max(length, 1), step)


def forecasts_through_time(history, days, options=None, calendar=None, most_weeks=156, factor_from=None, factor=1.0):
    """Forecasts of all items, each made on the whole weeks before its day: a list of :class:`.ForecastResult`.

    :param days: days of the history, Mondays
    :param most_weeks: weeks of history that a forecast learns from
    :param factor_from, factor: demand from this day on is multiplied

    >>> flat = np.full((1, 140), 2.0)
    >>> history = History(date(2025, 1, 6), flat, flat * 0, flat > 0, np.zeros(1, int), np.zeros(1, int))
    >>> [float(made.mean[0, 0].round(2)) for made in forecasts_through_time(history, [70, 98])]
    [14.0, 14.0]
    """
    options = options or ForecastOptions(horizon=HORIZON, levels=FORECAST_LEVELS)
    quantity, share = history.weeks(factor_from, factor)
    made = []
    for day in days:
        until = int(day) // WEEK
        since = max(0, until - most_weeks)
        panel = DemandPanel(
            quantity[:, since:until],
            history.start + timedelta(weeks=since),
            "W",
            history.group,
            share[:, since:until].astype(np.float32),
        )
        made.append(forecast(panel, options, calendar))
    return made


def protections(made, rows, nodes, review_days):
    """What all service levels share at each plan: (spread, :class:`.policy.Protection`); parameters as below."""
    spreads = [demand_from_today(result, rows, np.zeros(len(rows))).spread() for result in made]
    return [(spread, protection(spread, nodes, review_days)) for spread in spreads]


def levels_through_time(made, days, rows, nodes, settings, shared=None):
    """Levels that the policy sets at each plan.

    :param made: forecasts, one per plan; ``days``: (P,) replayed days of the plans
    :param rows: int (n,), row of each item in the forecasts
    :param nodes: (n, J) lead times as known
    :param settings: :class:`.policy.PolicySettings` of the items
    :param shared: :func:`protections` of the same forecasts, items, lead times and reviews, where several are planned
    """
    columns = []
    for spread, demand in shared or protections(made, rows, nodes, settings.review_days):
        levels = plan(spread, nodes, settings, demand)
        columns.append((levels.minimum, levels.maximum))
    minimum, maximum = (np.stack(values, 1) for values in zip(*columns, strict=True))
    return Levels(np.asarray(days), minimum, maximum)


def draw_leads(nodes, length, seed, extra=0.0, arrive=None):
    """Days that an order of each replayed day takes, int (n, length).

    :param nodes: (n, J) measured lead times in days
    :param extra: days that all take longer; never below 0 in the end
    :param arrive: ``arrive(order_day (m,), lead_days (m,), item (m,))`` -> day of arrival, for vendors' shut-downs

    >>> draw_leads([[3.0, 3.0]], 4, seed=1, extra=2).tolist()
    [[5, 5, 5, 5]]
    """
    drawn = np.maximum(draw_lead_periods(nodes, 1, length, seed) + round(float(extra)), 0)
    if arrive is None:
        return drawn
    item, day = np.divmod(np.arange(drawn.size), length)
    arrival = np.asarray(arrive(day, drawn.reshape(-1), item))
    return np.maximum(arrival.reshape(drawn.shape) - np.arange(length), 0)


def steady_start(maximum, rate, lead_mean):
    """Stock and open orders of an order-up-to rule in its steady state: on hand (n,), arriving (n, K) by day.

    Of the position, the maximum, a lead time's demand is on order; it arrives evenly from day 1 to the lead time.

    >>> on_hand, arriving = steady_start(np.array([30.0]), np.array([2.0]), np.array([5.0]))
    >>> on_hand, arriving.sum(1), arriving.shape
    (array([20.]), array([10.]), (1, 6))
    """
    days = np.ceil(np.maximum(lead_mean, 0.0) - EPS).astype(int)
    on_order = np.minimum(np.maximum(maximum, 0.0), np.maximum(rate, 0.0) * days)
    day = np.arange(days.max(initial=0) + 1)
    inside = (day >= 1) & (day <= days[:, None])
    arriving = np.where(inside, (on_order / np.maximum(days, 1))[:, None], 0.0)
    return maximum - on_order, arriving


def replay(demand, levels, supply, review_days, rate, warm_up) -> Simulation:
    """Run one rule over all days; figures and trace without the warm-up.

    :param demand: (n, T) units per day, lost ones included
    :param levels: :class:`Levels`; ``supply``: :class:`Supply`
    :param review_days: (n,) days between two looks at an item
    :param rate: (n,) units per day before the start
    """
    minimum, maximum = levels.by_day(demand.shape[1])
    on_hand, arriving = steady_start(levels.maximum[:, 0], rate, supply.lead.mean(1))
    return simulate(
        demand,
        minimum,
        maximum,
        supply.lead,
        review=np.maximum(np.round(review_days), 1).astype(int),
        on_hand=on_hand,
        moq=supply.moq,
        multiple=supply.multiple,
        warm_up=warm_up,
        arriving=arriving,
        keep=True,
    )


def join(runs):
    """One run out of the runs of parts of the items."""
    traces = [run.trace for run in runs]
    trace = Trace(**{part.name: np.concatenate([getattr(one, part.name) for one in traces]) for part in fields(Trace)})
    names = [part.name for part in fields(Simulation) if part.name != "trace"]
    return Simulation(**{name: np.concatenate([getattr(run, name) for run in runs]) for name in names}, trace=trace)


@dataclass(frozen=True)
class Prices:
    """Money per unit and order; arrays (n,), one currency. ``holding_rate`` is per year and of the unit's cost."""

    cost: np.ndarray
    price: np.ndarray
    ordering_cost: np.ndarray
    holding_rate: np.ndarray


def figures(run, prices):
    """What each item's rule gave and cost: dict of arrays (n,).

    Total cost = orders x cost of an order + mean stock value x holding rate x years + margin of the units lost; a unit
    sold below cost has no margin to lose.
    """
    stock_value = run.mean_stock * prices.cost
    ordering = run.orders * prices.ordering_cost
    holding = stock_value * prices.holding_rate * run.periods / 365.0
    lost_margin = run.missed * np.maximum(prices.price - prices.cost, 0.0)
    return {
        "demand": run.demand,
        "served": run.served,
        "lost": run.missed,
        "demand_value": run.demand * prices.price,
        "lost_value": run.missed * prices.price,
        "lost_margin": lost_margin,
        "stock": run.mean_stock,
        "stock_value": stock_value,
        "orders": run.orders,
        "ordered": run.ordered,
        "out_days": (run.trace.missed > EPS).sum(1),
        "ordering_cost": ordering,
        "holding_cost": holding,
        "total_cost": ordering + holding + lost_margin,
    }


def weekly(run, prices):
    """Mean stock value and value of lost sales by week, each (W,); a last week may have fewer days.

    >>> half = np.ones((1, 10), np.float32)
    >>> _by_week(half[0], np.mean).tolist(), _by_week(half[0], np.sum).tolist()
    ([1.0, 1.0], [7.0, 3.0])
    """
    stock = prices.cost @ run.trace.stock
    lost = prices.price @ run.trace.missed
    return _by_week(stock, np.mean), _by_week(lost, np.sum)


def _by_week(days, reduce):
    return np.array([reduce(days[first : first + WEEK]) for first in range(0, len(days), WEEK)])
