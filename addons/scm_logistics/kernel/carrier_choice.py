"""Which carrier: price + P(late) x cost of lateness + P(loss or damage) x value, within limits.

The choice for one parcel is the carrier of least expected cost. With limits (parcels per carrier and day, share of a
carrier in a month) the parcels compete, and the least total is a transportation problem (Hitchcock 1941). Its linear
programme has whole-numbered corners, because the limits of a carrier are nested (days within a month); so the result
is the optimum and not a rule of thumb. Where nothing binds, each parcel simply takes its best.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, hstack, identity


@dataclass(frozen=True)
class Cost:
    """Terms of the expected cost, arrays of one shape, money."""

    price: np.ndarray
    late: np.ndarray
    risk: np.ndarray

    @property
    def total(self):
        return self.price + self.late + self.risk


def late_terms(pmf, days_left):
    """(probability of being late, mean days late, where on time counts as 0) of one shipment.

    P(T > d) and E[max(T - d, 0)] for a transit time T with probabilities ``pmf[t]`` of t working days, and d working
    days from hand-over to the promised day. A promise that has passed (d < 0) is late for sure.

    Two days are left, and the parcel takes 1, 2, 3 or 4 days with 10, 50, 30 and 10 %. So 40 % are late, by
    0.3 x 1 + 0.1 x 2 days on average over all:

    >>> late_terms([0, 0.1, 0.5, 0.3, 0.1], 2)
    (0.4, 0.5)
    >>> late_terms([0, 1.0], -1)
    (1.0, 2.0)
    """
    pmf = np.asarray(pmf, dtype=float)
    over = np.maximum(np.arange(len(pmf)) - days_left, 0)
    return float(round(pmf[over > 0].sum(), 12)), float(round(pmf @ over, 12))


def expected_cost(price, p_late, days_late, p_loss, value, cost_late, cost_late_day):
    """Terms of the expected cost; arrays of one shape (or scalars): money, probabilities, working days.

    late = P(late) x cost per late parcel + E[days late] x cost per day; risk = P(lost or damaged) x value of goods.

    A parcel of 60 by a carrier that costs 5, is late with 20 % (half a day on average) and loses 1 %, for a customer
    with whom a late parcel costs 8 and each day 2 more:

    >>> float(expected_cost(5.0, 0.2, 0.5, 0.01, 60.0, 8.0, 2.0).total)
    8.2
    """
    price, p_late, days_late, p_loss, value, cost_late, cost_late_day = (
        np.asarray(term, dtype=float) for term in (price, p_late, days_late, p_loss, value, cost_late, cost_late_day)
    )
    return Cost(price, p_late * cost_late + days_late * cost_late_day, np.clip(p_loss, 0.0, 1.0) * value)


@dataclass(frozen=True)
class Assignment:
    """``pair[i]``: index of the pair that parcel i takes (-1: it has none); ``moved[i]``: a limit took its best away;
    ``over[l]``: parcels above limit l, because nobody else could take them."""

    pair: np.ndarray
    moved: np.ndarray
    over: np.ndarray


def assign(parcels, scores, count, limits=()):
    """Least total score with one pair for each parcel, within limits.

    :param parcels: (m,) parcel index of each pair (parcel, carrier)
    :param scores: (m,) expected cost of each pair, money
    :param count: number of parcels
    :param limits: [(indices of pairs, at most so many of them)]; those of one carrier are nested or disjoint
    :return: :class:`Assignment`. Where a limit cannot be kept it is exceeded by as few parcels as possible.

    Two parcels would both go with the first carrier (5 against 9, and 5 against 6), which takes one only. The second
    one gives way, because that costs 1 instead of 4:

    >>> assign([0, 0, 1, 1], [5, 9, 5, 6], 2, [([0, 2], 1)]).pair.tolist()
    [0, 3]
    """
    parcels, scores = np.asarray(parcels, dtype=int), np.asarray(scores, dtype=float)
    limits = [(np.asarray(pairs, dtype=int), float(max(most, 0))) for pairs, most in limits]
    best = _best(parcels, scores, count)
    chosen, over = best, np.zeros(len(limits))
    if limits and _excess(best, limits, len(scores)).max() > 0:
        chosen = _within_limits(parcels, scores, count, limits)
        over = _excess(chosen, limits, len(scores))
    return Assignment(chosen, chosen != best, over)


def _best(parcels, scores, count):
    """Cheapest pair of each parcel; the first one of equals."""
    order = np.lexsort((np.arange(len(scores)), scores, parcels))
    result = np.full(count, -1)
    seen, first = np.unique(parcels[order], return_index=True)
    result[seen] = order[first]
    return result


def _excess(chosen, limits, size):
    taken = np.zeros(size)
    taken[chosen[chosen >= 0]] = 1
    return np.array([max(taken[pairs].sum() - most, 0.0) for pairs, most in limits])


def _within_limits(parcels, scores, count, limits):
    """Corner of the linear programme; one more parcel above a limit costs more than any chain of exchanges saves."""
    size = len(scores)
    penalty = (len(limits) + 2) * (np.ptp(scores) + 1.0)
    seen, rows = np.unique(parcels, return_inverse=True)
    one_each = coo_matrix((np.ones(size), (rows, np.arange(size))), shape=(len(seen), size))
    members = [(row, pair) for row, (pairs, _most) in enumerate(limits) for pair in pairs]
    at_row, at_pair = np.array(members).T if members else (np.zeros(0, int), np.zeros(0, int))
    within = coo_matrix((np.ones(len(members)), (at_row, at_pair)), shape=(len(limits), size))
    found = linprog(
        np.concatenate([scores - scores.min(), np.full(len(limits), penalty)]),
        A_ub=hstack([within, -identity(len(limits))]).tocsr(),
        b_ub=[most for _pairs, most in limits],
        A_eq=hstack([one_each, coo_matrix((len(seen), len(limits)))]).tocsr(),
        b_eq=np.ones(len(seen)),
        method="highs-ds",
    )
    # each parcel has exactly one 1; what is left of rounding is noise
    return _best(parcels, -found.x[:size].round(6), count)


def share_limit(share, total, handed):
    """Parcels that a carrier may still get in a month, whole numbers.

    Of ``total`` parcels of the month (handed over already, and to come) it may have the share; it got ``handed``.

    A carrier may have 40 % of 50 parcels and got 12:

    >>> share_limit(0.4, 50, 12)
    8
    """
    return max(int(np.floor(share * total + 1e-9)) - handed, 0)
