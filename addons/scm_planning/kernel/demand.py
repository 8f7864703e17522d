"""Demand history as arrays: rows to tables, the share of each period in stock, and units lost in stock-outs.

Days are whole numbers counted from one common first day (day 0); periods are runs of ``period_days`` days from there.
"""

import struct
from dataclasses import dataclass

import numpy as np

COPY_HEADER = 19
# Bytes that are collected before they are turned into arrays.
COPY_BLOCK = 1 << 22
COPY_KINDS = {"i4": ("i", 4), "i8": ("q", 8), "f8": ("d", 8)}


class CopyReader:
    """A file-like object that turns PostgreSQL's binary COPY into NumPy arrays, in pieces as they arrive.

    :param kinds: ``"i4"``, ``"i8"`` or ``"f8"`` for each column (int4, int8, float8); no column may hold NULL

    Format: PostgreSQL manual, COPY, "Binary Format": a header of 19 bytes, then per row the number of columns (int16)
    and for each its length (int32) and value, big-endian; a row of -1 columns ends the data.

    >>> reader = CopyReader("i4", "f8")
    >>> _ = reader.write(b"PGCOPY\\n\\xff\\r\\n\\0" + bytes(8))
    >>> _ = reader.write(struct.pack(">hiiid", 2, 4, 7, 8, 2.5) + struct.pack(">h", -1))
    >>> [column.tolist() for column in reader.columns()]
    [[7], [2.5]]
    """

    def __init__(self, *kinds):
        fields = [("count", ">i2")]
        for index, kind in enumerate(kinds):
            fields += [(f"length{index}", ">i4"), (f"value{index}", f">{kind}")]
        self._row = np.dtype(fields)
        self._lengths = [(f"length{index}", COPY_KINDS[kind][1]) for index, kind in enumerate(kinds)]
        self._names = [f"value{index}" for index in range(len(kinds))]
        self._kinds = kinds
        self._pieces = [[] for _kind in kinds]
        self._held = bytearray()
        self._in_header = True

    def write(self, data):  # pylint: disable=method-required-super
        """Take the next piece of any length; the database driver calls it once per row."""
        self._held += data
        if len(self._held) >= COPY_BLOCK:
            self._take()
        return len(data)

    def _take(self):
        """Turn the whole rows among the bytes held into arrays; a row that is cut off waits for the rest."""
        if self._in_header and len(self._held) >= COPY_HEADER:
            del self._held[:COPY_HEADER]
            self._in_header = False
        rows = 0 if self._in_header else len(self._held) // self._row.itemsize
        if not rows:
            return
        used = rows * self._row.itemsize
        block = np.frombuffer(bytes(self._held[:used]), dtype=self._row)
        del self._held[:used]
        if any((block[name] != length).any() for name, length in self._lengths):
            raise ValueError("a column holds NULL or is not of the type that was announced")
        for pieces, name, kind in zip(self._pieces, self._names, self._kinds, strict=True):
            pieces.append(block[name].astype(kind))

    def columns(self):
        """One array per column, after all has been written; ValueError when the data is cut off."""
        self._take()
        if self._in_header or self._held != struct.pack(">h", -1):
            raise ValueError("the copied data is not complete")
        return [
            np.concatenate(pieces) if pieces else np.zeros(0, dtype=kind)
            for pieces, kind in zip(self._pieces, self._kinds, strict=True)
        ]


def table(series, period, quantity, shape):
    """Sum of ``quantity`` per series and period, float (n, T).

    >>> table(np.array([0, 1, 0]), np.array([1, 0, 1]), np.array([2.0, 5.0, 3.0]), (2, 2)).tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    n_series, periods = shape
    flat = np.bincount(np.asarray(series) * periods + period, weights=quantity, minlength=n_series * periods)
    return flat.astype(float, copy=False).reshape(shape)


def stock_share(shape, period_days, series, day_from, day_to, weight=1.0):
    """Share of each period in which demand could be seen, float32 (n, T), from intervals without stock.

    :param series: int (k,), series of each interval
    :param day_from, day_to: int (k,), first and last day of the interval; parts outside of the table are cut off
    :param weight: float (k,), share of the demand that was lost on these days: 1 = all, 0 = back-orders took it all

    share = 1 - sum of (overlapping days x weight) / period_days, never below 0.

    >>> stock_share((1, 2), 8, np.array([0]), np.array([6]), np.array([11])).tolist()
    [[0.75, 0.5]]
    """
    periods = shape[1]
    series, weight = np.broadcast_arrays(np.asarray(series), weight)
    day_from = np.maximum(np.asarray(day_from), 0)
    day_to = np.minimum(np.asarray(day_to), periods * period_days - 1)
    keep = day_from <= day_to
    series, weight, day_from, day_to = series[keep], weight[keep], day_from[keep], day_to[keep]
    first = day_from // period_days
    count = day_to // period_days - first + 1
    interval = np.repeat(np.arange(len(count)), count)
    period = first[interval] + np.arange(len(interval)) - np.repeat(np.cumsum(count) - count, count)
    begin = period * period_days
    overlap = np.minimum(day_to[interval] + 1, begin + period_days) - np.maximum(day_from[interval], begin)
    out = table(series[interval], period, overlap * weight[interval] / period_days, shape)
    return np.clip(1 - out, 0, 1).astype(np.float32)


@dataclass(frozen=True)
class StockOuts:
    """Intervals without stock: parallel int arrays (k,); ``day_from`` to ``day_to``, both included."""

    series: np.ndarray
    day_from: np.ndarray
    day_to: np.ndarray


@dataclass(frozen=True)
class LostUnits:
    """Per stock-out (k,): demand expected on its days, ordered on them, lost, and comparable days that it rests on."""

    expected: np.ndarray
    ordered: np.ndarray
    lost: np.ndarray
    sample: np.ndarray


# Comparable days are looked for this far before and behind a stock-out.
WINDOW_DAYS = 56
# A weekday's mean is drawn to the mean of all days as if that many more days had been seen with it.
WEEKDAY_PRIOR = 4.0
MIN_SAMPLE = 14
# Demand before a stock-out says little about what would have been sold this long after its beginning.
MAX_DAYS = 91


def lost_units(demand, known_from, outs, end_day=None):
    """Units that customers would have ordered in stock-outs, from comparable days in stock.

    expected = sum over the days d of the stock-out, at most the first 91, of m(weekday of d);
    m(w) = (S_w + 4 m) / (N_w + 4), with S_w units and N_w days of weekday w among the days in stock within 56 days
    before and behind the stock-out, and m the mean of all of these days;
    lost = max(0, expected - ordered). Orders taken without stock (back-orders) are demand, so they are not lost.
    With fewer than 14 comparable days nothing is estimated: expected is NaN and lost 0.

    The idea is Wecker's (1978) "sales are demand censored by stock"; the weekday profile and its shrinkage are ours.

    :param demand: float (n, D), units ordered per day, day 0 first
    :param known_from: int (n,), first day from which the item's history counts
    :param outs: :class:`StockOuts`, in any order: all stock-outs of the n items, as they are left out of the comparison
    :param end_day: first day that is not yet over; default D
    :return: :class:`LostUnits`

    Ten sold on each day for two weeks, then a week without stock and without orders:

    >>> sold = np.array([[10.0] * 14 + [0.0] * 7 + [10.0] * 7])
    >>> out = StockOuts(np.array([0]), np.array([14]), np.array([20]))
    >>> result = lost_units(sold, np.array([0]), out)
    >>> result.expected.round(6).tolist(), result.lost.round(6).tolist(), result.sample.tolist()
    ([70.0], [70.0], [21])
    """
    n_items, days = demand.shape
    end_day = days if end_day is None else min(end_day, days)
    day = np.arange(days)
    over = day < end_day
    in_stock = stock_share((n_items, days), 1, outs.series, outs.day_from, outs.day_to) > 0
    comparable = in_stock & over & (day >= np.asarray(known_from)[:, None])
    stop = np.minimum(np.minimum(outs.day_to + 1, outs.day_from + MAX_DAYS), end_day)
    ordered = _WeekdaySums(np.where(over, demand, 0)).between(outs.series, outs.day_from, stop).sum(axis=0)
    units = _around(np.where(comparable, demand, 0), outs)
    count = _around(comparable, outs)
    sample = count.sum(axis=0)
    mean = units.sum(axis=0) / np.maximum(sample, 1)
    profile = (units + WEEKDAY_PRIOR * mean) / (count + WEEKDAY_PRIOR)
    length = np.maximum(_weekdays_before(stop) - _weekdays_before(outs.day_from), 0)
    known = sample >= MIN_SAMPLE
    expected = np.where(known, (profile * length).sum(axis=0), np.nan)
    lost = np.where(known, np.maximum(np.nan_to_num(expected) - ordered, 0), 0)
    return LostUnits(expected, ordered, lost, sample.astype(int))


def _around(values, outs):
    """Sums of ``values`` (n, D) per weekday over the windows before and behind each stock-out, float (7, k)."""
    sums = _WeekdaySums(values)
    before = sums.between(outs.series, outs.day_from - WINDOW_DAYS, outs.day_from)
    return before + sums.between(outs.series, outs.day_to + 1, outs.day_to + 1 + WINDOW_DAYS)


def _weekdays_before(day):
    """Number of days 0 to ``day`` - 1 of each weekday (day % 7), int (7, k)."""
    return (np.asarray(day)[None, :] + 6 - np.arange(7)[:, None]) // 7


class _WeekdaySums:
    """Running sums of a table (n, D) per weekday, for sums over any span of days in one look-up."""

    def __init__(self, values):
        n_items, self._days = values.shape
        weeks = -(-self._days // 7)
        padded = np.zeros((n_items, weeks + 1, 7))
        padded[:, 1:].reshape(n_items, -1)[:, : self._days] = values
        self._running = np.cumsum(padded, axis=1)

    def between(self, series, start, stop):
        """Sum from ``start`` to before ``stop`` of one series each, float (7, k)."""
        start, stop = np.clip(start, 0, self._days), np.clip(stop, 0, self._days)
        stop = np.maximum(start, stop)
        weekday = np.arange(7)[:, None]
        upper = self._running[series, _weekdays_before(stop), weekday]
        return upper - self._running[series, _weekdays_before(start), weekday]
