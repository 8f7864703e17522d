"""All calendar factors of a panel together: events, yearly profile, weekday."""

from dataclasses import dataclass

import numpy as np

from . import common, events, seasonality

FLOOR = np.float32(0.02)
MIN_WEEKDAY_DAYS = 28


@dataclass(frozen=True)
class CalendarFactors:
    """Learned factors, given out block by block so that no table of all series and periods is ever held.

    :param learned: :class:`.events.EventFactors`
    :param year: :class:`.seasonality.YearModel` or None
    :param weekday: float32 (n, 7) or None
    :param group: int (n,), 0..g-1
    :param ends: int (K + 1,), the origins of the back-test and, last, the end of the history
    :param horizon: h
    """

    learned: events.EventFactors
    year: seasonality.YearModel | None
    weekday: np.ndarray | None
    group: np.ndarray
    ends: tuple
    horizon: int

    @property
    def has_event(self):
        return bool((self.learned.factor != 1).any())

    def event_ahead(self):
        """Event factors of the forecast periods, float32 (n, h)."""
        return self.learned.factor[:, self.ends[-1] :][self.learned.row]

    def without_events(self, quantity, rows):
        """Demand (B, T) with events divided out, float32."""
        demand = np.asarray(quantity[rows], np.float32)
        if not self.has_event:
            return demand
        return demand / np.maximum(self.learned.factor[self.learned.row[rows], : self.ends[-1]], FLOOR)

    def prepare(self, quantity, rows):
        """A block with all factors divided out, and its season factors (h, B) of the forecast periods.

        :param quantity: float (n, T)
        :param rows: int (B,)
        :returns: :class:`.common.PreparedBlock`, float32 (h, B)
        """
        periods = self.ends[-1]
        if self.year is None and self.weekday is None and not self.has_event:
            return common.prepare(quantity[rows], None), np.ones((self.horizon, len(rows)), np.float32)
        total = periods + self.horizon
        factor, ahead = np.ones((total, len(rows)), np.float32), None
        if self.year is not None:
            factor, ahead = seasonality.factors(self.year, self.without_events(quantity, rows), self.group[rows])
        if ahead is None:
            ahead = [factor[end : end + self.horizon] for end in self.ends[:-1]]
        if self.weekday is not None:
            factor, ahead = self._times(factor, ahead, self.weekday[rows][:, np.arange(total) % 7].T)
        season = factor[periods:]
        if self.has_event:
            factor, ahead = self._times(factor, ahead, self.learned.factor[self.learned.row[rows]].T)
        return common.prepare(quantity[rows], np.maximum(factor, FLOOR), ahead), season

    def _times(self, factor, ahead, more):
        pairs = zip(ahead, self.ends[:-1], strict=True)
        return factor * more, [part * more[end : end + self.horizon] for part, end in pairs]


def learn(panel, quantity, group, labels, options, calendar, origins, size):
    """Learn events first, on the ratio to the local level; then the yearly profile of what they leave.

    :param quantity: float (n, T), stock-outs filled
    :param group: int (n,), 0..g-1; ``labels`` (g,) as the caller knows them
    :param size: float (n,), volume, to spread the sample evenly
    :returns: :class:`CalendarFactors`
    """
    horizon, ends = options.horizon, (*origins, panel.n_periods)
    learned = events.learn(quantity, group, labels, panel.start, panel.period_days, horizon, calendar)
    factors = CalendarFactors(learned, None, None, group, ends, horizon)
    if options.season == "none" or not panel.n_series:
        return factors
    rows = seasonality.sample_per_group(size, group, len(labels))
    sample = factors.without_events(quantity, rows)
    year = seasonality.learn(sample, group[rows], len(labels), panel.start, panel.period_days, horizon, origins)
    weekday = None
    if panel.freq == "D" and panel.n_periods >= MIN_WEEKDAY_DAYS:
        weekday = seasonality.weekday(quantity, group, len(labels))
    return CalendarFactors(learned, year, weekday, group, ends, horizon)
