"""Which order of the plan before is which order of the new plan, so that it keeps its number.

An order is the same when it serves the same item in the same way and the same week of need. What then is left over is
paired in the order of its weeks, as long as they are not more than ``MOST_WEEKS`` apart: a need that moved a little is
still the same need.
"""

import numpy as np
import pandas as pd

MOST_WEEKS = 4


def match(old_key, old_week, new_key, new_week):
    """Index of the old order that each new one continues, int (m,); -1 = a new need.

    :param old_key, new_key: item and way of supply as whole numbers; ``old_week``, ``new_week``: week of need

    >>> match([1, 1, 2], [10, 12, 10], [1, 1, 2, 2], [10, 13, 30, 11]).tolist()
    [0, 1, -1, 2]
    """
    old = _numbered(old_key, old_week)
    new = _numbered(new_key, new_week)
    result = np.full(len(new), -1)
    same = new.merge(old, on=["key", "week", "rank"], suffixes=("", "_old"))
    result[same["row"]] = same["row_old"]
    left_old = old[~old["row"].isin(same["row_old"])]
    left_new = new[~new["row"].isin(same["row"])]
    near = _paired(left_old, left_new)
    result[near["row"]] = near["row_old"]
    return result


def _numbered(key, week):
    table = pd.DataFrame({"key": np.asarray(key, np.int64), "week": np.asarray(week, np.int64)})
    table["row"] = np.arange(len(table))
    table["rank"] = table.groupby(["key", "week"]).cumcount()
    return table


def _paired(old, new):
    """The nearest free neighbours in time: each new order takes the first old one that is near enough."""
    old, new = old.sort_values(["key", "week"]), new.sort_values(["key", "week"])
    pairs = new.merge(old, on="key", suffixes=("", "_old"))
    gap = (pairs["week"] - pairs["week_old"]).abs()
    pairs = pairs[gap <= MOST_WEEKS].assign(gap=gap)
    pairs = pairs.sort_values(["gap", "row", "row_old"])
    while True:
        best = ~pairs["row"].duplicated() & ~pairs["row_old"].duplicated()
        chosen = pairs[best]
        taken_new, taken_old = pairs["row"].isin(chosen["row"]), pairs["row_old"].isin(chosen["row_old"])
        if not (taken_new | taken_old)[~best].any():
            return chosen
        pairs = pairs[best | ~(taken_new | taken_old)]
