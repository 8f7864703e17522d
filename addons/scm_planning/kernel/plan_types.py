"""What goes into the order plan and what comes out: frozen dataclasses around arrays (:mod:`.order_plan`)."""

from dataclasses import dataclass, field

import numpy as np

#: terms of the plan, in the order in which they are shown; the first four are given, the rest decided
TERMS = (
    "receipts", "draft", "orders", "other_out", "forecast", "planned", "transfer_in", "transfer_out", "dependent",
)  # fmt: skip
INFLOWS = ("receipts", "draft", "planned", "transfer_in")


@dataclass(frozen=True)
class Flow:
    """Quantities to come or go: int ``item``, int ``day`` from today, ``quantity``, each (m,)."""

    item: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    day: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    quantity: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def part(self, first, last):
        """The entries of items first to last - 1, counted from ``first``."""
        rows = (self.item >= first) & (self.item < last)
        return Flow(self.item[rows] - first, self.day[rows], self.quantity[rows])


@dataclass(frozen=True)
class PlanItems:
    """What is known of each item; arrays (n,) ordered by product.

    :param product: int, equal for the items of one product
    :param opening, safety, step: stock; safety stock; smallest step of quantities
    :param gone_days: days of week 0 that are over where the item is
    :param forecast: (n, h) per week from week 0 on, whole weeks
    :param can_order: something supplies it
    :param source: item that a resupply route names, -1 = it is bought or made
    :param lead_days: days from order to receipt; ``calendar_row``: its vendor's row, -1 = never closed
    :param lot_weeks: weeks that a lot is to last, 1 or more; ``most_weeks``: most cover, inf = no limit
    :param moq, multiple: 0 = none; ``rate``: cost of holding per year as a share of value
    :param break_quantity, break_price: (n, b) price breaks in increasing order, inf = none
    """

    product: np.ndarray
    opening: np.ndarray
    safety: np.ndarray
    step: np.ndarray
    gone_days: np.ndarray
    forecast: np.ndarray
    can_order: np.ndarray
    source: np.ndarray
    lead_days: np.ndarray
    calendar_row: np.ndarray
    lot_weeks: np.ndarray
    most_weeks: np.ndarray
    moq: np.ndarray
    multiple: np.ndarray
    rate: np.ndarray
    break_quantity: np.ndarray
    break_price: np.ndarray

    def part(self, first, last):
        values = {name: value[first:last] for name, value in vars(self).items()}
        values["source"] = np.where(values["source"] >= 0, values["source"] - first, -1)
        return PlanItems(**values)


@dataclass(frozen=True)
class PlanFlows:
    """Flows of the plan (:class:`Flow`): open receipts at their likely days, quotations, orders taken that fall due
    from today on, other outgoing (overdue orders, transfers under way out), firm planned orders in and out; and weeks
    in which a person wants no order (``no_buy``) or no transfer (``no_transfer``)."""

    receipts: Flow = field(default_factory=Flow)
    draft: Flow = field(default_factory=Flow)
    orders: Flow = field(default_factory=Flow)
    other_out: Flow = field(default_factory=Flow)
    firm: Flow = field(default_factory=Flow)
    firm_transfer_in: Flow = field(default_factory=Flow)
    firm_transfer_out: Flow = field(default_factory=Flow)
    no_buy: Flow = field(default_factory=Flow)
    no_transfer: Flow = field(default_factory=Flow)

    def part(self, first, last):
        return PlanFlows(**{name: flow.part(first, last) for name, flow in vars(self).items()})


@dataclass(frozen=True)
class PlanOptions:
    """:param weekday: of today, Monday = 0; ``transfer_days``: between warehouses without a route, None = no transfers
    :param backward, forward: weeks of forecast consumption"""

    weeks: int = 26
    weekday: int = 0
    transfer_days: int | None = 2
    backward: int = 1
    forward: int = 1


@dataclass(frozen=True)
class PlannedOrders:
    """Orders and transfers that are proposed; arrays (m,), by item and day of receipt.

    :ivar kind: 0 = order (from the vendor, or from the source that a route names), 1 = transfer of surplus
    :ivar source: item it comes from, -1 = from outside
    :ivar need_day, order_day, receipt_day: days from today; ``quantity``, ``net`` (what is needed of it)
    :ivar price: per unit, 0 = not known; ``price_break``: column of the price break, -1 = none
    :ivar stock: stock of the week of need without the order; ``target``: stock that it is to reach
    """

    kind: np.ndarray
    item: np.ndarray
    source: np.ndarray
    need_day: np.ndarray
    order_day: np.ndarray
    receipt_day: np.ndarray
    quantity: np.ndarray
    net: np.ndarray
    price: np.ndarray
    price_break: np.ndarray
    stock: np.ndarray
    last_week: np.ndarray

    def take(self, rows):
        return PlannedOrders(**{name: value[rows] for name, value in vars(self).items()})


ORDER_TYPES = {"quantity": float, "net": float, "price": float, "stock": float}
ORDER_FIELDS = tuple(PlannedOrders.__dataclass_fields__)


@dataclass(frozen=True)
class Plan:
    """The plan of all items: dict of terms (n, W), closing (n, W), orders; what an order placed today can reach.

    :ivar first_week: (n,) week in which an order placed today is there; W or more = not within the plan
    :ivar first_day: (n,) that day; ``circle``: supplied in a circle; ``never_open``: the vendor has no open day
    :ivar moq_above_max: the least quantity is more than the maximum stock
    """

    terms: dict
    closing: np.ndarray
    orders: PlannedOrders
    first_week: np.ndarray
    first_day: np.ndarray
    circle: np.ndarray
    never_open: np.ndarray
    moq_above_max: np.ndarray


def closing_of(opening, terms):
    """Closing stock (n, W) of the terms."""
    change = sum(terms[name] if name in INFLOWS else -terms[name] for name in TERMS)
    return opening[:, None] + np.cumsum(change, axis=1)
