"""What goes into the forecast kernel and what comes out: frozen dataclasses around arrays.

Shapes: ``n`` series, ``T`` history periods, ``h`` forecast periods, ``q`` quantile levels, ``m`` methods.
Quantities are in the product's own unit; one *period* is a day (``freq="D"``) or seven days (``freq="W"``).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

PERIOD_DAYS = {"W": 7, "D": 1}
EVENT_KINDS = ("feast", "festival", "promotion")
PATTERNS = ("smooth", "erratic", "intermittent", "lumpy", "new", "dead", "no_history")
BACKTEST_ROWS = ("ours", "mean13", "seasonal_naive")


def _check(condition, message):
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True)
class DemandPanel:
    """Demand history of many series over the same periods.

    :param quantity: float (n, T); NaN = the item did not exist yet or nothing is known (wholly out of stock)
    :param start: first day of the first period
    :param freq: ``"W"`` (seven days from ``start``, by custom a Monday) or ``"D"``
    :param group: int (n,), pooled group (category) of each series; None = one group
    :param in_stock: float (n, T) in [0, 1], share of the period in which the item could be sold; None = always

    Negative quantities are set to 0 and counted in ``clipped`` (n,). Infinite quantities are an error.

    >>> panel = DemandPanel([[3, -1, float("nan")]], date(2025, 1, 6))
    >>> panel.quantity.tolist(), panel.clipped.tolist()
    ([[3.0, 0.0, nan]], [1])
    """

    quantity: np.ndarray
    start: date
    freq: str = "W"
    group: np.ndarray | None = None
    in_stock: np.ndarray | None = None
    clipped: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        quantity = np.asarray(self.quantity)
        if quantity.dtype not in (np.float32, np.float64):
            quantity = quantity.astype(np.float64)
        _check(quantity.ndim == 2, f"quantity must be a table (series, periods), got {quantity.ndim} dimensions")
        # reductions that pass NaN by and need no copy of a large panel
        lowest, highest = (reduce(quantity, axis=None, initial=0) for reduce in (np.fmin.reduce, np.fmax.reduce))
        _check(np.isfinite(lowest) and np.isfinite(highest), "quantity must not hold infinite values")
        _check(self.freq in PERIOD_DAYS, f"freq must be one of {sorted(PERIOD_DAYS)}, got {self.freq!r}")
        _check(isinstance(self.start, date), "start must be a date")
        clipped = np.zeros(quantity.shape[0], dtype=np.int64)
        if lowest < 0:
            negative = quantity < 0
            clipped = negative.sum(axis=1)
            quantity = np.where(negative, 0, quantity).astype(quantity.dtype)
        object.__setattr__(self, "quantity", quantity)
        object.__setattr__(self, "clipped", clipped)
        object.__setattr__(self, "group", self._checked_group(quantity.shape[0]))
        object.__setattr__(self, "in_stock", self._checked_in_stock(quantity.shape))

    def _checked_group(self, n_series):
        if self.group is None:
            return np.zeros(n_series, dtype=np.int64)
        group = np.asarray(self.group)
        _check(group.shape == (n_series,), f"group must have one entry per series ({n_series}), got {group.shape}")
        _check(n_series == 0 or np.issubdtype(group.dtype, np.integer), "group must hold integers")
        return group.astype(np.int64)

    def _checked_in_stock(self, shape):
        if self.in_stock is None:
            return None
        share = np.asarray(self.in_stock, dtype=np.float32)
        _check(share.shape == shape, f"in_stock must have the shape of quantity {shape}, got {share.shape}")
        _check(bool(((share >= 0) & (share <= 1)).all()), "in_stock must lie between 0 and 1")
        return share

    @property
    def n_series(self):
        return self.quantity.shape[0]

    @property
    def n_periods(self):
        return self.quantity.shape[1]

    @property
    def period_days(self):
        return PERIOD_DAYS[self.freq]

    def period_start(self, index):
        """First day of period ``index``; indices of ``n_periods`` and more are the forecast periods.

        >>> DemandPanel([[1, 2]], date(2025, 1, 6)).period_start(2)
        datetime.date(2025, 1, 20)
        """
        return self.start + timedelta(days=int(index) * self.period_days)


@dataclass(frozen=True)
class Occurrence:
    """One time that an event took or takes place.

    :param start: first day of the event itself (lead-in and after-effect are added by the event)
    :param end: last day, included
    :param strength: size relative to an ordinary occurrence, e.g. discount depth / usual depth
    :param series: bool (n,), the series that take part; None = all that the event covers
    """

    start: date
    end: date
    strength: float = 1.0
    series: np.ndarray | None = None

    def __post_init__(self):
        _check(self.end >= self.start, f"an event cannot end ({self.end}) before it starts ({self.start})")
        _check(np.isfinite(self.strength) and self.strength >= 0, "strength must be a number of 0 or more")


@dataclass(frozen=True)
class Event:
    """A holiday, festival or promotion with all its occurrences, past and coming.

    :param name: unique within the calendar
    :param kind: ``"feast"``, ``"festival"`` or ``"promotion"``
    :param occurrences: tuple of :class:`Occurrence`
    :param lead_days: days before the first day in which demand is already moved
    :param after_days: days after the last day in which demand is still moved
    :param groups: tuple of group numbers that the event touches; None = all
    :param uplift: the planner's own factor for the event days (1.5 = +50 %); None = learned from history
    :param uplift_on_top: the planner's factor multiplies what was learned for lead-in and event days
    """

    name: str
    kind: str
    occurrences: tuple
    lead_days: int = 0
    after_days: int = 0
    groups: tuple | None = None
    uplift: float | None = None
    uplift_on_top: bool = False

    def __post_init__(self):
        _check(self.kind in EVENT_KINDS, f"event {self.name}: kind must be one of {EVENT_KINDS}, got {self.kind!r}")
        _check(self.lead_days >= 0 and self.after_days >= 0, f"event {self.name}: days must not be negative")
        _check(self.uplift is None or self.uplift >= 0, f"event {self.name}: uplift must not be negative")
        object.__setattr__(self, "occurrences", tuple(self.occurrences))


@dataclass(frozen=True)
class EventCalendar:
    """All events that may move demand.

    >>> new_year = Event("Lunar New Year", "feast", (Occurrence(date(2025, 1, 29), date(2025, 2, 2)),), lead_days=21)
    >>> EventCalendar((new_year,)).events[0].name
    'Lunar New Year'
    """

    events: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "events", tuple(self.events))
        names = [event.name for event in self.events]
        _check(len(set(names)) == len(names), "event names must be unique")


@dataclass(frozen=True)
class ForecastOptions:
    """How to forecast.

    :param horizon: periods to forecast, 1 or more
    :param levels: increasing quantile levels, each in (0, 1)
    :param methods: None, or per series a method name that the planner fixed, or None for the weighted ensemble;
        names are in :data:`.candidates.METHODS`
    :param season: ``"auto"`` learns the yearly (and weekday) profile where it pays, ``"none"`` does without
    :param origins: number of rolling origins of the back-test
    :param dead_days: days without a sale after which an item counts as dead
    :param keep: None, or int arrays (series, period): weeks that a planner wants kept, which are not cut as spikes
    :param keep_cleaned: give the cleaned history back, which takes as much memory as the history itself
    """

    horizon: int = 13
    levels: tuple = (0.5, 0.8, 0.9, 0.95, 0.98)
    methods: tuple | None = None
    season: str = "auto"
    origins: int = 4
    dead_days: int = 365
    keep_cleaned: bool = False
    keep: tuple | None = None

    def __post_init__(self):
        levels = tuple(float(level) for level in self.levels)
        _check(self.horizon >= 1, "horizon must be 1 period or more")
        _check(all(0 < level < 1 for level in levels), "quantile levels must lie between 0 and 1")
        _check(list(levels) == sorted(set(levels)), "quantile levels must increase")
        _check(self.season in ("auto", "none"), f"season must be 'auto' or 'none', got {self.season!r}")
        _check(self.origins >= 0, "origins must not be negative")
        _check(self.dead_days > 0, "dead_days must be positive")
        object.__setattr__(self, "levels", levels)
        if self.methods is not None:
            object.__setattr__(self, "methods", tuple(self.methods))


@dataclass(frozen=True)
class Backtest:
    """Rolling-origin errors as sums, so that they add up over series, groups or origins.

    Error arrays are (k, n) with one row per entry of ``names``; ``actual`` and ``count`` (periods compared) are (n,).
    MAE = abs_error / count, RMSE = sqrt(sq_error / count), WAPE = abs_error / actual, bias = error / actual
    (positive = forecast too high).
    """

    names: tuple
    abs_error: np.ndarray
    sq_error: np.ndarray
    error: np.ndarray
    actual: np.ndarray
    count: np.ndarray

    def total(self, name, mask=None):
        """WAPE and bias of one row over the series in ``mask`` (all when None); NaN without any actual demand."""
        row = self.names.index(name)
        keep = slice(None) if mask is None else mask
        actual = float(self.actual[keep].sum())
        if actual <= 0:
            return float("nan"), float("nan")
        return float(self.abs_error[row][keep].sum()) / actual, float(self.error[row][keep].sum()) / actual


@dataclass(frozen=True)
class Spikes:
    """One-off peaks that were cut before the level was learned: parallel arrays, one entry per cut."""

    series: np.ndarray
    period: np.ndarray
    before: np.ndarray
    after: np.ndarray


@dataclass(frozen=True)
class CumulativeQuantiles:
    """Calibrated spread of demand summed over several periods; input of :func:`.intervals.lead_time_demand`.

    :param periods: float (p,), the numbers of periods at which the table was measured
    :param levels: float (L,), service levels of the class table
    :param spread_class: int (n,), class of each series
    :param factor: float (c, p), robust sd of the error over P periods / (sigma x sqrt(P) x growth of the sum's error)
    :param standard_quantile: float (c, p, L), empirical quantiles of (demand - mean) / sd over P periods
    :param recalibrated: float (c, p, L), the level to ask for so that the back-test of the class covers ``levels``
    :param spread_scale: float (n, h), sd scale of each forecast period relative to ``sigma`` (season and events)
    :param response: float (n,), effective smoothing constant of each series: how fast errors add up over P periods
    """

    periods: np.ndarray
    levels: np.ndarray
    spread_class: np.ndarray
    factor: np.ndarray
    standard_quantile: np.ndarray
    recalibrated: np.ndarray
    spread_scale: np.ndarray
    response: np.ndarray | float = 0.0


@dataclass(frozen=True)
class ForecastResult:
    """Forecast of a whole panel.

    :param mean: float (n, h), forecast per period with the least error item by item (one-off peaks do not lift it)
    :param quantile: float (n, q, h), quantiles of the demand of one period; not decreasing in q
    :param levels: tuple (q,)
    :param sigma: float (n,), recent sd of the one-step error, without season and events
    :param methods: tuple (m,) of method names; ``weights`` float (n, m), rows add up to 1 (0 without history)
    :param fixed: tuple (n,) of the planner's fixed methods or None
    :param backtest: :class:`Backtest`
    :param adi: float (n,), mean number of periods between sales; inf without a sale
    :param cv2: float (n,), squared coefficient of variation of the non-zero quantities
    :param pattern: str (n,), one of :data:`PATTERNS`
    :param season_factor: float (n, h), yearly x weekday factor that is part of ``mean``
    :param event_factor: float (n, h), factor of events that is part of ``mean``
    :param event_effects: dict (event name, phase, group) -> factor, what was learned or set
    :param cleaned: float (n, T), history with events and season divided out and spikes cut; None = not asked for
    :param spikes: :class:`Spikes`
    :param bias_factor: float (n,), group-level correction; not part of ``mean``, see :attr:`expected`
    :param flags: dict name -> bool (n,): clipped, no_history, dead, new, constant, huge
    :param lead_time: :class:`CumulativeQuantiles`
    """

    mean: np.ndarray
    quantile: np.ndarray
    levels: tuple
    sigma: np.ndarray
    methods: tuple
    weights: np.ndarray
    fixed: tuple
    backtest: Backtest
    adi: np.ndarray
    cv2: np.ndarray
    pattern: np.ndarray
    season_factor: np.ndarray
    event_factor: np.ndarray
    event_effects: dict
    cleaned: np.ndarray | None
    spikes: Spikes
    bias_factor: np.ndarray
    flags: dict
    lead_time: CumulativeQuantiles

    @property
    def expected(self):
        """Mean demand for totals (budget, capacity, money), float (n, h): ``mean`` x ``bias_factor``."""
        return self.mean * self.bias_factor[:, None]
