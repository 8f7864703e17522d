"""Weeks that do not belong to a history, and what explains them.

Detection. Counts x are made of even spread by Anscombe's (1948) root r = 2 sqrt(x + 3/8), which turns Poisson noise
into noise of sd 1. Expected is the median of r over the 8 weeks on either side, the week itself left out, moved by the
group's yearly profile where two years teach one. A residual is an outlier by Hampel's (1974) identifier

    |r - median| > LIMIT x max(1, 1.4826 x MAD)

with the MAD of the residuals of the whole series (Hampel 1974; Davies and Gather 1993 on its breakdown point of one
half). It must also matter: differ from the expected by its half and by 3 units. Of an item that seldom sells the sizes
of its sales are compared instead, as each sale would stand out from the weeks without one.

Explanation, in this order; the first that accounts for half of the difference is given:

1. event, 2. promotion: the other items that take part rose or fell in the same week: share = (lift - 1) x expected
   / difference; where a promotion names too few items to compare, it explains by itself
3. customer: what the largest buyer of the week took / difference, when he took half of the week or more
4. price: the week's mean price against the median around it, with an elasticity of -2.62 (mean of 1,851 estimates,
   Bijmolt, van Heerde and Pieters 2005)
5. stock-out: for a dip the share of the week without stock; for a peak what was missed in the four weeks before it

Shapes: n series, T weeks, k outliers. Quantities are in the item's unit.
"""

from dataclasses import dataclass

import numpy as np

REASONS = ("event", "promotion", "customer", "price", "stockout", "unexplained")
WINDOW = 8
LIMIT = 4.0
LEAST_UNITS = 3.0
LEAST_SHARE = 0.5
LEAST_KNOWN = 13
LEAST_SALES = 8
EXPLAINED = 0.5
CUSTOMER_SHARE = 0.5
ELASTICITY = -2.62
PRICE_CHANGE = 0.08
CATCH_UP_WEEKS = 4
SELDOM = 0.5
FEW_PEERS = 5
BLOCK = 2048
MAD_TO_SD = 1.4826
YEAR = 52
PROFILE_ITEMS = 4


@dataclass(frozen=True)
class Outliers:
    """Parallel arrays (k,), ordered by series and week.

    :param series, period: int
    :param raw: what was sold
    :param expected: what the weeks around say
    :param score: robust sds from the expected, positive for a peak
    """

    series: np.ndarray
    period: np.ndarray
    raw: np.ndarray
    expected: np.ndarray
    score: np.ndarray

    def __len__(self):
        return len(self.series)

    def take(self, rows):
        return Outliers(*(getattr(self, name)[rows] for name in ("series", "period", "raw", "expected", "score")))


def detect(quantity, group=None, in_stock=None):
    """Outliers of a panel.

    :param quantity: float (n, T), NaN = not known
    :param group: int (n,), series with a season in common; None = no season
    :param in_stock: float (n, T), share of the week in stock: weeks mostly without it teach nothing; None = always
    :returns: ``(Outliers, expected)``; expected float32 (n, T), NaN where nothing can be said

    >>> found, _expected = detect(np.array([[10.0] * 20 + [60.0] + [10.0] * 9]))
    >>> found.series.tolist(), found.period.tolist(), found.expected.round(1).tolist()
    ([0], [20], [10.0])
    """
    quantity = np.asarray(quantity)
    expected = np.full(quantity.shape, np.nan, np.float32)
    if not quantity.size:
        quantity = quantity[:0]
    profile = _profiles(quantity, group)
    parts = []
    for start in range(0, len(quantity), BLOCK):
        rows = slice(start, start + BLOCK)
        share = None if in_stock is None else in_stock[rows]
        season = None if profile is None else profile[0][profile[1][rows]]
        part, expected[rows] = _detect_block(quantity[rows].astype(np.float32), share, season)
        parts.append(Outliers(part.series + start, part.period, part.raw, part.expected, part.score))
    if not parts:
        empty = np.zeros(0)
        return Outliers(empty.astype(int), empty.astype(int), empty, empty, empty), expected
    names = ("series", "period", "raw", "expected", "score")
    return Outliers(*(np.concatenate([getattr(part, name) for part in parts]) for name in names)), expected


def _detect_block(quantity, in_stock, season):
    root = 2 * np.sqrt(quantity + np.float32(0.375))
    factor = np.float32(1) if season is None else season
    plain = root / factor
    teaches = np.isfinite(plain) if in_stock is None else np.isfinite(plain) & (in_stock >= 0.5)
    middle = _local_median(np.where(teaches, plain, np.nan)) * factor
    expected = np.maximum((middle / 2) ** 2 - np.float32(0.375), 0)
    score = (root - middle) / _spread(root - middle, teaches)[:, None]
    known = np.isfinite(quantity)
    enough = known.sum(axis=1) >= LEAST_KNOWN
    sold = (quantity > 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    seldom = sold < SELDOM
    apart = np.abs(quantity - expected)
    matters = (apart >= LEAST_UNITS) & (apart >= LEAST_SHARE * expected)
    with np.errstate(invalid="ignore"):
        steady = (np.abs(score) > LIMIT) & matters & (enough & ~seldom)[:, None]
    sizes, typical, size_score = _large_sales(quantity, enough & seldom)
    series, period = np.nonzero(steady | sizes)
    by_size = sizes[series, period]
    found = Outliers(
        series,
        period,
        quantity[series, period].astype(float),
        np.where(by_size, typical[series], expected[series, period]).astype(float),
        np.where(by_size, size_score[series, period], score[series, period]).astype(float),
    )
    return found, expected


def _spread(residual, teaches):
    """Robust sd of each series, at least 1: the Poisson noise of the root."""
    centred = np.where(teaches, np.abs(residual), np.nan)
    return np.maximum(MAD_TO_SD * _row_median(centred), 1.0)


def _row_median(values):
    """Median of each row over what is known, 0 where nothing is; sorts, as NaN goes last."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[1] - 1)
    return np.where(count > 0, 0.5 * (ordered[rows, low] + ordered[rows, high]), 0.0)


def _local_median(values):
    """Median of the WINDOW weeks on either side, the week itself left out, float32 (n, T); NaN with fewer than 4."""
    rows, periods = values.shape
    padded = np.full((rows, periods + 2 * WINDOW), np.nan, np.float32)
    padded[:, WINDOW : WINDOW + periods] = values
    shifts = [shift for shift in range(2 * WINDOW + 1) if shift != WINDOW]
    around = np.stack([padded[:, shift : shift + periods] for shift in shifts], axis=2)
    around.sort(axis=2)
    count = np.isfinite(around).sum(axis=2)
    low = np.take_along_axis(around, (np.maximum(count - 1, 0) // 2)[..., None], axis=2)[..., 0]
    high = np.take_along_axis(around, np.minimum(count // 2, 2 * WINDOW - 1)[..., None], axis=2)[..., 0]
    return np.where(count >= 4, np.float32(0.5) * (low + high), np.float32(np.nan))


def _large_sales(quantity, chosen):
    """Sales of seldom sold items that are far larger than their others: bool (n, T), median size (n,), score (n, T)."""
    sale = (quantity > 0) & chosen[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.where(sale, np.log(quantity), np.nan)
    middle = _row_median(size)
    # a factor of e^0.35 is what sizes vary by at least
    spread = np.maximum(MAD_TO_SD * _row_median(np.abs(size - middle[:, None])), 0.35)
    score = np.nan_to_num((size - middle[:, None]) / spread[:, None])
    typical = np.where(sale.any(axis=1), np.exp(middle), 0.0)
    apart = quantity - typical[:, None]
    enough = sale.sum(axis=1) >= LEAST_SALES
    large = sale & (score > LIMIT) & (apart >= LEAST_UNITS) & (apart >= LEAST_SHARE * typical[:, None])
    return large & enough[:, None], typical, score


def _profiles(quantity, group):
    """Yearly profile of each group as a factor on the root, float32 (g, T), and the group number (n,); or None.

    Of each year the ratio of the group's roots to their local medians in the week, drawn to 1 as if by four more
    items; then the median over the years, of two years the one nearer to 1, so that a single year makes no season. A
    root counts 0.25 to 4 times its median.
    """
    periods = quantity.shape[1]
    years = periods // YEAR
    if group is None or years < 2 or not len(quantity):
        return None
    labels, member = np.unique(group, return_inverse=True)
    shape = (len(labels), periods)
    total, usual = np.zeros(shape), np.zeros(shape)
    for start in range(0, len(quantity), BLOCK):
        rows = slice(start, start + BLOCK)
        root = 2 * np.sqrt(quantity[rows].astype(np.float32) + np.float32(0.375))
        middle = _local_median(root)
        known = np.isfinite(root) & np.isfinite(middle)
        place = (member[rows][:, None] * periods + np.arange(periods)[None, :])[known]
        middle = middle[known]
        total += np.bincount(place, np.clip(root[known], 0.25 * middle, 4 * middle), total.size).reshape(shape)
        usual += np.bincount(place, middle, total.size).reshape(shape)
    known = np.maximum((usual > 0).sum(axis=1, keepdims=True) * np.bincount(member)[:, None], 1)
    one = PROFILE_ITEMS * usual.sum(axis=1, keepdims=True) / known
    ratio = np.where(usual > 0, (total + one) / (usual + np.maximum(one, 1e-9)), np.nan)
    return _over_years(np.log(ratio[:, -years * YEAR :]), years, periods), member


def _over_years(logs, years, periods):
    """Middle of the years, as a factor for each period of the panel; 1 where fewer than two years are known."""
    ordered = np.sort(logs.reshape(len(logs), years, YEAR), axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    low = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[:, None], axis=1)[:, 0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, years - 1)[:, None], axis=1)[:, 0]
    # of an even number of years the one of the two middle ones that says less, nothing when they disagree
    nearer = np.where(np.sign(low) == np.sign(high), np.where(np.abs(low) < np.abs(high), low, high), 0.0)
    middle = np.where(count >= 2, np.nan_to_num(nearer), 0.0)
    week = (np.arange(periods) - periods) % YEAR
    return np.exp(middle).astype(np.float32)[:, week]


@dataclass(frozen=True)
class Evidence:
    """What is known beside the quantities of each outlier; arrays (k,).

    :param event: bool, an event (lead-in and after-effect included) touches the week; ``event_lift``: factor by which
        its other participants rose, NaN = too few to say
    :param promotion, promotion_lift: the same for promotions
    :param customer: units of the largest buyer of the week, 0 = not known
    :param price_ratio: mean price of the week / median around it, NaN = not known
    :param in_stock: share of the week in stock
    :param missed: share of the four weeks before that was without stock, in weeks (0 to 4)
    """

    event: np.ndarray
    event_lift: np.ndarray
    promotion: np.ndarray
    promotion_lift: np.ndarray
    customer: np.ndarray
    price_ratio: np.ndarray
    in_stock: np.ndarray
    missed: np.ndarray


def explain(outliers, evidence):
    """Reason and share explained of each outlier: int (k,) into :data:`REASONS`, float (k,) in 0 to 1.

    >>> one = Outliers(*(np.array([value]) for value in (0, 3, 60.0, 10.0, 9.0)))
    >>> bare = [np.array([value]) for value in (False, np.nan, False, np.nan, 45.0, np.nan, 1.0, 0.0)]
    >>> reason, share = explain(one, Evidence(*bare))
    >>> REASONS[reason[0]], share.tolist()
    ('customer', [0.9])
    """
    shares = np.stack(
        [
            _by_lift(outliers, evidence.event, evidence.event_lift, alone=False),
            _by_lift(outliers, evidence.promotion, evidence.promotion_lift, alone=True),
            _by_customer(outliers, evidence.customer),
            _by_price(outliers, evidence.price_ratio),
            _by_stock_out(outliers, evidence),
        ]
    )
    enough = shares >= EXPLAINED
    first = np.where(enough.any(axis=0), enough.argmax(axis=0), len(shares))
    found = np.concatenate([shares, np.zeros((1, len(outliers)))])[first, np.arange(len(outliers))]
    return first, found


def _by_lift(outliers, touched, lift, alone):
    difference = outliers.raw - outliers.expected
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (lift - 1) * outliers.expected / difference
    share = np.where(np.isfinite(share), np.clip(share, 0, 1), 0.0)
    unknown = 1.0 if alone else 0.0
    share = np.where(np.isfinite(lift), share, np.where(difference > 0, unknown, 0.0))
    return np.where(touched, share, 0.0)


def _by_customer(outliers, taken):
    difference = outliers.raw - outliers.expected
    main = (taken >= CUSTOMER_SHARE * outliers.raw) & (difference > 0)
    return np.where(main, np.clip(taken / np.maximum(difference, 1e-9), 0, 1), 0.0)


def _by_price(outliers, ratio):
    difference = outliers.raw - outliers.expected
    moved = np.isfinite(ratio) & (ratio > 0) & (np.abs(np.log(np.where(ratio > 0, ratio, 1))) >= PRICE_CHANGE)
    lift = np.where(moved, np.where(moved, ratio, 1.0) ** ELASTICITY, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (lift - 1) * outliers.expected / difference
    return np.where(moved & np.isfinite(share), np.clip(share, 0, 1), 0.0)


def _by_stock_out(outliers, evidence):
    difference = outliers.expected - outliers.raw
    dip = (1 - evidence.in_stock) * outliers.expected / np.where(difference > 0, difference, np.inf)
    peak = evidence.missed * outliers.expected / np.where(difference < 0, -difference, np.inf)
    return np.clip(np.where(difference > 0, dip, peak), 0, 1)


def missed_before(in_stock, series, period):
    """Weeks without stock in the four weeks before each outlier, float (k,).

    >>> missed_before(np.array([[1.0, 0.5, 0.0, 1.0]]), np.array([0]), np.array([3])).tolist()
    [1.5]
    """
    total = np.zeros(len(series))
    for back in range(1, CATCH_UP_WEEKS + 1):
        at = period - back
        total += np.where(at >= 0, 1.0 - in_stock[series, np.maximum(at, 0)], 0.0)
    return total


def group_lift(quantity, expected, group, outliers, touched=None):
    """Factor by which the other participants of an event rose in the week of each outlier, float (k,).

    Sum of what was sold / sum expected over the participants of the same group, the outlier's own series left out; over
    all participants where the group has fewer than FEW_PEERS others, NaN where all have. A series counts at most 10
    times its expected.

    :param quantity, expected: float (n, T), of :func:`detect`
    :param group: int (n,), 0..g-1
    :param touched: bool (n,), the series that take part; None = all

    >>> sold, usual = np.full((7, 3), 10.0), np.full((7, 3), 10.0)
    >>> sold[:, 1] = 30.0
    >>> one = Outliers(*(np.array([value]) for value in (0, 1, 30.0, 10.0, 5.0)))
    >>> group_lift(sold, usual, np.zeros(7, int), one).tolist()
    [3.0]
    """
    periods, column = np.unique(outliers.period, return_inverse=True)
    column = column.ravel()
    usual = np.nan_to_num(expected[:, periods]).astype(float)
    if touched is not None:
        usual[~touched] = 0.0
    usual[~np.isfinite(quantity[:, periods])] = 0.0
    sold = np.minimum(np.nan_to_num(quantity[:, periods]), 10 * usual)
    counts = usual > 0
    groups = int(group.max()) + 1 if len(group) else 0
    own = outliers.series, column

    def ratio(label):
        """Lift and number of the others, given the group of each series."""
        size = max(groups, 1)
        sums = [np.zeros((size, len(periods))) for _table in range(3)]
        for table, values in zip(sums, (sold, usual, counts), strict=True):
            np.add.at(table, label, values)
        mine = label[outliers.series], column
        rest = [table[mine] - values[own] for table, values in zip(sums, (sold, usual, counts), strict=True)]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(rest[1] > 0, rest[0] / rest[1], np.nan), rest[2]

    near, peers = ratio(np.asarray(group))
    far, others = ratio(np.zeros(len(group), int))
    return np.where(peers >= FEW_PEERS, near, np.where(others >= FEW_PEERS, far, np.nan))
