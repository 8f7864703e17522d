"""From policy levels to proposals: the vendor Odoo would choose, what to order, and when a change is worth showing.

All functions work on arrays over items at once and know nothing of records; quantities are in the product's unit.
"""

from dataclasses import dataclass

import numpy as np

#: quantities closer than this are equal (Odoo's units are rounded to at most five digits)
QUANTITY_EPS = 1e-6
#: no seller
NONE = -1


@dataclass(frozen=True)
class Sellers:
    """Vendor price lines of many items, one entry per line; sorted by :func:`sort_sellers`.

    :param item: int (k,), index of the item that the line is for
    :param partner: int (k,), vendor
    :param sequence: float (k,), priority, lowest first
    :param minimum: float (k,), smallest quantity for this price, in the item's unit
    :param price: float (k,), listed price (only to sort lines of equal priority, as Odoo does)
    :param unit_price: float (k,), discounted price per unit of the item in the company's currency
    :param valid: bool (k,), the line's dates include today
    :param id: int (k,), number of the line
    """

    item: np.ndarray
    partner: np.ndarray
    sequence: np.ndarray
    minimum: np.ndarray
    price: np.ndarray
    unit_price: np.ndarray
    valid: np.ndarray
    id: np.ndarray

    def take(self, order):
        """The same lines in another order, or some of them."""
        return Sellers(**{name: np.asarray(value)[order] for name, value in vars(self).items()})


def sort_sellers(sellers):
    """Lines in the order in which Odoo looks at them: priority, largest minimum, lowest price, number."""
    order = np.lexsort((sellers.id, sellers.price, -sellers.minimum, sellers.sequence, sellers.item))
    return sellers.take(order)


def choose_sellers(sellers, n_items, quantity=None):
    """Index of the line that Odoo would buy each item with, ``NONE`` where there is none.

    Odoo 19 (``product.product._select_seller``): of the lines whose dates and minimum fit, the first names the vendor;
    of that vendor's fitting lines the cheapest wins. When none fits, the first line of all is used
    (``stock.rule._get_matching_supplier``).

    :param sellers: :class:`Sellers` in the order of :func:`sort_sellers`
    :param n_items: number of items n
    :param quantity: float (n,) to buy, in the item's unit; None = whatever the minimum, as Odoo does for lead times

    Two vendors, the first asks for 50 pieces; 10 pieces are bought from the second:

    >>> lines = Sellers(*map(np.array, ([0, 0], [7, 8], [1, 1], [50., 0.], [1., 2.], [1., 2.], [True, True], [1, 2])))
    >>> choose_sellers(lines, 1, np.array([10.])), choose_sellers(lines, 1)
    (array([1]), array([0]))
    """
    chosen = np.full(n_items, NONE)
    if not len(sellers.item):
        return chosen
    _first_per_item(sellers.item, np.arange(len(sellers.item)), chosen)
    fits = sellers.valid.astype(bool)
    if quantity is not None:
        fits = fits & (np.asarray(quantity)[sellers.item] >= sellers.minimum - QUANTITY_EPS)
    rows = np.flatnonzero(fits)
    if not len(rows):
        return chosen
    first = np.full(n_items, NONE)
    _first_per_item(sellers.item[rows], rows, first)
    rows = rows[sellers.partner[rows] == sellers.partner[first[sellers.item[rows]]]]
    cheapest = np.lexsort((sellers.id[rows], sellers.sequence[rows], sellers.unit_price[rows], sellers.item[rows]))
    _first_per_item(sellers.item[rows][cheapest], rows[cheapest], chosen)
    return chosen


def smallest_minimum(sellers, chosen):
    """Least quantity at which the chosen vendor has a price, float (n,); 0 without a vendor.

    >>> lines = Sellers(*map(np.array, ([0, 0], [7, 7], [1, 1], [50., 20.], [1., 2.], [1., 2.], [True, True], [1, 2])))
    >>> smallest_minimum(lines, np.array([0]))
    array([20.])
    """
    chosen = np.asarray(chosen)
    result = np.zeros(len(chosen))
    if not len(sellers.item):
        return result
    partner = np.where(chosen >= 0, sellers.partner[chosen], NONE)
    rows = np.flatnonzero((sellers.partner == partner[sellers.item]) & sellers.valid)
    lowest = np.full(len(chosen), np.inf)
    np.minimum.at(lowest, sellers.item[rows], sellers.minimum[rows])
    return np.where(np.isfinite(lowest), lowest, result)


def order_quantity(position, minimum, maximum, moq=0.0, multiple=0.0):
    """Quantity that lifts the position to the maximum once it is below the minimum: an (s, S) order.

    Q = 0 when position >= s, else max(S - position, MOQ) rounded up to whole multiples (Silver, Pyke and Peterson,
    1998, section 7.3). Position = on hand + on order - taken by customers.

    :param position: float (n,); ``minimum``, ``maximum``, ``moq``, ``multiple``: float (n,) or a number; a
        ``multiple`` of 0 does not round

    >>> order_quantity([3., 9.], [5., 5.], [20., 20.], moq=0., multiple=6.)
    array([18.,  0.])
    """
    position, minimum, maximum = (np.asarray(value, dtype=float) for value in (position, minimum, maximum))
    wanted = np.maximum(np.maximum(maximum, minimum) - position, moq)
    needed = (position < minimum - QUANTITY_EPS) & (wanted > QUANTITY_EPS)
    return np.where(needed, round_up(wanted, multiple), 0.0)


def round_up(quantity, step):
    """Next whole multiple of ``step`` (0 = as it is); dust of the last digits does not add a step.

    >>> round_up([12.0000001, 13.0], 6.0)
    array([12., 18.])
    """
    quantity, step = np.broadcast_arrays(np.asarray(quantity, dtype=float), np.asarray(step, dtype=float))
    safe = np.where(step > 0, step, 1.0)
    return np.where(step > 0, np.ceil(quantity / safe - QUANTITY_EPS) * safe, quantity)


def differs(min_a, max_a, min_b, max_b, tolerance=0.10, step=1.0):
    """Whether two pairs of levels differ enough to bother a person: bool (n,).

    A level differs when it is off by more than ``tolerance`` of the larger one and by at least one ``step``.
    NaN on one side only is always a difference.

    >>> differs([10., 100.], [20., 200.], [11., 120.], [20., 200.])
    array([False,  True])
    """
    return _level_differs(min_a, min_b, tolerance, step) | _level_differs(max_a, max_b, tolerance, step)


def _level_differs(first, second, tolerance, step):
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    unknown = np.isnan(first) | np.isnan(second)
    gap = np.abs(np.nan_to_num(first) - np.nan_to_num(second))
    larger = np.maximum(np.abs(np.nan_to_num(first)), np.abs(np.nan_to_num(second)))
    far = (gap > tolerance * larger + QUANTITY_EPS) & (gap >= step - QUANTITY_EPS)
    return np.where(unknown, np.isnan(first) != np.isnan(second), far)


def _first_per_item(item, value, into):
    """Write into ``into[item]`` the value of each item's first entry."""
    # the last write wins, so writing backwards leaves the first
    into[item[::-1]] = value[::-1]
