"""Queues of a warehouse by the hour: what came in, what went out, what waits, what the floor can do.

A queue is the count of transfers that could be worked on and are not done. All rates are transfers per hour, all times
are hours, hours are columns of one hour each.
"""

from dataclasses import dataclass

import numpy as np

#: fewer hours with work than this show no capacity
MIN_HOURS = 8
#: two-sided 95 % of the normal distribution
Z = 1.959963984540054


@dataclass(frozen=True)
class Stage:
    """What one stage did in the hours shown: rates per hour, and how long the queue at the end takes to clear."""

    code: str
    entered: int
    left: int
    queue: int
    peak: int
    capacity: float
    utilisation: float
    clear_hours: float
    wait_hours: float


def queue_path(waiting, entering, leaving):
    """Queue at the end of each hour: waiting + cumulated (in - out), never below zero.

    :param waiting: count at the beginning of the first hour
    :param entering: counts per hour, (..., hours); ``leaving``: the same

    >>> queue_path(2, [3, 0, 4], [1, 4, 0]).tolist()
    [4, 0, 4]
    """
    steps = np.asarray(entering, dtype=np.int64) - np.asarray(leaving, dtype=np.int64)
    path = np.asarray(waiting)[..., None] + np.cumsum(steps, axis=-1)
    return np.maximum(path, 0)


def count_by_hour(moments, first, hours):
    """Counts of moments (seconds) in hours from ``first`` (seconds) on; what lies outside is left out.

    >>> count_by_hour([0, 3599, 3600, 9000, -1], first=0, hours=2).tolist()
    [2, 1]
    """
    index = np.floor((np.asarray(moments, dtype=float) - first) / 3600.0)
    index = index[(index >= 0) & (index < hours)].astype(np.int64)
    return np.bincount(index, minlength=hours)


def demonstrated_capacity(leaving, share=0.9):
    """Transfers per hour that the stage has shown that it can do: a high quantile of the hours in which it worked.

    Idle hours say nothing of what could have been done; the very best hours are luck.

    :param leaving: counts per hour of the past
    :param share: the quantile, linear between ranks
    :return: 0.0 with fewer than 8 hours of work: not known

    >>> demonstrated_capacity([0, 0, 10, 12, 14, 20, 10, 10, 11, 12, 0])
    15.8
    >>> demonstrated_capacity([5, 5])
    0.0
    """
    worked = np.asarray(leaving)[np.asarray(leaving) > 0]
    if worked.size < MIN_HOURS:
        return 0.0
    return round(float(np.quantile(worked, share)), 2)


def measure_stage(code, waiting, entering, leaving, capacity):
    """A :class:`Stage` from its hours.

    Clear = queue at the end / capacity. Utilisation = what came in, and what waited already, over what could be done in
    the hours in which something came or left. Wait is Little's law (1961), W = L / rate: the mean queue over the mean
    outflow; it holds where the queue is about as long at the end as at the beginning.

    >>> stage = measure_stage("pick", 4, [6, 6, 0], [5, 5, 6], capacity=6.0)
    >>> stage.queue, stage.clear_hours, round(stage.utilisation, 3), round(stage.wait_hours, 3)
    (0, 0.0, 0.889, 0.812)
    """
    entering, leaving = np.asarray(entering, dtype=np.int64), np.asarray(leaving, dtype=np.int64)
    path = queue_path(waiting, entering, leaving)
    begin = np.concatenate(([waiting], path[:-1])) if path.size else path
    mean_queue = float(np.mean((begin + path) / 2.0)) if path.size else 0.0
    rate = float(leaving.mean()) if leaving.size else 0.0
    busy = int(np.count_nonzero((entering > 0) | (leaving > 0)))
    able = capacity * busy
    end = int(path[-1]) if path.size else int(waiting)
    return Stage(
        code=code,
        entered=int(entering.sum()),
        left=int(leaving.sum()),
        queue=end,
        peak=int(path.max(initial=waiting)),
        capacity=float(capacity),
        utilisation=(waiting + int(entering.sum())) / able if able else 0.0,
        clear_hours=end / capacity if capacity else 0.0,
        wait_hours=mean_queue / rate if rate else 0.0,
    )


def bottleneck(stages):
    """Code of the stage that holds up the rest: the longest to clear; ``""`` where nothing waits.

    Stages of unknown capacity are compared by their queue only where no capacity is known at all.

    >>> slow = measure_stage("pack", 0, [8], [2], capacity=2.0)
    >>> quick = measure_stage("pick", 0, [30], [20], capacity=20.0)
    >>> bottleneck([quick, slow])
    'pack'
    """
    waiting = [stage for stage in stages if stage.queue > 0]
    known = [stage for stage in waiting if stage.capacity > 0]
    if known:
        return max(known, key=lambda stage: (stage.clear_hours, stage.queue)).code
    return max(waiting, key=lambda stage: stage.queue).code if waiting else ""


def littles_law(entering, leaving, first, last):
    """Mean queue L, rate of arrival and mean time W in the window, from the moments of each transfer (hours).

    L = rate x W (John Little, 1961), exactly so where all come and leave within the window.

    :param leaving: NaN for what has not left: it stays until ``last``

    >>> [float(figure) for figure in littles_law([0, 1, 2], [2, 3, 4], first=0, last=6)]
    [1.0, 0.5, 2.0]
    """
    entering = np.asarray(entering, dtype=float)
    leaving = np.where(np.isnan(leaving), last, leaving)
    inside = np.clip(leaving, first, last) - np.clip(entering, first, last)
    span = last - first
    came = int(np.count_nonzero((entering >= first) & (entering < last)))
    mean_queue = float(inside.sum()) / span
    return mean_queue, came / span, float(inside.sum()) / came if came else 0.0


def active_hours(moments, gap):
    """Hours somebody worked, from the moments (hours) at which his transfers of one day were done.

    The gaps between one and the next are summed, each cut at ``gap``: longer ones are breaks or other work. The first
    transfer took as long as the mean of the others; one alone shows no time.

    >>> active_hours([9.0, 9.1, 9.2, 12.0], gap=0.5)
    0.933
    """
    moments = np.sort(np.asarray(moments, dtype=float))
    if moments.size < 2:
        return 0.0
    worked = np.minimum(np.diff(moments), gap).sum()
    return round(float(worked * moments.size / (moments.size - 1)), 3)


def error_rate(errors, picks):
    """Share of wrong picks with its 95 % interval (Edwin Wilson, 1927): ``(rate, low, high)``.

    >>> [round(figure, 4) for figure in error_rate(3, 1000)]
    [0.003, 0.001, 0.0088]
    >>> error_rate(0, 0)
    (0.0, 0.0, 1.0)
    """
    if picks <= 0:
        return 0.0, 0.0, 1.0
    rate = min(errors, picks) / picks
    below = 1.0 + Z**2 / picks
    middle = (rate + Z**2 / (2.0 * picks)) / below
    half = Z * np.sqrt(rate * (1.0 - rate) / picks + Z**2 / (4.0 * picks**2)) / below
    return float(rate), float(max(0.0, middle - half)), float(min(1.0, middle + half))
