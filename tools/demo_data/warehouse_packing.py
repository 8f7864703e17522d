"""Edges of the products, the boxes of the packing table, and eight weeks of parcels, some in too large a box."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

import numpy as np
from odoo.tools import SQL

#: kind of article: length, width, height in cm, then F fragile, L liquid, U upright, P perishable, N nested height
# fmt: off
EDGES = {
    "Oolong tea 150 g": (10, 7, 15), "Black tea 100 g": (9, 6, 13), "Green tea 150 g": (10, 7, 15),
    "Tea bags, box of 30": (16, 8, 7), "Drip coffee, box of 10": (14, 10, 8), "Coffee beans 454 g": (13, 8, 26),
    "Cold brew pouch, pack of 8": (16, 12, 6), "Tea gift box": (32, 24, 9, "F"), "Roasted oolong 300 g": (12, 9, 17),
    "Teapot 600 ml": (20, 14, 13, "F"), "Tea cup, pair": (18, 10, 9, "F"), "Noodle bowl": (18, 18, 9, "FN", 3),
    "Dinner plate 24 cm": (25, 25, 3, "F"), "Soup spoon, set of 4": (16, 9, 6, "F"), "Hot pot 3 l": (32, 28, 18, "F"),
    "Water jug 1.2 l": (18, 13, 24, "F"), "Sauce dish, set of 6": (12, 12, 8, "F"),
    "Rice container 5 kg": (26, 18, 24), "Duvet cover, double": (36, 28, 9), "Cooling mat, double": (40, 30, 8),
    "Pillow case, pair": (26, 20, 3), "Wool throw": (36, 28, 10), "Bath towel": (30, 22, 6),
    "Kitchen towel, set of 3": (24, 16, 4), "Linen curtain": (34, 26, 7), "Cushion 45 cm": (44, 44, 12),
    "Bath mat": (40, 16, 12), "Notebook A5": (22, 15, 2), "Pocket notebook": (15, 10, 1.5),
    "Weekly planner": (24, 18, 2.5), "Letter set": (24, 17, 1.5), "Sticky notes, 6 pads": (16, 8, 4),
    "Sketch book A4": (31, 22, 2), "Red envelopes, pack of 12": (18, 10, 1), "Index cards, 100": (13, 8, 3),
    "Wall calendar": (42, 30, 1), "Desk fan": (34, 26, 38, "U"), "Ceramic heater": (26, 20, 32, "U"),
    "Electric kettle 1.5 l": (24, 18, 24), "Rice cooker 3 cups": (30, 26, 24), "Hand blender": (40, 10, 10),
    "Dehumidifier bag, 4": (24, 16, 10), "Portable juicer": (12, 12, 26), "Milk frother": (25, 9, 7),
    "Sandwich maker": (28, 26, 12), "Camping chair": (60, 16, 16), "Insulated bottle 750 ml": (9, 9, 29),
    "Sun hat": (34, 32, 8), "Folding table": (62, 42, 8), "Rain jacket": (30, 24, 5),
    "Camping lantern": (14, 14, 20, "F"), "Picnic mat": (34, 22, 10), "Dry bag 20 l": (28, 20, 5),
    "Hiking socks, pair": (18, 10, 4), "USB-C cable 1 m": (15, 9, 2.5), "Fast charger 30 W": (10, 8, 4),
    "Phone stand": (14, 12, 6), "Power bank 10,000 mAh": (17, 10, 3), "Wireless mouse": (14, 10, 5),
    "Desk lamp": (42, 20, 12, "F"), "Cable box": (36, 14, 14), "Earphone case": (10, 8, 4),
    "Laptop sleeve 14 in": (37, 27, 3), "Stackable box": (40, 30, 22, "N", 4), "Drawer organiser": (30, 22, 8, "N", 2),
    "Laundry basket": (42, 34, 30, "N", 5), "Vacuum bag, 3": (32, 24, 2), "Shoe rack": (66, 30, 12),
    "Wall shelf": (60, 20, 6), "Bamboo basket": (32, 24, 18, "N", 4), "Hanger, set of 10": (42, 24, 12),
    "Door mat": (60, 40, 2), "Soap bar 120 g": (9, 6, 4), "Hand cream 50 ml": (15, 5, 4),
    "Shampoo 400 ml": (8, 6, 21, "L"), "Body lotion 300 ml": (7, 6, 19, "L"), "Sunscreen 60 ml": (13, 5, 4),
    "Bath salt 500 g": (14, 8, 18), "Essential oil 10 ml": (5, 4, 8, "L"), "Lip balm": (10, 6, 2),
    "Mosquito spray 100 ml": (5, 5, 16, "L"), "Plush toy 30 cm": (32, 22, 18), "Wooden puzzle": (30, 22, 4),
    "Bath toys, set of 4": (24, 18, 8), "Picture book": (27, 22, 1.5), "Building blocks, 100": (32, 24, 12),
    "Night light": (14, 14, 16, "F"), "Backpack, kids": (34, 26, 10), "Rain boots, kids": (28, 20, 12),
    "Lunch box, kids": (22, 16, 8),
}
#: name, kind, inner edges in cm, price in TWD, kilograms, kilograms that it carries, material, trips
BOXES = (
    ("Mailer XS", "mailer", (18, 12, 3), 2.5, 0.012, 0.5, "pe_bag", 1),
    ("Mailer S", "mailer", (25, 18, 4), 3.5, 0.02, 1.0, "pe_bag", 1),
    ("Mailer M", "mailer", (36, 27, 6), 5.0, 0.035, 2.0, "pe_bag", 1),
    ("Carton 0", "carton", (16, 12, 7), 4.5, 0.05, 3.0, "board", 1),
    ("Carton 1", "carton", (22, 16, 10), 6.0, 0.09, 5.0, "board", 1),
    ("Carton tall", "carton", (14, 14, 25), 7.5, 0.11, 5.0, "board", 1),
    ("Carton 2", "carton", (30, 22, 12), 8.5, 0.15, 8.0, "board", 1),
    ("Carton 3", "carton", (34, 26, 20), 12.0, 0.24, 12.0, "board", 1),
    ("Carton 4", "carton", (42, 32, 26), 17.0, 0.38, 18.0, "board", 1),
    ("Carton 5", "carton", (50, 40, 34), 24.0, 0.58, 25.0, "board_new", 1),
    ("Carton long", "carton", (68, 44, 18), 26.0, 0.62, 20.0, "board_new", 1),
    ("Return crate", "crate", (38, 28, 18), 240.0, 1.3, 15.0, "crate_pp", 40),
)
# fmt: on
DAYS, EVERY = 56, 17
#: share of parcels in another box in the first and in the last week
OVERRIDES = (0.42, 0.16)
#: products that nobody has measured yet
UNMEASURED = ("Lunch box, kids", "Camping lantern")
REASONS = ("out", "no_fit", "protect", "together")


def create_packing(env, master, today, seed=61) -> int:
    """Dimensions, boxes, proposals and facts; how many parcels were noted."""
    if "scm.box.choice" not in env:
        return 0
    env = env(context={**env.context, "tracking_disable": True})
    rng = np.random.default_rng(seed)
    _measure(env, master)
    boxes = _boxes(env, master.company)
    for warehouse, tape in zip(master.warehouses, ("paper_tape", "pp_tape"), strict=True):
        warehouse.write(
            {
                "scm_filler_id": _material(env, "kraft_fill").id,
                "scm_tape_id": _material(env, tape).id,
                "scm_freight_base": 45.0,
                "scm_freight_kg": 12.0,
                "scm_volume_divisor": 6000.0,
                "scm_box_choice_auto": True,
            }
        )
    noted = _past(env, master, boxes, rng, today)
    choices = env["scm.box.choice"]
    choices._propose(env["stock.picking"].search(choices._waiting_domain(), order="scheduled_date, id", limit=300))
    choices._sync_alerts(master.company)
    return noted


def _material(env, name):
    return env.ref(f"scm_warehouse.scm_packaging_material_{name}")


def _measure(env, master):
    products = master.products
    products.fetch(["name", "product_tmpl_id"])
    kinds = sorted(EDGES, key=len, reverse=True)
    for product in products:
        kind = next((one for one in kinds if one in product.name), None)
        if not kind or (kind in UNMEASURED and product.id % 4 == 1):
            continue
        length, width, height, *more = EDGES[kind]
        flags, nest = (*more, "", 0)[:2] if more else ("", 0)
        product.product_tmpl_id.write(
            {
                "scm_length": length,
                "scm_width": width,
                "scm_height": height,
                "scm_is_fragile": "F" in flags,
                "scm_is_liquid": "L" in flags,
                "scm_is_upright": "U" in flags or "L" in flags,
                "scm_nest_height": nest if "N" in flags else 0,
            }
        )


def _boxes(env, company):
    """The boxes, with walls of half a centimetre; materials are tested but for one."""
    for name, certificate in (
        ("board", "SGS 2026-031"),
        ("kraft_fill", "SGS 2026-032"),
        ("paper_tape", "SGS 2026-040"),
    ):
        _material(env, name).write({"is_certified": True, "certificate": certificate})
    _material(env, "kraft_fill").cost_kg = 55.0
    _material(env, "paper_tape").write({"cost_m": 0.9, "recycled_share": 0.9})
    _material(env, "pp_tape").cost_m = 0.4
    return env["stock.package.type"].create(
        [
            {
                "name": name,
                "company_id": company.id,
                "sequence": 10 + number,
                "scm_is_box": True,
                "scm_kind": kind,
                "scm_inner_length": inner[0],
                "scm_inner_width": inner[1],
                "scm_inner_height": inner[2],
                "packaging_length": 10 * inner[0] + 10,
                "width": 10 * inner[1] + 10,
                "height": 10 * inner[2] + 10,
                "scm_cost": price,
                "base_weight": weight,
                "max_weight": load,
                "scm_material_id": _material(env, material).id,
                "scm_trips": trips,
            }
            for number, (name, kind, inner, price, weight, load, material, trips) in enumerate(BOXES)
        ]
    )


def _past(env, master, boxes, rng, today):
    """Every seventeenth delivery of eight weeks: proposed, packed in a box of the packer's choice, noted."""
    since = datetime.combine(today - timedelta(days=DAYS), time())
    types = [warehouse.out_type_id.id for warehouse in master.warehouses]
    done = env["stock.picking"].search(
        [("picking_type_id", "in", types), ("state", "=", "done"), ("date_done", ">=", since)], order="date_done, id"
    )[::EVERY]
    noted = 0
    for start in range(0, len(done), 400):
        batch = done[start : start + 400]
        choices = env["scm.box.choice"]._propose(batch)
        overridden = _pack(env, choices, boxes, rng, since)
        noted += len(env["scm.box.choice"]._note_taken(batch))
        for choice in overridden.filtered("is_override"):
            choice.reason = REASONS[rng.choice(4, p=(0.5, 0.1, 0.25, 0.15))]
    return noted


def _pack(env, choices, boxes, rng, since):
    """Packages of deliveries that travel in one box; returns the choices with another box."""
    by_room = boxes.sorted(lambda box: np.prod(box._scm_inner_cm()))
    larger = dict(pairwise(by_room))
    single = choices.filtered(lambda one: one.state == "proposed" and one.parcels == 1)
    taken, other = {}, env["scm.box.choice"]
    for choice in single:
        age = (choice.picking_id.date_done - since).days / DAYS
        box = choice.line_ids.box_id
        if rng.random() < OVERRIDES[0] + (OVERRIDES[1] - OVERRIDES[0]) * age and box in larger:
            box, other = larger[box], other + choice
        taken[choice] = box
    packages = env["stock.package"].create(
        [{"name": f"PK{choice.picking_id.id:07}", "package_type_id": box.id} for choice, box in taken.items()]
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE stock_move_line line SET result_package_id = packed.package
                 FROM unnest(%s, %s) packed(picking, package) WHERE line.picking_id = packed.picking""",
            [choice.picking_id.id for choice in taken],
            packages.ids,
        )
    )
    env["stock.move.line"].invalidate_model(["result_package_id"])
    return other
