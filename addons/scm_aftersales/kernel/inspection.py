"""What is still to be inspected of goods that came back. Quantities are in the product's unit.

Of ``expected`` units ``received`` came. Inspection sorts them: grades A (as new), B (to refurbish), C (scrap) and a
wrong item are goods in hand; missing is what was said to come, or was booked as received, and is not there. So::

    short           = max(expected - received, 0)
    missing (stock) = max(missing - short, 0)          booked as received, but not in the parcel
    left            = received - A - B - C - wrong - missing (stock)
    not come        = short - min(missing, short)      nobody has said yet that it is missing
"""

#: grades of goods that are in somebody's hands
IN_HAND = ("A", "B", "C", "wrong")
GRADES = (*IN_HAND, "missing")


def split_missing(expected, received, missing):
    """Missing units as (those that never came, those that were booked as received).

    Asked for 3, received 2 by the label, and 2 missing: one never came, one was in no parcel though it was booked.

    >>> split_missing(3, 2, 2)
    (1, 1)
    >>> split_missing(3, 3, 1)
    (0, 1)
    """
    short = max(expected - received, 0)
    never = min(missing, short)
    return never, missing - never


def left(expected, received, graded):
    """Units in hand that nobody has graded yet, and units that have not come and are not said to be missing.

    >>> left(3, 2, {"A": 1})
    (1, 1)
    >>> left(3, 2, {"A": 2, "missing": 1})
    (0, 0)
    >>> left(1, 3, {"B": 3})
    (0, 0)
    """
    never, booked = split_missing(expected, received, graded.get("missing", 0))
    in_hand = sum(graded.get(grade, 0) for grade in IN_HAND)
    return received - in_hand - booked, max(expected - received, 0) - never


def main_cause(findings):
    """Cause of most units; of equals the one found first; ``None`` if nobody named one.

    >>> main_cause([("defect", 1), ("carrier", 2), (None, 9), ("defect", 1)])
    'defect'
    """
    units = {}
    for cause, quantity in findings:
        if cause:
            units[cause] = units.get(cause, 0) + quantity
    return max(units, key=units.get) if units else None


def draw(places, quantity):
    """Take a quantity from places in their order: ``[(place, taken), ...]``; what no place has comes from the last.

    >>> draw([("input", 2), ("shelf", 5)], 3)
    [('input', 2), ('shelf', 1)]
    >>> draw([("input", 2)], 3)
    [('input', 3)]
    """
    taken, rest = [], quantity
    for number, (place, there) in enumerate(places):
        part = rest if number == len(places) - 1 else min(max(there, 0), rest)
        if part > 0:
            taken.append((place, part))
            rest -= part
    return taken
