"""What all series of a panel share, learned from a sample: mean scores, standardised quantiles, calibration."""

from dataclasses import dataclass, field

import numpy as np

from . import ensemble, intervals


@dataclass(frozen=True)
class LeadTimeErrors:
    """Forecast errors summed over P periods at past origins, of the sample; float (k,) in units of the series' scale."""

    periods: int
    mean: np.ndarray
    sigma_scale: np.ndarray
    demand: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class Common:
    """Learned from the sample.

    :param population: refresh period -> mean relative score (m,)
    :param table: float (c, q), standardised quantiles of the error of one period
    :param stretch: float (q,), conformal factor on the offsets
    :param noise: median of sigma / mean level, for series too short to measure
    :param level: float (g,), typical recent level of each group, for new items
    :param lead_time: list of :class:`LeadTimeErrors`
    """

    population: dict
    table: np.ndarray
    stretch: np.ndarray
    noise: float
    lead_time: list = field(default_factory=list)


def learn(block, origins, horizon, tuning, classes, levels, min_known):
    """Run the sample and measure.

    :param block: :class:`PreparedBlock` of the sample
    :param origins: increasing period numbers
    :param classes: int (B,), spread class of each series
    """
    run = ensemble.run_block(block.demand, block.known, origins, horizon, tuning)
    rows, error, offset, lead = [], [], [], []
    age = np.cumsum(block.known, axis=0)
    for slot, origin in enumerate(origins):
        used = np.flatnonzero((age[origin - 1] >= min_known) & (run.sigma[slot] > 0))
        if not len(used):
            continue
        window = slice(max(0, origin - intervals.RESIDUAL_PERIODS), origin)
        residual = (block.demand[window] - run.one_step[window])[:, used]
        span = block.demand[origin : origin + horizon][:, used]
        known = block.known[origin : origin + horizon][:, used]
        rows.append(used)
        error.append(np.where(known, span - run.ahead[slot][: len(span), used], np.nan))
        offset.append(intervals.own_quantiles(residual, levels))
        lead += _sum_errors(block, run, slot, origin, used)
    table, stretch = _calibrate(rows, error, offset, run, classes, levels)
    level = run.ahead[-1].mean(axis=0)
    measured = (run.sigma[-1] > 0) & (level > 0)
    noise = float(np.median(run.sigma[-1][measured] / level[measured])) if measured.any() else 1.0
    return Common(run.relative, table, stretch, noise, lead)


def _calibrate(rows, error, offset, run, classes, levels):
    if not rows:
        return intervals.class_quantiles(np.zeros(0), np.zeros(0, int), levels), np.ones(len(levels))
    sigma = [run.sigma[slot][used] for slot, used in enumerate(rows)]
    standard = np.concatenate([(one / sd).ravel() for one, sd in zip(error, sigma, strict=True)])
    kind = np.concatenate(
        [np.broadcast_to(classes[used], one.shape).ravel() for used, one in zip(rows, error, strict=True)]
    )
    seen = np.isfinite(standard)
    table = intervals.class_quantiles(standard[seen].astype(np.float64), kind[seen], levels)
    combined = [
        intervals.offsets(own, sd, classes[used], table) for own, sd, used in zip(offset, sigma, rows, strict=True)
    ]
    stacked = np.concatenate(
        [
            np.repeat(one[:, None], len(err), axis=1).reshape(len(levels), -1)
            for one, err in zip(combined, error, strict=True)
        ],
        axis=1,
    )
    flat = np.concatenate([one.ravel() for one in error])
    return table, intervals.conformal_scale(flat[seen], stacked[:, seen], levels)


def _sum_errors(block, run, slot, origin, used):
    factor = block.factor_after(origin, run.ahead.shape[1])[:, used]
    forecast = run.ahead[slot][:, used] * factor
    demand = (block.demand[origin : origin + len(forecast)] * block.known[origin : origin + len(forecast)])[
        :, used
    ] * factor[: len(block.demand) - origin]
    known = block.known[origin : origin + len(forecast)][:, used]
    out = []
    for periods in intervals.TABLE_PERIODS:
        if periods > min(len(known), run.ahead.shape[1]):
            break
        whole = known[:periods].all(axis=0)
        spread = run.sigma[slot][used] * factor[:periods].mean(axis=0) * np.sqrt(periods)
        out.append(
            LeadTimeErrors(
                int(periods),
                forecast[:periods].sum(axis=0)[whole].astype(np.float64),
                spread[whole].astype(np.float64),
                demand[:periods].sum(axis=0)[whole].astype(np.float64),
                used[whole],
            )
        )
    return out


@dataclass(frozen=True)
class PreparedBlock:
    """A block of series ready for the ensemble, time-major.

    :param demand: float32 (T, B), factors and scale divided out, 0 where unknown
    :param known: bool (T, B)
    :param scale: float32 (B,), mean demand of the series
    :param factor: float32 (T + h, B), calendar factors; None = 1 throughout
    """

    demand: np.ndarray
    known: np.ndarray
    scale: np.ndarray
    factor: np.ndarray | None

    def factor_after(self, period, count):
        """Calendar factors (count, B) from a period on."""
        if self.factor is None:
            return np.ones((count, len(self.scale)), np.float32)
        return self.factor[period : period + count]


def prepare(quantity, factor):
    """Scale, deseasonalise and turn a block of series time-major.

    :param quantity: float (B, T)
    :param factor: float32 (T + h, B) or None
    :returns: :class:`PreparedBlock`
    """
    demand = np.array(quantity.T, dtype=np.float32 if quantity.dtype == np.float32 else np.float64, order="C")
    known = np.isfinite(demand)
    demand[~known] = 0
    if factor is not None:
        demand /= factor[: len(demand)]
    scale = demand.sum(axis=0, dtype=np.float64) / np.maximum(known.sum(axis=0), 1)
    scale = np.where(scale > 0, scale, 1.0)
    demand /= scale.astype(demand.dtype)
    return PreparedBlock(demand.astype(np.float32), known, scale, factor)
