"""What to leave out when money does not suffice: whole order lines, least margin at risk per money first.

Pure. Money in one currency; months are whole numbers in their order.
"""

from dataclasses import dataclass

import numpy as np

EPS = 1e-6
#: up to so many lines the choice is exact
EXACT_LINES = 22
KEEP, POSTPONE, CUT = 0, 1, 2


def choose(cost, gain, budget):
    """Lines to keep (bool (n,)) with the most gain within the budget, and an upper bound of that gain.

    A 0/1 knapsack. Up to :data:`EXACT_LINES` lines it is solved exactly by branch and bound; above it by gain per
    money, then whatever still fits, or the single best line: never less than half the optimum (Dantzig, 1957;
    Martello and Toth, 1990, section 2.4). The bound is that of the fractional problem. Lines without cost stay.
    Lines of equal gain are kept by cost, so that money that is there is used.

    >>> choose([60.0, 50.0, 50.0], [10.0, 9.0, 9.0], 100.0)[0].tolist()
    [False, True, True]
    """
    cost, gain = np.asarray(cost, float), np.maximum(np.asarray(gain, float), 0.0)
    keep = cost <= EPS
    rows = np.flatnonzero(~keep & (cost <= budget + EPS))
    # a line without margin at risk is still wanted, but never instead of one that has some
    worth = gain[rows] + cost[rows] * (1e-6 * max(gain.max(initial=0.0), 1.0) / max(cost.sum(), 1.0))
    order = rows[np.lexsort((rows, -worth / cost[rows]))]
    worth_of = dict(zip(rows.tolist(), worth.tolist(), strict=True))
    worths = np.array([worth_of[row] for row in order.tolist()])
    bound = _fractional(cost[order], gain[order], budget) + float(gain[keep].sum())
    taken = _exact(cost[order], worths, budget) if len(order) <= EXACT_LINES else _greedy(cost[order], worths, budget)
    keep[order[taken]] = True
    return keep, bound


def _fractional(cost, gain, budget):
    """Gain of the best filling when lines could be split; ``cost`` and ``gain`` in order of gain per cost."""
    part = np.clip((budget - (np.cumsum(cost) - cost)) / np.where(cost > 0, cost, 1.0), 0.0, 1.0)
    return float((part * gain).sum())


def _greedy(cost, worth, budget):
    taken, left = np.zeros(len(cost), bool), budget
    for row, price in enumerate(cost.tolist()):
        if price <= left + EPS:
            taken[row] = True
            left -= price
    if len(cost) and worth.max() > worth[taken].sum():
        taken[:] = False
        taken[int(worth.argmax())] = True
    return taken


def _exact(cost, worth, budget):
    """Depth-first branch and bound; items in order of worth per cost (Horowitz and Sahni, 1974)."""
    best_value, best = -1.0, np.zeros(len(cost), bool)
    chosen = np.zeros(len(cost), bool)
    costs, worths = cost.tolist(), worth.tolist()

    def bound(row, left):
        value = 0.0
        for index in range(row, len(costs)):
            if costs[index] > left:
                return value + worths[index] * left / costs[index]
            left -= costs[index]
            value += worths[index]
        return value

    def visit(row, left, value):
        nonlocal best_value, best
        if value > best_value:
            best_value, best = value, chosen.copy()
        if row == len(costs) or value + bound(row, left) <= best_value + 1e-12:
            return
        if costs[row] <= left + EPS:
            chosen[row] = True
            visit(row + 1, left - costs[row], value + worths[row])
            chosen[row] = False
        visit(row + 1, left, value)

    visit(0, budget, 0.0)
    return best


def choose_orders(cost, gain, order, minimum, budget):
    """As :func:`choose`, where what remains of each order is nothing or at least its minimum order value.

    Orders that fall below their minimum are dropped, least gain per money first, and the money goes to the others,
    until none is below. ``minimum``: {order: money}. An order that never reached its minimum is not held to it.

    >>> keep, _bound = choose_orders([60.0, 60.0, 50.0], [9.0, 9.0, 5.0], [1, 1, 2], {1: 100.0}, 100.0)
    >>> keep.tolist()
    [False, False, True]
    """
    cost, gain = np.asarray(cost, float), np.asarray(gain, float)
    names, number = np.unique(np.asarray(order), return_inverse=True)
    number, n = number.reshape(-1), len(names)
    least = np.array([minimum.get(name, np.inf) for name in names.tolist()], float)
    full = np.bincount(number, cost, n)
    allowed = np.ones(len(cost), bool)
    while True:
        keep = np.zeros(len(cost), bool)
        keep[allowed], bound = choose(cost[allowed], gain[allowed], budget)
        spent, worth = (np.bincount(number[keep], values[keep], n) for values in (cost, gain))
        short = np.flatnonzero((spent > EPS) & (spent < least - EPS) & (least - EPS <= full))
        if not len(short):
            return keep, bound
        worst = min(short.tolist(), key=lambda place: (worth[place] / spent[place], str(names[place])))
        allowed &= number != worst


@dataclass(frozen=True)
class Budget:
    """:param month: int; ``member``: bool (n,) lines that it pays for; ``available``: money, 0 = nothing may be
    ordered."""

    month: int
    member: np.ndarray
    available: float


@dataclass(frozen=True)
class Cuts:
    """:ivar action: int (n,) :data:`KEEP`, :data:`POSTPONE` or :data:`CUT`; :ivar budget: int (n,), -1 = none said so.

    :ivar month: int (n,) month in which the money is spent, after what was postponed
    :ivar open_gain: money; margin at risk that a better choice could save at most (0 where the choice is exact)
    """

    action: np.ndarray
    budget: np.ndarray
    month: np.ndarray
    open_gain: float


def cut(cost, margin_at_risk, month, own_month, order, minimum, budgets, fixed=None):
    """Lines to order, postpone or leave out so that every budget holds and no order falls below its minimum by it.

    Months in their order; in a month the budgets of categories before the company's. A line that was pulled forward
    (its own order-by month is later) loses nothing by going back: it is postponed first, and counts in its own month.
    Budgets of several categories may each take a piece of one order: when what is left of it is below its minimum, it
    is dropped whole and the rest is chosen anew, so that its money goes to others; what a person decided stays.

    :param cost, margin_at_risk: float (n,); ``month``: int (n,) of the joint order; ``own_month``: int (n,) of the line
    :param order: (n,) joint order of each line; ``minimum``: {order: minimum order value}
    :param budgets: list of :class:`Budget`, categories before the whole company
    :param fixed: bool (n,) lines that a person decided: they are paid first and never left out

    100 are there in month 1; the pulled-forward line waits, the one with little at risk is left out:

    >>> budgets = [Budget(1, np.ones(3, bool), 100.0)]
    >>> cuts = cut([90.0, 30.0, 20.0], [50.0, 5.0, 40.0], [1, 1, 1], [1, 1, 2], [1, 1, 1], {}, budgets)
    >>> cuts.action.tolist()
    [0, 2, 1]
    """
    cost = np.asarray(cost, float)
    gain, own = np.asarray(margin_at_risk, float), np.asarray(own_month)
    fixed = np.zeros(len(cost), bool) if fixed is None else np.asarray(fixed, bool)
    facts = cost, gain, np.asarray(month), own, np.asarray(order), fixed
    out = np.full(len(cost), -1)
    while True:
        cuts = _cut_once(*facts, minimum, budgets, out)
        dropped = _below_minimum(cost, facts[4], minimum, cuts, fixed)
        if not (dropped >= 0).any():
            return cuts
        out = np.maximum(out, dropped)


def _below_minimum(cost, order, minimum, cuts, fixed):
    """Per line the budget that makes its whole order go, -1 = it stays."""
    names, number = np.unique(order, return_inverse=True)
    number = number.reshape(-1)
    least = np.array([minimum.get(name, 0.0) for name in names.tolist()], float)
    kept = cuts.action == KEEP
    spent, full = np.bincount(number[kept], cost[kept], len(names)), np.bincount(number, cost, len(names))
    held = np.bincount(number[fixed], minlength=len(names)) > 0
    short = (spent > EPS) & (spent < least - EPS) & (full >= least - EPS) & ~held
    budget = np.full(len(names), -1)
    np.maximum.at(budget, number, cuts.budget)
    return np.where(short[number], budget[number], -1)


def _cut_once(cost, gain, month, own, order, fixed, minimum, budgets, out):
    """:class:`Cuts` where lines with a budget in ``out`` (n,) are left out because of it before all."""
    month, open_gain = month.copy(), 0.0
    gone, waits = out >= 0, own > month
    action = np.select([gone & waits, gone], [POSTPONE, CUT], KEEP)
    source = out.copy()
    month = np.where(gone & waits, own, month)
    for number in sorted(range(len(budgets)), key=lambda index: (budgets[index].month, index)):
        budget = budgets[number]
        inside = budget.member & (month == budget.month) & (action != CUT)
        if cost[inside].sum() <= budget.available + EPS:
            continue
        left = max(budget.available - cost[inside & fixed].sum(), 0.0)
        rows = np.flatnonzero(inside & ~fixed)
        waits = own[rows] > budget.month
        worth = np.where(waits, 0.0, gain[rows])
        keep, bound = choose_orders(cost[rows], worth, order[rows], minimum, left)
        if len(rows) > EXACT_LINES:
            open_gain += max(bound - float(worth[keep].sum()), 0.0)
        back = rows[~keep & waits]
        action[rows[~keep & ~waits]], action[back] = CUT, POSTPONE
        source[rows[~keep]], month[back] = number, own[back]
    return Cuts(action, source, month, open_gain)
