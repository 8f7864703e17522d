"""Many simple models per series, weighted softly by their past one-step errors, for all series at once.

For every candidate k of :class:`.candidates.Grid` and series i, with e the one-step error on spike-cut demand:

    score_ik  = sum_t d^(T-t) e_ikt^2 / mean over the smoothing candidates of the same sum
    weight_ik = exp(-(score_ik + pool * mean_j score_jk) / temperature), scaled to add up to 1

(exponential weights, Vovk 1990), the mean taken over the series j of the same class of demand.  Weights are refreshed
every few periods, so that the one-step path and the forecasts at past origins use only what was known then.  Series
are run in blocks, time-major and in float32, which keeps the working set in the processor's cache.
"""

from dataclasses import dataclass, field

import numpy as np

from .candidates import CandidateState, Grid
from .intervals import N_CLASSES


@dataclass(frozen=True)
class Tuning:
    """Constants of the engine; the defaults were set on weekly retail items, see ``benchmarks/accuracy.py``.

    :param cut_sd: demand is cut at level + this many standard deviations, but never below the mean size of a sale
    :param cut_alpha: smoothing constant of that level and deviation
    :param cut_after: known periods before cutting starts
    :param forget: discount of squared errors per period
    :param warm_up: known periods before errors count
    :param pool: weight of the class' mean score
    :param temperature: softness of the weights
    :param refresh: periods between two refreshes of the weights
    :param recent_forget: discount of absolute errors in the recent mean absolute error
    """

    grid: Grid = field(default_factory=Grid)
    cut_sd: float = 4.0
    cut_alpha: float = 0.1
    cut_after: int = 8
    forget: float = 0.99
    warm_up: int = 13
    pool: float = 1.0
    temperature: float = 0.02
    refresh: int = 8
    recent_forget: float = 0.97


PATH_AFTER = 8
CLASS_PSEUDO = 50.0
WEEKLY = Tuning()
DAILY = Tuning(forget=0.998, warm_up=28, cut_after=28, cut_alpha=0.03, cut_sd=6.0, refresh=14, recent_forget=0.99)


@dataclass(frozen=True)
class BlockResult:
    """What one block yields; time-major. K origins, B series, m candidates, h horizon.

    :param ahead: float32 (K + 1, h, B), forecasts at the origins and, last, at the end
    :param recent: float32 (K + 1, B), recent mean absolute one-step error on uncut demand then; 0 = none
    :param response: float32 (K + 1, B), root mean square of the candidates' response under the weights then
    :param one_step: float32 (T, B), honest one-step forecasts, NaN before the warm-up
    :param cut: float32 (T, B), spike-cut demand
    :param weights: float32 (m, B), at the end
    :param relative: refresh period -> mean score (m, c) of each class; empty when ``population`` was given
    """

    ahead: np.ndarray
    recent: np.ndarray
    response: np.ndarray
    one_step: np.ndarray
    cut: np.ndarray
    weights: np.ndarray
    relative: dict


def run_block(demand, known, classes, origins, horizon, tuning, population=None, keep=None):
    """Run all candidates over a block of series.

    :param demand: float32 (T, B), season and events divided out, scaled to about 1, 0 where unknown
    :param known: bool (T, B)
    :param origins: increasing period numbers o < T; forecasts are taken with periods < o known
    :param classes: int (B,), spread class of each series
    :param population: refresh period -> mean score (m, c) of each class, or None to use this block's own
    :param keep: bool (T, B), weeks that are never cut as spikes, or None
    :returns: :class:`BlockResult`
    """
    return _BlockRun(demand, known, classes, origins, horizon, tuning, population, keep).run()


class _BlockRun:
    def __init__(self, demand, known, classes, origins, horizon, tuning, population, keep=None):
        self.demand, self.known, self.tuning, self.horizon = demand, known, tuning, horizon
        self.origins, self.population, self.classes = list(origins), population, classes
        self.keep = keep
        periods, width = demand.shape
        self.state = CandidateState(tuning.grid, width)
        self.score = np.zeros((tuning.grid.size, width), np.float32)
        self.weights = np.full((tuning.grid.size, width), 1 / tuning.grid.size, np.float32)
        self.weight_sum = np.zeros(width, np.float32)
        self.level, self.variance = np.zeros(width, np.float32), np.zeros(width, np.float32)
        self.sold_sum, self.sold_count = np.zeros(width, np.float32), np.zeros(width, np.float32)
        self.age = np.zeros(width, np.int32)
        self.recent, self.recent_weight = np.zeros(width, np.float32), np.zeros(width, np.float32)
        self.one_step = np.full((periods, width), np.nan, np.float32)
        self.cut = np.array(demand)
        self.ahead = np.zeros((len(self.origins) + 1, horizon, width), np.float32)
        self.recent_at = np.zeros((len(self.origins) + 1, width), np.float32)
        self.response_at = np.zeros_like(self.recent_at)
        self.response = (tuning.grid.response**2).astype(np.float32)
        self.relative = {}
        self.oldest = 0
        self.buffer = np.empty_like(self.score)

    def run(self):
        periods = self.demand.shape[0]
        everyone = self.known.all(axis=1)
        anyone = self.known.any(axis=1)
        same_age = True
        for period in range(periods):
            self._snapshot(period)
            if not anyone[period]:
                continue
            same_age = same_age and bool(everyone[period])
            self._step(period, same_age)
        self._refresh(periods)
        self._take(len(self.origins))
        return BlockResult(
            self.ahead, self.recent_at, self.response_at, self.one_step, self.cut, self.weights, self.relative
        )

    def _snapshot(self, period):
        is_origin = period in self.origins
        if is_origin or (period % self.tuning.refresh == 0 and period > self.tuning.warm_up):
            self._refresh(period)
        if is_origin:
            self._take(self.origins.index(period))

    def _take(self, slot):
        self.ahead[slot] = self.state.ahead(self.weights, self.horizon)
        self.response_at[slot] = np.sqrt(self.response @ self.weights)
        self.recent_at[slot] = self.recent / np.maximum(self.recent_weight, 1e-6)

    def _step(self, period, same_age):
        known = self.known[period].astype(np.float32)
        # one age for the whole block makes gains and discounts plain numbers
        age = int(self.age[0]) if same_age else self.age
        demand = self._cut_spikes(period, known, age)
        prediction = self.state.predict()
        self._remember(period, prediction, known, age)
        self._score(prediction, demand, known, age)
        self.state.update(demand, known, same_age)
        self.age += self.known[period]
        self.oldest += 1

    def _score(self, prediction, demand, known, age):
        if self.oldest < self.tuning.warm_up:
            return
        counts = 1 if isinstance(age, int) else known * (age >= self.tuning.warm_up)
        error = np.subtract(prediction, demand, out=self.buffer)
        error *= error
        if not isinstance(age, int):
            error *= counts
        self.score *= 1 - np.float32(1 - self.tuning.forget) * counts
        self.score += error
        self.weight_sum += counts

    def _cut_spikes(self, period, known, age):
        tuning, demand = self.tuning, self.cut[period]
        sold = demand > 0
        if tuning.cut_sd > 0 and self.oldest >= tuning.cut_after:
            limit = np.sqrt(self.variance)
            limit *= np.float32(tuning.cut_sd)
            limit += self.level
            # an ordinary sale of an item that seldom sells is no spike
            np.maximum(limit, self.sold_sum / np.maximum(self.sold_count, 1), out=limit)
            if not isinstance(age, int):
                limit[age < tuning.cut_after] = np.inf
            if self.keep is not None:
                limit[self.keep[period]] = np.inf
            np.minimum(demand, limit, out=demand)
        self.sold_sum += self.demand[period]
        self.sold_count += sold
        if isinstance(age, int):
            gain = np.float32(max(tuning.cut_alpha, 1 / (age + 1)))
        else:
            gain = known * np.maximum(np.float32(tuning.cut_alpha), 1 / (age + np.float32(1)))
        step = demand - self.level
        spread = step * step
        spread *= gain
        self.variance += spread
        self.variance *= 1 - gain
        step *= gain
        self.level += step
        return demand

    def _remember(self, period, prediction, known, age):
        """One-step forecast of the ensemble and its recent absolute error on uncut demand."""
        if self.oldest < PATH_AFTER:
            return
        path = np.einsum("mb,mb->b", self.weights, prediction)
        error = np.abs(path - self.demand[period])
        counts = np.float32(1)
        if not isinstance(age, int):
            counts = known * (age >= PATH_AFTER)
            error *= counts
            path[counts == 0] = np.nan
        self.one_step[period] = path
        keep = 1 - np.float32(1 - self.tuning.recent_forget) * counts
        self.recent *= keep
        self.recent += error
        self.recent_weight *= keep
        self.recent_weight += counts

    def _refresh(self, period):
        tuning = self.tuning
        base = self.score[: len(tuning.grid.ses)].mean(axis=0)
        seen = (self.weight_sum > 0) & (base > 1e-12)
        relative = np.where(seen, self.score / np.where(seen, base, 1), np.float32(1))
        if self.population is None:
            self.relative[period] = _class_means(relative[:, seen], self.classes[seen])
        mean = (self.relative if self.population is None else self.population)[period]
        total = relative + np.float32(tuning.pool) * mean[:, self.classes]
        total -= total.min(axis=0)
        total *= np.float32(-1 / tuning.temperature)
        np.exp(total, out=total)
        total /= total.sum(axis=0)
        self.weights = total


def _class_means(relative, classes):
    """Mean score of each candidate by class, shrunk to all classes, float32 (m, c)."""
    if not len(classes):
        return np.ones((len(relative), N_CLASSES), np.float32)
    whole = relative.mean(axis=1, dtype=np.float64)
    means = np.empty((len(relative), N_CLASSES))
    for number in range(N_CLASSES):
        members = relative[:, classes == number]
        total = members.sum(axis=1, dtype=np.float64) + CLASS_PSEUDO * whole
        means[:, number] = total / (members.shape[1] + CLASS_PSEUDO)
    return means.astype(np.float32)
