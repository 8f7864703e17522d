"""The simple models that are run side by side on every series, and the names a planner can choose from.

Each candidate is one point of a small grid: exponential smoothing (Brown 1956), damped trend (Gardner and McKenzie
1985) and the intermittent model of Teunter, Syntetos and Babai (2011, TSB).  Levels start diffuse: at the k-th known
period the gain is ``alpha / (1 - (1 - alpha)^k)``, so that the first periods count as a plain mean.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Grid:
    """Parameters of all candidates.

    :param ses: smoothing constants
    :param holt: (alpha, beta, phi) of damped trends
    :param tsb_size: smoothing constants of the size of a sale
    :param tsb_chance: smoothing constants of the chance of a sale; all pairs with ``tsb_size`` are run
    """

    ses: tuple = (0.02, 0.04, 0.07, 0.11, 0.17, 0.26, 0.4, 0.6, 0.85)
    holt: tuple = ((0.05, 0.05, 0.9), (0.1, 0.05, 0.9), (0.2, 0.05, 0.9), (0.1, 0.1, 0.95), (0.3, 0.1, 0.85))
    tsb_size: tuple = (0.05, 0.15)
    tsb_chance: tuple = (0.02, 0.05, 0.1, 0.2)

    @property
    def names(self):
        """One readable name per candidate, in the order of the weight columns.

        >>> Grid(ses=(0.1,), holt=((0.2, 0.1, 0.9),), tsb_size=(0.05,), tsb_chance=(0.1,)).names
        ('ses 0.1', 'holt 0.2/0.1/0.9', 'tsb 0.05/0.1')
        """
        ses = [f"ses {alpha:g}" for alpha in self.ses]
        holt = [f"holt {alpha:g}/{beta:g}/{phi:g}" for alpha, beta, phi in self.holt]
        tsb = [f"tsb {size:g}/{chance:g}" for size in self.tsb_size for chance in self.tsb_chance]
        return tuple(ses + holt + tsb)

    @property
    def response(self):
        """How far each candidate's level moves per unit of error once settled, float (m,).

        >>> Grid(ses=(0.1,), holt=((0.2, 0.1, 0.9),), tsb_size=(0.05,), tsb_chance=(0.3,)).response.tolist()
        [0.1, 0.2, 0.3]
        """
        tsb = [chance for _size in self.tsb_size for chance in self.tsb_chance]
        return np.array([*self.ses, *(row[0] for row in self.holt), *tsb])

    @property
    def size(self):
        return len(self.ses) + len(self.holt) + len(self.tsb_size) * len(self.tsb_chance)


class CandidateState:
    """Levels of all candidates for a block of B series, advanced one period at a time.

    ``predict`` gives the one-step forecasts (m, B); ``update`` takes the next (cleaned) demand.
    Buffers are reused: copy what must survive the next call.
    """

    def __init__(self, grid, width):
        self.grid = grid
        self.n_ses, self.n_holt = len(grid.ses), len(grid.holt)
        self.n_tsb = len(grid.tsb_size) * len(grid.tsb_chance)
        self.alpha = _column(np.concatenate([grid.ses, [row[0] for row in grid.holt]]))
        self.beta = _column([row[1] for row in grid.holt])
        self.phi = _column([row[2] for row in grid.holt])
        self.size_keep = _column(1 - np.array(grid.tsb_size))
        self.chance_alpha = _column(grid.tsb_chance)
        smooth = self.n_ses + self.n_holt
        self.level = np.zeros((smooth, width), np.float32)
        self.trend = np.zeros((self.n_holt, width), np.float32)
        self.size = np.zeros((len(grid.tsb_size), width), np.float32)
        self.size_weight = np.zeros_like(self.size)
        self.chance = np.zeros((len(grid.tsb_chance), width), np.float32)
        self.gain_weight = np.zeros((smooth + len(grid.tsb_chance), 1), np.float32)
        self._keep = 1 - np.concatenate([self.alpha, self.chance_alpha])
        self.prediction = np.zeros((grid.size, width), np.float32)

    def predict(self):
        """One-step forecasts (m, B), not negative."""
        smooth = self.n_ses + self.n_holt
        out = self.prediction
        out[: self.n_ses] = self.level[: self.n_ses]
        holt = out[self.n_ses : smooth]
        np.multiply(self.trend, self.phi, out=holt)
        holt += self.level[self.n_ses :]
        np.maximum(out[:smooth], 0, out=out[:smooth])
        tsb = out[smooth:].reshape(len(self.grid.tsb_size), len(self.grid.tsb_chance), -1)
        np.multiply(self.size[:, None], self.chance[None], out=tsb)
        return out

    def update(self, demand, known, all_known):
        """Learn from the demand (B,) of one period; ``known`` (B,) is 0 or 1 as float32.

        ``all_known`` says that every series is known here and has been known equally often, so that one gain
        serves the whole block.
        """
        gain = self._gains(known, all_known)
        smooth = self.n_ses + self.n_holt
        gain_smooth, gain_chance = gain[:smooth], gain[smooth:]
        if self.n_holt:
            trend, level = self.trend, self.level[self.n_ses :]
            if all_known:
                trend *= self.phi
            else:
                trend *= 1 + (self.phi - 1) * known
            level += trend if all_known else trend * known
        step = demand - self.level
        step *= gain_smooth
        self.level += step
        if self.n_holt:
            # the slope waits for a settled level: a gain of 1/2 and more means three periods or fewer
            slope = step[self.n_ses :]
            slope *= self.beta
            slope *= gain_smooth[self.n_ses :] < 0.5
            self.trend += slope
        sold = (demand > 0).astype(np.float32)
        if not all_known:
            sold *= known
        self.chance += gain_chance * (sold - self.chance)
        self.size_weight *= 1 - (1 - self.size_keep) * sold
        self.size_weight += sold
        self.size += sold / np.maximum(self.size_weight, 1e-6) * (demand - self.size)

    def _gains(self, known, all_known):
        weight = self.gain_weight
        if all_known:
            weight = weight[:, :1] * self._keep + 1
            self.gain_weight = weight
            return 1 / weight
        if weight.shape[1] == 1:
            weight = np.repeat(weight, known.shape[0], axis=1)
        weight = weight * (1 - (1 - self._keep) * known) + known
        self.gain_weight = weight
        return known / np.maximum(weight, 1e-6)

    def ahead(self, weights, horizon):
        """Weighted forecast (h, B) for the next ``horizon`` periods from weights (m, B)."""
        smooth = self.n_ses + self.n_holt
        flat = np.einsum("mb,mb->b", weights[: self.n_ses], self.level[: self.n_ses])
        tsb = (self.size[:, None] * self.chance[None]).reshape(self.n_tsb, -1)
        flat += np.einsum("mb,mb->b", weights[smooth:], tsb)
        out = np.empty((horizon, flat.shape[0]), np.float32)
        reach = np.zeros_like(self.phi)
        damping = np.ones_like(self.phi)
        for step in range(horizon):
            damping = damping * self.phi
            reach = reach + damping
            holt = np.maximum(self.level[self.n_ses :] + reach * self.trend, 0)
            out[step] = flat + np.einsum("mb,mb->b", weights[self.n_ses : smooth], holt)
        return out


def _column(values):
    return np.asarray(values, dtype=np.float32).reshape(-1, 1)
