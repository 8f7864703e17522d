"""How often does the search for causes of returns cry wolf, and how often does it find what is there?

Simulated companies: products in categories with rates of their own, suppliers, lots, carriers, lanes, boxes, pickers;
orders of several lines, customers with habits, parcels whose lines come back together. In *quiet* companies all cells
of a category are alike. In *planted* ones one thing is wrong: a supplier's bad lot, a carrier that breaks parcels on
one lane, a product page that is unclear. The search is the one of the addon, kernel for kernel.

    python benchmarks/return_findings.py [companies]
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import kernels

kernels.install()

from scm_kernels.aftersales import cause_cells, cause_explain, cause_test  # noqa: E402

#: dimension -> columns of the lines
COLUMNS = {
    "product": ["product"],
    "supplier": ["supplier"],
    "supplier_product": ["supplier", "product"],
    "lot": ["lot"],
    "carrier": ["carrier"],
    "zone": ["zone"],
    "lane": ["carrier", "warehouse", "zone"],
    "packaging": ["box"],
    "warehouse": ["warehouse"],
    "picker": ["picker"],
}
#: share of returns with a cause of each owner, in the quiet state
OWNERS = ["supplier", "carrier", "packaging", "page", "picking", "customer"]
SHARES = [0.2, 0.12, 0.08, 0.15, 0.05, 0.4]
PLANTS = ("lot", "lane", "page")
LIMITS = cause_test.Limits()


def company(random, plant=None, orders=6000, products=60):
    """Delivered lines of one company, with owner of the cause where a line came back, and what was planted.

    :return: data frame of lines; (dimension, key) of the planted cell, None without
    """
    parcels = _parcels(random, orders)
    lines = parcels.loc[parcels.index.repeat(random.choice([1, 1, 1, 2, 2, 3, 4], orders))].reset_index(drop=True)
    lines["product"] = random.choice(products, len(lines), p=_popularity(products))
    lines["category"] = lines["product"] % 6
    lines["supplier"] = lines["product"] % 10
    # a product comes in five lots, one after the other
    lines["lot"] = lines["product"] * 5 + (lines["time"] * 5).astype(int)
    rate = np.array([0.03, 0.05, 0.08, 0.12, 0.04, 0.06])[lines["category"]] * lines["habit"]
    lines["returned"] = random.random(len(lines)) < rate
    lines["owner"] = np.where(lines["returned"], random.choice(OWNERS, len(lines), p=SHARES), None)
    _whole_parcels(random, lines, orders)
    return lines, _plant(random, lines, plant, products)


def _parcels(random, orders):
    customer = random.integers(0, orders // 2, orders)
    return pd.DataFrame(
        {
            "order": np.arange(orders),
            "time": random.random(orders),
            "customer": customer,
            # few return much
            "habit": random.gamma(4.0, 0.25, orders // 2)[customer],
            "carrier": random.choice(3, orders, p=[0.5, 0.3, 0.2]),
            "zone": random.choice(5, orders),
            "warehouse": random.choice(2, orders, p=[0.7, 0.3]),
            "box": random.choice(4, orders),
            "picker": random.choice(8, orders),
        }
    )


def _popularity(products):
    weight = 1.0 / (5.0 + np.arange(products))
    return weight / weight.sum()


def _whole_parcels(random, lines, orders):
    """Three of ten parcels of which something comes back come back as a whole, for one cause."""
    first = lines[lines["returned"]].drop_duplicates("order").set_index("order")["owner"]
    whole = first[random.random(len(first)) < 0.3]
    back = lines["order"].isin(whole.index)
    lines.loc[back, "owner"] = lines.loc[back, "order"].map(whole)
    lines.loc[back, "returned"] = True


def _plant(random, lines, plant, products):
    """Spoil one cell; returns (dimension, key)."""
    if plant is None:
        return None
    if plant == "lot":
        lot = _of_size(random, lines, ["lot"], 40, 120)
        chance, owner = 0.22, "supplier"
        cell, key = lines["lot"] == lot[0], ("lot", lot)
    elif plant == "lane":
        lane = _of_size(random, lines, COLUMNS["lane"], 250, 900)
        chance, owner = 0.05, "carrier"
        cell, key = _in_cell(lines, "lane", lane), ("lane", lane)
    else:
        product = _of_size(random, lines, ["product"], 120, 500)
        chance, owner = 0.10, "page"
        cell, key = lines["product"] == product[0], ("product", product)
    # a broken parcel is broken with all that is in it, an unclear page disappoints one line
    unit = lines["order"] if plant == "lane" else pd.Series(np.arange(len(lines)))
    hit = cell & (random.random(int(unit.max()) + 1)[unit] < chance)
    lines.loc[hit, "owner"] = owner
    lines.loc[hit, "returned"] = True
    return key


def _of_size(random, lines, columns, low, high):
    sizes = lines.groupby(columns).size()
    fit = sizes[(sizes >= low) & (sizes <= high)]
    found = fit.index[random.integers(len(fit))] if len(fit) else sizes.index[int(np.abs(sizes - low).argmin())]
    return tuple(int(each) for each in (found if isinstance(found, tuple) else (found,)))


def cells_of(lines):
    """The table of ``scm.return.fact._cells``."""
    parts = []
    sums = {"lines": ("order", "size"), "returned_lines": ("returned", "sum")}
    frame, back = lines.assign(group=lines["category"]), lines[lines["returned"]].assign(group=lines["category"])
    for dimension, columns in COLUMNS.items():
        every = frame.groupby([*columns, "group"]).agg(**sums).reset_index().assign(owner=None)
        owned = back.groupby([*columns, "group", "owner"]).agg(**sums).reset_index()
        part = pd.concat([every, owned], ignore_index=True)
        key = list(map(tuple, part[columns].to_numpy().tolist()))
        named = part.drop(columns=columns).rename(columns={"owner": "what"})
        parts.append(named.assign(dimension=dimension, key=key))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(mature_lines=table["lines"], cost=0.0)


def designs_of(lines):
    """{dimension: design effect}: returned lines of one order in one cell are a bunch."""
    back = lines[lines["returned"]]
    return {
        dimension: cause_test.design_effect(back.groupby(["order", *columns]).size())
        for dimension, columns in COLUMNS.items()
    }


def findings(lines):
    """[(dimension, key, lens)] as the addon would write them, the strongest first; and how many explained ones."""
    designs = designs_of(lines)
    found = cause_cells.search(cells_of(lines), designs, LIMITS)
    places = cause_cells.chosen(found, _customers(lines, found), LIMITS)
    if not len(places):
        return [], 0
    threshold = float(found.evidence.p[found.q <= LIMITS.level].max())
    kept, _by = cause_explain.explain(_deliveries(lines, found, places), threshold, LIMITS.min_returned)
    named = [(found.dimension[place], found.key[place], found.lens[place]) for place in places[kept]]
    return named, len(places) - len(kept)


def _customers(lines, found):
    back = lines[lines["returned"]]
    count = {}
    for dimension, columns in COLUMNS.items():
        for lens in (cause_cells.ALL, *cause_cells.LENSES[dimension]):
            part = back if lens == cause_cells.ALL else back[back["owner"] == lens]
            for key, number in part.groupby(columns)["customer"].nunique().items():
                count[dimension, key if isinstance(key, tuple) else (key,), lens] = number
    return np.array([count.get(each, 0) for each in zip(found.dimension, found.key, found.lens, strict=True)])


def _deliveries(lines, found, places):
    member = np.stack([_in_cell(lines, found.dimension[place], found.key[place]) for place in places], 1)
    return cause_explain.Deliveries(
        group=lines["category"].to_numpy(),
        exposure=np.ones(len(lines)),
        returned=np.stack([_seen(lines, lens) for lens in found.lens[places]], 1),
        member=member,
        present=np.ones_like(member),
        design=found.design[places],
        rank=np.array([cause_cells.SPECIFIC.index(name) for name in found.dimension[places]]),
    )


def _in_cell(lines, dimension, key):
    columns = COLUMNS[dimension]
    return np.logical_and.reduce([lines[name] == value for name, value in zip(columns, key, strict=True)])


def _seen(lines, lens):
    """Returns that a lens counts."""
    return (lines["returned"] if lens == cause_cells.ALL else lines["owner"] == lens).to_numpy(float)


def trial(plant, companies, seed=1, **size):
    """Rates over simulated companies: with any finding, with the planted cell, with anything else."""
    counts = dict.fromkeys(("any", "planted", "planted_first", "other", "explained"), 0)
    for number in range(companies):
        lines, planted = company(np.random.default_rng([seed, number]), plant, **size)
        found, explained = findings(lines)
        named = [each[:2] for each in found]
        counts["any"] += bool(named)
        counts["planted"] += planted in named
        counts["planted_first"] += named[:1] == [planted]
        counts["other"] += any(each != planted for each in named)
        counts["explained"] += explained
    return {name: count / companies for name, count in counts.items()}


def main(companies=200):
    for plant in (None, *PLANTS):
        start = time.perf_counter()
        rates = trial(plant, companies)
        words = ", ".join(f"{name} {value:.3f}" for name, value in rates.items())
        print(f"{plant or 'quiet'}: {companies} companies, {words} ({time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
