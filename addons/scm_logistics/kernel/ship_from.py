"""From which warehouse: the same expected cost over warehouse and carrier, with split shipments avoided.

An order that one warehouse can fill leaves in one parcel. What the warehouse does not have leaves from those that have
it, as parcels of their own: each costs its own carrier, its own risk of lateness and the handling of one more parcel.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Plan:
    """``parts``: ((warehouse, ((line, quantity), ...)), ...), the main warehouse first; ``missing``: nobody has it."""

    main: int
    parts: tuple
    missing: tuple

    @property
    def parcels(self):
        return len(self.parts)


def cover(main, needs, stock, order):
    """How an order leaves when one warehouse is its main one.

    Lines are taken from the main warehouse as far as its stock goes, the rest from the others in the given order; a
    warehouse that has all that is left goes before those that have only some of it.

    :param needs: {line: quantity}
    :param stock: {(warehouse, line): free quantity}
    :param order: the other warehouses, preferred first

    Ten and two are ordered; A has all ten but none of the two, which B has:

    >>> plan = cover("A", {"x": 10, "y": 2}, {("A", "x"): 12, ("B", "x"): 9, ("B", "y"): 5}, ["B"])
    >>> plan.parts
    (('A', (('x', 10),)), ('B', (('y', 2),)))
    """
    left, parts = {line: quantity for line, quantity in needs.items() if quantity > 0}, []
    queue = [main, *sorted(order, key=lambda warehouse: _lacks(warehouse, _after(main, left, stock), stock))]
    for warehouse in queue:
        taken = {line: min(quantity, stock.get((warehouse, line), 0)) for line, quantity in left.items()}
        taken = {line: quantity for line, quantity in taken.items() if quantity > 0}
        if taken:
            parts.append((warehouse, tuple(taken.items())))
            left = {line: rest for line, quantity in left.items() if (rest := quantity - taken.get(line, 0)) > 1e-9}
    return Plan(main, tuple(parts), tuple(left.items()))


def _after(main, needs, stock):
    return {line: rest for line, quantity in needs.items() if (rest := quantity - stock.get((main, line), 0)) > 1e-9}


def _lacks(warehouse, needs, stock):
    """Share of the quantities that a warehouse cannot fill, 0 to 1."""
    total = sum(needs.values())
    short = sum(max(quantity - stock.get((warehouse, line), 0), 0.0) for line, quantity in needs.items())
    return short / total if total else 0.0


def plan_cost(plan, part_costs, split_cost):
    """Expected cost of a plan: its parts and the handling of each parcel after the first.

    A part that no carrier takes has no cost in ``part_costs``: the plan cannot be (infinity), nor can one whose main
    warehouse has nothing of the order.

    >>> plan = Plan("A", (("A", (("x", 10),)), ("B", (("y", 2),))), ())
    >>> plan_cost(plan, {"A": 6.0, "B": 5.0}, split_cost=2.0), plan_cost(plan, {"A": 6.0}, split_cost=2.0)
    (13.0, inf)
    """
    if not plan.parts or plan.parts[0][0] != plan.main:
        return inf
    parcels = sum(part_costs.get(warehouse, inf) for warehouse, _lines in plan.parts)
    return parcels + max(plan.parcels - 1, 0) * split_cost


def choose(costs, parcels, present=None, tiny=0.005):
    """Main warehouse of the best plan: least cost, then fewest parcels; the present one stays when it is as good.

    What nobody has is missing whichever warehouse is the main one, so it does not matter here. None: nothing can be.

    >>> choose({"A": 9.0, "B": 7.0}, {"A": 1, "B": 1}, present="A"), choose({"A": inf}, {"A": 1})
    ('B', None)
    """
    possible = [main for main, cost in costs.items() if cost < inf]
    if not possible:
        return None
    best = min(possible, key=lambda main: (costs[main], parcels[main]))
    return present if present in possible and costs[present] <= costs[best] + tiny else best
