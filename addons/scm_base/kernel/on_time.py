"""On time, defined once: the reference for the SQL of receipt facts and for the scorecards.

For a line with ordered quantity q, frozen promise p and receipts r_i on days d_i, as of day T with a tolerance of t
days (returns to the vendor are not subtracted)::

    due               q > 0 and (p + t < T  or  sum of r_i >= q)
    on-time quantity  min(q, sum of r_i with d_i <= p + t)
    OTIF              due and on-time quantity >= q
    over-delivery     max(0, sum of r_i - q)
    days late         day on which q was reached, else T, minus p; never below 0

Days late count from the promise itself, tolerance or not. Receipts after T are not seen. Rates are sums over due
lines, by line or by quantity, so they can be added up over vendors and months.
"""

from dataclasses import dataclass

import numpy as np

#: quantities closer than this are equal (Odoo's units are rounded to at most five digits)
QUANTITY_EPS = 1e-6


@dataclass(frozen=True)
class OnTimeResult:
    """One entry per line; quantities in the line's unit, ``days_late`` is NaN where the line is not due."""

    due: np.ndarray
    on_time_qty: np.ndarray
    received_qty: np.ndarray
    over_delivery: np.ndarray
    otif: np.ndarray
    days_late: np.ndarray
    complete: np.ndarray
    good_qty: np.ndarray


@dataclass(frozen=True)
class OnTimeRates:
    """Rates over due lines; None where nothing is due (or nothing was received, for ``good``)."""

    lines_due: int
    quantity_due: float
    otif_rate: float | None
    on_time_quantity_rate: float | None
    good_rate: float | None


def on_time(
    ordered, promise, receipt_line, receipt_day, receipt_qty, as_of, tolerance=0, returned=None, eps=QUANTITY_EPS
) -> OnTimeResult:
    """Judge each purchase line as of a day.

    :param ordered: (n,) ordered quantity
    :param promise: (n,) promised day, ``datetime64[D]`` or integer day numbers
    :param receipt_line: (m,) index of the line that each receipt belongs to
    :param receipt_day: (m,) day of the receipt, same kind as ``promise``
    :param receipt_qty: (m,) received quantity, in the unit of the line
    :param as_of: the day T
    :param tolerance: days of grace, a number or (n,)
    :param returned: (n,) quantity sent back to the vendor, only for ``good_qty``
    :raises ValueError: when lengths differ or a receipt names a line that is not there

    10 ordered for day 100 of which 6 came on day 99 and 4 on day 105:

    >>> r = on_time([10], [100], [0, 0], [99, 105], [6, 4], as_of=110)
    >>> r.on_time_qty, r.otif, r.days_late
    (array([6.]), array([False]), array([5.]))
    """
    ordered = np.asarray(ordered, dtype=float)
    promise, receipt_day, as_of = (_day_number(value) for value in (promise, receipt_day, as_of))
    receipt_line = np.asarray(receipt_line, dtype=np.int64)
    receipt_qty = np.asarray(receipt_qty, dtype=float)
    _check_shapes(ordered, promise, receipt_line, receipt_day, receipt_qty)

    seen = receipt_day <= as_of
    line, day, quantity = receipt_line[seen], receipt_day[seen], receipt_qty[seen]
    limit = promise + np.broadcast_to(np.asarray(tolerance, dtype=np.int64), ordered.shape)
    n = len(ordered)
    received = np.bincount(line, quantity, n)
    punctual = day <= limit[line] if n else np.zeros(0, bool)
    on_time_qty = np.minimum(ordered, np.bincount(line[punctual], quantity[punctual], n))

    complete = received >= ordered - eps
    due = (ordered > eps) & ((limit < as_of) | complete)
    reached = np.where(complete, _completion_day(line, day, quantity, ordered, eps), as_of)
    good = received - (0.0 if returned is None else np.asarray(returned, dtype=float))
    return OnTimeResult(
        due=due,
        on_time_qty=on_time_qty,
        received_qty=received,
        over_delivery=np.maximum(0.0, received - ordered),
        otif=due & (on_time_qty >= ordered - eps),
        days_late=np.where(due, np.maximum(0, reached - promise), np.nan),
        complete=complete & (ordered > eps),
        good_qty=np.maximum(0.0, good),
    )


def rates(result: OnTimeResult, ordered, lines=None) -> OnTimeRates:
    """Add up lines to rates; ``lines`` (a mask or indices) selects some of them.

    ``good_rate`` is the share of what was received on due lines that was not sent back.

    >>> r = on_time([10, 10], [70, 100], [1], [100], [10], as_of=100)   # one never came, one on time
    >>> rates(r, [10, 10]).on_time_quantity_rate
    0.5
    """
    ordered = np.asarray(ordered, dtype=float)
    chosen = np.zeros(len(ordered), bool)
    chosen[slice(None) if lines is None else lines] = True
    due = result.due & chosen
    count, quantity = int(due.sum()), float(ordered[due].sum())
    received = float(result.received_qty[due].sum())
    return OnTimeRates(
        lines_due=count,
        quantity_due=quantity,
        otif_rate=float(result.otif[due].sum()) / count if count else None,
        on_time_quantity_rate=float(result.on_time_qty[due].sum()) / quantity if count else None,
        good_rate=float(result.good_qty[due].sum()) / received if received else None,
    )


def _day_number(value):
    value = np.asarray(value)
    if value.dtype.kind in "OMU":
        value = value.astype("datetime64[D]")
    return value.astype(np.int64)


def _check_shapes(ordered, promise, line, day, quantity):
    if promise.shape != ordered.shape:
        raise ValueError(f"{len(ordered)} ordered quantities but {promise.size} promises")
    if not line.shape == day.shape == quantity.shape:
        raise ValueError("receipts need a line, a day and a quantity each")
    if line.size and (line.min() < 0 or line.max() >= len(ordered)):
        raise ValueError("a receipt names a line that is not there")


def _completion_day(line, day, quantity, ordered, eps):
    """Day on which each line's receipts first reached what was ordered; 0 where they never did."""
    order = np.lexsort((day, line))
    line, day, quantity = line[order], day[order], quantity[order]
    total = np.cumsum(quantity)
    first = np.searchsorted(line, np.arange(len(ordered)))
    before = np.concatenate(([0.0], total))[first]
    enough = total - before[line] >= ordered[line] - eps if line.size else np.zeros(0, bool)
    result = np.zeros(len(ordered), np.int64)
    # written from the last to the first, so that the first day that is enough stays
    result[line[enough][::-1]] = day[enough][::-1]
    return result
