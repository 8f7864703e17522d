"""Which order of the plan before is which order of the new plan, so that it keeps its number.

An order is the same when it serves the same item in the same way and the same week of need. What then is left over is
paired in the order of its weeks, as long as they are not more than ``MOST_WEEKS`` apart: a need that moved a little is
still the same need.
"""

import numpy as np

MOST_WEEKS = 4
#: weeks of need lie within this many of the plan's first week
FAR = 100000


def match(old_key, old_week, new_key, new_week):
    """Index of the old order that each new one continues, int (m,); -1 = a new need.

    :param old_key, new_key: item and way of supply as whole numbers; ``old_week``, ``new_week``: week of need

    >>> match([1, 1, 2], [10, 12, 10], [1, 1, 2, 2], [10, 13, 30, 11]).tolist()
    [0, 1, -1, 2]
    """
    old, new = _codes(old_key, old_week), _codes(new_key, new_week)
    result = np.full(len(new), -1)
    same_new, same_old = _equal(new, old)
    result[same_new] = same_old
    left_new = np.flatnonzero(result < 0)
    left_old = np.setdiff1d(np.arange(len(old)), same_old)
    near_new, near_old = _nearest(new[left_new], old[left_old])
    result[left_new[near_new]] = left_old[near_old]
    return result


def _codes(key, week):
    """Key and week as one number, so that near weeks of a key are near numbers."""
    return np.asarray(key, np.int64).reshape(-1) * FAR + np.asarray(week, np.int64).reshape(-1)


def _equal(new, old):
    """(positions in new, positions in old) of equal numbers; the first of several with the first, and so on."""
    both = np.concatenate([new, old])
    order = np.argsort(both, kind="stable")
    is_new = order < len(new)
    start = np.searchsorted(both[order], both[order])
    place = np.cumsum(is_new), np.cumsum(~is_new)
    before = [np.concatenate([[0], count])[start] for count in place]
    rank = np.where(is_new, place[0] - before[0], place[1] - before[1])
    names = np.stack([both[order], rank], axis=1)
    first, second = names[is_new], names[~is_new]
    _unique, number = np.unique(np.concatenate([first, second]), axis=0, return_inverse=True)
    number = number.reshape(-1)
    _shared, in_first, in_second = np.intersect1d(
        number[: len(first)], number[len(first) :], assume_unique=True, return_indices=True
    )
    return order[is_new][in_first], order[~is_new][in_second] - len(new)


def _nearest(new, old):
    """Pairs of the nearest free neighbours in time, as far as they are near enough."""
    by_code = np.argsort(old, kind="stable")
    first = np.searchsorted(old[by_code], new - MOST_WEEKS)
    count = np.searchsorted(old[by_code], new + MOST_WEEKS, side="right") - first
    asks = np.repeat(np.arange(len(new)), count)
    at = np.arange(len(asks)) - np.repeat(np.cumsum(count) - count, count) + first[asks]
    gives = by_code[at]
    order = np.lexsort((gives, asks, np.abs(new[asks] - old[gives])))
    asks, gives = asks[order], gives[order]
    chosen = [np.zeros((2, 0), int)]
    while len(asks):
        best = np.zeros(len(asks), bool)
        best[np.unique(asks, return_index=True)[1]] = True
        only = np.zeros(len(asks), bool)
        only[np.unique(gives, return_index=True)[1]] = True
        best &= only
        chosen.append(np.stack([asks[best], gives[best]]))
        free = ~np.isin(asks, asks[best]) & ~np.isin(gives, gives[best])
        asks, gives = asks[free], gives[free]
    return np.concatenate(chosen, axis=1)
