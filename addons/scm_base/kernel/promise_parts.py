"""Several promised dates on one order line, filled first in, first out.

A line of q units promised in parts (p_1, q_1), (p_2, q_2)... in the order of their days; Q_k = q_1 + ... + q_k, R(d) is
what was received up to day d, t the tolerance, T the day on which it is judged. The units between Q_(k-1) and Q_k fill
part k::

    size      min(q, Q_k) - min(q, Q_(k-1));  the last part takes what is ordered beyond the sum of the parts
    due       size > 0 and (p_k + t < T  or  R(T) >= Q_k)
    filled    R(T) - Q_(k-1), between 0 and size
    on time   R(p_k + t) - Q_(k-1), between 0 and size

The line is due as soon as one part is, and then only its due parts count: on-time quantity, late = filled - on time,
missing = size - filled, OTIF when all due units were on time, days late = the latest of the parts. With one part this
is exactly :func:`on_time.on_time`.
"""

from dataclasses import dataclass

import numpy as np

from .on_time import QUANTITY_EPS


@dataclass(frozen=True)
class PartsResult:
    """How one line stands; quantities in its unit, ``days_late`` is NaN while nothing is due."""

    due: bool
    due_qty: float
    on_time_qty: float
    late_qty: float
    missing_qty: float
    otif: bool
    days_late: float


def judge_parts(ordered, parts, receipts, as_of, tolerance=0, eps=QUANTITY_EPS) -> PartsResult:
    """Judge one line as of a day.

    :param ordered: ordered quantity
    :param parts: list of (day number, quantity)
    :param receipts: list of (day number, quantity)
    :param as_of: the day T
    :param tolerance: days of grace

    4 promised for day 100 and 6 for day 120; all 10 came on day 110:

    >>> r = judge_parts(10, [(100, 4), (120, 6)], [(110, 10)], as_of=130)
    >>> r.on_time_qty, r.late_qty, r.days_late
    (6.0, 4.0, 10.0)
    """
    seen = sorted((day, quantity) for day, quantity in receipts if day <= as_of)
    days = np.array([day for day, _quantity in seen], float)
    running = np.cumsum([quantity for _day, quantity in seen]) if seen else np.zeros(0)
    received = float(running[-1]) if seen else 0.0
    totals = dict.fromkeys(("due", "on_time", "filled", "all_on_time"), 0.0)
    late = []
    for day, lower, upper in bounds(ordered, parts):
        size = upper - lower
        reached = days[running >= upper - eps][:1]
        punctual = float(running[days <= day + tolerance][-1:].sum())
        on_time_qty = min(max(punctual - lower, 0.0), size)
        totals["all_on_time"] += on_time_qty
        if size <= eps or not (day + tolerance < as_of or reached.size):
            continue
        totals["due"] += size
        totals["on_time"] += on_time_qty
        totals["filled"] += min(max(received - lower, 0.0), size)
        late.append(max(0.0, float(reached[0] if reached.size else as_of) - day))
    due = bool(late)
    return PartsResult(
        due=due,
        due_qty=totals["due"],
        on_time_qty=totals["on_time"] if due else totals["all_on_time"],
        late_qty=totals["filled"] - totals["on_time"],
        missing_qty=totals["due"] - totals["filled"],
        otif=due and totals["on_time"] >= totals["due"] - eps,
        days_late=max(late) if due else float("nan"),
    )


def bounds(ordered, parts):
    """Which units of the line each part is: list of (day, first, last), in the order of the days.

    Parts are cut to what is ordered, and the last one takes what is ordered beyond them:

    >>> bounds(12, [(120, 6), (100, 4)])
    [(100, 0.0, 4.0), (120, 4.0, 12.0)]
    >>> bounds(3, [(100, 4), (120, 6)])
    [(100, 0.0, 3.0), (120, 3.0, 3.0)]
    """
    ordered, total, result = float(ordered), 0.0, []
    parts = sorted(parts, key=lambda part: part[0])
    for number, (day, quantity) in enumerate(parts):
        lower = min(ordered, total)
        total += quantity
        last = number == len(parts) - 1
        result.append((day, lower, ordered if last else min(ordered, total)))
    return result


def cut(ordered, parts, first, last, eps=QUANTITY_EPS):
    """The days of the units from ``first`` to ``last`` of a line: list of (day, quantity).

    The first 2 of 10 units are here; the other 8 come in two pieces:

    >>> cut(10, [(100, 4), (120, 6)], 2, 10)
    [(100, 2.0), (120, 6.0)]
    """
    pieces = [(day, min(upper, last) - max(lower, first)) for day, lower, upper in bounds(ordered, parts)]
    return [(day, quantity) for day, quantity in pieces if quantity > eps]


def shifts(ordered, before, after, eps=QUANTITY_EPS):
    """What a new set of dates changes, unit by unit: list of (day before, day now, units, first of these units).

    10 promised for day 100; now 6 of them, from the 5th unit on, come on day 120:

    >>> shifts(10, [(100, 10)], [(100, 4), (120, 6)])
    [(100, 120, 6.0, 4.0)]
    """
    moved = {}
    for old, lower, upper in bounds(ordered, before):
        first = lower
        for new, quantity in cut(ordered, after, lower, upper, eps):
            if new != old:
                units, start = moved.get((old, new), (0.0, first))
                moved[old, new] = units + quantity, start
            first += quantity
    return [(old, new, units, start) for (old, new), (units, start) in moved.items()]
