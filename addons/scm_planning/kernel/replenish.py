"""From forecast, stock and supply to one proposal per item: levels, what to order now, and what is wrong.

An item is a product in a warehouse. All days are counted from today, all quantities are in the item's unit, all money
is in one currency. This module only joins what others compute: vendors (:mod:`.proposal`), lead times
(:mod:`.leadtime`), levels (:mod:`.policy`) and coverage (:mod:`.coverage`).
"""

from dataclasses import dataclass, replace

import numpy as np

from .coverage import Arrivals, coverage, excess_units, late_arrivals
from .datatypes import CumulativeQuantiles
from .leadtime import NODES, SOURCES, lead_times
from .policy import PolicyPlan, PolicySettings, achieved, cash_effect, forecast_spread, plan
from .proposal import NONE, QUANTITY_EPS, choose_sellers, differs, order_quantity, smallest_minimum

BUY, INTERNAL, NO_SUPPLY = "buy", "internal", "none"
#: days of forecast beyond which stock is excess, where the policy names no most cover
EXCESS_DAYS = 182.0
#: a receipt that comes less than this many days after the run-out is in time
LATE_DAYS = 1.0


@dataclass(frozen=True)
class DemandSlice:
    """Forecast of the items from today on, as :func:`.intervals.lead_time_demand` takes it.

    :param mean: float (n, h), expected demand per period, the first period starting today
    :param sigma: float (n,), sd of the one-period error
    :param lead_time: :class:`.datatypes.CumulativeQuantiles` of the same items, None = no demand at all
    :param period_days: days of a period
    """

    mean: np.ndarray
    sigma: np.ndarray
    lead_time: CumulativeQuantiles | None
    period_days: int = 7

    @property
    def expected(self):
        return self.mean

    def spread(self):
        """The spread function that :func:`.policy.plan` takes."""
        if self.lead_time is None:
            nothing = np.zeros(len(self.mean))
            return lambda days, level: (nothing, nothing, nothing)
        return forecast_spread(self, self.period_days)


def demand_from_today(result, rows, elapsed_days, period_days=7):
    """The forecast of some items, moved so that its first period starts today.

    :param result: :class:`.datatypes.ForecastResult`
    :param rows: int (n,), row of each item in it; -1 = no forecast, demand 0
    :param elapsed_days: float (n,), days since the start of the first period
    """
    rows, elapsed = np.asarray(rows), np.asarray(elapsed_days, float) / period_days
    known = rows >= 0
    table = result.lead_time
    expected = np.where(known[:, None], result.expected[rows], 0.0)
    scale = np.where(known[:, None], table.spread_scale[rows], 1.0)
    response = np.broadcast_to(np.asarray(table.response, float), result.sigma.shape)
    moved = replace(
        table,
        spread_class=np.where(known, table.spread_class[rows], 0),
        spread_scale=shift(scale, elapsed),
        response=np.where(known, response[rows], 0.0),
    )
    return DemandSlice(shift(expected, elapsed), np.where(known, result.sigma[rows], 0.0), moved, period_days)


def take(demand, rows):
    """The same slice of some of its items."""
    table = demand.lead_time
    names = ("spread_class", "spread_scale", "response")
    part = replace(table, **{name: getattr(table, name)[rows] for name in names})
    return DemandSlice(demand.mean[rows], demand.sigma[rows], part, demand.period_days)


def no_demand(n, horizon=26, period_days=7):
    """A slice for ``n`` items without any forecast."""
    return DemandSlice(np.zeros((n, horizon)), np.zeros(n), None, period_days)


def shift(values, periods):
    """Rows of ``values`` (n, h) moved forward by a real number of periods (n,) >= 0; the last value goes on.

    >>> shift(np.array([[7.0, 14.0, 21.0]]), [0.5]).tolist()
    [[10.5, 17.5, 21.0]]
    """
    values, periods = np.asarray(values, float), np.maximum(np.asarray(periods, float), 0.0)
    horizon = values.shape[1]
    whole = np.floor(periods).astype(int)
    part = (periods - whole)[:, None]
    index = np.minimum(np.arange(horizon)[None] + whole[:, None], horizon - 1)
    following = np.minimum(index + 1, horizon - 1)
    return np.take_along_axis(values, index, 1) * (1 - part) + np.take_along_axis(values, following, 1) * part


@dataclass(frozen=True)
class Receipts:
    """Measured lead times of one company: ``vendor``, ``product``, ``days``, each (m,)."""

    vendor: np.ndarray
    product: np.ndarray
    days: np.ndarray


@dataclass(frozen=True)
class Flow:
    """Stock to come or to go: int ``item``, int ``day`` >= 0, ``quantity``, each (m,), ordered by item and day."""

    item: np.ndarray
    day: np.ndarray
    quantity: np.ndarray

    def total(self, n, until=None):
        """(n,) sum per item, of the days up to ``until`` (n,) where given."""
        keep = slice(None) if until is None else self.day <= np.asarray(until)[self.item]
        return np.bincount(self.item[keep], self.quantity[keep], n)


@dataclass(frozen=True)
class Items:
    """What is known of each item; arrays (n,).

    :param product: ids, to find receipts
    :param on_hand, draft: in stock; in quotations that are not confirmed
    :param min_current, max_current: levels of the present rule, NaN = no rule
    :param state: str, state of the present proposal, "" = none
    :param rejected_min, rejected_max, applied_min, applied_max: what was refused or applied last; NaN = nothing
    :param unit_cost: 0 = not known; ``sale_price``
    :param fixed_seller: index into the sellers that the rule names, -1 = none
    :param fixed_multiple: multiple that the rule names, 0 = none
    :param route_days: delay of a route that makes or transfers, NaN = none
    :param dead: demand has ended
    :param forecast: there is a forecast; None = of all. Without one the levels of a rule stay, and nothing is excess.
    """

    product: np.ndarray
    on_hand: np.ndarray
    draft: np.ndarray
    min_current: np.ndarray
    max_current: np.ndarray
    state: np.ndarray
    rejected_min: np.ndarray
    rejected_max: np.ndarray
    applied_min: np.ndarray
    applied_max: np.ndarray
    unit_cost: np.ndarray
    sale_price: np.ndarray
    fixed_seller: np.ndarray
    fixed_multiple: np.ndarray
    route_days: np.ndarray
    dead: np.ndarray
    forecast: np.ndarray | None = None

    def without_forecast(self):
        """bool (n,)"""
        return np.zeros(len(self.product), bool) if self.forecast is None else ~self.forecast


@dataclass(frozen=True)
class SellerTerms:
    """Beside :class:`.proposal.Sellers`, same order: company of the vendor, typed delay, units per vendor's unit."""

    vendor: np.ndarray
    delay: np.ndarray
    factor: np.ndarray
    fits: np.ndarray


@dataclass(frozen=True)
class Supply:
    """How each item is supplied; arrays (n,) unless said otherwise.

    :ivar seller: index of the price list line, -1 = none
    :ivar kind: ``buy``, ``internal`` or ``none``
    :ivar nodes: (n, J) lead times in days, the days to purchase included
    :ivar source: str, where the lead time comes from; ``sample``: receipts behind it
    :ivar blocked: str, what keeps the item from being planned, "" = nothing
    """

    seller: np.ndarray
    kind: np.ndarray
    nodes: np.ndarray
    source: np.ndarray
    sample: np.ndarray
    moq: np.ndarray
    multiple: np.ndarray
    price: np.ndarray
    blocked: np.ndarray


@dataclass(frozen=True)
class Proposals:
    """One proposal per item; arrays (n,). Dates are days from today, NaN = not within the projection."""

    supply: Supply
    settings: PolicySettings
    plan: PolicyPlan
    unit_cost: np.ndarray
    incoming: np.ndarray
    outgoing: np.ndarray
    position: np.ndarray
    cover_days: np.ndarray
    run_out_day: np.ndarray
    late_receipt_day: np.ndarray
    short_quantity: np.ndarray
    excess: np.ndarray
    runs_out: np.ndarray
    below_safety: np.ndarray
    dead: np.ndarray
    quantity: np.ndarray
    order_value: np.ndarray
    cash: np.ndarray
    service_now: np.ndarray
    state: np.ndarray


def propose(items, demand, incoming, outgoing, sellers, terms, receipts, settings, days_to_purchase=0.0, most=None):
    """Proposals of all items of one company.

    :param items: :class:`Items`; ``demand``: :class:`DemandSlice`; ``incoming``, ``outgoing``: :class:`Flow`
    :param sellers: :class:`.proposal.Sellers` in their order; ``terms``: :class:`SellerTerms`
    :param receipts: :class:`Receipts`
    :param settings: :class:`.policy.PolicySettings`; its moq, multiple and unit cost are filled in here
    :param days_to_purchase: days from the need to the order's confirmation
    :param most: float (n,), no level lies above it: what is still asked of an item whose sale ends; None = no limit
    """
    n = len(items.product)
    spread = demand.spread()
    seller = _named_or(items.fixed_seller, choose_sellers(sellers, n))
    supply = supply_of(items, sellers, terms, receipts, seller, days_to_purchase)
    cost = _unit_cost(items, supply)
    levels, result = _levels(spread, settings, supply, cost)
    usual = np.maximum(result.maximum - result.minimum, result.review_demand)
    better = _named_or(items.fixed_seller, choose_sellers(sellers, n, usual))
    if (better != seller).any():
        supply = supply_of(items, sellers, terms, receipts, better, days_to_purchase)
        cost = _unit_cost(items, supply)
        levels, result = _levels(spread, settings, supply, cost)
    result = _at_most(_keep_levels(items, levels, result), most)
    return _finish(items, demand, (incoming, outgoing), sellers, supply, levels, result, cost)


def _keep_levels(items, settings, result):
    """No forecast is no demand of zero: what a person set up stays, unless the policy says not to stock it."""
    keep = items.without_forecast() & settings.stocked & ~np.isnan(items.min_current)
    return replace(
        result,
        minimum=np.where(keep, items.min_current, result.minimum),
        maximum=np.where(keep, items.max_current, result.maximum),
    )


def _at_most(result, most):
    """Levels cut to what may still be asked; the safety stock follows the minimum."""
    if most is None:
        return result
    minimum = np.minimum(result.minimum, most)
    safety = np.maximum(minimum - np.minimum(result.demand_mean, minimum), 0.0)
    return replace(
        result,
        minimum=minimum,
        maximum=np.minimum(result.maximum, most),
        safety_stock=np.where(np.isfinite(most), np.minimum(result.safety_stock, safety), result.safety_stock),
    )


def supply_of(items, sellers, terms, receipts, seller, days_to_purchase):
    """:class:`Supply` of items that buy by the price list lines ``seller`` (n,)."""
    n = len(seller)
    bought = seller >= 0
    at = np.where(bought, seller, 0)
    has_lines = len(sellers.item) > 0
    routed = ~bought & np.isfinite(items.route_days)
    delay = np.where(bought & (terms.delay[at] > 0), terms.delay[at], np.nan) if has_lines else np.full(n, np.nan)
    vendor = np.where(bought, terms.vendor[at], NONE) if has_lines else np.full(n, NONE)
    times = lead_times(receipts.vendor, receipts.product, receipts.days, vendor, items.product, delay)
    nodes = np.where(routed[:, None], np.nan_to_num(items.route_days)[:, None], times.nodes + days_to_purchase)
    factor = np.where(bought, terms.factor[at], 1.0) if has_lines else np.ones(n)
    fits = np.where(bought, terms.fits[at], True).astype(bool) if has_lines else np.ones(n, bool)
    own_multiple = np.where(np.abs(factor - 1) > QUANTITY_EPS, factor, 0.0)
    return Supply(
        seller=seller,
        kind=np.select([bought, routed], [BUY, INTERNAL], NO_SUPPLY),
        nodes=nodes.reshape(n, NODES),
        source=np.where(routed, "route", np.asarray(SOURCES)[times.source]),
        sample=np.where(routed, 0, np.where(times.own_count > 0, times.own_count, times.vendor_count)),
        moq=np.where(fits, smallest_minimum(sellers, seller), 0.0),
        multiple=np.where(items.fixed_multiple > 0, items.fixed_multiple, np.where(fits, own_multiple, 0.0)),
        price=np.where(bought, sellers.unit_price[at], 0.0) if has_lines else np.zeros(n),
        blocked=np.select(
            [~bought & ~routed, bought & ~fits, bought & times.missing],
            ["no_vendor", "unit_mismatch", "no_lead_time"],
            "",
        ),
    )


def decide_state(items, minimum, maximum, blocked, step):
    """State of each proposal from what stands, what is proposed and what a person said before.

    No rule and nothing to keep in stock is no proposal; a refused proposal stays refused until it differs materially;
    an applied one stays applied while the rule is as applied and no new proposal differs materially.
    """
    no_rule = np.isnan(items.min_current)
    changed = np.where(
        no_rule, maximum > QUANTITY_EPS, differs(items.min_current, items.max_current, minimum, maximum, step=step)
    )
    refused = (items.state == "rejected") & ~differs(
        items.rejected_min, items.rejected_max, minimum, maximum, step=step
    )
    as_applied = _equal(items.applied_min, items.min_current) & _equal(items.applied_max, items.max_current)
    return np.select(
        [blocked != "", changed & refused, changed, (items.state == "applied") & as_applied],
        ["blocked", "rejected", "proposed", "applied"],
        "unchanged",
    )


def _levels(spread, settings, supply, cost):
    values = vars(settings) | {"moq": supply.moq, "multiple": supply.multiple, "unit_cost": cost}
    settings = PolicySettings.of(len(cost), **values)
    return settings, plan(spread, supply.nodes, settings)


def _finish(items, demand, flows, sellers, supply, settings, result, cost):
    n = len(items.product)
    incoming, outgoing = flows
    due_out = outgoing.total(n, until=result.interval_days)
    come = incoming.total(n)
    position = items.on_hand + come + items.draft - due_out
    state = decide_state(items, result.minimum, result.maximum, supply.blocked, settings.rounding)
    quantity = _quantity(items, position, supply, settings, result, state)
    supply = _supply_of_order(items, sellers, supply, quantity)
    arrivals = Arrivals.of(incoming.item, incoming.day, incoming.quantity)
    covered = coverage(items.on_hand, demand.mean, demand.period_days, arrivals, result.lead_mean, due_out)
    # less than half a unit of expected demand is no loss that anybody would notice
    noticed = settings.stocked & (covered.unmet >= 0.5 * settings.rounding)
    runs_out = covered.too_late & noticed
    cycle, fill = achieved(result, items.min_current, items.max_current)
    return Proposals(
        supply=supply,
        settings=settings,
        plan=result,
        unit_cost=cost,
        incoming=come,
        outgoing=due_out,
        position=position,
        cover_days=covered.cover_days,
        run_out_day=np.where(np.isfinite(covered.run_out_day), np.floor(covered.run_out_day), np.nan),
        late_receipt_day=np.where(noticed, _late_receipts(items, demand, arrivals, due_out), np.nan),
        short_quantity=np.where(runs_out, covered.unmet, 0.0),
        excess=np.where(items.without_forecast(), 0.0, _excess(items, demand, come, due_out, settings, result)),
        runs_out=runs_out,
        below_safety=settings.stocked & (items.on_hand - due_out < result.safety_stock - QUANTITY_EPS),
        dead=items.dead & (items.on_hand > QUANTITY_EPS),
        quantity=quantity,
        order_value=quantity * np.where(supply.price > 0, supply.price, cost),
        cash=cash_effect(result, items.min_current, items.max_current, cost),
        service_now=np.where(settings.fill, fill, cycle),
        state=state,
    )


def _quantity(items, position, supply, settings, result, state):
    """What to order now; where a person refused our levels, by his own."""
    own = (state == "rejected") & ~np.isnan(items.min_current)
    minimum = np.where(own, items.min_current, result.minimum)
    maximum = np.where(own, items.max_current, result.maximum)
    step = np.where(supply.multiple > 0, supply.multiple, settings.rounding)
    return order_quantity(position, minimum, maximum, supply.moq, step)


def _supply_of_order(items, sellers, supply, quantity):
    """The price list line of what is ordered now: a first order is often larger than the usual one."""
    line = _named_or(items.fixed_seller, choose_sellers(sellers, len(quantity), quantity))
    line = np.where(quantity > 0, line, supply.seller)
    bought = line >= 0
    price = np.where(bought, sellers.unit_price[np.where(bought, line, 0)], 0.0) if len(sellers.item) else supply.price
    return replace(supply, seller=line, price=price)


def _late_receipts(items, demand, arrivals, due_out):
    """Day of the first receipt of each item that comes after its stock has run out, NaN = none."""
    late = late_arrivals(items.on_hand, demand.mean, demand.period_days, arrivals, due_out) >= LATE_DAYS
    first = np.full(len(items.product), np.inf)
    np.minimum.at(first, arrivals.item[late], arrivals.day[late])
    return np.where(np.isfinite(first), first, np.nan)


def _excess(items, demand, come, due_out, settings, result):
    """Units on hand and to come above the most cover and above the maximum itself."""
    stock = items.on_hand + come - due_out
    horizon = np.where(np.isfinite(settings.cover_max_days), settings.cover_max_days, EXCESS_DAYS)
    beyond = excess_units(stock, demand.mean, demand.period_days, horizon, result.safety_stock)
    return (
        np.floor(np.clip(np.minimum(beyond, stock - result.maximum), 0.0, None) / settings.rounding) * settings.rounding
    )


def _unit_cost(items, supply):
    return np.where(items.unit_cost > 0, items.unit_cost, supply.price)


def _named_or(named, found):
    return np.where(named >= 0, named, found)


def _equal(first, second):
    return np.abs(np.nan_to_num(first, nan=np.inf) - np.nan_to_num(second, nan=-1.0)) <= QUANTITY_EPS
