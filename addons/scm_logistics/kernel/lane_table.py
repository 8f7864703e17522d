"""The lane table: from cells of counts to lanes on all levels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .lane import MAX_DAYS, distribution, shrink_rates, shrink_times

#: each level inside the one above; what a key does not have is 0
LEVELS = (
    (),
    ("carrier",),
    ("carrier", "zone"),
    ("carrier", "zone", "band"),
    ("carrier", "warehouse", "zone", "band"),
)
PARTS = ("carrier", "warehouse", "zone", "band")
SUMS = ("sample", "handed", "due", "late", "lost", "damaged", "cost", "costed", "cost_weight", "weight")
RATES = {"late": "due", "lost": "handed", "damaged": "handed"}


@dataclass(frozen=True)
class Lanes:
    """All lanes, one row each.

    ``keys`` int (g, 4) carrier, warehouse, zone, band (0: all); ``level`` (g,); ``sums`` frame (g,) of ``SUMS``;
    ``counts`` (g, d) delivered parcels by working days; ``pmf`` (g, d) shrunk; ``rates`` {name: (raw, shrunk, prior)}.
    """

    keys: np.ndarray
    level: np.ndarray
    sums: pd.DataFrame
    counts: np.ndarray
    pmf: np.ndarray
    rates: dict


def build(cells, times):
    """Lanes on all levels.

    :param cells: frame with ``PARTS`` (int, 0 for none) and ``SUMS``, one row per cell of the finest level
    :param times: frame with ``PARTS``, ``days`` (working days, int) and ``count``
    :returns: :class:`Lanes`, coarsest level first; None where there are no cells
    """
    found, above = [], None
    for level, names in enumerate(LEVELS):
        rows = _level(cells, times, names)
        if not len(rows["keys"]):
            break
        rows["level"] = np.full(len(rows["keys"]), level)
        above = _shrink(rows, above, LEVELS[level - 1] if level else ())
        found.append(above)
    if not found:
        return None
    return Lanes(
        np.concatenate([rows["keys"] for rows in found]),
        np.concatenate([rows["level"] for rows in found]),
        pd.concat([rows["sums"] for rows in found], ignore_index=True),
        np.concatenate([rows["counts"] for rows in found]),
        np.concatenate([rows["pmf"] for rows in found]),
        {name: tuple(np.concatenate([rows["rates"][name][k] for rows in found]) for k in range(3)) for name in RATES},
    )


def _level(cells, times, names):
    """Sums and counts of one level, by its keys; parcels that lack a part of the key are in the levels above only."""
    apart = [part for part in PARTS if part not in names]
    cells = cells[(cells[list(names)] > 0).all(axis=1)].assign(**dict.fromkeys(apart, 0))
    times = times[(times[list(names)] > 0).all(axis=1)].assign(**dict.fromkeys(apart, 0))
    sums = cells.groupby(list(PARTS), sort=True)[list(SUMS)].sum()
    counts = np.zeros((len(sums), MAX_DAYS + 1))
    rows = sums.index.get_indexer(pd.MultiIndex.from_frame(times[list(PARTS)]))
    np.add.at(counts, (rows, times["days"].clip(0, MAX_DAYS).to_numpy(int)), times["count"].to_numpy(float))
    keys = np.array(sums.index.tolist(), int).reshape(-1, len(PARTS))
    return {"keys": keys, "sums": sums.reset_index(drop=True), "counts": counts}


def _shrink(rows, above, names):
    """Add the distributions and rates, read with the help of the level above."""
    sums, counts = rows["sums"], rows["counts"]
    raw = {name: _raw(sums, name) for name in RATES}
    if above is None:
        rows["pmf"] = np.array([distribution(row) for row in counts]).reshape(counts.shape)
        rows["rates"] = {name: (raw[name], np.nan_to_num(raw[name]), np.nan_to_num(raw[name])) for name in RATES}
        return rows
    parent = _parents(rows["keys"], above["keys"], names)
    rows["pmf"] = shrink_times(counts, parent, above["pmf"])
    prior = {name: above["rates"][name][1] for name in RATES}
    rows["rates"] = {
        name: (
            raw[name],
            shrink_rates(sums[name].to_numpy(), sums[base].to_numpy(), parent, prior[name]),
            prior[name][parent],
        )
        for name, base in RATES.items()
    }
    return rows


def _raw(sums, name):
    base = sums[RATES[name]].to_numpy(float)
    return np.divide(sums[name].to_numpy(float), base, out=np.full(len(base), np.nan), where=base > 0)


def _parents(keys, above, names):
    """Index of each key's parent: the key of the level above with the parts that this one has."""
    masked = keys.copy()
    for column, part in enumerate(PARTS):
        if part not in names:
            masked[:, column] = 0
    return pd.MultiIndex.from_arrays(above.T).get_indexer(pd.MultiIndex.from_arrays(masked.T))
