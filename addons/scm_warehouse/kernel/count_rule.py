"""Which counting rule holds for a place or a count, and whether a difference is within its tolerance.

A rule says for a class of products (A, B, C, none, or any), a warehouse and a zone how often a year its places are
counted, and how large a difference may be before the count is done again. The more a rule says, the earlier it holds:
a zone before a warehouse, a warehouse before a company, a class before any class.

Within tolerance (ASCM, "Cycle Counting: tolerance"; usual are 0.2 % for A, 1 % for B, 5 % for C):

    |counted - book| <= max(units, percent / 100 * |book|),  and  |difference| * cost <= money, where money is set
"""

from __future__ import annotations

import numpy as np

#: letter of a rule that holds for products of every class; "" is "no class"
ANY = "*"
#: rounding noise of floats that came through units of measure
NOISE = 1e-9


def specificity(warehouse: int, zone: int, letter: str, company: int) -> tuple[int, ...]:
    """Sorting key of a rule: the largest holds first.

    >>> specificity(1, 0, "A", 1) > specificity(1, 0, ANY, 1) > specificity(0, 0, "A", 1) > specificity(0, 0, "A", 0)
    True
    """
    return (int(bool(zone)), int(bool(warehouse)), int(bool(company)), int(letter != ANY))


def match(rules, warehouse, zone, letter) -> np.ndarray:
    """Position in ``rules`` of the rule that holds for each row, -1 where none does.

    :param rules: ``[(warehouse, zone, letter)]``, the most specific first; 0 is any warehouse or zone
    :param warehouse: ids, shape (n,)
    :param zone: ids, shape (n,)
    :param letter: class of each row, "A", "B", "C" or "", shape (n,)

    >>> match([(0, 7, "*"), (0, 0, "A"), (0, 0, "")], [1, 1, 1, 1], [7, 8, 8, 8], ["C", "A", "", "B"]).tolist()
    [0, 1, 2, -1]
    """
    warehouse, zone, letter = np.asarray(warehouse), np.asarray(zone), np.asarray(letter, dtype=object)
    found = np.full(len(warehouse), -1)
    for position in range(len(rules) - 1, -1, -1):
        of_warehouse, of_zone, of_letter = rules[position]
        fits = np.ones(len(warehouse), dtype=bool)
        if of_warehouse:
            fits &= warehouse == of_warehouse
        if of_zone:
            fits &= zone == of_zone
        if of_letter != ANY:
            fits &= letter == of_letter
        found[fits] = position
    return found


def within(book, counted, cost, percent, units, money) -> np.ndarray:
    """Whether each count agrees with the book, by its tolerance; all arrays of shape (n,) or scalars.

    :param book: quantity on record at the moment of the count, product's unit
    :param counted: quantity found, product's unit
    :param cost: money per unit
    :param percent: of the book, 1.0 is 1 %
    :param units: quantity that may always differ
    :param money: largest value of a difference, 0 is no limit

    A carton of 1,000 screws at 0.01 may be wrong by 5 %; of 10 engines none may miss.

    >>> within([1000, 10], [960, 9], [0.01, 900], [5, 0.2], 0, [5, 5]).tolist()
    [True, False]
    """
    book, counted, cost = (np.asarray(values, dtype=float) for values in (book, counted, cost))
    gap = np.abs(counted - book)
    room = np.maximum(np.asarray(units, dtype=float), np.asarray(percent, dtype=float) / 100 * np.abs(book))
    money = np.asarray(money, dtype=float)
    return (gap <= room + NOISE) & ((money <= 0) | (gap * cost <= money + NOISE))
