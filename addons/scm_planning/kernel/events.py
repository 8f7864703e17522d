"""Effects of feasts, festivals and promotions, learned by distance to the day, whatever date that falls on.

Each event has phases: one for the event's own days, and one per stretch of days before and after it.  With x_tp the
share of the days of period t that lie in phase p (times the occurrence's strength), demand is

    y_t = base_t (1 + sum_p x_tp c_p)          factor of a phase = 1 + c_p

where base_t is the local level of periods that no event touches.  The ratios y / base of a group's demand are
regressed on x for all events at once; c is shrunk in three steps: all groups towards 0 (ridge, Hoerl and Kennard
1970), each group towards all groups in proportion to its noise, and all of it by a strength between 0 and 1 chosen by
leaving one occurrence out at a time (Stone 1974).  Promotions with their own list of series are learned the same way
from those series alone.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from .seasonality import sum_by_group

LOCAL_DAYS = 63
PHASE_DAYS = {7: 7, 1: 3}
PRIOR_SD = 1.0
GROUP_SD = 0.3
STRENGTHS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
ONE_OCCURRENCE = 0.75
FLOOR = 0.05


@dataclass(frozen=True)
class EventFactors:
    """Factors over history and horizon.

    :param factor: float32 (k, T + h), distinct rows
    :param row: int (n,), row of each series
    :param effects: dict (event name, phase, group) -> factor; phases are ``peak``, ``before 1-7``, ``after 1-3``...
    """

    factor: np.ndarray
    row: np.ndarray
    effects: dict


@dataclass(frozen=True)
class _Columns:
    """Regressors of some events: x (T + h, p) and per column its event and phase; occurrence number per row."""

    share: np.ndarray
    event: np.ndarray
    phase: tuple


def phases(event, period_days):
    """Phases of an event as (label, first day, last day), days counted from its start (before) or end (after).

    >>> from .datatypes import Event
    >>> phases(Event("x", "feast", (), lead_days=9), 7)
    [('peak', 0, 0), ('before 1-7', 1, 7), ('before 8-9', 8, 9)]
    """
    width = PHASE_DAYS[period_days]
    found = [("peak", 0, 0)]
    for label, days in (("before", event.lead_days), ("after", event.after_days)):
        for first in range(1, days + 1, width):
            last = min(first + width - 1, days)
            found.append((f"{label} {first}-{last}", first, last))
    return found


def phase_shares(event, occurrence, start, period_days, count):
    """Share of the days of each period in each phase times strength, float (count, phases)."""
    columns = []
    for label, first, last in phases(event, period_days):
        if label == "peak":
            span = (occurrence.start, occurrence.end)
        elif label.startswith("before"):
            span = (occurrence.start - timedelta(days=last), occurrence.start - timedelta(days=first))
        else:
            span = (occurrence.end + timedelta(days=first), occurrence.end + timedelta(days=last))
        columns.append(_overlap(span, start, period_days, count))
    return np.array(columns).T * occurrence.strength


def _overlap(span, start, period_days, count):
    opens = np.arange(count) * period_days
    first, last = (span[0] - start).days, (span[1] - start).days + 1
    days = np.minimum(opens + period_days, last) - np.maximum(opens, first)
    return np.maximum(days, 0) / period_days


def learn(quantity, group, labels, start, period_days, horizon, calendar):
    """Learn the effects of a calendar and give the factors of all series.

    :param quantity: float (n, T), NaN = unknown
    :param group: int (n,), 0..g-1
    :param labels: group numbers as the caller knows them, (g,)
    :param calendar: :class:`.datatypes.EventCalendar`
    :returns: :class:`EventFactors`
    """
    return _Learner(quantity, group, labels, start, period_days, horizon, calendar).learn()


class _Learner:
    def __init__(self, quantity, group, labels, start, period_days, horizon, calendar):
        self.quantity, self.group, self.labels = quantity, group, np.asarray(labels)
        self.start, self.period_days = start, period_days
        self.periods, self.total = quantity.shape[1], quantity.shape[1] + horizon
        self.shared = [event for event in calendar.events if not _has_own_series(event)]
        self.own = [event for event in calendar.events if _has_own_series(event)]
        self.effects = {}

    def learn(self):
        n_groups = len(self.labels)
        factor = np.ones((n_groups, self.total))
        if self.shared and self.periods:
            totals = group_totals(self.quantity, self.group, n_groups)
            factor = self._shared_factors(totals)
        row = self.group.copy()
        if self.own and self.periods:
            factor, row = self._own_factors(factor, row)
        return EventFactors(factor.astype(np.float32), row, self.effects)

    def _shares(self, event, occurrences=None):
        chosen = event.occurrences if occurrences is None else occurrences
        shares = [phase_shares(event, one, self.start, self.period_days, self.total) for one in chosen]
        return sum(shares) if shares else np.zeros((self.total, len(phases(event, self.period_days))))

    def _shared_factors(self, totals):
        columns = _Columns(
            np.hstack([self._shares(event) for event in self.shared]),
            np.repeat(np.arange(len(self.shared)), [len(phases(event, self.period_days)) for event in self.shared]),
            tuple(label for event in self.shared for label, _first, _last in phases(event, self.period_days)),
        )
        covers = np.array([[self._covers(event, label) for event in self.shared] for label in self.labels])
        usable = covers[:, columns.event]
        ratio, noise = local_ratio(totals, (columns.share[: self.periods] > 0).any(axis=1), self.period_days)
        design = columns.share[None, : self.periods] * usable[:, None]
        _pooled, own = self._fit(design, ratio, noise)
        strength = np.array(
            [
                self._strength(design, ratio, noise, np.flatnonzero(columns.event == number), event)
                for number, event in enumerate(self.shared)
            ]
        )[columns.event]
        effect = own * strength * usable
        factor = 1 + np.einsum("tp,gp->gt", columns.share, effect)
        future = self._planned(columns, effect, usable)
        factor[:, self.periods :] = 1 + np.einsum("tp,gp->gt", columns.share[self.periods :], future)
        self._note(columns, future)
        return np.maximum(factor, FLOOR)

    def _covers(self, event, label):
        return event.groups is None or label in event.groups

    def _planned(self, columns, effect, usable):
        """Effects for the forecast: the planner's own uplift replaces what was learned for the event's days."""
        out = effect.copy()
        for number, event in enumerate(self.shared):
            if event.uplift is not None:
                peak = [c for c in np.flatnonzero(columns.event == number) if columns.phase[c] == "peak"]
                out[:, peak] = (event.uplift - 1) * usable[:, peak]
        return out

    def _note(self, columns, effect):
        for column, phase in enumerate(columns.phase):
            event = self.shared[columns.event[column]]
            for number, label in enumerate(self.labels):
                if self._covers(event, label):
                    self.effects[event.name, phase, int(label)] = float(max(1 + effect[number, column], FLOOR))

    @staticmethod
    def _fit(design, ratio, noise):
        """Pooled (p,) and per-group (g, p) effects; rows without a ratio (NaN) are left out."""
        known = np.isfinite(ratio) & (design > 0).any(axis=2)
        target = np.where(known, ratio - 1, 0)
        weight = known / (noise**2)[:, None]
        weighted = design * weight[:, :, None]
        normal = np.einsum("gtp,gtq->gpq", weighted, design)
        right = np.einsum("gtp,gt->gp", weighted, target)
        eye = np.eye(design.shape[2])
        pooled = np.linalg.solve(normal.sum(axis=0) + eye / PRIOR_SD**2, right.sum(axis=0))
        own = np.linalg.solve(normal + eye / GROUP_SD**2, (right + pooled / GROUP_SD**2)[..., None])[..., 0]
        return pooled, own

    def _strength(self, design, ratio, noise, columns, event):
        """How much of an event's effect to believe: least error on an occurrence not used for learning."""
        touched = [
            (phase_shares(event, one, self.start, self.period_days, self.periods) > 0).any(axis=1)
            for one in event.occurrences
        ]
        known = np.isfinite(ratio).any(axis=0)
        seen = [window for window in touched if (window & known).any()]
        if len(seen) < 2:
            return ONE_OCCURRENCE
        loss = np.zeros(len(STRENGTHS))
        for window in seen:
            held = np.where(window, np.nan, ratio)
            _pooled, own = self._fit(design, held, noise)
            others = own.copy()
            others[:, columns] = 0
            mine = np.einsum("gtp,gp->gt", design[:, window][:, :, columns], own[:, columns])
            rest = ratio[:, window] - 1 - np.einsum("gtp,gp->gt", design[:, window], others)
            error = (rest[None] - STRENGTHS[:, None, None] * mine[None]) / noise[None, :, None]
            loss += np.nansum(np.minimum(error**2, 100.0), axis=(1, 2))
        return float(STRENGTHS[loss.argmin()])

    def _own_factors(self, factor, row):
        """Promotions of chosen series, one event after the other on history freed of what was learned before."""
        own_row = np.repeat(factor[row], 1, axis=0)
        for event in self.own:
            chosen = [self._members(one) & np.isin(self.group, self._groups(event)) for one in event.occurrences]
            shares = [phase_shares(event, one, self.start, self.period_days, self.total) for one in event.occurrences]
            effect = self._own_effect(event, chosen, shares, own_row)
            future = effect.copy()
            if event.uplift is not None:
                future[:, 0] = event.uplift - 1
            for members, share in zip(chosen, shares, strict=True):
                rows = np.flatnonzero(members)
                past = 1 + effect[self.group[rows]] @ share[: self.periods].T
                ahead = 1 + future[self.group[rows]] @ share[self.periods :].T
                own_row[rows] *= np.maximum(np.hstack([past, ahead]), FLOOR)
            for number, (phase, _first, _last) in enumerate(phases(event, self.period_days)):
                for place, label in enumerate(self.labels):
                    if self._covers(event, label):
                        self.effects[event.name, phase, int(label)] = float(max(1 + future[place, number], FLOOR))
        return own_row, np.arange(len(row))

    def _groups(self, event):
        return [number for number, label in enumerate(self.labels) if self._covers(event, label)]

    def _members(self, occurrence):
        if occurrence.series is None:
            return np.ones(len(self.group), bool)
        members = np.asarray(occurrence.series, bool)
        if members.shape != (len(self.group),):
            raise ValueError(f"an occurrence names {members.shape} series, the panel has {len(self.group)}")
        return members

    def _own_effect(self, event, chosen, shares, own_row):
        """Effects (g, p) of one event from the ratios of the members of each occurrence, stacked per group."""
        busy = np.zeros((len(self.group), self.periods), bool)
        for members, share in zip(chosen, shares, strict=True):
            busy[members] |= (share[: self.periods] > 0).any(axis=1)
        n_groups, n_phases = len(self.labels), shares[0].shape[1] if shares else 1
        ratios, designs, owners = [], [], []
        noise = np.full(n_groups, 0.3)
        for number, (members, share) in enumerate(zip(chosen, shares, strict=True)):
            window = (share[: self.periods] > 0).any(axis=1)
            if not window.any():
                continue
            rows = np.flatnonzero(members)
            cleaned = self.quantity[rows] / own_row[rows, : self.periods]
            totals = group_totals(cleaned, self.group[rows], n_groups)
            ratio, noise_here = local_ratio(totals, busy[rows].any(axis=0), self.period_days)
            noise = np.minimum(noise, noise_here) if number == 0 else 0.5 * (noise + noise_here)
            ratios.append(np.where(window, ratio, np.nan))
            designs.append(share[: self.periods])
            owners.append(number)
        if not ratios:
            return np.zeros((n_groups, n_phases))
        stacked = np.hstack(ratios)
        design = np.repeat(np.vstack(designs)[None], n_groups, axis=0)
        _pooled, own = self._fit(design, stacked, noise)
        return own * self._own_strength(design, stacked, noise, len(ratios))

    def _own_strength(self, design, ratio, noise, count):
        if count < 2:
            return ONE_OCCURRENCE
        loss = np.zeros(len(STRENGTHS))
        fold = np.repeat(np.arange(count), self.periods)
        folds = min(count, 8)
        for number in range(folds):
            held = fold % folds == number
            _pooled, own = self._fit(design, np.where(held, np.nan, ratio), noise)
            mine = np.einsum("gtp,gp->gt", design[:, held], own)
            error = (ratio[None, :, held] - 1 - STRENGTHS[:, None, None] * mine[None]) / noise[None, :, None]
            loss += np.nansum(np.minimum(error**2, 100.0), axis=(1, 2))
        return float(STRENGTHS[loss.argmin()])


def _has_own_series(event):
    return any(one.series is not None for one in event.occurrences)


def group_totals(quantity, group, n_groups):
    """Sum of the group's demand per period, each series divided by the square root of its mean, float (g, T)."""
    known = np.isfinite(quantity)
    demand = np.where(known, quantity, 0)
    mean = demand.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    weight = np.where(mean > 0, 1 / np.sqrt(np.maximum(mean, 1e-12)), 0)
    totals = np.zeros((n_groups, quantity.shape[1]))
    for first in range(0, len(demand), 8192):
        part = slice(first, first + 8192)
        totals += sum_by_group(group[part], n_groups) @ (demand[part] * weight[part, None])
    return totals


def local_ratio(totals, busy, period_days):
    """Ratio of each period to the local level of quiet periods, and its noise in quiet periods.

    :param totals: float (g, T)
    :param busy: bool (T,), periods that an event touches
    :returns: ratio (g, T), NaN without a level; noise (g,), sd of the quiet ratios, 0.02 or more
    """
    periods = totals.shape[1]
    if period_days == 1:
        totals = totals / _weekday_ratio(totals, busy)
    reach = max(2, LOCAL_DAYS // period_days)
    quiet = ~busy
    level_sum = _moving_sum(totals * quiet, reach)
    level_count = _moving_sum(np.broadcast_to(quiet.astype(float), totals.shape), reach)
    own = quiet.astype(float)
    # a quiet period must not be its own yardstick
    level = (level_sum - totals * own) / np.maximum(level_count - own, 1)
    usable = (level_count - own >= 2) & (level > 0)
    ratio = np.where(usable, totals / np.where(usable, level, 1), np.nan)
    calm = usable & quiet
    deviation = np.where(calm, ratio - 1, 0)
    count = np.maximum(calm.sum(axis=1), 1)
    noise = np.sqrt((np.clip(deviation, -1, 1) ** 2).sum(axis=1) / count)
    noise = np.where(calm.sum(axis=1) >= min(8, periods), noise, 0.5)
    return ratio, np.maximum(noise, 0.02)


def _weekday_ratio(totals, busy):
    periods = totals.shape[1]
    column = np.arange(periods) % 7
    picker = np.equal.outer(column, np.arange(7)) & ~busy[:, None]
    mean = (totals @ picker) / np.maximum(picker.sum(axis=0), 1)
    overall = mean.mean(axis=1, keepdims=True)
    ratio = np.where((mean > 0) & (overall > 0), mean / np.where(overall > 0, overall, 1), 1)
    return np.maximum(ratio, FLOOR)[:, column]


def _moving_sum(values, reach):
    periods = values.shape[1]
    running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    index = np.arange(periods)
    return running[:, np.minimum(index + reach + 1, periods)] - running[:, np.maximum(index - reach, 0)]
