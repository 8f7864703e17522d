"""Boxes for 1,000 orders of up to 30 pieces: ours beside py3dbp on the same orders and boxes.

    python benchmarks/box_choice.py [--orders 1000] [--theirs 1000]

py3dbp (MIT) packs each box on its own, largest pieces first; of the boxes that take all of an order the cheapest is
taken, so that it is compared by the same cost. Where none does, its fullest box is sent and the rest packed again. It
knows neither cost nor fragile goods nor liquids, so orders here have none; its packings are not checked for support.
``--theirs``: how many of the orders it packs (all).
"""
# ruff: noqa: E402  (the kernels are importable only after their loader has run)

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import kernels

kernels.install()

from scm_kernels.warehouse.box_choice import Box, Piece, Terms, choose, parcel_cost

SEED, PRODUCTS = 17, 400
WIDTHS = (10, 8, 9, 9, 9, 9)
TERMS = Terms(filler_kg_litre=0.012, filler_cost_kg=1.6, freight_base=1.4, freight_kg=0.4, divisor=6000)
BOXES = [
    Box(name, *inner, outer_volume=float(np.prod(np.add(inner, 1))), tare=tare, max_weight=load, cost=cost, tape=1.0)
    for name, inner, tare, load, cost in (
        ("16x12x7", (16, 12, 7), 0.05, 3, 0.14),
        ("22x16x10", (22, 16, 10), 0.09, 5, 0.19),
        ("30x22x12", (30, 22, 12), 0.15, 8, 0.26),
        ("34x26x20", (34, 26, 20), 0.24, 12, 0.38),
        ("42x32x26", (42, 32, 26), 0.38, 18, 0.53),
        ("50x40x34", (50, 40, 34), 0.58, 25, 0.75),
        ("68x44x18", (68, 44, 18), 0.62, 20, 0.81),
        ("60x50x50", (60, 50, 50), 1.05, 30, 1.30),
    )
]


def orders(count):
    """Orders of 1 to 30 pieces, few of them large, of products from a lip balm to a storage box."""
    rng = np.random.default_rng(SEED)
    edges = np.sort(np.clip(rng.lognormal(2.2, 0.55, (PRODUCTS, 3)), 2, 38).round(1), axis=1)[:, ::-1]
    weight = np.clip(edges.prod(axis=1) / 1000 * rng.uniform(0.1, 0.5, PRODUCTS), 0.02, 6).round(2)
    sizes = np.minimum(1 + rng.geometric(0.12, count), 30)
    return [
        [Piece(int(key), *edges[key].tolist(), float(weight[key])) for key in rng.integers(0, PRODUCTS, size)]
        for size in sizes
    ]


def theirs(pieces):
    """Total cost, void and parcels of py3dbp; pieces that fit in none are left."""
    from py3dbp import Bin, Item, Packer

    rest, cost, room, goods, parcels = list(enumerate(pieces)), 0.0, 0.0, 0.0, 0
    while rest:
        packer = Packer()
        for number, box in enumerate(BOXES):
            packer.add_bin(Bin(str(number), box.length, box.height, box.width, box.max_weight))
        for number, piece in rest:
            packer.add_item(Item(str(number), piece.length, piece.height, piece.width, piece.weight))
        packer.pack(bigger_first=True)
        full = []
        for one in packer.bins:
            inside = {int(item.name) for item in one.items}
            if inside:
                box = BOXES[int(one.name)]
                volume = sum(np.prod(pieces[k][1:4]) for k in inside)
                weight = sum(pieces[k].weight for k in inside)
                price = sum(parcel_cost(box, volume, weight, TERMS).values())
                full.append((len(inside) < len(rest), price if len(inside) == len(rest) else -volume, price, one))
        if not full:
            return cost, room, goods, parcels, len(rest)
        _partial, _key, price, one = min(full, key=lambda row: row[:2])
        inside = {int(item.name) for item in one.items}
        cost, parcels = cost + price, parcels + 1
        room += BOXES[int(one.name)].volume
        goods += sum(np.prod(pieces[k][1:4]) for k in inside)
        rest = [row for row in rest if row[0] not in inside]
    return cost, room, goods, parcels, 0


def ours(pieces):
    choice = choose(pieces, BOXES, TERMS)
    room = sum(parcel.box.volume for parcel in choice.parcels)
    return choice.total, room, sum(p.goods_volume for p in choice.parcels), len(choice.parcels), len(choice.left)


def table(name, all_orders, way):
    begun, cpu = time.monotonic(), time.process_time()
    rows = np.array([way(pieces) for pieces in all_orders])
    cost, room, goods, parcels, left = rows.sum(axis=0)
    print(
        f"{name:28} {len(rows):6} {cost / len(rows):10.3f} {1 - goods / room:8.1%} {parcels / len(rows):9.3f} "
        f"{int(left):9} {time.monotonic() - begun:9.1f} {time.process_time() - cpu:9.1f}"
    )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--theirs", type=int, default=1000)
    asked = parser.parse_args()
    known = orders(asked.orders)
    heads = ("cost each", "void", "parcels", "left out", "seconds", "CPU s")
    print(f"{'':28} {'orders':>6} " + " ".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    mine = table("ours, all", known, ours)
    few = known[: asked.theirs]
    try:
        other = table("py3dbp, the first", few, theirs)
    except ImportError:
        return print("py3dbp is not installed: pip install -r tools/requirements/bench.txt")
    table("ours, the same", few, ours)
    dearer = other[:, 0] - mine[: len(few), 0]
    print(f"py3dbp is dearer in {(dearer > 1e-9).mean():.0%} of these orders, cheaper in {(dearer < -1e-9).mean():.0%}")


if __name__ == "__main__":
    main()
