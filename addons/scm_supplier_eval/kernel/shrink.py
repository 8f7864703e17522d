"""Small samples are read with the help of the supplier group (empirical Bayes: Efron and Morris, 1975).

Shares: beta-binomial (Casella, 1985; Robinson, 2017). The group's suppliers have shares drawn from a beta distribution
with mean m and strength k (facts that the prior weighs), estimated from the group by the method of moments::

    shrunk = (good + m k) / (n + k)

Means: normal-normal credibility (Buehlmann, 1967), k = variance of one fact / variance between suppliers::

    shrunk = (n x mean + k x m) / (n + k)

so a supplier with few facts is near its group, one with many is itself. The weight n / (n + k) is kept as what is known
of the supplier (``credibility``). k is held between ``LIMITS``, and near ``PRIOR`` where the group has few suppliers: a
prior that nobody measured must neither rule nor vanish.
"""

from dataclasses import dataclass

import numpy as np

#: facts that a prior weighs when the group says nothing, and how few or many it may weigh
PRIOR, LIMITS = 8.0, (2.0, 60.0)
#: suppliers with facts at which half of what the group says about k is believed
HALF_BELIEVED = 5.0


@dataclass(frozen=True)
class Shrunk:
    """Arrays (g,): value read with the group's help, the group's value, facts that it weighs, share that is own."""

    value: np.ndarray
    prior: np.ndarray
    strength: np.ndarray
    credibility: np.ndarray


def shrink(measure, group):
    """Draw each supplier's value toward that of its group.

    :param measure: :class:`.measure.Measure` of g suppliers; ``group``: int (g,), group of each supplier
    :returns: :class:`Shrunk`; NaN where the supplier has nothing of its own

    A hundred good lines of a hundred stay good, one good line of one says little in a group that is at 80 %:

    >>> from .measure import share_of
    >>> lines = share_of([0] * 100 + [1] + [2] * 100, 3, [1.0] * 101 + [1.0] * 60 + [0.0] * 40, [1.0] * 201)
    >>> shrink(lines, np.zeros(3, int)).value.round(2).tolist()
    [0.99, 0.84, 0.61]
    """
    group = np.asarray(group, int)
    size = int(group.max(initial=-1)) + 1
    sample = measure.sample.astype(float)
    some = (sample > 0) & np.isfinite(measure.value)
    prior = _group_means(measure, group, size, some)
    strength = _strength(measure, group, size, some, prior)
    own = np.where(some, sample / (sample + strength[group]), 0.0)
    value = np.where(some, own * np.nan_to_num(measure.value) + (1 - own) * prior[group], np.nan)
    return Shrunk(value, prior[group], strength[group], own)


def _group_means(measure, group, size, some):
    """Mean of each group's suppliers, weighted by their facts up to a limit: one large supplier is not the group."""
    weight = np.where(some, np.minimum(measure.sample, LIMITS[1]), 0.0)
    total = np.bincount(group, weight * np.nan_to_num(measure.value), size)
    count = np.bincount(group, weight, size)
    return np.divide(total, count, out=np.zeros(size), where=count > 0)


def _strength(measure, group, size, some, prior):
    """Facts that each group's prior weighs."""
    value, sample = np.nan_to_num(measure.value) / measure.scale, np.where(some, measure.sample, 0).astype(float)
    prior = prior / measure.scale
    within = np.clip(prior * (1 - prior), 0.0, None) if measure.share else _within(measure, group, size)
    suppliers = np.bincount(group, some, size)
    spread = np.bincount(group, sample * (value - prior[group]) ** 2, size)
    facts, squares = np.bincount(group, sample, size), np.bincount(group, sample**2, size)
    # a supplier's mean differs by chance too: take that part out (method of moments)
    between = np.maximum(spread - np.maximum(suppliers - 1, 0) * within, 0.0)
    scale = facts - np.divide(squares, facts, out=np.zeros(size), where=facts > 0)
    between = np.divide(between, scale, out=np.zeros(size), where=scale > 0)
    ratio = np.divide(within, between, out=np.full(size, LIMITS[1]), where=between > 0)
    # one fact per supplier says nothing of chance
    ratio = np.where(np.isnan(within), PRIOR, ratio)
    believed = suppliers / (suppliers + HALF_BELIEVED)
    return np.exp(believed * np.log(np.clip(ratio, *LIMITS)) + (1 - believed) * np.log(PRIOR))


def _within(measure, group, size):
    """Variance of one fact around its supplier's value, pooled over each group; NaN where nobody has two facts."""
    freedom = np.maximum(measure.sample - 1, 0)
    total = np.bincount(group, freedom * measure.variance, size)
    count = np.bincount(group, freedom, size)
    return np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
