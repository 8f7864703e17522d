"""Which planned orders of a vendor go together on which day, and what joins them so that terms are met.

Pure: lines and terms in, joint orders out; nothing is known of records. A *group* is one vendor delivering to one
warehouse. Days are whole days from today (0 = today); quantities in the product's unit; money in one currency.

How it works, per group:

1. each order-by day moves back to the vendor's latest open order day (:func:`open_order_days`);
2. days are joined where one more order costs more than holding what is pulled forward (:func:`join_days`, exact);
3. weeks above the vendor's capacity give lines to earlier weeks (:func:`level_weeks`);
4. near orders are topped up with whole lines of later ones, what will be needed soonest first: up to a price break,
   the minimum order value, the freight-free limit and the container (:func:`join`).

Only lines of the plan move, so nothing is bought that the plan does not want, and never less or later.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from .joint_lot import YEAR_DAYS, best_lot, measure, price_at
from .proposal import QUANTITY_EPS

NEVER = -1


@dataclass(frozen=True)
class Terms:
    """Terms of each group; arrays (v,) unless said otherwise. 0 = no such term.

    :param order_cost: money per order; ``freight_cost``: money per order, or per container where there is one
    :param minimum_value, freight_free_value: money
    :param window_days: how far ahead a line may be pulled to join; ``interval_days``: least days between orders
    :param weekly_capacity: units per week
    :param capacity: (v, 3) kilograms, cubic metres and pallets of one container; NaN = does not limit
    :param fill: ``never``, ``pays`` (as far as freight saved exceeds holding) or ``always`` (whole containers)
    :param open_days: bool (v, D), days on which the vendor takes orders
    """

    order_cost: np.ndarray
    freight_cost: np.ndarray
    minimum_value: np.ndarray
    freight_free_value: np.ndarray
    window_days: np.ndarray
    interval_days: np.ndarray
    weekly_capacity: np.ndarray
    capacity: np.ndarray
    fill: np.ndarray
    open_days: np.ndarray


@dataclass(frozen=True)
class Lines:
    """Planned orders, arrays (n,).

    :param group: int, row of its terms; ``item``: int, the product
    :param order_day: int, order-by day, below 0 = late; ``quantity``, ``price``: units, money per unit
    :param demand_day: units per day, 0 = unknown
    :param cover_max_days: most days of demand in one order (maximum stock, shelf life), 0 = no limit
    :param holding_rate: per year; ``line_cost``: money per order line, for price breaks
    :param measures: (n, 3) kilograms, cubic metres, pallets per unit, NaN = unknown
    :param fixed: bool, decided by a person: not pulled
    :param breaks: ``{item: (minimums, prices)}`` of items with more than one price
    """

    group: np.ndarray
    item: np.ndarray
    order_day: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    demand_day: np.ndarray
    cover_max_days: np.ndarray
    holding_rate: np.ndarray
    line_cost: np.ndarray
    measures: np.ndarray
    fixed: np.ndarray
    breaks: dict = field(default_factory=dict)


@dataclass
class Order:
    """One joint order: ``lines`` (indices), and money decided on the way.

    :ivar notes: codes of what was done and why; :ivar saving: money saved by joining and filling, holding deducted
    """

    group: int
    day: int
    lines: list
    saving: float = 0.0
    holding: float = 0.0
    notes: list = field(default_factory=list)


@dataclass(frozen=True)
class JointOrders:
    """:ivar orders: list of :class:`Order`, by group and day; :ivar order: int (n,) the order of each line, -1 = none.

    :ivar price: float (n,) with price breaks
    :ivar late: bool (n,) no open day was left before the order-by day; :ivar closed: bool (n,) no open day at all
    """

    orders: list
    order: np.ndarray
    price: np.ndarray
    late: np.ndarray
    closed: np.ndarray


def open_order_days(open_days, group, order_day):
    """Latest open day up to each order-by day, else the first open one: ``(day, late, closed)``, each (n,).

    ``closed``: the vendor has no open day in the whole calendar; the day is then -1.

    >>> open_days = np.array([[False, True, False, True], [False] * 4])
    >>> [part.tolist() for part in open_order_days(open_days, [0, 0, 1], [2, 0, 3])]
    [[1, 1, -1], [False, True, False], [False, False, True]]
    """
    open_days, group = np.asarray(open_days, bool), np.asarray(group, int)
    width = open_days.shape[1]
    index = np.arange(width)
    latest = np.maximum.accumulate(np.where(open_days, index, NEVER), axis=1)
    first = np.where(open_days.any(1), open_days.argmax(1), NEVER)
    wanted = np.clip(np.asarray(order_day, int), 0, width - 1)
    day = latest[group, wanted]
    late = (day < 0) | (np.asarray(order_day) < 0)
    day = np.where(day < 0, first[group], day)
    return day, late & (day >= 0), day < 0


def join_days(days, carry, fixed_cost, window, interval=0):
    """First day of the order that each of a vendor's days joins, int (k,): the cheapest way, exactly.

    f(i) = min over j of f(j + 1) + K + sum_{m=i..j} h_m (d_m - d_i): orders at d_i take the days up to d_j when
    d_j - d_i <= window, and must take those nearer than ``interval`` (Wagner and Whitin, 1958, with a window).

    :param days: int (k,) increasing; ``carry``: float (k,) holding money per day of each day's lines
    :param fixed_cost: money per order; one order cheaper than the holding joins nothing

    Two lines a week apart that cost 2 a day to hold; an order costs 20, so they go together:

    >>> join_days([0, 7, 40], [2.0, 2.0, 2.0], 20.0, 14).tolist()
    [0, 0, 40]
    """
    days, carry = np.asarray(days, int), np.asarray(carry, float)
    count = len(days)
    best, end = np.zeros(count + 1), np.zeros(count, int)
    for first in range(count - 1, -1, -1):
        last = max(
            int(np.searchsorted(days, days[first] + window, "right")),
            int(np.searchsorted(days, days[first] + interval, "left")),
            first + 1,
        )
        least = max(int(np.searchsorted(days, days[first] + interval, "left")), first + 1)
        held = np.cumsum(carry[first:last] * (days[first:last] - days[first]))
        total = fixed_cost + held[least - first - 1 :] + best[least : last + 1]
        choice = int(np.argmin(total))
        best[first], end[first] = total[choice], least + choice
    start, first = np.zeros(count, int), 0
    while first < count:
        start[first : end[first]] = days[first]
        first = end[first]
    return start


def level_weeks(day, quantity, carry, open_days, weekly_capacity, weekday=0):
    """Days (n,) of one vendor's lines so that no week exceeds its capacity, moving lines to earlier weeks only.

    From the last week back, the lines cheapest to hold move to the last open day of the week before. What does not fit
    into the first week stays there: the second answer, bool (n,), marks the lines of weeks that stay above capacity.

    :param weekday: of today, Monday = 0

    >>> level_weeks([8, 8], [60.0, 60.0], [1.0, 2.0], np.ones(14, bool), 100.0)[0].tolist()
    [6, 8]
    """
    day, quantity = np.asarray(day, int).copy(), np.asarray(quantity, float)
    carry, over = np.asarray(carry, float), np.zeros(len(day), bool)
    open_at = np.flatnonzero(open_days)
    if weekly_capacity <= 0 or not len(day):
        return day, over
    for week in range((day.max() + weekday) // 7, -1, -1):
        inside = np.flatnonzero((day + weekday) // 7 == week)
        total = quantity[inside].sum()
        before = open_at[(open_at + weekday) // 7 < week]
        for row in inside[np.argsort(carry[inside], kind="stable")]:
            if total <= weekly_capacity + QUANTITY_EPS or not len(before) or len(inside) == 1:
                break
            day[row] = before[-1]
            total -= quantity[row]
            inside = inside[inside != row]
        over[inside] = total > weekly_capacity + QUANTITY_EPS
    return day, over


def join(lines, terms, weekday=0, near_days=42):
    """:class:`JointOrders` of all lines: see the module's text.

    :param near_days: orders up to this day are topped up; those behind it are only joined
    """
    day, late, closed = open_order_days(terms.open_days, lines.group, lines.order_day)
    carry = lines.quantity * lines.price * lines.holding_rate / YEAR_DAYS
    result = JointOrders([], np.full(len(day), NEVER), np.asarray(lines.price, float).copy(), late, closed)
    by_group = np.argsort(lines.group, kind="stable")
    edges = np.flatnonzero(np.diff(lines.group[by_group])) + 1
    for rows in np.split(by_group, edges):
        rows = rows[~closed[rows]]
        if len(rows):
            _join_group(lines, terms, rows, (day, carry), result, weekday, near_days)
    return result


def _join_group(lines, terms, rows, facts, result, weekday, near_days):
    day, carry = facts
    group = int(lines.group[rows[0]])
    fixed = float(terms.order_cost[group] + terms.freight_cost[group])
    distinct, index = np.unique(day[rows], return_inverse=True)
    held = np.bincount(index, carry[rows], len(distinct))
    start = join_days(distinct, held, fixed, int(terms.window_days[group]), int(terms.interval_days[group]))[index]
    moved, over = level_weeks(
        start, lines.quantity[rows], carry[rows], terms.open_days[group], float(terms.weekly_capacity[group]), weekday
    )
    orders = []
    for first in np.unique(moved):
        own = rows[moved == first]
        order = Order(group, int(first), own.tolist())
        separate = len(np.unique(day[own]))
        order.holding = float((carry[own] * np.maximum(day[own] - first, 0)).sum())
        order.saving = fixed * (separate - 1) - order.holding
        order.notes += ["joined"] if separate > 1 else []
        order.notes += ["over_capacity"] if over[moved == first].any() else []
        orders.append(order)
    if _may_fill(lines, terms, rows, group):
        _TopUp(lines, terms, result, orders, day).run(near_days)
    for order in orders:
        if order.lines:
            result.order[order.lines] = len(result.orders)
            result.orders.append(order)


def _may_fill(lines, terms, rows, group):
    """Whether any term or price break of this group could add a line to an order."""
    money = terms.minimum_value[group] > 0 or terms.freight_free_value[group] > 0
    container = (np.nan_to_num(terms.capacity[group]) > 0).any()
    return bool(money or container or any(item in lines.breaks for item in lines.item[rows].tolist()))


class _TopUp:
    """Fills the near orders of one group from its later ones, whole lines, what is needed soonest first."""

    def __init__(self, lines, terms, result, orders, day):
        self.result, self.orders = result, orders
        rows = sorted(line for order in orders for line in order.lines)
        table = zip(
            rows,
            lines.item[rows].tolist(),
            day[rows].tolist(),
            lines.quantity[rows].tolist(),
            (lines.quantity[rows] * lines.price[rows]).tolist(),
            (lines.quantity[rows] * lines.price[rows] * lines.holding_rate[rows] / YEAR_DAYS).tolist(),
            strict=True,
        )
        self.facts = {line: rest for line, *rest in table}
        self.lines, group = lines, orders[0].group
        self.minimum, self.free = float(terms.minimum_value[group]), float(terms.freight_free_value[group])
        self.freight, self.mode = float(terms.freight_cost[group]), terms.fill[group]
        self.weekly, self.capacity = float(terms.weekly_capacity[group]), np.nan_to_num(terms.capacity[group])
        self.place = {line: number for number, order in enumerate(orders) for line in order.lines}
        self.latest = self._latest_days(rows)
        fixed = lines.fixed[rows]
        movable = [line for line, by_hand in zip(rows, fixed.tolist(), strict=True) if not by_hand]
        self.soonest = sorted(movable, key=lambda line: (self.facts[line][1], lines.order_day[line], line))
        self.of_item = defaultdict(list)
        for line in self.soonest:
            self.of_item[self.facts[line][0]].append(line)

    def _latest_days(self, rows):
        """``{line: first order day that keeps stock within the most cover}``."""
        lines = self.lines
        demand, most = lines.demand_day[rows], lines.cover_max_days[rows]
        used = np.divide(lines.quantity[rows], demand, out=np.zeros(len(rows)), where=demand > 0)
        earliest = np.where(most > 0, lines.order_day[rows] + used - most, -np.inf)
        return dict(zip(rows, earliest.tolist(), strict=True))

    def run(self, near_days):
        for number, order in enumerate(self.orders):
            if not order.lines or order.day > near_days:
                continue
            self.number, self.order = number, order
            self._price_breaks()
            self._minimum_value()
            self._freight_free()
            self._containers()

    # Figures of the order as it stands

    def value(self):
        rows = self.order.lines
        return float((self.lines.quantity[rows] * self.result.price[rows]).sum())

    def load(self):
        return measure(self.lines.quantity[self.order.lines], self.lines.measures[self.order.lines], self.capacity)

    def holding_of(self, line):
        _item, day, _quantity, _value, carry = self.facts[line]
        return carry * max(day - self.order.day, 0)

    # Candidates

    def candidates(self, item=None):
        """Lines of later orders, soonest first; those that would lift stock above the most cover are left out."""
        return (
            line
            for line in (self.soonest if item is None else self.of_item[item])
            if self.place[line] > self.number and self.latest[line] <= self.order.day + QUANTITY_EPS
        )

    def take(self, chosen):
        for line in chosen:
            self.orders[self.place[line]].lines.remove(line)
            self.order.lines.append(line)
            self.order.holding += self.holding_of(line)
            self.place[line] = self.number

    def _chosen(self, enough, fits=lambda line: True):
        """Candidates until ``enough(value)``, and the value; an item whose next line does not fit drops out."""
        chosen, value, dropped = [], self.value(), set()
        left = self._capacity_left()
        for line in self.candidates():
            if enough(value):
                break
            item, _day, quantity, money, _carry = self.facts[line]
            if item in dropped or quantity > left + QUANTITY_EPS or not fits(line):
                dropped.add(item)
                continue
            chosen.append(line)
            left -= quantity
            value += money
        return chosen, value

    def _capacity_left(self):
        return self.weekly - float(self.lines.quantity[self.order.lines].sum()) if self.weekly > 0 else np.inf

    # The four reasons to add

    def _price_breaks(self):
        items = {self.facts[line][0] for line in self.order.lines}
        for item in sorted(item for item in items if item in self.lines.breaks):
            self._price_break(item, *self.lines.breaks[item])

    def _price_break(self, item, minimums, prices):
        own = [line for line in self.order.lines if self.facts[line][0] == item]
        left, more = self._capacity_left(), list(self.candidates(item))
        totals = np.cumsum([sum(self.facts[line][2] for line in own), *(self.facts[line][2] for line in more)])
        totals = totals[: 1 + int(np.searchsorted(totals[1:] - totals[0], left + QUANTITY_EPS, "right"))]
        demand, line = float(self.lines.demand_day[own[0]]) * YEAR_DAYS, own[0]
        cost, rate = float(self.lines.line_cost[line]), float(self.lines.holding_rate[line])
        best, saved = best_lot(totals, minimums, prices, demand, cost, rate)
        if best and not self.lines.fixed[own].any():
            self.take(more[:best])
            self.order.notes.append("price_break")
            self.order.saving += saved * totals[best] / demand
        total = totals[best] if not self.lines.fixed[own].any() else totals[0]
        own = [line for line in self.order.lines if self.facts[line][0] == item]
        self.result.price[own] = price_at(total, minimums, prices)

    def _minimum_value(self):
        if self.value() >= self.minimum - QUANTITY_EPS:
            return
        chosen, value = self._chosen(lambda value: value >= self.minimum)
        reached = value >= self.minimum - QUANTITY_EPS
        self.order.notes.append("minimum_reached" if reached else "below_minimum")
        if reached:
            self.take(chosen)

    def _freight_free(self):
        if self.free <= 0:
            return
        if self.value() >= self.free - QUANTITY_EPS:
            self.order.notes.append("freight_free")
            return
        freight = self.freight * max(self.load().containers, 1)
        chosen, value = self._chosen(lambda value: value >= self.free)
        holding = sum(self.holding_of(line) for line in chosen)
        if value < self.free - QUANTITY_EPS or holding >= freight:
            self.order.notes.append("freight_not_worth")
            return
        self.take(chosen)
        self.order.saving += freight - holding
        self.order.notes.append("freight_free")

    def _containers(self):
        load = self.load()
        if not load.containers or self.mode == "never" or load.fill >= 1 - QUANTITY_EPS:
            return
        capacity, taken = self.capacity, np.zeros(3)
        free = np.where(capacity > 0, capacity * load.containers - load.total, np.inf)

        def fits(line):
            need = np.nan_to_num(self.lines.measures[line]) * self.facts[line][2]
            share = np.divide(need, capacity, out=np.zeros(3), where=capacity > 0).max()
            pays = self.mode == "always" or self.holding_of(line) < self.freight * share
            if share <= 0 or not pays or (taken + need > free + QUANTITY_EPS).any():
                return False
            taken[:] += need
            return True

        chosen, _value = self._chosen(lambda value: False, fits)
        if chosen:
            self.take(chosen)
            self.order.notes.append("container_filled")
