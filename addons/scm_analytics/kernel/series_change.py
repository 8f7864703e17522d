"""Did weekly figures of parts of a company (regions, categories, lanes, suppliers) change, beyond season and chance?

All functions take arrays with one row per part (cell) and one column per week, oldest first, and look at the last
``recent`` weeks. NaN is what cannot be said.

Sums (revenue, units), :func:`growth`. The season is taken off by comparing with the same week of last year, the common
course of the company by the growth of all other cells in the same week, as their weighted median, without the cell
itself: one cell that doubles does not make the others fall (median of ratios, Anders and Huber 2010, *Genome Biology*
11). With y the sums::

    x[i, t] = log(y[i, t] + c) - log(y[i, t - 52] + c),   r[i, t] = x[i, t] - median of x[j, t], j other than i
    T[i] = mean of r[i] over the recent weeks,  change = exp(T) - 1

Weeks are alike their neighbours. The variance of the mean of m weeks follows from their correlations r_k
(:func:`autocorrelation`; corrected for their bias as Marriott and Pope 1954, *Biometrika* 41), with g0 the variance of
the weeks around the mean of the recent and the line through the earlier ones (Bayley and Hammersley 1946 for the
degrees of freedom)::

    var T = g0 / m * (1 + 2 sum (1 - k / m) r_k, k = 1 .. m - 1),   T / sd ~ t(n / (1 + 2 sum r_k^2))

Rates (late parcels, lines short, units refused), :func:`rate_change`: hits of recent weeks against those of the weeks
before, given their sum, as a binomial (Przyborowski and Wilenski 1940, *Biometrika* 31), counts divided by the design
effect of the weeks (Rao and Scott 1992, *Biometrics* 48). Means (days on the way), :func:`mean_change`: weekly means
weighted by their size. Both are also compared with the change of all others; the larger of the two chances counts
(intersection-union test, Berger 1982, *Technometrics* 24), so neither a cell that moves with the rest nor one that only
stands still while the rest moves is a finding.

Profiles (orders by hour, by weekday), :func:`profile_change`: chi-square of homogeneity over its dispersion between
weeks, as F. Errors that should be zero on average (forecast bias), :func:`drift`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

#: weeks of a year
SEASON = 52
#: earlier weeks that are needed to know how much weeks vary
LEAST_WEEKS = 20
CONFIDENCE = 0.95
#: distances of weeks over which they may be alike, and the most that one is like the next
LAGS, MOST_ALIKE = 26, 0.8
#: a rest that is smaller than this many times the cell says too little about the course of the company
REST_SIZE = 2.0


@dataclass(frozen=True)
class Change:
    """What became of each of c cells; arrays (c,), NaN where nothing can be said.

    :ivar before: what was to be expected in the recent weeks: mean of a week, rate, or mean
    :ivar after: what was
    :ivar change, low, high: share of sums (0.2 is a fifth more), difference of rates and means; 95 % interval
    :ivar own: the same change against the cell's own past alone
    :ivar p: two-sided chance
    """

    before: np.ndarray
    after: np.ndarray
    change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    own: np.ndarray
    p: np.ndarray


def autocorrelation(residuals, fitted=3):
    """Variance of residuals, how alike weeks are by their distance, and what the variance is worth.

    The first two correlations of all cells together give those of a first-order process under white noise,
    ``r1 rho^(k - 1)`` with ``rho = r2 / r1`` (Box and Jenkins 1970); where the weeks of a cell are more alike than
    that, its own first correlation counts, as ``r1^k``.

    :param residuals: float (c, n), NaN for gaps
    :param fitted: parameters that were fitted to them
    :return: variance (c,), correlations (c, :data:`LAGS`), degrees of freedom (c,)

    >>> variance, memory, freedom = autocorrelation(np.tile([1.0, -1.0], (1, 20)))
    >>> round(float(variance[0]), 3), float(memory.max()), float(freedom[0])
    (1.081, 0.0, 37.0)
    """
    size = np.isfinite(residuals).sum(axis=1)
    squares = np.nansum(residuals**2, axis=1)
    own, near = _correlation(residuals, squares, size, fitted, 1)
    _own, far = _correlation(residuals, squares, size, fitted, 2)
    lags = np.arange(LAGS)
    together = near * np.clip(far / near if near > 0 else 0.0, near, 0.9) ** lags if near > 0 else np.zeros(LAGS)
    memory = np.maximum(own[:, None] ** (lags + 1), together)
    # what was fitted took off more than its share where weeks are alike
    taken = np.minimum(fitted * (1 + 2 * memory.sum(axis=1)), size / 2)
    freedom = np.maximum(size - fitted, 1) / (1 + 2 * (memory**2).sum(axis=1))
    return squares / np.maximum(size - taken, 1), memory, freedom


def _correlation(residuals, squares, size, fitted, lag):
    """Correlation of weeks at a distance, of each cell and of all, corrected for its bias."""
    products = residuals[:, lag:] * residuals[:, :-lag]
    pairs = np.isfinite(products).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.nansum(products, axis=1) / squares * size / pairs
        raw = np.clip(raw + (fitted + 4 * raw) / size, -1.0, MOST_ALIKE)
    known = np.isfinite(raw)
    pooled = float((raw * size)[known].sum() / size[known].sum()) if known.any() else 0.0
    return np.clip(np.nan_to_num(raw), 0.0, MOST_ALIKE), max(pooled, 0.0)


def mean_inflation(memory, weeks):
    """By how much the variance of a mean of some weeks is larger than with independent weeks.

    >>> mean_inflation(0.5 ** np.arange(1, LAGS + 1) * np.array([[0.0], [1.0]]), np.array([4, 4])).round(3).tolist()
    [1.0, 2.062]
    """
    weeks = np.maximum(np.asarray(weeks, float), 1.0)
    share = np.clip(1 - np.arange(1, LAGS + 1) / weeks[:, None], 0, None)
    return 1 + 2 * (share * memory).sum(axis=1)


def others_median(values, weights):
    """Weighted median of each column over all other rows.

    :param values: float (c, n), NaN is left out; weights: float (c,)
    :return: float (c, n)

    >>> others_median(np.array([[0.0], [1.0], [9.0]]), np.ones(3)).ravel().tolist()
    [5.0, 4.5, 0.5]
    """
    cells = len(values)
    order = np.argsort(values, axis=0)  # NaN comes last
    ranked = np.take_along_axis(values, order, axis=0)
    heavy = np.where(np.isfinite(ranked), np.asarray(weights, float)[order], 0.0)
    found = np.full(values.shape, np.nan)
    columns = np.arange(values.shape[1])
    for cell in range(cells):
        kept = np.where(order == cell, 0.0, heavy)
        reach = np.cumsum(kept, axis=0)
        half = reach[-1] / 2
        # the median is the middle of the lower and the upper one, which differ where half the weight is reached exactly
        low = np.argmax((reach >= half * (1 - 1e-12)) & (kept > 0), axis=0)
        high = np.argmax((reach > half * (1 + 1e-12)) & (kept > 0), axis=0)
        middle = (ranked[low, columns] + ranked[high, columns]) / 2
        found[cell] = np.where(half > 0, middle, np.nan)
    return found


def growth(values, facts, moved, recent) -> Change:
    """Sums of weeks against the same weeks of last year and against the growth of the others.

    :param values: float (c, n) sums of each week; facts: float (c, n) how many facts they are made of
    :param moved: bool (n,) or (c, n), weeks that may not be compared with those of last year (a feast moved, an offer)
    :param recent: weeks looked at

    Ten regions, of which the first sells a third more than last year for eight weeks:

    >>> chance = np.random.default_rng(1)
    >>> sold = chance.poisson(200, (10, 108)) * 50.0
    >>> sold[0, -8:] *= 4 / 3
    >>> found = growth(sold, sold / 50, np.zeros(108, bool), recent=8)
    >>> round(float(found.change[0]), 2), bool(found.p[0] < 1e-6), bool(found.p[1:].min() > 0.01)
    (0.3, True, True)
    """
    values, facts = np.asarray(values, float), np.asarray(facts, float)
    cells, weeks = values.shape
    if weeks < SEASON + recent + LEAST_WEEKS:
        return _nothing(cells)
    grown = _grown(values, facts, moved)
    relative = grown - others_median(grown, values.sum(axis=1))
    mean, spread, freedom = _recent_mean(relative, recent)
    half_width = special.stdtrit(freedom, 0.5 + CONFIDENCE / 2) * spread
    after = _mean(np.where(np.isfinite(grown[:, -recent:]), values[:, -recent:], np.nan))
    return Change(
        before=after / np.exp(mean),
        after=after,
        change=np.expm1(mean),
        low=np.expm1(mean - half_width),
        high=np.expm1(mean + half_width),
        own=np.expm1(_mean(grown[:, -recent:])),
        p=_two_sided(mean / spread, freedom),
    )


def expected_sums(values, facts, moved):
    """What was to be expected of each week: the week of last year times the growth of the others; NaN where unknown.

    :return: float (c, n - 52), for the chart
    """
    values, facts = np.asarray(values, float), np.asarray(facts, float)
    grown = _grown(values, facts, moved)
    return values[:, :-SEASON] * np.exp(others_median(grown, values.sum(axis=1)))


def _grown(values, facts, moved):
    """Logarithm of weeks over the same weeks of last year (c, n - 52); half a fact keeps empty weeks in."""
    with np.errstate(invalid="ignore", divide="ignore"):
        half = 0.5 * values.sum(axis=1, keepdims=True) / facts.sum(axis=1, keepdims=True)
        grown = np.log(values[:, SEASON:] + half) - np.log(values[:, :-SEASON] + half)
    moved = np.broadcast_to(np.asarray(moved, bool), values.shape)
    return np.where(moved[:, SEASON:] | moved[:, :-SEASON], np.nan, grown)


def _recent_mean(series, recent):
    """Mean of the recent weeks, its standard deviation and degrees of freedom."""
    late, early = series[:, -recent:], series[:, :-recent]
    weeks, known = np.isfinite(late).sum(axis=1), np.isfinite(early).sum(axis=1)
    mean = _mean(late)
    residuals = np.concatenate([early - _line(early), late - mean[:, None]], axis=1)
    variance, memory, freedom = autocorrelation(residuals)
    fit = (weeks >= max(2, recent / 2)) & (known >= LEAST_WEEKS)
    spread = np.sqrt(variance / np.maximum(weeks, 1) * mean_inflation(memory, weeks))
    return mean, np.where(fit & (spread > 0), spread, np.nan), freedom


def _line(series):
    """Straight line through each row, gaps left out."""
    place = np.arange(series.shape[1], dtype=float)
    known = np.isfinite(series)
    size = np.maximum(known.sum(axis=1, keepdims=True), 1)
    centre = (known * place).sum(axis=1, keepdims=True) / size
    level = np.nansum(series, axis=1, keepdims=True) / size
    offset = np.where(known, place - centre, 0.0)
    squares = (offset**2).sum(axis=1, keepdims=True)
    slope = np.nansum(offset * np.nan_to_num(series), axis=1, keepdims=True) / np.where(squares > 0, squares, 1.0)
    return level + slope * (place - centre)


def _mean(values):
    size = np.isfinite(values).sum(axis=1)
    return np.where(size > 0, np.nansum(values, axis=1) / np.maximum(size, 1), np.nan)


def _two_sided(score, freedom):
    return np.minimum(2 * special.stdtr(freedom, -np.abs(score)), 1.0)


def _nothing(cells) -> Change:
    return Change(*(np.full(cells, np.nan) for _each in range(7)))


def rate_change(hits, size, recent) -> Change:
    """Rates of weeks against those of the weeks before, and against the change of the others.

    :param hits: float (c, n) what was bad (late, refused ...); size: float (c, n) out of how many; hits <= size
    :param recent: weeks looked at

    Carrier 0 is late with 12 instead of 4 % since eight weeks, the three others are as ever:

    >>> chance = np.random.default_rng(1)
    >>> late = chance.binomial(100, np.where((np.arange(60) >= 52) & (np.arange(4) == 0)[:, None], 0.12, 0.04))
    >>> found = rate_change(late, np.full((4, 60), 100), recent=8)
    >>> found.after.round(2).tolist(), bool(found.p[0] < 1e-9), bool(found.p[1:].min() > 0.05)
    ([0.12, 0.04, 0.04, 0.06], True, True)
    """
    hits, size = np.asarray(hits, float), np.asarray(size, float)
    if size.shape[1] <= recent:
        return _nothing(len(size))
    design, freedom = _design(hits, size, recent)
    (hit_1, hit_0), (size_1, size_0) = _periods(hits, recent), _periods(size, recent)
    with np.errstate(invalid="ignore", divide="ignore"):
        after, before = hit_1 / size_1, hit_0 / size_0
        rest = [total.sum() - total for total in (hit_1, hit_0, size_1, size_0)]
        factor = (rest[0] / rest[2]) / (rest[1] / rest[3])
    large = (rest[2] >= REST_SIZE * size_1) & (rest[3] >= REST_SIZE * size_0) & np.isfinite(factor) & (factor > 0)
    factor = np.where(large, factor, 1.0)
    chances = [_split_chance(hit_1, hit_0, size_1 * times, size_0, design, freedom) for times in (1.0, factor)]
    expected = np.minimum(before * factor, 1.0)
    low, high = _rate_interval(after, expected, size_1 / design, size_0 / design)
    return Change(expected, after, after - expected, low, high, after - before, np.maximum(*chances))


def _periods(values, recent):
    """Sums of the recent weeks and of those before."""
    return values[:, -recent:].sum(axis=1), values[:, :-recent].sum(axis=1)


def _design(hits, size, recent):
    """By how much weeks vary more than chance, at least 1, and the degrees of freedom of that."""
    residuals, weeks = np.full(size.shape, np.nan), (size > 0).sum(axis=1)
    for part in (slice(-recent, None), slice(None, -recent)):
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = hits[:, part].sum(axis=1, keepdims=True) / size[:, part].sum(axis=1, keepdims=True)
            spread = np.sqrt(size[:, part] * rate * (1 - rate))
            scaled = (hits[:, part] - rate * size[:, part]) / spread
        residuals[:, part] = np.where(size[:, part] > 0, np.where(spread > 0, scaled, 0.0), np.nan)
    variance, memory, freedom = autocorrelation(residuals, fitted=2)
    design = np.maximum(variance, 1.0) * mean_inflation(memory, np.minimum(weeks, recent))
    return design, freedom


def _split_chance(hit_1, hit_0, size_1, size_0, design, freedom):
    """Two-sided chance that the hits fall as they did into two periods of these sizes."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = size_1 / (size_1 + size_0)
    first, second = hit_1 / design, hit_0 / design
    tiny = 1e-9
    upper = np.where(first > 0, special.betainc(np.maximum(first, tiny), second + 1, share), 1.0)
    lower = np.where(second > 0, special.betainc(np.maximum(second, tiny), first + 1, 1 - share), 1.0)
    chance = np.minimum(np.minimum(upper, lower), 0.5)
    # the design effect is estimated: its score is one of t, not of the normal distribution
    chance = 2 * special.stdtr(freedom, special.ndtri(np.maximum(chance, 1e-300)))
    fit = (size_1 > 0) & (size_0 > 0) & (hit_1 + hit_0 > 0)
    return np.where(fit, np.minimum(chance, 1.0), np.nan)


def _rate_interval(after, before, size_1, size_0):
    """Interval of a difference of rates (Newcombe 1998, *Statistics in Medicine* 17, method 10)."""
    z = float(special.ndtri(0.5 + CONFIDENCE / 2))
    (low_1, high_1), (low_0, high_0) = (_wilson(*each, z) for each in ((after, size_1), (before, size_0)))
    change = after - before
    return change - np.hypot(after - low_1, high_0 - before), change + np.hypot(high_1 - after, before - low_0)


def _wilson(rate, size, z):
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (rate + z * z / (2 * size)) / (1 + z * z / size)
        half = z * np.sqrt(rate * (1 - rate) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def mean_change(total, size, recent) -> Change:
    """Means of weeks against those of the weeks before, and against the change of the others.

    :param total: float (c, n) sums; size: float (c, n) out of how many
    :param recent: weeks looked at

    >>> chance = np.random.default_rng(1)
    >>> days = chance.normal(2.0, 0.2, (3, 60)) + 0.5 * ((np.arange(60) >= 52) & (np.arange(3) == 0)[:, None])
    >>> found = mean_change(days * 40, np.full((3, 60), 40), recent=8)
    >>> found.change.round(1).tolist(), bool(found.p[0] < 1e-5), bool(found.p[1:].min() > 0.05)
    ([0.5, -0.2, -0.2], True, True)
    """
    total, size = np.asarray(total, float), np.asarray(size, float)
    if size.shape[1] <= recent:
        return _nothing(len(size))
    after, before, own, variance, freedom = _mean_step(total, size, recent)
    *_levels, rest_own, rest_variance, rest_freedom = _mean_step(total.sum(0) - total, size.sum(0) - size, recent)
    (size_1, size_0), rest = _periods(size, recent), _periods(size.sum(0) - size, recent)
    large = (rest[0] >= REST_SIZE * size_1) & (rest[1] >= REST_SIZE * size_0) & np.isfinite(rest_own + rest_variance)
    course, noise = np.where(large, rest_own, 0.0), np.where(large, rest_variance, 0.0)
    free = np.where(large, np.minimum(freedom, rest_freedom), freedom)
    change, spread = own - course, np.sqrt(variance + noise)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.maximum(_two_sided(own / np.sqrt(variance), freedom), _two_sided(change / spread, free))
    half = special.stdtrit(free, 0.5 + CONFIDENCE / 2) * spread
    return Change(before + course, after, change, change - half, change + half, own, p)


def _mean_step(total, size, recent):
    """Mean after, before, their difference, its variance and degrees of freedom."""
    (sum_1, sum_0), (size_1, size_0) = _periods(total, recent), _periods(size, recent)
    with np.errstate(invalid="ignore", divide="ignore"):
        after, before, weekly = sum_1 / size_1, sum_0 / size_0, total / size
        level = np.concatenate([np.broadcast_to(before[:, None], total[:, :-recent].shape), _wide(after, recent)], 1)
        scaled = np.where(size > 0, np.sqrt(size) * (weekly - level), np.nan)
        variance, memory, freedom = autocorrelation(scaled, fitted=2)
        late, early = (size[:, -recent:] > 0).sum(axis=1), (size[:, :-recent] > 0).sum(axis=1)
        inflation = mean_inflation(memory, late)
        noise = variance * inflation * (1 / size_1 + 1 / size_0)
    fit = (late >= 3) & (early >= 6) & (noise > 0)
    return after, before, after - before, np.where(fit, noise, np.nan), freedom


def _wide(values, weeks):
    return np.broadcast_to(values[:, None], (len(values), weeks))


def drift(errors, scale) -> Change:
    """Errors that should be zero on average, over the mean of what they are errors of.

    :param errors: float (c, n) of each week, NaN for gaps; scale: float (c, n) what was to be hit
    :return: ``after``: errors over scale; ``before``: zero

    >>> chance = np.random.default_rng(1)
    >>> errors = chance.normal(0, 10, (2, 20)) + np.array([[30.0], [0.0]])
    >>> found = drift(errors, np.full((2, 20), 100.0))
    >>> found.change.round(2).tolist(), bool(found.p[0] < 1e-6), bool(found.p[1] > 0.05)
    ([0.3, -0.0], True, True)
    """
    errors, scale = np.asarray(errors, float), np.asarray(scale, float)
    size = np.isfinite(errors).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.nansum(np.where(np.isfinite(errors), scale, np.nan), axis=1) / size
        shares = errors / level[:, None]
        bias = _mean(shares)
        variance, memory, freedom = autocorrelation(shares - bias[:, None], fitted=1)
        spread = np.sqrt(variance / size * mean_inflation(memory, size))
        fit = (size >= 8) & (spread > 0) & (level > 0)
        spread = np.where(fit, spread, np.nan)
        half = special.stdtrit(freedom, 0.5 + CONFIDENCE / 2) * spread
        return Change(
            np.zeros(len(errors)), bias, bias, bias - half, bias + half, bias, _two_sided(bias / spread, freedom)
        )


def profile_change(counts, recent):
    """Did the share of the parts of a day or a week change?

    :param counts: float (c, n, b) counts of each week and bin
    :param recent: weeks looked at
    :return: shares before (c, b), shares after (c, b), share of all that moved (c,), chance (c,)

    >>> chance = np.random.default_rng(1)
    >>> counts = np.stack([chance.multinomial(300, [0.2, 0.3, 0.5], 30), chance.multinomial(300, [0.2, 0.3, 0.5], 30)])
    >>> counts[0, -8:] = chance.multinomial(300, [0.3, 0.3, 0.4], 8)
    >>> _before, _after, moved, p = profile_change(counts, recent=8)
    >>> moved.round(2).tolist(), bool(p[0] < 1e-6), bool(p[1] > 0.05)
    ([0.11, 0.01], True, True)
    """
    counts = np.asarray(counts, float)
    early, late = counts[:, :-recent], counts[:, -recent:]
    with np.errstate(invalid="ignore", divide="ignore"):
        before, after = (part.sum(1) / part.sum((1, 2))[:, None] for part in (early, late))
        common = counts.sum(1) / counts.sum((1, 2))[:, None]
        between = sum(_pearson(part.sum(1), common * part.sum((1, 2))[:, None]).sum(axis=1) for part in (early, late))
        within = sum(
            _pearson(part, share[:, None] * part.sum(2)[:, :, None]).sum(axis=(1, 2))
            for part, share in ((early, before), (late, after))
        )
        known = (counts.sum(2) > 0).sum(axis=1)
        bins = (common > 0).sum(axis=1)
        used, left = np.maximum(bins - 1, 1), np.maximum(known - 2, 1)
        dispersion = np.maximum(within / (left * used), 1.0)
        chance = special.fdtrc(used, left, between / used / dispersion)
    fit = ((late.sum(2) > 0).sum(axis=1) >= 3) & ((early.sum(2) > 0).sum(axis=1) >= 6) & (bins > 1)
    return before, after, np.abs(after - before).sum(axis=1) / 2, np.where(fit, chance, np.nan)


def _pearson(seen, expected):
    return np.where(expected > 0, (seen - expected) ** 2 / np.where(expected > 0, expected, 1.0), 0.0)
