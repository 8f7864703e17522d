"""What all series of a panel share, learned from a sample: mean scores, spread per class, standardised quantiles."""

from dataclasses import dataclass

import numpy as np

from . import ensemble, intervals

ALIVE_PERIODS = 26
LEAST_FACTOR = 0.25


@dataclass(frozen=True)
class PreparedBlock:
    """A block of series ready for the ensemble, time-major.

    :param demand: float32 (T, B), factors and scale divided out, 0 where unknown
    :param known: bool (T, B); not where the calendar factor is so small that demand says nothing about the level
    :param scale: float32 (B,), mean demand of the series
    :param factor: float32 (T + h, B), calendar factors; None = 1 throughout
    :param origin_factor: per origin, float32 (h, B), calendar factors as they would have been known there
    """

    demand: np.ndarray
    known: np.ndarray
    scale: np.ndarray
    factor: np.ndarray | None
    origin_factor: tuple

    def factor_ahead(self, slot, horizon):
        """Calendar factors (h, B) of the periods after origin ``slot``, after the end of history when slot = -1."""
        if self.factor is None:
            return np.ones((horizon, len(self.scale)), np.float32)
        return self.factor[len(self.demand) :] if slot == -1 else self.origin_factor[slot]


def prepare(quantity, factor, origin_factor=()):
    """Scale, deseasonalise and turn a block of series time-major.

    :param quantity: float (B, T)
    :param factor: float32 (T + h, B) or None
    :param origin_factor: per origin, float32 (h, B)
    :returns: :class:`PreparedBlock`
    """
    demand = np.array(quantity.T, order="C")
    known = np.isfinite(demand)
    if factor is not None:
        # closing days: their zeros would pull the level down, since no factor makes demand of nothing
        known &= factor[: len(demand)] >= LEAST_FACTOR
        demand /= factor[: len(demand)]
    demand[~known] = 0
    scale = demand.sum(axis=0, dtype=np.float64) / np.maximum(known.sum(axis=0), 1)
    scale = np.where(scale > 0, scale, 1.0)
    demand /= scale.astype(demand.dtype)
    return PreparedBlock(
        demand.astype(np.float32, copy=False), known, scale.astype(np.float32), factor, tuple(origin_factor)
    )


@dataclass(frozen=True)
class LeadTimeErrors:
    """Forecasts and demand summed over P periods at one past origin of the sample, in units of each series' scale.

    :param periods: P
    :param mean: float (k,)
    :param spread: float (k,), sigma x mean calendar factor x sqrt(P) x growth of the sum's error
    :param demand: float (k,)
    :param place: int (k,), place of the series in the sample
    """

    periods: int
    mean: np.ndarray
    spread: np.ndarray
    demand: np.ndarray
    place: np.ndarray


@dataclass(frozen=True)
class Common:
    """Learned from the sample.

    :param population: refresh period -> mean score (m, c)
    :param noise: float (c,), mean absolute error / level of each spread class
    :param table: float (c, q), quantiles of one-step errors / sigma
    :param lead_time: tuple of :class:`LeadTimeErrors`
    """

    population: dict
    noise: np.ndarray
    table: np.ndarray
    lead_time: tuple


def learn(block, quantity, origins, horizon, tuning, classes, levels):
    """Run the sample and measure what is common.

    :param block: :class:`PreparedBlock` of the sample
    :param quantity: float (B, T), its demand in units
    :param origins: increasing period numbers
    :param classes: int (B,), spread class of each series
    :param levels: quantile levels of the forecast periods
    """
    run = ensemble.run_block(block.demand, block.known, classes, origins, horizon, tuning)
    noise = intervals.class_noise(run.recent[-1], run.ahead[-1].mean(axis=0), classes)
    table = _one_step_table(block, run, noise, classes, levels)
    age = np.cumsum(block.known, axis=0)
    lead_time = []
    for slot, origin in enumerate(origins):
        alive = (block.demand[max(0, origin - ALIVE_PERIODS) : origin] > 0).any(axis=0)
        used = np.flatnonzero((age[origin - 1] >= 2 * tuning.warm_up) & (run.recent[slot] > 0) & alive)
        if len(used):
            sigma = intervals.blend(run.recent[slot], run.ahead[slot].mean(axis=0), noise[classes])
            lead_time += _sum_errors(block, quantity, run, sigma, slot, origin, used)
    return Common(run.relative, noise, table, tuple(lead_time))


def _one_step_table(block, run, noise, classes, levels):
    window = slice(max(0, len(block.demand) - intervals.TABLE_HISTORY), None)
    path = run.one_step[window]
    sigma = intervals.blend(run.recent[-1], np.maximum(path, 0.01), noise[classes])
    standard = (block.demand[window] - path) / np.maximum(sigma, 1e-9)
    seen = np.isfinite(standard) & block.known[window] & (run.recent[-1] > 0)
    kind = np.broadcast_to(classes, standard.shape)
    return intervals.class_quantiles(standard[seen], kind[seen], levels)


def _sum_errors(block, quantity, run, sigma, slot, origin, used):
    """Errors over each number of periods of the table, of series known throughout."""
    ahead, response = run.ahead[slot], run.response[slot][used]
    horizon = min(len(ahead), len(block.demand) - origin)
    factor = block.factor_ahead(slot, len(ahead))[:horizon, used]
    forecast = np.cumsum(ahead[:horizon, used] * factor, axis=0, dtype=np.float64)
    actual = quantity[used, origin : origin + horizon].T / block.scale[used]
    # a sum with an unknown period in it is unknown
    demand = np.cumsum(actual, axis=0, dtype=np.float64)
    known = np.isfinite(demand)
    found = []
    for periods in intervals.TABLE_PERIODS[horizon >= intervals.TABLE_PERIODS]:
        whole = known[periods - 1]
        spread = sigma[used] * factor[:periods].mean(axis=0) * np.sqrt(periods)
        spread = spread * intervals.sum_growth(response, periods)
        values = (forecast[periods - 1], spread, demand[periods - 1], used)
        found.append(LeadTimeErrors(int(periods), *(value[whole] for value in values)))
    return found


def lead_time_table(learned, bias, classes):
    """Calibrate demand over P periods on the sample's back-test.

    :param learned: :class:`Common`
    :param bias: float (k,), bias factor of each series of the sample
    :param classes: int (k,), its spread class
    :returns: periods (p,), levels (L,), factor (c, p), standard_quantile (c, p, L), recalibrated (c, p, L)
    """
    levels = intervals.TABLE_LEVELS
    periods = sorted({entry.periods for entry in learned.lead_time})
    if not periods:
        normal = intervals.class_quantiles(np.zeros(0), np.zeros(0, int), levels)
        return np.ones(1), levels, np.ones((len(normal), 1)), normal[:, None], np.tile(levels, (len(normal), 1, 1))
    columns = []
    for number in periods:
        entries = [entry for entry in learned.lead_time if entry.periods == number]
        place, mean, spread, demand = (
            np.concatenate([getattr(entry, name) for entry in entries])
            for name in ("place", "mean", "spread", "demand")
        )
        columns.append(intervals.calibrate_lead_time(mean * bias[place], spread, demand, classes[place]))
    factor, standard, recalibrated = zip(*columns, strict=True)
    return np.array(periods, float), levels, np.stack(factor, 1), np.stack(standard, 1), np.stack(recalibrated, 1)
