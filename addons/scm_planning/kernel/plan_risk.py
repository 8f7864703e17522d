"""What the order plan cannot save: units short before an order placed today is there, their margin, and a remedy.

    short  = most that the stock lies below zero in the weeks before that one
    remedy = the first of these that covers all of it, else the one that covers most:
             expedite an open receipt that comes after the stock has run out; transfer from a warehouse that has it
             before it can be supplied again, its safety stock included; substitute by another product that the
             warehouse can spare above its safety stock; when nothing covers anything: tell the customers
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

EXPEDITE, TRANSFER, SUBSTITUTE, TELL = range(4)
REMEDIES = ("expedite", "transfer", "substitute", "tell")
#: less than this share of the smallest step of quantities is nothing that anybody would notice
NOTICED = 0.5


@dataclass(frozen=True)
class Risk:
    """Arrays (n,); weeks as ints, -1 = never.

    :ivar stock_out_week, below_safety_week: first week with closing below zero, below safety stock
    :ivar late: cannot be saved by ordering today; ``short``: units; ``margin``: their margin
    :ivar remedy: index into ``REMEDIES``, -1 = not late; ``covered`` (n, 3): units that each remedy would cover
    :ivar partner (n, 3): item that a transfer or a substitute comes from, -1 = none
    """

    stock_out_week: np.ndarray
    below_safety_week: np.ndarray
    late: np.ndarray
    short: np.ndarray
    margin: np.ndarray
    remedy: np.ndarray
    covered: np.ndarray
    partner: np.ndarray


def risk(plan, safety, step, can_order, unit_margin, same_product, substitutes):
    """What is short, and what to do.

    :param plan: :class:`.plan_types.Plan`
    :param safety, step, unit_margin: float (n,); ``can_order``: bool (n,)
    :param same_product: int (p, 2), pairs (item, other warehouse of the product)
    :param substitutes: int (s, 2), pairs (item, other product in the warehouse)
    """
    closing, weeks = plan.closing, plan.closing.shape[1]
    dust = NOTICED * step
    reachable = np.minimum(plan.first_week, weeks)
    before = np.arange(weeks)[None] < reachable[:, None]
    lowest = np.where(before, closing, np.inf).min(axis=1, initial=np.inf)
    short = np.maximum(-lowest, 0.0)
    late = can_order & ~plan.never_open & (short >= dust) & (short > 0)
    short = np.where(late, short, 0.0)
    covered, partner = _covered(plan, closing, safety, short, late, same_product, substitutes)
    return Risk(
        stock_out_week=_first(closing < -dust[:, None]),
        below_safety_week=_first(closing < (safety - dust)[:, None]),
        late=late,
        short=short,
        margin=short * np.maximum(unit_margin, 0.0),
        remedy=np.where(late, _choose(covered, short), -1),
        covered=covered,
        partner=partner,
    )


def parts(keys, pairs, most):
    """Lists of at most ``most`` keys, where keys that a pair joins lie in one list; a group of more than that is cut.

    :param keys: ids; ``pairs``: (id, id), ids that are no key count for nothing

    >>> parts([1, 2, 3, 4, 5], [(1, 4), (9, 2)], 2)
    [[1, 4], [2, 3], [5]]
    """
    keys = np.unique(np.asarray(keys, int))
    pairs = np.asarray(pairs, int).reshape(-1, 2)
    ends = np.searchsorted(keys, pairs[np.isin(pairs, keys).all(axis=1)])
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (len(keys), len(keys)))
    _count, group = connected_components(graph, directed=False)
    result = [[]]
    for members in np.split(keys[np.lexsort((keys, group))], np.cumsum(np.bincount(group))[:-1]):
        for start in range(0, len(members), most):
            piece = members[start : start + most].tolist()
            if result[-1] and len(result[-1]) + len(piece) > most:
                result.append([])
            result[-1] += piece
    return result


def _first(table):
    return np.where(table.any(axis=1), table.argmax(axis=1), -1)


def _choose(covered, short):
    whole = covered >= short[:, None] - 1e-6
    best = np.where(whole.any(axis=1), whole.argmax(axis=1), covered.argmax(axis=1))
    return np.where(covered.max(axis=1) > 1e-6, best, TELL)


def _covered(plan, closing, safety, short, late, same_product, substitutes):
    n, weeks = closing.shape
    covered, partner = np.zeros((n, 3)), np.full((n, 3), -1)
    rows = np.flatnonzero(late)
    if not len(rows):
        return covered, partner
    out = _first(closing[rows] < 0)
    after = np.arange(weeks)[None] > out[:, None]
    to_come = (plan.terms["receipts"] + plan.terms["draft"])[rows]
    covered[rows, EXPEDITE] = np.where(after, to_come, 0.0).sum(axis=1)
    _spare_of(covered, partner, TRANSFER, closing, plan.first_week, np.zeros(n), late, same_product)
    _spare_of(covered, partner, SUBSTITUTE, closing, plan.first_week, safety, late, substitutes)
    return np.minimum(covered, short[:, None]), partner


def _spare_of(covered, partner, column, closing, first_week, keep, late, pairs):
    """Most that one other item can spare until it can be supplied again."""
    pairs = np.asarray(pairs, int).reshape(-1, 2)
    pairs = pairs[late[pairs[:, 0]]]
    if not len(pairs):
        return
    item, other = pairs.T
    span = np.arange(closing.shape[1])[None] <= first_week[other][:, None]
    lowest = np.where(span, closing[other], np.inf).min(axis=1)
    spare = np.maximum(lowest - keep[other], 0.0)
    order = np.lexsort((-other, spare))
    covered[item[order], column] = spare[order]
    partner[item[order], column] = np.where(spare[order] > 1e-6, other[order], -1)
