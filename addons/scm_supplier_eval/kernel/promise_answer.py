"""What a supplier answers about one open order line: when how much comes. Checked and put into order here."""

from dataclasses import dataclass
from datetime import timedelta

#: quantities closer than this are equal, as in the on-time definition
QUANTITY_EPS = 1e-6
MAX_PARTS = 12
#: a delivery later than this is a slip of the pen
MAX_DAYS_AHEAD = 3 * 365


class AnswerError(ValueError):
    """Why an answer cannot be taken: ``code`` is one of empty, past, far, quantity, too_much, parts."""

    def __init__(self, code, value=""):
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(frozen=True)
class Answer:
    """``kind``: same (as announced), moved (one other day), split (several days); ``missing``: what never comes."""

    kind: str
    parts: tuple  # of (day, quantity), by day
    missing: float


def read_answer(parts, open_quantity, announced, today):
    """The supplier's parts as one answer.

    Parts of the same day are one. What the parts leave of the open quantity is missing: the supplier says that it will
    not come.

    >>> from datetime import date
    >>> read_answer([(date(2026, 5, 8), 60), (date(2026, 5, 4), 40)], 100, date(2026, 5, 4), date(2026, 5, 1)).kind
    'split'
    >>> read_answer([(date(2026, 5, 4), 80)], 100, date(2026, 5, 4), date(2026, 5, 1)).missing
    20.0

    :param parts: pairs of (day, quantity in the line's unit)
    :param open_quantity: ordered and not received yet, in the line's unit
    :param announced: day on which the line is expected so far
    :param today: today where the goods are received
    :raises AnswerError: for a day in the past, a quantity that is not above zero, more than is open, ...
    """
    if not parts:
        raise AnswerError("empty")
    by_day = {}
    for day, quantity in parts:
        _check_part(day, quantity, today)
        by_day[day] = by_day.get(day, 0.0) + float(quantity)
    if len(by_day) > MAX_PARTS:
        raise AnswerError("parts", MAX_PARTS)
    missing = open_quantity - sum(by_day.values())
    if missing < -QUANTITY_EPS:
        raise AnswerError("too_much", open_quantity)
    days = sorted(by_day)
    kind = "split" if len(days) > 1 else ("same" if days == [announced] else "moved")
    return Answer(kind, tuple((day, by_day[day]) for day in days), missing if missing > QUANTITY_EPS else 0.0)


def _check_part(day, quantity, today):
    if day < today:
        raise AnswerError("past", day)
    if day > today + timedelta(days=MAX_DAYS_AHEAD):
        raise AnswerError("far", day)
    if not QUANTITY_EPS < quantity < float("inf"):
        raise AnswerError("quantity", quantity)


def remaining_parts(parts, open_quantity):
    """What of a plan is still to come: receipts fill its parts first in, first out.

    >>> remaining_parts([("Mon", 40), ("Tue", 60)], 70)
    [('Mon', 10), ('Tue', 60)]

    :param parts: (day, quantity) by day
    :param open_quantity: what is still expected; more than the plan holds comes with its last part
    """
    left, remaining = open_quantity, []
    for day, quantity in reversed(parts):
        if left <= QUANTITY_EPS:
            break
        remaining.insert(0, (day, min(quantity, left)))
        left -= quantity
    if left > QUANTITY_EPS and remaining:
        last_day, quantity = remaining[-1]
        remaining[-1] = (last_day, quantity + left)
    return remaining
