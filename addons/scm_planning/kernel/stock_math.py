"""Demand during a protection interval whose length is itself uncertain, vectorised over items.

Demand over a fixed interval is gamma with the interval's mean and standard deviation (Burgin, 1975). The lead time is
a distribution given by J equally likely lengths, so demand is the mixture of J gammas. Against one gamma with the
mixture's two moments (the textbook's ``sd^2 = E[P] sd1^2 + d^2 var(P)``) this keeps two humps apart: a vendor that
needs 10 days, sometimes 40.

Levels come from the gammas. Expected shortages come from the forecast's own calibrated quantiles, since far out in
the tail of lumpy items a gamma promises spikes that nobody has seen, and a fill rate would buy stock for them.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

#: rounds of safeguarded Newton steps; most items need four
MAX_STEPS = 60
#: relative width of the bracket and value of the function at which a root is good enough
X_TOLERANCE = 1e-6
F_TOLERANCE = 1e-6
#: a mean below this is no demand
NO_DEMAND = 1e-9


@dataclass(frozen=True)
class GammaMixture:
    """Demand of each item as J equally likely gammas: ``mean`` and ``sd`` are (n, J), in units."""

    mean: np.ndarray
    sd: np.ndarray

    @property
    def total_mean(self):
        """(n,) mean of the mixture."""
        return self.mean.mean(1)

    @property
    def total_sd(self):
        """(n,) standard deviation: mean of the variances plus variance of the means."""
        return np.sqrt((self.sd**2).mean(1) + self.mean.var(1))

    def take(self, rows):
        return GammaMixture(self.mean[rows], self.sd[rows])

    def cdf(self, stock):
        """(n,) chance that demand stays within ``stock`` (n,)."""
        shape, scaled, steady = self._scaled(stock)
        inside = np.where(steady, stock[:, None] >= self.mean, special.gammainc(shape, scaled))
        return inside.mean(1)

    def density(self, stock):
        """(n,) derivative of :meth:`cdf`."""
        shape, scaled, steady = self._scaled(stock)
        rate = shape / np.where(self.mean > NO_DEMAND, self.mean, 1.0)
        scaled = np.maximum(scaled, 1e-12)
        log_density = (shape - 1) * np.log(scaled) - scaled - special.gammaln(shape)
        return np.where(steady, 0.0, rate * np.exp(np.minimum(log_density, 50.0))).mean(1)

    def _scaled(self, stock):
        steady = self.sd <= 1e-9 * np.maximum(self.mean, 1e-9)
        sd = np.where(steady, 1.0, self.sd)
        mean = np.where(steady | (self.mean <= NO_DEMAND), 1.0, self.mean)
        shape = np.maximum((mean / sd) ** 2, 1e-3)
        return shape, np.maximum(stock, 0.0)[:, None] * shape / mean, steady | (self.mean <= NO_DEMAND)


#: slices of probability, finer toward the tail, and their middles
CURVE_EDGES = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 0.99, 0.995, 1.0])
CURVE_WEIGHTS = np.diff(CURVE_EDGES)
CURVE_LEVELS = 0.5 * (CURVE_EDGES[1:] + CURVE_EDGES[:-1])


@dataclass(frozen=True)
class DemandCurve:
    """Demand as J equally likely distributions of one shape: ``max(0, mean + standard x sd)``.

    ``mean`` and ``sd`` are (n, J); ``standard`` (n, K) are quantiles at :data:`CURVE_LEVELS` in standard deviations.
    """

    mean: np.ndarray
    sd: np.ndarray
    standard: np.ndarray

    def take(self, rows):
        return DemandCurve(self.mean[rows], self.sd[rows], self.standard[rows])

    @property
    def total_mean(self):
        """(n,) mean of the curve itself."""
        return self.shortage(np.zeros(len(self.mean)))

    def shortage(self, stock):
        """(n,) expected demand above ``stock`` (n,) >= 0: E[(D - s)+], the integral of the quantiles above s.

        >>> curve = DemandCurve(np.array([[10.0]]), np.array([[0.0]]), np.zeros((1, len(CURVE_LEVELS))))
        >>> curve.shortage(np.array([4.0])), curve.chance_above(np.array([4.0]))
        (array([6.]), array([1.]))
        """
        return self._mean_over_nodes(lambda demand: np.maximum(demand - stock[:, None], 0.0))

    def chance_above(self, stock):
        """(n,) chance of more demand than ``stock`` (n,)."""
        return self._mean_over_nodes(lambda demand: demand > stock[:, None])

    def _mean_over_nodes(self, function):
        total = np.zeros(len(self.mean))
        for mean, sd in zip(self.mean.T, self.sd.T, strict=True):
            demand = np.maximum(mean[:, None] + self.standard * sd[:, None], 0.0)
            total += function(demand) @ CURVE_WEIGHTS
        return total / max(self.mean.shape[1], 1)


def quantile(demand: GammaMixture, level):
    """(n,) stock that covers demand with chance ``level`` (n,): the root of F(s) = level.

    >>> half = GammaMixture(np.array([[10.0, 10.0]]), np.array([[5.0, 5.0]]))
    >>> quantile(half, np.array([0.95])).round(3)           # one gamma: shape 4, scale 2.5
    array([19.384])
    """
    level = np.broadcast_to(np.asarray(level, float), (len(demand.mean),))

    def excess(stock, rows):
        some = demand.take(rows)
        return some.cdf(stock) - level[rows], some.density(stock)

    start = demand.total_mean + special.ndtri(level) * demand.total_sd
    return increasing_root(excess, start, demand.total_mean, demand.total_sd)


def increasing_root(function, start, centre, width):
    """(n,) roots >= 0 of an increasing function of order 1 of each item; 0 where it is already >= 0 there.

    Newton steps inside a bracket, halving it where a step would leave it (Press et al., 1992, rtsafe), on the items
    that still move.

    :param function: ``function(x, rows)`` -> values and slopes for the items ``rows``
    :param start: (n,) first guess
    :param centre, width: (n,) scale on which to look for an upper bracket
    """
    n = len(start)
    low, high = np.zeros(n), np.full(n, np.inf)
    needed = function(low, np.arange(n))[0] < 0
    x = np.maximum(start, 0.1 * centre)
    rows = np.flatnonzero(needed)
    for _round in range(MAX_STEPS):
        if not len(rows):
            break
        at = x[rows]
        value, slope = function(at, rows)
        low[rows] = np.where(value < 0, at, low[rows])
        high[rows] = np.where(value >= 0, at, high[rows])
        x[rows] = np.where(np.abs(value) < F_TOLERANCE, at, _next(at, value, slope, low[rows], high[rows], width[rows]))
        narrow = high[rows] - low[rows] <= X_TOLERANCE * np.maximum(at, 1e-6)
        rows = rows[(np.abs(value) >= F_TOLERANCE) & ~narrow]
    return np.where(needed, x, 0.0)


def _next(at, value, slope, low, high, width):
    newton = at - value / np.maximum(slope, 1e-300)
    halved = np.where(np.isfinite(high), 0.5 * (low + np.where(np.isfinite(high), high, 0.0)), at * 1.5 + width)
    # a step far beyond an open bracket is a flat tail, not a root
    inside = (newton > low) & (newton < high) & (newton <= at * 4 + 4 * width)
    return np.where(inside, newton, halved)
