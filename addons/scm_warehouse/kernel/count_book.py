"""A count at a moment against the book at that same moment, while goods go in and out.

Nobody stops a warehouse to count it. What was found at 14:03 is compared with what the books said at 14:03, not with
what they say when the phone has a connection again; what moved between is no difference.

A key is (product, lot, package, owner); moments are anything that can be compared; quantities in the product's unit.
"""

from collections import defaultdict


def book_at(stock, moves, moments, closing):
    """Book stock of each key at its own moment: stock now less what came in, plus what went out, after it.

    ``book(t) = stock(now) − Σ in(t, now] + Σ out(t, now]``

    :param stock: ``{key: quantity now}``
    :param moves: ``[(key, moment, signed quantity)]``: done since the earliest moment; in is positive
    :param moments: ``{key: moment of its count}``
    :param closing: moment of keys that were not counted singly: when the place was finished
    :return: ``{key: quantity}`` for each key of stock, moves and moments

    Ten in the place now, three were picked at 5, two came at 7; counted at 4, at 6, at 8:

    >>> moves = [("A", 5, -3.0), ("A", 7, 2.0)]
    >>> [book_at({"A": 10.0}, moves, {"A": moment}, 9)["A"] for moment in (4, 6, 8)]
    [11.0, 8.0, 10.0]
    """
    book = defaultdict(float, dict.fromkeys(moments, 0.0))
    for key, quantity in stock.items():
        book[key] += quantity
    for key, moment, quantity in moves:
        book[key] -= quantity if moment > moments.get(key, closing) else 0.0
    return dict(book)


def shelf_gap(found, book, in_hand):
    """Difference of a count, where goods are in the hands of pickers whose transfers are not done yet.

    Those goods are on the books, but may have left the shelf: any count from ``book − in_hand`` to ``book`` is right.

    :return: ``found − nearest of [book − in_hand, book]``

    Ten on the books, three of them picked but not booked out:

    >>> [shelf_gap(found, 10.0, 3.0) for found in (12.0, 10.0, 8.0, 7.0, 5.0)]
    [2.0, 0.0, 0.0, 0.0, -2.0]
    """
    nearest = min(max(found, book - max(in_hand, 0.0)), book)
    return found - nearest


def last_entries(entries):
    """The last word of each key: ``{key: (quantity, moment)}``; an earlier entry was a slip of the finger.

    :param entries: ``[(key, moment, order received, quantity)]``

    >>> last_entries([("A", 2, 1, 5.0), ("A", 3, 2, 6.0), ("B", 4, 3, 1.0)])
    {'A': (6.0, 3), 'B': (1.0, 4)}
    """
    found = {}
    for key, moment, _order, quantity in sorted(entries, key=lambda entry: (entry[1], entry[2])):
        found[key] = (quantity, moment)
    return found


def next_step(*, differs, within, is_recount, agrees, wants_recount, gross, limit, is_automatic):
    """What happens with a count that was finished.

    :param differs: whether any line differs from the book
    :param within: whether all differences are within tolerance
    :param is_recount: whether this was the second count
    :param agrees: whether the second count found the same differences as the first
    :param wants_recount: whether the warehouse has places outside tolerance counted twice
    :param gross: sum of the differences without sign, in money
    :param limit: what may be corrected without a person's word, in money
    :param is_automatic: whether the warehouse allows that at all
    :return: ``done`` (nothing to correct), ``recount``, ``apply`` or ``approval``

    >>> ask = dict(differs=True, is_recount=False, agrees=True, wants_recount=True, limit=50.0, is_automatic=True)
    >>> next_step(within=True, gross=20.0, **ask), next_step(within=True, gross=60.0, **ask)
    ('apply', 'approval')
    >>> next_step(within=False, gross=20.0, **ask), next_step(within=False, gross=20.0, **ask | {"is_recount": True})
    ('recount', 'apply')
    """
    if not differs:
        return "done"
    if not within and not is_recount and wants_recount:
        return "recount"
    # two people who found two things: somebody has to look
    if is_automatic and agrees and gross <= limit:
        return "apply"
    return "approval"
