"""From item forecasts to forecasts of all levels that add up: what a run does after the forecast of its items.

1. items: half of the correction of totals (:attr:`.datatypes.ForecastResult.bias_factor`) is taken; what the groups
   still lack is to come from what the groups themselves say
2. nodes: histories added up and forecast by the same engine, each with its own back-test; what events do is taken from
   the items, which know them best
3. weighed by error variances (:mod:`.hierarchy`): a node's is measured in its back-test, an item's grows with its
   level, so that the items of a group are moved in proportion to it, by a factor of 1/2 to 2: none falls below 0
4. the factor is put into the items' forecasts and quantiles in place; the sums are made from them
"""

from dataclasses import dataclass, replace

import numpy as np

from . import hierarchy
from .datatypes import DemandPanel, EventCalendar, ForecastOptions
from .forecast import forecast

BLOCK = hierarchy.BLOCK
# No item is moved further than this by what is said of its groups
RATIO_RANGE = (0.5, 2.0)
# A group of fewer items knows no more than they do
LEAST_ITEMS = 10
COVERED = 0.5
RECENT = 26
LEAST_FACTOR = 0.1


@dataclass(frozen=True)
class NodeForecast:
    """Forecasts of nodes, one row per node.

    :param history: float (m, T), demand; NaN before the first
    :param base: float (m, h), forecast of the node by itself
    :param quantity: float (m, h), reconciled: the sum of its items
    :param quantile: float (m, q, h), the node's own quantiles moved along to the reconciled forecast
    :param abs_error, error, actual: float (m,), sums of the back-test of ``base``; ``compared`` int (m,)
    :param heard: bool (m,), the node's own forecast had a say
    """

    history: np.ndarray
    base: np.ndarray
    quantity: np.ndarray
    quantile: np.ndarray
    abs_error: np.ndarray
    error: np.ndarray
    actual: np.ndarray
    compared: np.ndarray
    heard: np.ndarray


def shape(nodes, panel, result, options=None, calendar=None):
    """Reconcile the items of a result in place with the nodes above them.

    :param nodes: :class:`.hierarchy.Hierarchy`
    :param panel: :class:`.datatypes.DemandPanel` of the items
    :param result: :class:`.datatypes.ForecastResult`; ``mean`` and ``quantile`` are multiplied
    :param options: :class:`.datatypes.ForecastOptions` of the items; horizon and levels count
    :param calendar: :class:`.datatypes.EventCalendar` of the items
    :returns: :class:`NodeForecast`
    """
    history = hierarchy.add_up(nodes.members, panel.quantity, panel.in_stock)
    upper = _forecast_nodes(nodes.members, history, panel, result, options or ForecastOptions(), calendar)
    bottom = _half_corrected(result)
    base = upper.mean * _event_lift(nodes.members, bottom, result.event_factor, upper.event_factor)
    backtest = upper.backtest
    row = backtest.names.index("ours")
    variance = backtest.sq_error[row] / np.maximum(backtest.count, 1)
    own = nodes.twin == np.arange(len(nodes.twin))
    heard = own & (nodes.count >= LEAST_ITEMS) & (backtest.count > 0) & (variance > 0)
    share = _variance_share(result, bottom)
    handed = hierarchy.adjustment(
        nodes.members, bottom, np.where(heard[:, None], base, np.nan), share * bottom.mean(axis=1), variance
    )
    _move_items(nodes.members, handed, share, bottom, result)
    quantity = total(nodes.members, result)
    return NodeForecast(
        history,
        base,
        quantity,
        _move_band(upper, quantity),
        backtest.abs_error[row],
        backtest.error[row],
        backtest.actual,
        backtest.count,
        heard,
    )


def _half_corrected(result):
    """Base forecasts of the items (n, h): between the one that is best item by item and the one for totals."""
    return result.mean * ((1 + result.bias_factor) / 2).astype(np.float32)[:, None]


def _forecast_nodes(members, history, panel, result, options, calendar):
    recent = np.nan_to_num(panel.quantity[:, -RECENT:]).sum(axis=1, dtype=float)
    above = DemandPanel(history, panel.start, panel.freq)
    return forecast(
        above,
        ForecastOptions(horizon=result.mean.shape[1], levels=result.levels, season=options.season),
        node_calendar(members, recent, calendar or EventCalendar(), panel.group),
    )


def node_calendar(members, volume, calendar, group):
    """The events as the nodes see them: a node takes part when half of its volume does.

    :param volume: float (n,), recent demand of the items
    :param group: int (n,), group of each item, to which ``Event.groups`` refers
    """
    whole = members @ volume
    seen = {}

    def nodes_of(mask):
        if id(mask) not in seen:
            seen[id(mask)] = members @ (volume * mask) >= COVERED * np.maximum(whole, 1e-9)
        return seen[id(mask)]

    events = []
    for event in calendar.events:
        all_of = None if event.groups is None else np.isin(group, event.groups)
        masks = [one.series if all_of is None else _both(one.series, all_of) for one in event.occurrences]
        kept = [
            replace(one, series=None if mask is None else nodes_of(mask))
            for one, mask in zip(event.occurrences, masks, strict=True)
        ]
        kept = [one for one in kept if one.series is None or one.series.any()]
        if kept:
            events.append(replace(event, occurrences=tuple(kept), groups=None))
    return EventCalendar(tuple(events))


def _both(mask, other):
    return other if mask is None else mask & other


def _event_lift(members, bottom, factor, node_factor):
    """What turns the event factor of a node into that of its items together, float (m, h)."""
    plain = members @ (bottom / np.maximum(factor, LEAST_FACTOR))
    lifted = members @ bottom.astype(float)
    lift = np.divide(lifted, plain, out=np.ones_like(lifted), where=plain > 0)
    return lift / np.maximum(node_factor, LEAST_FACTOR)


def _variance_share(result, bottom):
    """Error variance of an item / its level, float (n,), from the back-test; 0 for items that are not to be moved."""
    backtest = result.backtest
    variance = backtest.sq_error[backtest.names.index("ours")] / np.maximum(backtest.count, 1)
    level = np.where(backtest.count > 0, bottom.mean(axis=1), 0)
    share = variance.sum() / level.sum() if level.sum() > 0 else 0.0
    fixed = np.array([name is not None for name in result.fixed])
    return np.where(fixed, 0.0, share)


def _move_items(members, handed, share, bottom, result):
    """Multiply mean and quantiles so that ``expected`` becomes the reconciled forecast."""
    down = members.T.tocsr()
    # the level of an item stands for its variance in all periods, so the step is relative to it
    level = bottom.mean(axis=1, dtype=float)
    for first in range(0, len(level), BLOCK):
        rows = slice(first, first + BLOCK)
        before = np.maximum(bottom[rows], 1e-9)
        moved = 1 + (share * level)[rows, None] * (down[rows] @ handed) / before
        half = (1 + result.bias_factor[rows]) / (2 * np.maximum(result.bias_factor[rows], 1e-9))
        factor = np.clip(moved, *RATIO_RANGE) * np.where(share[rows] > 0, half, 1.0)[:, None]
        result.mean[rows] *= factor
        result.quantile[rows] *= factor[:, None]


def total(members, result):
    """Sums (m, h) of the expected demand of the items."""
    columns = members.tocsc()
    found = np.zeros((members.shape[0], result.mean.shape[1]))
    for first in range(0, result.mean.shape[0], BLOCK):
        rows = slice(first, first + BLOCK)
        found += columns[:, rows] @ (result.mean[rows].astype(float) * result.bias_factor[rows, None])
    return found


def _move_band(upper, quantity):
    ratio = np.divide(quantity, upper.mean, out=np.ones_like(quantity), where=upper.mean > 0)
    return upper.quantile * ratio[:, None]


def share_out(whole, parts):
    """Forecasts of parts scaled so that they add up to the whole, per period.

    A part's variance is taken as proportional to its level; with that, the least-squares step is the same factor for
    all parts. Where no part forecasts anything, all get the same.

    :param whole: float (h,); :param parts: float (k, h)

    >>> share_out(np.array([12.0, 4.0]), np.array([[1.0, 0.0], [2.0, 0.0]])).tolist()
    [[4.0, 2.0], [8.0, 2.0]]
    """
    summed = parts.sum(axis=0)
    even = np.full_like(parts, 1 / max(len(parts), 1))
    return whole * np.divide(parts, summed, out=even, where=summed > 0)


def forecast_parts(whole, history, start, freq, levels):
    """Forecasts of the parts of a node (regions), each by itself and then shared out; a :class:`NodeForecast`.

    :param whole: float (h,), the reconciled forecast of the node
    :param history: float (k, T), demand of the parts
    :param start: first day of the history
    """
    result = forecast(DemandPanel(history, start, freq), ForecastOptions(horizon=len(whole), levels=levels))
    quantity = share_out(whole, result.expected.astype(float))
    backtest = result.backtest
    row = backtest.names.index("ours")
    return NodeForecast(
        history,
        result.mean,
        quantity,
        _move_band(result, quantity),
        backtest.abs_error[row],
        backtest.error[row],
        backtest.actual,
        backtest.count,
        np.ones(len(history), bool),
    )
