"""Scarce units shared out in the order of the rows."""

import numpy as np


def share_out(wanted, key, left):
    """What each row gets of what its key has left, first come first served: float (n,).

    :param wanted: float (n,); ``key``: int (n,), whose capacity it is; ``left``: float, units by key, inf = no limit

    >>> share_out(np.array([60.0, 60.0, 5.0]), np.array([0, 0, 1]), np.array([100.0, np.inf])).tolist()
    [60.0, 40.0, 5.0]
    """
    order = np.argsort(key, kind="stable")
    sorted_key, sorted_wanted = key[order], wanted[order]
    running = np.concatenate([[0.0], np.cumsum(sorted_wanted)])
    first = np.searchsorted(sorted_key, sorted_key)
    before = running[:-1] - running[first]
    result = np.empty_like(sorted_wanted)
    result[order] = np.clip(left[sorted_key] - before, 0.0, sorted_wanted)
    return result
