"""Safety stock, reorder point and order-up-to level of all items at once.

Position = on hand + on order - promised. It is looked at every R days (review) and an order takes L days, so what is
ordered must last through P = L + R. With D(x) the demand of x days (Silver, Pyke and Peterson, 1998, chapter 7)::

    minimum, target "cycle"   smallest s with  Prob[D(P) <= s] >= level
    minimum, target "fill"    smallest s with  E[(D(P) - s)+] - E[(D(L) - s - gap)+] <= (1 - level) max(Q, E[D(R)])
    order quantity Q          max(economic order quantity, MOQ), up to whole multiples
    gap                       max(0, Q - E[D(R)])
    maximum                   s + gap, so that an order is Q on the average, and plain order-up-to where Q is small
    safety stock              s - E[D(P)]
    economic order quantity   sqrt(2 A D_year / (h c))   (Harris, 1913)

L is the measured distribution of lead times, not a number: D(P) is a mixture over its nodes (:mod:`.stock_math`).
The forecast's own quantiles, which were calibrated by back-test, correct the gamma: for "cycle" the distance of the
two at the wanted level and the mean of P, in standard deviations, is carried over; for "fill" the expected shortage is
the integral of the forecast's quantiles, of the same shape for every node. It counts what is short as waiting; where
customers turn away instead, the fill comes out above the one asked for, the more the lower that is
(benchmarks/stock.py).

Limits afterwards, in this order: minimum at least ``cover_min_days`` of forecast, maximum (and with it the minimum) at
most ``cover_max_days``, both up to the rounding of the unit, maximum far enough above the minimum for the MOQ.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .intervals import gamma_quantile, lead_time_demand
from .stock_math import CURVE_LEVELS, DemandCurve, GammaMixture, increasing_root, quantile

#: demand over an interval cannot be asked for no time at all
SHORTEST_DAYS = 0.01
#: limits of the correction from gamma to the forecast's own quantile, in standard deviations
MAX_CORRECTION = 3.0
YEAR_DAYS = 365.0
DUST = 1e-6

#: (days (n,), level (n,)) -> mean, sd, quantile of demand over that many days, each (n,)
Spread = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class PolicySettings:
    """What the user wants of each item; every field becomes an array (n,). Quantities in the item's unit.

    :ivar level: 0 to 1, the wanted service
    :ivar fill: True: ``level`` is the share of units from stock; False: the chance of no stock-out per cycle
    :ivar review_days: days between two looks at the item, 0 = at every sale
    :ivar cover_min_days, cover_max_days: days of forecast that limit minimum and maximum; inf = none
    :ivar ordering_cost: of one order of the item; ``holding_rate`` per year; ``unit_cost``, all in one currency;
        any of them 0: no economic order quantity
    :ivar moq, multiple: what the vendor asks for; 0 = nothing
    :ivar rounding: smallest step of the unit
    :ivar stocked: False: the item is bought to order, levels are 0
    """

    level: np.ndarray
    fill: np.ndarray
    review_days: np.ndarray
    cover_min_days: np.ndarray
    cover_max_days: np.ndarray
    ordering_cost: np.ndarray
    holding_rate: np.ndarray
    unit_cost: np.ndarray
    moq: np.ndarray
    multiple: np.ndarray
    rounding: np.ndarray
    stocked: np.ndarray

    @classmethod
    def of(cls, n, level, **values):
        """Settings of ``n`` items from numbers or arrays; what is not named is off.

        :raises ValueError: for an unknown name, a level outside 0 to 1, or a number below 0
        """
        chosen = dict(_DEFAULTS, level=level)
        unknown = set(values) - set(chosen)
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        chosen.update(values)
        arrays = {
            name: np.broadcast_to(np.asarray(value, bool if name in ("fill", "stocked") else float), (n,))
            for name, value in chosen.items()
        }
        if not ((arrays["level"] > 0) & (arrays["level"] < 1)).all():
            raise ValueError("service levels must lie between 0 and 1")
        for name, value in arrays.items():
            # written so that NaN fails too
            if not (value >= 0).all():
                raise ValueError(f"{name} must not be negative or missing")
        return cls(**arrays)


_DEFAULTS = {
    "fill": False,
    "review_days": 7.0,
    "cover_min_days": 0.0,
    "cover_max_days": np.inf,
    "ordering_cost": 0.0,
    "holding_rate": 0.0,
    "unit_cost": 0.0,
    "moq": 0.0,
    "multiple": 0.0,
    "rounding": 1.0,
    "stocked": True,
}

#: what moved a level away from the plain formula, in the order in which it is applied
LIMITS = ("not_stocked", "no_demand", "eoq", "moq", "multiple", "cover_min", "cover_max", "moq_above_cover")


@dataclass(frozen=True)
class PolicyPlan:
    """Levels of each item and the terms that made them; all (n,) unless said otherwise.

    :ivar minimum, maximum: reorder point and order-up-to level, rounded to the unit
    :ivar safety_stock: minimum - mean demand over P, not below 0
    :ivar interval_days: mean of P; ``lead_mean``, ``lead_sd`` of L, in days
    :ivar demand_per_day: mean demand per day over P
    :ivar demand_mean: mean demand over P
    :ivar demand_sd: its standard deviation, made of ``demand_only_sd`` and ``lead_only_sd`` (squares add up)
    :ivar formula_minimum: minimum before limits and rounding
    :ivar correction: units that the forecast's calibrated quantile added to the gamma's
    :ivar review_demand: mean demand of one review period
    :ivar economic_quantity, order_quantity: EOQ (0 = none asked for) and Q
    :ivar limits: dict of :data:`LIMITS` -> bool (n,)
    :ivar over_interval: :class:`.stock_math.GammaMixture` of D(P)
    :ivar lead_curve, interval_curve: :class:`.stock_math.DemandCurve` of D(L) and D(P)
    """

    minimum: np.ndarray
    maximum: np.ndarray
    safety_stock: np.ndarray
    interval_days: np.ndarray
    lead_mean: np.ndarray
    lead_sd: np.ndarray
    demand_per_day: np.ndarray
    demand_mean: np.ndarray
    demand_sd: np.ndarray
    demand_only_sd: np.ndarray
    lead_only_sd: np.ndarray
    formula_minimum: np.ndarray
    correction: np.ndarray
    review_demand: np.ndarray
    economic_quantity: np.ndarray
    order_quantity: np.ndarray
    limits: dict
    over_interval: GammaMixture
    lead_curve: DemandCurve
    interval_curve: DemandCurve

    def limits_of(self, row) -> list[str]:
        """Codes of what bound one item."""
        return [name for name in LIMITS if self.limits[name][row]]


def forecast_spread(result, period_days) -> Spread:
    """The spread function of a forecast; days become periods of the forecast."""
    return lambda days, level: lead_time_demand(result, np.asarray(days) / period_days, level)


@dataclass(frozen=True)
class Protection:
    """Demand over lead time and review, which no service level changes: what plans of the same items can share."""

    interval: np.ndarray
    over_lead: GammaMixture
    over_interval: GammaMixture
    lead_curve: DemandCurve
    interval_curve: DemandCurve


def protection(spread: Spread, lead_nodes, review_days) -> Protection:
    """Demand over L and over P = L + R of each item; parameters as for :func:`plan`."""
    review = np.asarray(review_days, float)
    lead_nodes = _checked_nodes(lead_nodes, len(review))
    over_lead = _mixture(spread, lead_nodes)
    over_interval = _mixture(spread, lead_nodes + review[:, None])
    interval = lead_nodes.mean(1) + review
    standard = _standard_curve(spread, interval)
    return Protection(
        interval,
        over_lead,
        over_interval,
        DemandCurve(over_lead.mean, over_lead.sd, standard),
        DemandCurve(over_interval.mean, over_interval.sd, standard),
    )


def plan(spread: Spread, lead_nodes, settings: PolicySettings, shared: Protection | None = None) -> PolicyPlan:
    """Levels of each item.

    :param spread: demand over a number of days, see :data:`Spread` and :func:`forecast_spread`
    :param lead_nodes: (n, J) equally likely lead times in days (:attr:`.leadtime.LeadTimes.nodes`)
    :param shared: :func:`protection` of the same items, where several levels are planned
    :raises ValueError: when shapes differ or a lead time is negative or missing

    10 a day with sd 4, lead time 4 or 6 days, weekly review, 95 % of cycles without stock-out:

    >>> def spread(days, level):
    ...     mean, sd = 10 * days, 4 * np.sqrt(days)
    ...     return mean, sd, gamma_quantile(mean, sd, level)
    >>> result = plan(spread, np.array([[4.0, 6.0]]), PolicySettings.of(1, 0.95))
    >>> result.demand_mean, result.demand_sd.round(1), result.minimum, result.safety_stock
    (array([120.]), array([17.1]), array([150.]), array([30.]))
    """
    lead_nodes = _checked_nodes(lead_nodes, len(settings.level))
    shared = shared or protection(spread, lead_nodes, settings.review_days)
    interval, over_lead, over_interval = shared.interval, shared.over_lead, shared.over_interval
    lead_curve, interval_curve = shared.lead_curve, shared.interval_curve
    mean = over_interval.total_mean
    per_day = mean / np.maximum(interval, SHORTEST_DAYS)
    review_demand = np.maximum(mean - over_lead.total_mean, 0.0)
    economic = _economic_quantity(settings, per_day)
    wanted = np.maximum(economic, settings.moq)
    order = _round_up(wanted, settings.multiple)
    gap = np.maximum(0.0, order - review_demand)
    correction = np.where(settings.fill, 0.0, _correction(spread, interval, settings.level, over_interval.total_sd))
    formula = np.maximum(_formula(settings, over_interval, interval_curve, lead_curve, gap) + correction, 0.0)
    limits = _order_limits(settings, mean, review_demand, economic, wanted, order)
    minimum, maximum = _limited(spread, settings, formula, formula + gap, limits)
    return PolicyPlan(
        minimum=minimum,
        maximum=maximum,
        safety_stock=np.where(settings.stocked, np.maximum(minimum - mean, 0.0), 0.0),
        interval_days=interval,
        lead_mean=lead_nodes.mean(1),
        lead_sd=lead_nodes.std(1),
        demand_per_day=per_day,
        demand_mean=mean,
        demand_sd=over_interval.total_sd,
        demand_only_sd=np.sqrt((over_interval.sd**2).mean(1)),
        lead_only_sd=over_interval.mean.std(1),
        formula_minimum=formula,
        correction=correction,
        review_demand=review_demand,
        economic_quantity=economic,
        order_quantity=np.maximum(order, review_demand),
        limits=limits,
        over_interval=over_interval,
        lead_curve=lead_curve,
        interval_curve=interval_curve,
    )


def _checked_nodes(lead_nodes, n):
    lead_nodes = np.asarray(lead_nodes, float)
    if lead_nodes.ndim != 2 or len(lead_nodes) != n:
        raise ValueError(f"lead_nodes must have one row per item ({n}), got shape {lead_nodes.shape}")
    # written so that NaN fails too
    if not (lead_nodes >= 0).all():
        raise ValueError("lead times must not be negative or missing")
    return lead_nodes


def _formula(settings, over_interval, interval_curve, lead_curve, gap):
    """Minimum of each item by its own target, before the forecast's correction."""
    by_cycle, by_fill = np.flatnonzero(~settings.fill), np.flatnonzero(settings.fill)
    formula = np.zeros(len(settings.level))
    formula[by_cycle] = quantile(over_interval.take(by_cycle), settings.level[by_cycle])
    formula[by_fill] = _fill_minimum(
        interval_curve.take(by_fill), lead_curve.take(by_fill), gap[by_fill], settings.level[by_fill]
    )
    return formula


def _order_limits(settings, mean, review_demand, economic, wanted, order):
    """What decides whether an item is planned and how much one order is; the first of :data:`LIMITS`."""
    moving = mean > DUST
    return {
        "not_stocked": ~settings.stocked,
        "no_demand": settings.stocked & ~moving,
        "eoq": (economic > np.maximum(settings.moq, review_demand)) & moving,
        "moq": (settings.moq >= economic) & (settings.moq > review_demand) & moving,
        "multiple": (order > wanted + DUST) & (order > review_demand) & moving,
    }


def expected_stock(result: PolicyPlan, minimum, maximum):
    """(n,) mean units on hand when an item is run with these levels; NaN levels (no rule) give 0.

    The position lies evenly between the levels, and what is on hand is the position a lead time ago less the demand
    since, half a review period late on the average: E[((s + S) / 2 - D(L + R / 2))+]. Where stock-outs are rare this is
    safety stock + (S - s + E[D(R)]) / 2, cycle stock as in the textbook.

    >>> def spread(days, level):
    ...     return 10 * days, 0.1 * days, 10 * days
    >>> result = plan(spread, np.array([[5.0]]), PolicySettings.of(1, 0.95))
    >>> expected_stock(result, [130.0], [130.0]).round(1)       # 10 safety stock + 70 / 2
    array([45.])
    """
    minimum, maximum = np.asarray(minimum, float), np.asarray(maximum, float)
    position = np.nan_to_num(0.5 * (minimum + np.maximum(minimum, maximum)))
    lead, interval = result.lead_curve, result.interval_curve
    late = DemandCurve(
        0.5 * (lead.mean + interval.mean), np.sqrt(0.5 * (lead.sd**2 + interval.sd**2)), interval.standard
    )
    return np.maximum(position - late.total_mean + late.shortage(position), 0.0)


def cash_effect(result: PolicyPlan, old_minimum, old_maximum, unit_cost):
    """(n,) change of the mean stock value from the old levels to the plan's; positive binds cash."""
    before = expected_stock(result, old_minimum, old_maximum)
    return (expected_stock(result, result.minimum, result.maximum) - before) * np.asarray(unit_cost, float)


def achieved(result: PolicyPlan, minimum, maximum):
    """Service that any levels would give under the plan's demand: (cycle service (n,), fill rate (n,)).

    NaN levels give NaN. The fill rate is 1 where there is no demand.
    """
    minimum, maximum = np.asarray(minimum, float), np.asarray(maximum, float)
    low = np.nan_to_num(minimum)
    high = np.maximum(low, np.nan_to_num(maximum))
    review = np.maximum(result.interval_curve.total_mean - result.lead_curve.total_mean, 0.0)
    cycle = np.maximum(review, high - low + review)
    short = np.maximum(result.interval_curve.shortage(low) - result.lead_curve.shortage(high), 0.0)
    fill = np.where(cycle > DUST, 1 - np.minimum(short / np.maximum(cycle, DUST), 1.0), 1.0)
    unknown = np.isnan(minimum)
    return np.where(unknown, np.nan, result.over_interval.cdf(low - result.correction)), np.where(unknown, np.nan, fill)


def _mixture(spread, days):
    half = np.full(len(days), 0.5)
    columns = [spread(np.maximum(column, SHORTEST_DAYS), half)[:2] for column in days.T]
    none = days <= 0
    mean = np.where(none, 0.0, np.stack([np.asarray(column[0], float) for column in columns], 1))
    sd = np.where(none, 0.0, np.stack([np.asarray(column[1], float) for column in columns], 1))
    return GammaMixture(mean, sd)


def _correction(spread, interval, level, total_sd):
    mean, sd, calibrated = spread(np.maximum(interval, SHORTEST_DAYS), level)
    distance = calibrated - gamma_quantile(mean, sd, level)
    scaled = np.divide(distance, sd, out=np.zeros(len(mean)), where=np.asarray(sd) > DUST)
    return np.clip(scaled, -MAX_CORRECTION, MAX_CORRECTION) * total_sd


def _economic_quantity(settings, per_day):
    carrying = settings.holding_rate * settings.unit_cost
    squared = 2 * settings.ordering_cost * per_day * YEAR_DAYS
    return np.sqrt(np.divide(squared, carrying, out=np.zeros(len(squared)), where=carrying > 0))


def _standard_curve(spread, interval):
    """(n, K) calibrated quantiles over the mean interval, in standard deviations from the mean."""
    days = np.maximum(interval, SHORTEST_DAYS)
    columns = []
    for level in CURVE_LEVELS:
        mean, sd, calibrated = spread(days, np.full(len(days), level))
        columns.append(np.divide(calibrated - mean, sd, out=np.zeros(len(days)), where=np.asarray(sd) > DUST))
    return np.maximum.accumulate(np.stack(columns, 1), axis=1)


def _fill_minimum(interval_curve, lead_curve, gap, level):
    mean = interval_curve.total_mean
    # at the review of every sale a cycle is one order, however small
    cycle = np.maximum(mean - lead_curve.total_mean + gap, DUST)

    def spare(stock, rows):
        some, earlier = interval_curve.take(rows), lead_curve.take(rows)
        upper = stock + gap[rows]
        short = some.shortage(stock) - earlier.shortage(upper)
        slope = some.chance_above(stock) - earlier.chance_above(upper)
        return (1 - level[rows]) - short / cycle[rows], slope / cycle[rows]

    return increasing_root(spare, mean, mean, mean)


def _limited(spread, settings, minimum, maximum, limits):
    half = np.full(len(minimum), 0.5)
    low = spread(np.maximum(settings.cover_min_days, SHORTEST_DAYS), half)[0]
    low = np.where(settings.cover_min_days > 0, low, 0.0)
    finite = np.isfinite(settings.cover_max_days)
    high = spread(np.maximum(np.where(finite, settings.cover_max_days, 1.0), SHORTEST_DAYS), half)[0]
    high = np.where(finite, np.maximum(high, low), np.inf)
    limits["cover_min"] = low > minimum + DUST
    limits["cover_max"] = high < np.maximum(maximum, low) - DUST
    minimum = np.minimum(np.maximum(minimum, low), high)
    maximum = np.minimum(np.maximum(maximum, minimum), high)
    minimum, maximum = (_round_up(value, settings.rounding) for value in (minimum, maximum))
    # the position is below the minimum by one step at least when an order is due
    needed = np.where((settings.moq > 0) & (minimum > 0), minimum + settings.moq - settings.rounding, 0.0)
    limits["moq_above_cover"] = needed > np.maximum(maximum, _round_up(high, settings.rounding)) + DUST
    maximum = np.maximum(maximum, _round_up(needed, settings.rounding))
    nothing = limits["not_stocked"] | limits["no_demand"]
    for name in ("cover_min", "cover_max", "moq_above_cover"):
        limits[name] = limits[name] & ~nothing
    return np.where(nothing, 0.0, minimum), np.where(nothing, 0.0, maximum)


def _round_up(quantity, step):
    safe = np.where(step > 0, step, 1.0)
    with np.errstate(invalid="ignore"):
        return np.where(step > 0, np.maximum(np.ceil(quantity / safe - DUST), 0.0) * safe, quantity)
