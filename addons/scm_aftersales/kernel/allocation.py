"""Which delivery brought the units that come back."""

import numpy as np


def allocate(returns, deliveries):
    """Give the units of each return to deliveries of the same order line and product, first in first out.

    Lines that name a lot take from deliveries of that lot, before the others take from what is left; so a unit is
    never returned twice. What finds no delivery (more came back than went out) is left out.

    :param returns: ``(key, lot, quantity)`` sequences of one length, in the order in which they were asked; ``key``
        stands for order line and product, ``lot`` 0 for none
    :param deliveries: the same of deliveries, the oldest first
    :return: arrays ``(return, delivery, quantity)``: indices into the two, and units

    >>> [part.tolist() for part in allocate(([7, 7], [0, 5], [3.0, 1.0]), ([7, 7], [4, 5], [2.0, 2.0]))]
    [[1, 0, 0], [1, 0, 1], [1.0, 2.0, 1.0]]
    """
    by_key, free = {}, np.asarray(deliveries[2], float).tolist()
    for index, key in enumerate(deliveries[0]):
        by_key.setdefault(key, []).append(index)
    parts = []
    for named in (True, False):
        for index, (key, lot, quantity) in enumerate(zip(*returns, strict=True)):
            if bool(lot) == named:
                places = [k for k in by_key.get(key, ()) if not lot or deliveries[1][k] == lot]
                parts += _take(index, quantity, places, free)
    columns = list(zip(*parts, strict=True)) or [(), (), ()]
    return np.array(columns[0], int), np.array(columns[1], int), np.array(columns[2], float)


def _take(index, quantity, places, free):
    """Parts of one return, taken from these deliveries in their order; ``free`` is what each of them has left."""
    for place in places:
        if quantity <= 1e-9:
            return
        units = min(quantity, free[place])
        if units > 1e-9:
            free[place] -= units
            quantity -= units
            yield index, place, units
