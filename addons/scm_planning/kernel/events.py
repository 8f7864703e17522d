"""Effects of feasts, festivals and promotions, learned by distance to the day, whatever date that falls on.

Each event has phases: one for the event's own days, and one per stretch of days before and after it.  With x_tp the
share of the days of period t that lie in phase p (times the occurrence's strength), demand is

    y_t = base_t (1 + sum_p x_tp c_p)          factor of a phase = 1 + c_p

where base_t is the local level of periods that no event touches.  The ratios y / base of a group's demand are
regressed on x for all events at once: all groups together towards 0 (ridge, Hoerl and Kennard 1970), each group towards
all groups in proportion to its noise.  What is believed of that is

    c = s (c_all + z (c_group - c_all))

with s (how much of the effect) and z (how much of the group's own part of it) between 0 and 1, chosen for each event by
leaving one occurrence out at a time (Stone 1974).  With few occurrences that choice is chance itself, so it is weighed
against a prior by the number m of occurrences seen, with credibility m / (m + k) and k = 1/2 (Buehlmann 1967):

    s = (m s_chosen + k s_prior) / (m + k),    z likewise;    m = 1: only the prior

Promotions with their own list of series are learned the same way from those series alone.

*Days that two events claim.*  Different events add up their c in the regression and in the forecast (promotions of
chosen series multiply on top), with a floor under the factor.  Within one event each day counts once: own days go
before lead-in and after-effect, of which the nearer occurrence has the day (:func:`.event_phases.split_days`).

*What the planner expects* replaces the learned factor of the event's own days, or multiplies what was learned for its
lead-in and own days (``uplift_on_top``); the after-effect stays as learned.
"""

from dataclasses import dataclass

import numpy as np

from .event_phases import phase_shares, phases, split_days, with_uplift
from .seasonality import sum_by_group

LOCAL_DAYS = 63
PRIOR_SD = 1.0
GROUP_SD = 0.3
STRENGTHS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
OWN_WEIGHTS = np.array([0.0, 0.5, 1.0])
#: prior of (strength, weight of the group's own part)
PRIOR = np.array([0.75, 0.75])
PRIOR_OCCURRENCES = 0.5
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

    def _shares(self, event):
        shares = [share for _one, share in self._shares_apart(event)]
        return sum(shares) if shares else np.zeros((self.total, len(phases(event, self.period_days))))

    def _shares_apart(self, event):
        """(occurrence, float (T + h, phases)) of each occurrence, no day counted twice."""
        return [
            (one, phase_shares(event, one, self.start, self.period_days, self.total, (first, last)))
            for one, first, last in split_days(event)
        ]

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
        pooled, own = self._fit(design, ratio, noise)
        belief = np.array(
            [
                self._belief(design, ratio, noise, np.flatnonzero(columns.event == number), event)
                for number, event in enumerate(self.shared)
            ]
        )[columns.event]
        effect = believed(pooled, own, *belief.T) * usable
        factor = 1 + np.einsum("tp,gp->gt", columns.share, effect)
        future = self._planned(columns, effect, usable)
        factor[:, self.periods :] = 1 + np.einsum("tp,gp->gt", columns.share[self.periods :], future)
        self._note(columns, future)
        return np.maximum(factor, FLOOR)

    def _covers(self, event, label):
        return event.groups is None or label in event.groups

    def _planned(self, columns, effect, usable):
        """Effects for the forecast, with what the planner expects of the events."""
        out = effect.copy()
        for number, event in enumerate(self.shared):
            own = np.flatnonzero(columns.event == number)
            labels = [columns.phase[column] for column in own]
            out[:, own] = with_uplift(event, labels, effect[:, own]) * usable[:, own]
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
        across = weighted.swapaxes(1, 2)
        normal = across @ design
        right = (across @ target[..., None])[..., 0]
        eye = np.eye(design.shape[2])
        pooled = np.linalg.solve(normal.sum(axis=0) + eye / PRIOR_SD**2, right.sum(axis=0))
        own = np.linalg.solve(normal + eye / GROUP_SD**2, (right + pooled / GROUP_SD**2)[..., None])[..., 0]
        return pooled, own

    def _belief(self, design, ratio, noise, columns, event):
        """(s, z) of an event: least error on an occurrence not used for learning, weighed by their number."""
        touched = [(share[: self.periods] > 0).any(axis=1) for _one, share in self._shares_apart(event)]
        known = np.isfinite(ratio).any(axis=0)
        seen = [window for window in touched if (window & known).any()]
        loss = np.zeros((len(STRENGTHS), len(OWN_WEIGHTS)))
        for window in seen if len(seen) > 1 else ():
            held = np.where(window, np.nan, ratio)
            pooled, own = self._fit(design, held, noise)
            others = own.copy()
            others[:, columns] = 0
            here = design[:, window]
            rest = ratio[:, window] - 1 - np.einsum("gtp,gp->gt", here, others)
            shared = np.einsum("gtp,p->gt", here[:, :, columns], pooled[columns])
            special = np.einsum("gtp,gp->gt", here[:, :, columns], own[:, columns]) - shared
            loss += _loss(rest, shared, special, noise)
        return _credible(loss, len(seen))

    def _own_factors(self, factor, row):
        """Promotions of chosen series, one event after the other on history freed of what was learned before."""
        own_row = np.repeat(factor[row], 1, axis=0)
        for event in self.own:
            parts = self._shares_apart(event)
            chosen = [self._members(one) & np.isin(self.group, self._groups(event)) for one, _share in parts]
            shares = [share for _one, share in parts]
            effect = self._own_effect(event, chosen, shares, own_row)
            labels = [label for label, _first, _last in phases(event, self.period_days)]
            future = with_uplift(event, labels, effect)
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
        pooled, own = self._fit(design, stacked, noise)
        return believed(pooled, own, *self._own_belief(design, stacked, noise, len(ratios)))

    def _own_belief(self, design, ratio, noise, count):
        loss = np.zeros((len(STRENGTHS), len(OWN_WEIGHTS)))
        fold = np.repeat(np.arange(count), self.periods)
        folds = min(count, 8)
        for number in range(folds if count > 1 else 0):
            held = fold % folds == number
            pooled, own = self._fit(design, np.where(held, np.nan, ratio), noise)
            shared = np.einsum("gtp,p->gt", design[:, held], pooled)
            special = np.einsum("gtp,gp->gt", design[:, held], own) - shared
            loss += _loss(ratio[:, held] - 1, shared, special, noise)
        return _credible(loss, count)


def believed(pooled, own, strength, weight):
    """c = s (c_all + z (c_group - c_all)), float (g, p).

    >>> believed(np.array([0.2]), np.array([[0.6]]), 0.5, 0.5).round(2).tolist()
    [[0.2]]
    """
    return strength * (pooled + weight * (own - pooled))


def _loss(rest, shared, special, noise):
    """Squared errors in units of noise, cut at 10 sd, of each pair (s, z): float (strengths, weights)."""
    guess = shared + OWN_WEIGHTS[:, None, None] * special
    error = (rest - STRENGTHS[:, None, None, None] * guess) / noise[:, None]
    return np.nansum(np.minimum(error**2, 100.0), axis=(2, 3))


def _credible(loss, count):
    """(s, z) with the least loss, and the prior by credibility; below two occurrences nothing was compared."""
    if count < 2:
        return PRIOR
    strength, weight = np.unravel_index(loss.argmin(), loss.shape)
    chosen = np.array([STRENGTHS[strength], OWN_WEIGHTS[weight]])
    return (count * chosen + PRIOR_OCCURRENCES * PRIOR) / (count + PRIOR_OCCURRENCES)


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
