"""Items with only a few periods of history lean on the level of their group."""

import numpy as np

PSEUDO_PERIODS = 1.5
GROUP_PSEUDO_ITEMS = 5.0


def group_ratio(level, known, group, is_new):
    """Factor on the forecast of each series, float32 (n,): 1 but for new items.

        level* = (n x own level + k x typical level of the group) / (n + k),  k = 1.5 periods

    the typical level being the median of the group's grown items, shrunk to the median of all by five items.

    :param level: float (n,), mean forecast
    :param known: int (n,), known periods
    :param group: int (n,), 0..g-1
    :param is_new: bool (n,)

    >>> new = np.array([False, False, True])
    >>> group_ratio(np.array([8.0, 8.0, 2.0]), np.array([50, 50, 3]), np.zeros(3, int), new).tolist()
    [1.0, 1.0, 2.0]
    """
    ratio = np.ones(len(level), np.float32)
    grown = ~is_new & (level > 0)
    rows = np.flatnonzero(is_new & (level > 0))
    if not len(rows) or not grown.any():
        return ratio
    overall = float(np.median(level[grown]))
    typical = np.full(int(group.max()) + 1, overall)
    for number in np.unique(group[rows]):
        mates = level[grown & (group == number)]
        if len(mates):
            total = len(mates) * np.median(mates) + GROUP_PSEUDO_ITEMS * overall
            typical[number] = total / (len(mates) + GROUP_PSEUDO_ITEMS)
    count = known[rows]
    wanted = (count * level[rows] + PSEUDO_PERIODS * typical[group[rows]]) / (count + PSEUDO_PERIODS)
    ratio[rows] = wanted / level[rows]
    return ratio
