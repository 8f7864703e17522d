"""From cells of deliveries and returns to tested findings.

Each cell is looked at with several lenses: all returns, and the returns whose cause belongs to somebody who can do
something about this kind of cell (a lot to its supplier, a lane to its carrier). One owner's returns are few beside all
others, so a cause that has doubled shows in its own lens long before it shows in all returns. All of it, cells times
lenses, is one search with one false discovery rate.

Categories are the yardstick and are not tested: shoes come back more often than lamps, and nobody has done wrong.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .cause_test import Evidence, evidence, judged, stands_out

#: all returns, whatever their cause
ALL = "all"
#: owners of causes that can be at work in a dimension
LENSES = {
    "lot": ("supplier",),
    "supplier_product": ("supplier",),
    "product": ("supplier", "packaging", "page", "product"),
    "lane": ("carrier", "packaging"),
    "picker": ("picking",),
    "packaging": ("packaging", "carrier"),
    "supplier": ("supplier",),
    "carrier": ("carrier",),
    "zone": ("carrier",),
    "channel": ("page",),
    "warehouse": ("receiving", "picking", "packaging"),
}
#: dimensions, the most specific first: which of two cells with the same deliveries is named
SPECIFIC = tuple(LENSES)


@dataclass(frozen=True)
class Search:
    """All tests of a search; arrays and lists over c tests.

    :ivar dimension, key, lens: what was tested: name, tuple of ids, owner or :data:`ALL`
    :ivar delivered: deliveries, young ones in full; cost: what the returns that the lens counts cost
    :ivar q: NaN where a cell has too few deliveries to be tested
    """

    dimension: np.ndarray
    key: np.ndarray
    lens: np.ndarray
    delivered: np.ndarray
    cost: np.ndarray
    design: np.ndarray
    evidence: Evidence
    q: np.ndarray

    @property
    def tested(self):
        return int((~np.isnan(self.q)).sum())


def search(cells, designs=None, limits=None) -> Search:
    """Test all cells with all their lenses.

    :param cells: arrays of one length, or a data frame: dimension, key (tuple), group (id), what (None or owner),
        lines, mature_lines, returned_lines, cost
    :param designs: {dimension: design effect}
    """
    frame = pd.DataFrame({name: cells[name] for name in _COLUMNS})
    frame["what"] = frame["what"].astype(object).where(frame["what"].notna(), ALL)
    rows = _with_lenses(frame)
    if rows.empty:
        return _nothing()
    rows["cell"] = rows.groupby(["dimension", "lens", "key"], sort=False).ngroup()
    rows["against"] = rows.groupby(["dimension", "lens", "group"], sort=False).ngroup()
    first = rows.drop_duplicates("cell")
    count = len(first)
    design = first["dimension"].map(designs or {}).fillna(1.0).to_numpy(float)
    found = evidence(
        rows["cell"].to_numpy(),
        rows["against"].to_numpy(),
        rows["mature_lines"].to_numpy(float),
        rows["returned_lines"].to_numpy(float),
        design,
        cells=count,
    )
    return Search(
        dimension=first["dimension"].to_numpy(),
        key=first["key"].to_numpy(),
        lens=first["lens"].to_numpy(),
        delivered=np.bincount(rows["cell"], rows["lines"].astype(float), count),
        cost=np.bincount(rows["cell"], rows["cost"].astype(float), count),
        design=design,
        evidence=found,
        q=judged(found.p, found.exposure, limits),
    )


def chosen(found, customers, limits=None):
    """Positions of the findings, at most one per cell: the lens with the strongest evidence.

    :param customers: int (c,), different customers behind the returns of each test
    """
    mask = stands_out(found.evidence, found.q, customers, limits)
    places = np.flatnonzero(mask)
    table = pd.DataFrame(
        {
            "place": places,
            "dimension": found.dimension[places],
            "key": found.key[places],
            "p": found.evidence.p[places],
            "all": found.lens[places] == ALL,
        }
    )
    # of two lenses that see the same returns the one that names an owner says more
    table = table.sort_values(["p", "all"], kind="stable").drop_duplicates(["dimension", "key"])
    return table["place"].to_numpy(int)


_COLUMNS = ("dimension", "key", "group", "what", "lines", "mature_lines", "returned_lines", "cost")


def _with_lenses(frame):
    """A row per cell, group and lens; a lens without returns has zero of them on the same deliveries."""
    base = frame[(frame["what"] == ALL) & frame["dimension"].isin(SPECIFIC)]
    parts = [base.assign(lens=ALL)]
    place = ["dimension", "key", "group"]
    deliveries = base.drop(columns=["what", "returned_lines", "cost"])
    for owner in sorted({owner for owners in LENSES.values() for owner in owners}):
        dimensions = [name for name, owners in LENSES.items() if owner in owners]
        own = frame.loc[frame["what"] == owner, [*place, "returned_lines", "cost"]]
        if own.empty:
            continue
        looked = deliveries[deliveries["dimension"].isin(dimensions)]
        part = looked.merge(own, on=place, how="left").fillna({"returned_lines": 0.0, "cost": 0.0})
        parts.append(part.assign(lens=owner))
    return pd.concat(parts, ignore_index=True)


def _nothing():
    none, text = np.zeros(0), np.zeros(0, object)
    return Search(text, text, text, none, none, none, Evidence(*[none] * 10), none)
