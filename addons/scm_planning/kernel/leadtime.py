"""Lead times measured from receipts, borrowed from the vendor where a product has few of its own.

For each vendor and product the result is a distribution, given by quantiles at the middles of ``NODES`` equal slices
(their plain mean is the distribution's mean). Three sources are combined::

    own receipts of this vendor and product    weight  w1 = n1 / (n1 + k1)
    all receipts of the vendor                         (1 - w1) w2,  w2 = n2 / (n2 + k2)
    what is expected of any vendor                     (1 - w1) (1 - w2)

    mean    = weighted mean of the sources' means
    spread  = mixture, by the same weights, of the sources' values relative to their own mean

n are numbers of receipts, k = variance within / variance between (credibility theory: Buehlmann, 1967): where
products of one vendor hardly differ, k1 is large and the vendor's figure counts; where they differ much, a few own
receipts are believed.

What is expected of any vendor is either the company's mean or the delay that somebody typed, whichever came nearer
to the vendors that have been measured (at least three of them, else the typed one); around it lies the company's
relative spread. So a delay of 1 day that nobody ever filled in is not believed once receipts show better, and a
well-kept one is. With nothing measured at all, the
typed delay stands alone, without spread.

Negative, missing and absurd lead times are dropped and counted; single outliers of a vendor are pulled in to
median x/: exp(4 x robust sd) on the log scale (Hampel, 1974) and counted.
"""

from dataclasses import dataclass

import numpy as np

NODES = 10
#: middles of equal slices of probability
NODE_LEVELS = (np.arange(NODES) + 0.5) / NODES
SOURCES = ("own", "vendor", "company", "typed", "default")
OWN, VENDOR, COMPANY, TYPED, DEFAULT = range(5)
#: pseudo-receipts of the borrowed distribution before the data say more, and how far the data may go
PRIOR_STRENGTH = 2.0
STRENGTH_LIMITS = (0.5, 50.0)
#: pairs (vendors) seen before their differences are believed fully
STRENGTH_EVIDENCE = 5.0
#: vendors with both measured and typed lead times that are needed to judge whether typed ones can be trusted
JUDGING_VENDORS = 3
OUTLIER_SD = 4.0
OUTLIER_MIN_RECEIPTS = 5
OUTLIER_SHARE = 0.1
#: robust sd when most receipts are equal, on the log scale: half a day of ten
SMALLEST_LOG_SD = 0.05


@dataclass(frozen=True)
class LeadTimes:
    """Lead time of each asked pair, in days.

    :ivar nodes: (n, NODES) quantiles at ``NODE_LEVELS``
    :ivar mean, sd, median, p90: (n,) of that distribution
    :ivar own_count, vendor_count: (n,) receipts that were used
    :ivar company_count: receipts used in all
    :ivar weights: (n, 3) of own, vendor and expected
    :ivar source: (n,) index into ``SOURCES`` of the part that weighs most; ``DEFAULT``: nothing measured nor typed
    :ivar missing: (n,) no delay was typed and this vendor was never measured: the number is a guess
    :ivar dropped: (n,) receipts of the vendor that were negative, missing or absurd
    :ivar pulled_in: (n,) outlying receipts of the vendor
    """

    nodes: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    median: np.ndarray
    p90: np.ndarray
    own_count: np.ndarray
    vendor_count: np.ndarray
    company_count: int
    weights: np.ndarray
    source: np.ndarray
    missing: np.ndarray
    dropped: np.ndarray
    pulled_in: np.ndarray

    @property
    def source_codes(self) -> list[str]:
        return [SOURCES[index] for index in self.source]


def lead_times(vendor, product, days, ask_vendor, ask_product, typed, max_days=365.0, default_days=7.0) -> LeadTimes:
    """Lead time distribution of each asked vendor and product.

    :param vendor, product: (m,) integer ids of the receipts of one company
    :param days: (m,) days from confirmation to receipt
    :param ask_vendor, ask_product: (n,) pairs that are wanted; a pair may occur twice
    :param typed: (n,) delay in days that the vendor's price list says; NaN = none
    :param max_days: a longer one is an error of data
    :param default_days: for pairs about which nothing is known at all
    :raises ValueError: when lengths differ

    Vendor 1 has delivered product 7 in 9, 10 and 11 days, product 8 never:

    >>> result = lead_times([1, 1, 1], [7, 7, 7], [9, 10, 11], [1, 1], [7, 8], [30, 30])
    >>> result.mean.round(1), result.source_codes
    (array([12.8, 16.9]), ['own', 'vendor'])
    """
    receipts, ask_vendor, ask_product, typed = _inputs(vendor, product, days, ask_vendor, ask_product, typed)
    vendor_of, asked_vendor = _number(receipts.vendor, ask_vendor)
    usable = np.isfinite(receipts.days) & (receipts.days >= 0) & (receipts.days <= max_days)
    n_vendors = max(vendor_of.max(initial=-1), asked_vendor.max(initial=-1)) + 1
    dropped = np.bincount(vendor_of[~usable], minlength=n_vendors)
    receipts, vendor_of = receipts.take(usable), vendor_of[usable]
    days, outlying = _pull_in(vendor_of, receipts.days, n_vendors)
    pair_of, asked_pair = _number(np.stack([vendor_of, receipts.product], 1), np.stack([asked_vendor, ask_product], 1))

    company = _Company(days, vendor_of, n_vendors, asked_vendor, typed)
    own = _counts(pair_of, asked_pair)
    of_vendor = _counts(vendor_of, asked_vendor)
    w_own = own / (own + _strength(days, pair_of, vendor_of))
    w_vendor = of_vendor / (of_vendor + company.strength)
    weights = np.stack([w_own, (1 - w_own) * w_vendor, (1 - w_own) * (1 - w_vendor)], 1)

    pieces = [
        _own_values(pair_of, days, asked_pair),
        _slices(vendor_of, days, n_vendors, asked_vendor),
        company.expected(typed, default_days),
    ]
    nodes, median, p90 = _combined(pieces, weights)
    heaviest = np.argmax(weights, 1)
    return LeadTimes(
        nodes=nodes,
        mean=nodes.mean(1),
        sd=nodes.std(1),
        median=median,
        p90=p90,
        own_count=own,
        vendor_count=of_vendor,
        company_count=len(days),
        weights=weights,
        source=np.where(heaviest == 2, company.source(typed), heaviest),
        missing=np.isnan(typed) & (of_vendor == 0),
        dropped=dropped[asked_vendor],
        pulled_in=np.bincount(vendor_of[outlying], minlength=n_vendors)[asked_vendor],
    )


@dataclass(frozen=True)
class _Receipts:
    vendor: np.ndarray
    product: np.ndarray
    days: np.ndarray

    def take(self, rows):
        return _Receipts(self.vendor[rows], self.product[rows], self.days[rows])


def _inputs(vendor, product, days, ask_vendor, ask_product, typed):
    vendor, product, ask_vendor, ask_product = (
        np.asarray(value, dtype=np.int64).reshape(-1) for value in (vendor, product, ask_vendor, ask_product)
    )
    days = np.asarray(days, dtype=float).reshape(-1)
    typed = np.array(np.broadcast_to(np.asarray(typed, dtype=float), ask_vendor.shape))
    typed[typed < 0] = np.nan
    if not len(vendor) == len(product) == len(days):
        raise ValueError("each receipt needs a vendor, a product and days")
    if len(ask_vendor) != len(ask_product):
        raise ValueError("each asked pair needs a vendor and a product")
    return _Receipts(vendor, product, days), ask_vendor, ask_product, typed


def _number(seen, asked):
    """Common numbers from 0, in their order, for the keys of both arrays, (k,) or pairs (k, 2)."""
    keys = np.concatenate([seen, asked])
    if keys.ndim == 2 and len(keys):
        # one number per pair sorts many times as quickly as rows do
        keys = keys - keys.min(axis=0)
        keys = keys[:, 0] * (keys[:, 1].max() + 1) + keys[:, 1]
    _, number = np.unique(keys, return_inverse=True)
    number = number.reshape(-1)
    return number[: len(seen)], number[len(seen) :]


def _counts(seen, asked):
    size = max(seen.max(initial=-1), asked.max(initial=-1)) + 1
    return np.bincount(seen, minlength=size)[asked] if size else np.zeros(0, int)


def _pull_in(vendor_of, days, n_vendors):
    """Limit outliers of each vendor with enough receipts; returns days and where they were changed."""
    logs = np.log1p(days)
    centre = _group_median(vendor_of, logs, n_vendors)
    width = 1.4826 * _group_median(vendor_of, np.abs(logs - centre[vendor_of]), n_vendors)
    width = OUTLIER_SD * np.maximum(width, SMALLEST_LOG_SD)
    enough = (np.bincount(vendor_of, minlength=n_vendors) >= OUTLIER_MIN_RECEIPTS)[vendor_of]
    limited = np.clip(logs, (centre - width)[vendor_of], (centre + width)[vendor_of])
    outlying = enough & (np.abs(limited - logs) > 1e-9)
    # more than a few are no mistakes but a second way of delivering
    count = np.bincount(vendor_of, minlength=n_vendors)
    rare = np.bincount(vendor_of[outlying], minlength=n_vendors) <= np.maximum(1, OUTLIER_SHARE * count)
    outlying &= rare[vendor_of]
    return np.where(outlying, np.expm1(limited), days), outlying


def _group_median(group, value, size):
    order = np.lexsort((value, group))
    ordered = value[order]
    count = np.bincount(group, minlength=size)
    start = np.concatenate([[0], np.cumsum(count)[:-1]]) if size else count
    result = np.zeros(size)
    filled = count > 0
    low, high = start + (count - 1) // 2, start + count // 2
    result[filled] = 0.5 * (ordered[low[filled]] + ordered[high[filled]])
    return result


def _strength(days, pair_of, vendor_of):
    """k1: variance of one receipt within a pair / variance of pairs' means within a vendor."""
    n_pairs = pair_of.max(initial=-1) + 1
    vendor_of_pair = np.zeros(n_pairs, int)
    vendor_of_pair[pair_of] = vendor_of
    return _credibility(days, pair_of, n_pairs, vendor_of_pair)


def _credibility(days, group, n_groups, parent, centre=None):
    """Variance within / variance between, with few groups drawn toward ``PRIOR_STRENGTH``.

    :param group: (m,) group of each receipt; ``parent`` (n_groups,): between groups of one parent
    :param centre: (n_groups,) what each group was expected to be; None = mean of its parent's receipts
    """
    count = np.bincount(group, minlength=n_groups)
    if not len(days):
        return PRIOR_STRENGTH
    mean = np.bincount(group, days, n_groups) / np.maximum(count, 1)
    freedom = np.maximum(count - 1, 0).sum()
    seen = count > 0
    if centre is None:
        total, receipts = np.bincount(parent, count * mean), np.bincount(parent, count)
        centre = (total / np.maximum(receipts, 1))[parent]
        groups = seen.sum() - len(np.unique(parent[seen]))
    else:
        groups = seen.sum()
    if freedom < 1 or groups < 1:
        return PRIOR_STRENGTH
    within = ((days - mean[group]) ** 2).sum() / freedom
    # a group's mean differs by chance too: take that part out (method of moments)
    spread = (count[seen] * (mean[seen] - centre[seen]) ** 2).sum()
    between = max(0.0, (spread - groups * within) / count[seen].sum())
    ratio = np.clip(within / max(between, 1e-9), *STRENGTH_LIMITS) if within > 0 else STRENGTH_LIMITS[0]
    if not within and not between:
        return PRIOR_STRENGTH
    believed = groups / (groups + STRENGTH_EVIDENCE)
    return float(np.exp(believed * np.log(ratio) + (1 - believed) * np.log(PRIOR_STRENGTH)))


class _Company:
    """What is expected of any vendor: the better of company mean and typed delay, and the relative spread."""

    def __init__(self, days, vendor_of, n_vendors, asked_vendor, typed):
        count = np.bincount(vendor_of, minlength=n_vendors)
        mean = np.bincount(vendor_of, days, n_vendors) / np.maximum(count, 1)
        typed_of = _group_mean(asked_vendor, typed, n_vendors)
        self.mean = float(mean[count > 0].mean()) if len(days) else np.nan
        self.trusts_typed = self._trusts_typed(mean, typed_of, count > 0)
        centre = np.where(np.isfinite(typed_of) & self.trusts_typed, typed_of, self.mean)
        self.strength = _credibility(days, vendor_of, n_vendors, np.zeros(n_vendors, int), centre)
        self.relative = self._relative_spread(days, vendor_of, mean)

    def _trusts_typed(self, mean, typed_of, seen):
        both = seen & np.isfinite(typed_of)
        if both.sum() < JUDGING_VENDORS:
            return True
        # the company's mean without the vendor itself, so that it has no unfair advantage
        others = (self.mean * seen.sum() - mean) / (seen.sum() - 1)
        return ((mean - typed_of)[both] ** 2).mean() <= ((mean - others)[both] ** 2).mean()

    @staticmethod
    def _relative_spread(days, vendor_of, mean):
        """(NODES,) quantiles of receipts relative to their vendor's mean; all 1 when nothing was measured."""
        usable = mean[vendor_of] > 0
        if not usable.any():
            return np.ones(NODES)
        relative = np.quantile(days[usable] / mean[vendor_of][usable], NODE_LEVELS)
        return relative / relative.mean()

    def source(self, typed):
        if np.isnan(self.mean):
            return np.where(np.isnan(typed), DEFAULT, TYPED)
        return np.where(np.isfinite(typed) & self.trusts_typed, TYPED, COMPANY)

    def expected(self, typed, default_days):
        """Distribution expected of each asked pair's vendor, as (row, value)."""
        source = self.source(typed)
        centre = np.select([source == TYPED, source == COMPANY], [typed, np.full(len(typed), self.mean)], default_days)
        return np.repeat(np.arange(len(typed)), NODES), (centre[:, None] * self.relative).reshape(-1)


def _group_mean(group, value, size):
    known = np.isfinite(value)
    count = np.bincount(group[known], minlength=size)
    total = np.bincount(group[known], value[known], size)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _own_values(group, value, asked):
    """Each asked group's values, as (row, value)."""
    order = np.argsort(group, kind="stable")
    size = max(group.max(initial=-1), asked.max(initial=-1)) + 1
    count = np.bincount(group, minlength=size)
    start = np.cumsum(count) - count
    repeat = count[asked]
    row = np.repeat(np.arange(len(asked)), repeat)
    inside = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    return row, value[order[start[asked][row] + inside]] if len(row) else np.zeros(0)


def _slices(group, value, size, asked):
    """As :func:`_own_values`, with each group condensed to ``NODES`` quantiles: vendors can have many receipts."""
    order = np.lexsort((value, group))
    ordered = value[order]
    count = np.bincount(group, minlength=size)
    filled = np.flatnonzero(count > 0)
    place = np.clip(NODE_LEVELS[None] * count[filled, None] - 0.5, 0, count[filled, None] - 1)
    low = place.astype(int)
    high = np.minimum(low + 1, count[filled, None] - 1)
    base = (np.cumsum(count) - count)[filled, None]
    table = np.zeros((size, NODES))
    if len(filled):
        table[filled] = ordered[base + low] + (place - low) * (ordered[base + high] - ordered[base + low])
    rows = np.flatnonzero(count[asked] > 0) if size else np.zeros(0, int)
    return np.repeat(rows, NODES), table[asked[rows]].reshape(-1)


def _combined(pieces, weights):
    """Weighted mean of the sources' means times the mixture of their relative spreads: nodes, median and p90."""
    n = len(weights)
    mean, rows, relative, mass = np.zeros(n), [], [], []
    for number, (row, value) in enumerate(pieces):
        count = np.maximum(np.bincount(row, minlength=n), 1)
        centre = np.bincount(row, value, n) / count
        mean += weights[:, number] * centre
        rows.append(row)
        relative.append(np.where(centre[row] > 0, value / np.where(centre > 0, centre, 1)[row], 1.0))
        mass.append((weights[:, number] / count)[row])
    rows, relative, mass = np.concatenate(rows), np.concatenate(relative), np.concatenate(mass)
    order = np.lexsort((relative, rows))
    rows, relative, mass = rows[order], relative[order], mass[order]
    end = _running(rows, mass, n)
    nodes = mean[:, None] * _slice_means(rows, relative, np.clip(end - mass, 0.0, 1.0), end, n)
    return nodes, mean * _quantile(rows, relative, end, 0.5, n), mean * _quantile(rows, relative, end, 0.9, n)


def _running(row, weight, n):
    """Running sum of the weights within each row; rows add up to 1."""
    total = np.cumsum(weight)
    before = np.concatenate([[0.0], total])[np.searchsorted(row, np.arange(n))]
    return np.clip(total - before[row], 0.0, 1.0)


def _slice_means(row, value, begin, end, n):
    """Mean of each of ``NODES`` equal slices of probability; unlike quantiles they keep the mean exactly."""
    means = np.zeros((n, NODES))
    for number in range(NODES):
        share = np.maximum(0.0, np.minimum(end, (number + 1) / NODES) - np.maximum(begin, number / NODES))
        # what rounding leaves of a neighbouring slice
        share[share < 1e-9] = 0.0
        means[:, number] = np.bincount(row, share * value, n) / np.maximum(np.bincount(row, share, n), 1e-12)
    return np.maximum.accumulate(means, 1)


def _quantile(row, value, end, level, n):
    """Smallest value of each row that holds the level."""
    place = np.searchsorted(row + np.minimum(end, 1 - 1e-9), np.arange(n) + level - 1e-9)
    return value[place]
