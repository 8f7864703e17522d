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


def read_answer(parts, open_quantity, plan, today):
    """The supplier's parts as one answer.

    Parts of the same day are one. What the parts leave of the open quantity is missing: the supplier says that it will
    not come.

    >>> from datetime import date
    >>> plan, today = [(date(2026, 5, 4), 100)], date(2026, 5, 1)
    >>> read_answer([(date(2026, 5, 8), 60), (date(2026, 5, 4), 40)], 100, plan, today).kind
    'split'
    >>> read_answer([(date(2026, 5, 4), 80)], 100, plan, today).missing
    20.0

    :param parts: pairs of (day, quantity in the line's unit)
    :param open_quantity: ordered and not received yet, in the line's unit
    :param plan: pairs of (day, quantity) by day, as the open quantity is expected so far
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
    answered = sorted(by_day.items())
    missing = missing if missing > QUANTITY_EPS else 0.0
    return Answer(_kind(answered, plan, missing), tuple(answered), missing)


def _kind(answered, plan, missing):
    same_days = [day for day, _quantity in answered] == [day for day, _quantity in plan]
    if same_days and (missing or all(abs(a[1] - b[1]) < QUANTITY_EPS for a, b in zip(answered, plan, strict=True))):
        return "same"
    return "split" if len(answered) > 1 or len(plan) > 1 else "moved"


def _check_part(day, quantity, today):
    if day < today:
        raise AnswerError("past", day)
    if day > today + timedelta(days=MAX_DAYS_AHEAD):
        raise AnswerError("far", day)
    if not QUANTITY_EPS < quantity < float("inf"):
        raise AnswerError("quantity", quantity)


def whole_plan(plan, answer, ordered):
    """The answer as a plan of all that was ordered: what has come stays on its days, what is missing goes last.

    >>> answer = Answer("split", (("Wed", 30.0), ("Thu", 20.0)), 10.0)
    >>> whole_plan([("Mon", 40), ("Tue", 60)], answer, 100)
    [('Mon', 40), ('Wed', 30.0), ('Thu', 30.0)]

    :param plan: (day, quantity) by day of the whole line, as expected so far
    :param ordered: quantity of the whole line
    """
    come = ordered - sum(quantity for _day, quantity in answer.parts) - answer.missing
    parts, left = [], come
    for day, quantity in plan:
        if left <= QUANTITY_EPS:
            break
        parts.append((day, min(quantity, left)))
        left -= quantity
    last_day, last_quantity = answer.parts[-1]
    return [*parts, *answer.parts[:-1], (last_day, last_quantity + answer.missing)]


def without_missing(parts, missing):
    """A plan without what the supplier will not send, taken from its end.

    >>> without_missing([("Mon", 40), ("Tue", 60)], 10)
    [('Mon', 40), ('Tue', 50)]
    """
    kept = remaining_parts([(day, quantity) for day, quantity in reversed(parts)], sum(q for _d, q in parts) - missing)
    return kept[::-1] or parts[:1]


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
