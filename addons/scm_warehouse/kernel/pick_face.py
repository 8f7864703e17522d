"""Pick faces: how much lies there at least and at most, and what is brought from bulk when.

A pick face is the place at picking height from which a product is picked; bulk is everywhere else. The face is filled
in whole cases or pallets. Quantities are in the product's unit, all arrays have shape (faces,).
"""

import numpy as np

#: how soon: it is empty once the open orders are picked, it has less than its minimum, not yet
NOW, SOON, FINE = "now", "soon", "fine"
_TINY = 1e-6


def busy_day(daily, share=0.9):
    """Demand that is not exceeded on ``share`` of the days, days without demand counted (empirical quantile).

    >>> busy_day([[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]])
    array([18.])
    """
    daily = np.asarray(daily, float)
    return np.quantile(daily, share, axis=1) if daily.size else np.zeros(len(daily))


def face_limits(per_day, busy, cover_days, reserve_days, multiple, room):
    """Minimum and maximum from demand.

    ``min = max(per_day x reserve_days, busy)``: a busy day empties no face that was looked at in its morning;
    ``max = min + per_day x cover_days``: so a face is filled every ``cover_days``. Both up to whole cases; no more
    than ``room`` (0: unknown), and a minimum under the maximum.

    :param per_day: mean demand per day; ``busy``: that of a busy day
    :param multiple: units in a case, 1 for single units
    :param room: what the place can hold, 0 for no limit
    :return: (minimum, maximum)

    8 a day, 15 on a busy one, three days of cover, cases of 12: 15 -> 24, and 24 + 24.

    >>> face_limits([8.0], [15.0], [3.0], [1.0], [12.0], [0.0])
    (array([24.]), array([48.]))
    """
    per_day, multiple = np.asarray(per_day, float), np.maximum(np.asarray(multiple, float), _TINY)
    room = np.asarray(room, float)
    low = _up(np.maximum(per_day * np.asarray(reserve_days, float), np.asarray(busy, float)), multiple)
    high = _up(low + per_day * np.asarray(cover_days, float), multiple)
    limited = room > 0
    high = np.where(limited, np.minimum(high, room), high)
    return np.where(limited, np.minimum(low, np.maximum(high - multiple, 0.0)), low), high


def refills(on_hand, taken, waiting, coming, minimum, maximum, multiple, room):
    """What each face should get now, before anybody asks whether bulk has it.

    ``left = on hand - taken by reserved orders - waiting for stock + coming``. Below the minimum the face is filled
    to its maximum in whole cases: rounded down, but at least one case, and never so few that the open orders find
    less than they need; all of it only as far as the place has room.

    :param on_hand: what lies there (may be negative: picked before it was booked)
    :param taken: reserved there by open orders; ``waiting``: open orders that are not reserved anywhere yet
    :param coming: on its way there by open transfers
    :return: (quantity, urgency), urgency one of NOW, SOON, FINE

    5 there, 8 wanted by orders, minimum 6, maximum 30, cases of 12: -3 left, 33 wanted, two cases.

    >>> refills([5.0], [8.0], [0.0], [0.0], [6.0], [30.0], [12.0], [0.0])
    (array([24.]), array(['now'], dtype='<U4'))
    """
    on_hand, coming = np.asarray(on_hand, float), np.asarray(coming, float)
    multiple = np.maximum(np.asarray(multiple, float), _TINY)
    left = on_hand - np.asarray(taken, float) - np.asarray(waiting, float) + coming
    low = left < np.asarray(minimum, float) - _TINY
    short = low & (left < _TINY)
    wanted = np.maximum(np.asarray(maximum, float) - left, 0.0)
    whole = np.maximum(_down(wanted, multiple), multiple)
    whole = np.maximum(whole, _up(np.maximum(-left, 0.0), multiple))
    room = np.asarray(room, float)
    space = np.where(room > 0, _down(np.maximum(room - np.maximum(on_hand, 0.0) - coming, 0.0), multiple), np.inf)
    quantity = np.where(low, np.minimum(whole, space), 0.0)
    return quantity, np.where(short, NOW, np.where(low, SOON, FINE))


def share_bulk(wanted, product, free, multiple, rank):
    """What bulk can give, product by product, to the most urgent face first.

    Whole cases as long as there are any; the last opened case goes as it is.

    :param wanted: quantity of each face; ``product``: its product as an index into ``free``
    :param free: free bulk of each product
    :param rank: the lower, the sooner served
    :return: quantity of each face

    15 in bulk, two faces want a case of 12 each: one gets it, the other the opened rest.

    >>> share_bulk([12.0, 12.0], [0, 0], [15.0], [12.0, 12.0], [1, 0])
    array([ 3., 12.])
    """
    wanted, left = np.asarray(wanted, float), np.maximum(np.asarray(free, float), 0.0).copy()
    given = np.zeros(len(wanted))
    for face in np.lexsort((np.arange(len(wanted)), rank)):
        have = left[product[face]]
        if wanted[face] <= have + _TINY:
            given[face] = wanted[face]
        else:
            cases = _down(have, multiple[face])
            given[face] = cases if cases > 0 else have
        left[product[face]] = have - given[face]
    return given


def days_left(on_hand, taken, per_day):
    """Days until the face is empty at the usual demand; 999 when nothing is picked there.

    >>> days_left([30.0, 4.0], [6.0, 9.0], [8.0, 0.0])
    array([  3., 999.])
    """
    free = np.maximum(np.asarray(on_hand, float) - np.asarray(taken, float), 0.0)
    per_day = np.asarray(per_day, float)
    return np.where(per_day > 0, np.minimum(free / np.where(per_day > 0, per_day, 1.0), 999.0), 999.0)


def _up(quantity, multiple):
    return np.ceil(np.asarray(quantity, float) / multiple - _TINY) * multiple


def _down(quantity, multiple):
    return np.floor(np.asarray(quantity, float) / multiple + _TINY) * multiple
