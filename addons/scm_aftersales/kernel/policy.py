"""Decision table of a return policy: conditions against facts, the first row whose conditions all hold decides.

Facts are columns, one value per item; rows are compiled once and looked at for all items together. Days are whole local
days from delivery (or order) to the request, the day itself is day 0; money is in one currency, the company's.
A fact that is not known (NaN days, an empty condition, no country) fails every row that asks for it.
"""

from dataclasses import dataclass, fields

import numpy as np

#: in the order in which a reader is told what did not hold
CONDITIONS = ("days", "final_sale", "category", "tag", "reason", "condition", "value", "class", "country")


@dataclass(frozen=True)
class Row:
    """Empty sets, None and bounds of None hold for everything. Days are inclusive, the upper value is not."""

    key: int
    days_basis: str = "delivery"
    days_from: int = 0
    days_to: int | None = None
    categories: frozenset = frozenset()
    tags: frozenset = frozenset()
    reasons: frozenset = frozenset()
    value_of: str = "line"
    value_from: float = 0.0
    value_to: float | None = None
    conditions: frozenset = frozenset()
    classes: frozenset = frozenset()
    countries: frozenset = frozenset()
    final_sale: bool | None = None


@dataclass(frozen=True)
class Facts:
    """Columns of equal length. ``categories``, ``tags`` and ``reasons`` hold tuples: a category with all above it, a
    reason with its group."""

    days_delivery: np.ndarray
    days_order: np.ndarray
    categories: list
    tags: list
    reasons: list
    value_line: np.ndarray
    value_return: np.ndarray
    conditions: list
    classes: list
    countries: list
    final_sale: np.ndarray

    def __len__(self):
        return len(self.days_delivery)

    @classmethod
    def of(cls, items):
        """Columns of a list of dicts with these names; numbers that are None are not known.

        >>> len(Facts.of([{"days_delivery": 3}, {"value_line": 10.0}]))
        2
        """
        numbers = {"days_delivery", "days_order", "value_line", "value_return"}
        columns = {}
        for field in fields(cls):
            values = [item.get(field.name) for item in items]
            if field.name in numbers:
                columns[field.name] = np.array([np.nan if one is None else float(one) for one in values], dtype=float)
            elif field.name == "final_sale":
                columns[field.name] = np.array([bool(one) for one in values], dtype=bool)
            elif field.name in ("categories", "tags", "reasons"):
                columns[field.name] = [tuple(one or ()) for one in values]
            else:
                columns[field.name] = [one or False for one in values]
        return cls(**columns)


@dataclass(frozen=True)
class Decision:
    """``first``: (n,) position of the deciding row, -1: none; ``failed``: (conditions, rows, n) what did not hold."""

    first: np.ndarray
    failed: np.ndarray

    def earlier(self, item):
        """``[(row position, names of failed conditions)]`` of the rows before the deciding one (all, if none)."""
        end = self.first[item] if self.first[item] >= 0 else self.failed.shape[1]
        return [(row, self.failed_of(row, item)) for row in range(end)]

    def failed_of(self, row, item):
        return [name for name, bad in zip(CONDITIONS, self.failed[:, row, item], strict=True) if bad]


def decide(rows, facts):
    """The deciding row of each item, and what each row failed by.

    >>> late = Row(1, days_from=8)
    >>> gift = Row(2, value_to=20.0, categories=frozenset({5}))
    >>> facts = Facts.of([{"days_delivery": 3, "value_line": 12.0, "categories": (1, 5)},
    ...                   {"days_delivery": 9, "value_line": 12.0}, {"days_delivery": 3, "value_line": 20.0}])
    >>> decision = decide([late, gift], facts)
    >>> decision.first.tolist()
    [1, 0, -1]
    >>> decision.earlier(2)
    [(0, ['days']), (1, ['category', 'value'])]
    """
    failed = np.zeros((len(CONDITIONS), len(rows), len(facts)), dtype=bool)
    columns = {
        "category": _Column(facts.categories),
        "tag": _Column(facts.tags),
        "reason": _Column(facts.reasons),
        "condition": _Column([(one,) for one in facts.conditions]),
        "class": _Column([(one,) for one in facts.classes]),
        "country": _Column([(one,) for one in facts.countries]),
    }
    for number, row in enumerate(rows):
        for place, name in enumerate(CONDITIONS):
            failed[place, number] = ~_holds(name, row, facts, columns)
    fits = ~failed.any(axis=0)
    first = np.where(fits.any(axis=0), fits.argmax(axis=0), -1) if len(rows) else np.full(len(facts), -1)
    return Decision(first, failed)


def _holds(name, row, facts, columns):
    if name == "days":
        days = facts.days_order if row.days_basis == "order" else facts.days_delivery
        return _within(days, row.days_from, row.days_to, inclusive=True)
    if name == "value":
        values = facts.value_return if row.value_of == "return" else facts.value_line
        return _within(values, row.value_from, row.value_to, inclusive=False)
    if name == "final_sale":
        return np.ones(len(facts), dtype=bool) if row.final_sale is None else facts.final_sale == row.final_sale
    return columns[name].meets(_wanted(row, name))


def _wanted(row, name):
    return {
        "category": row.categories,
        "tag": row.tags,
        "reason": row.reasons,
        "condition": row.conditions,
        "class": row.classes,
        "country": row.countries,
    }[name]


def _within(values, low, high, inclusive):
    """Bounds of which none is there hold for what is not known, too."""
    if not low and high is None:
        return np.ones(len(values), dtype=bool)
    with np.errstate(invalid="ignore"):
        holds = values >= low
        if high is not None:
            holds &= values <= high if inclusive else values < high
    return holds


class _Column:
    """Sets of ids per item; equal ones are looked at once."""

    def __init__(self, values):
        codes = {}
        self.codes = np.array([codes.setdefault(value, len(codes)) for value in values], dtype=np.intp)
        self.distinct = list(codes)

    def meets(self, wanted):
        if not wanted:
            return np.ones(len(self.codes), dtype=bool)
        hits = np.array([not wanted.isdisjoint(one) for one in self.distinct], dtype=bool)
        return hits[self.codes]


def shadowed(rows):
    """``[(row position, position of an earlier row that takes everything that it would)]``: rows that never decide.

    Only what is certain without knowing the tree of categories is reported.

    >>> shadowed([Row(1, days_to=14), Row(2, days_to=7, tags=frozenset({3})), Row(3, days_to=30)])
    [(1, 0)]
    """
    found = []
    for number, row in enumerate(rows):
        cover = next((place for place, earlier in enumerate(rows[:number]) if _covers(earlier, row)), None)
        if cover is not None:
            found.append((number, cover))
    return found


def _covers(wide, narrow):
    sets = all(
        not _wanted(wide, name) or (_wanted(narrow, name) and _wanted(narrow, name) <= _wanted(wide, name))
        for name in ("category", "tag", "reason", "condition", "class", "country")
    )
    days = (wide.days_from, wide.days_to) == (0, None) or (
        wide.days_basis == narrow.days_basis
        and _inside((narrow.days_from, narrow.days_to), (wide.days_from, wide.days_to))
    )
    values = (wide.value_from, wide.value_to) == (0.0, None) or (
        wide.value_of == narrow.value_of
        and _inside((narrow.value_from, narrow.value_to), (wide.value_from, wide.value_to))
    )
    return sets and days and values and wide.final_sale in (None, narrow.final_sale)


def _inside(narrow, wide):
    return narrow[0] >= wide[0] and (wide[1] is None or (narrow[1] is not None and narrow[1] <= wide[1]))


def fee(value, percent, fixed, refund_percent):
    """Fee kept of an item: share of its value plus a fixed part, never more than what is paid back.

    >>> fee(200.0, 10.0, 5.0, 100.0), fee(4.0, 0.0, 5.0, 50.0)
    (25.0, 2.0)
    """
    return min(value * percent / 100 + fixed, value * refund_percent / 100)
