"""Working hours between two moments, for many pairs at once."""

import numpy as np


def working_hours(start, end, open_from, open_to):
    """Hours of ``start`` .. ``end`` that fall into the open intervals, float (n,); 0 where the end comes first.

    :param start, end: float (n,), hours since any fixed moment
    :param open_from, open_to: float (k,), open intervals, in order and apart

    Open 9 to 17 on two days; asked at 16 on the first, answered at 10 on the second:

    >>> working_hours([16.0], [34.0], [9.0, 33.0], [17.0, 41.0]).tolist()
    [2.0]
    """
    return np.maximum(_open_before(end, open_from, open_to) - _open_before(start, open_from, open_to), 0.0)


def _open_before(moment, open_from, open_to):
    moment, first, last = (np.asarray(value, float) for value in (moment, open_from, open_to))
    if not len(first):
        return np.zeros(len(moment))
    total = np.concatenate([[0.0], np.cumsum(last - first)])
    place = np.searchsorted(first, moment, side="right")
    inside = np.clip(moment - first[np.maximum(place - 1, 0)], 0.0, (last - first)[np.maximum(place - 1, 0)])
    return np.where(place > 0, total[np.maximum(place - 1, 0)] + inside, 0.0)
