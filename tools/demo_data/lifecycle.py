"""The two ends of articles' lives, for the planning addon: a launch, one that ends, one that ended, a successor."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from odoo.fields import Command

# article by its place in the order of what was sold lately
LIKE, ENDING, ENDED, REPLACED = 12, 25, 60, 33
RECENT_DAYS = 91


def create_lifecycles(env, master, market, today) -> int:
    """Two articles that were never sold, with like-item or predecessor, one that ends and one that ended."""
    if "scm.product.lifecycle" not in env or len(master.products) <= REPLACED:
        return 0
    sold = np.bincount(market.product, market.demand[:, -RECENT_DAYS:].sum(axis=1))
    order = np.argsort(-sold, kind="stable").tolist()
    like, ending, ended, replaced = (master.products[order[place]] for place in (LIKE, ENDING, ENDED, REPLACED))
    launch, heir = _copy(env, like, "winter edition", 1.1), _copy(env, replaced, "new model", 1.0)
    company = {"company_id": master.company.id}
    lines = env["scm.product.lifecycle"].create(
        [
            company
            | {
                "product_id": launch.id,
                "like_product_id": like.id,
                "like_state": "confirmed",
                "date_launch": today + timedelta(days=12),
                "ramp_weeks": 6,
                "ramp_curve": "slow",
                "note": "Launch with the winter catalogue.",
            },
            company
            | {"product_id": ending.id, "date_end": today + timedelta(days=41), "note": "Vendor stops making it."},
            company | {"product_id": ended.id, "date_end": today - timedelta(days=14)},
            company
            | {
                "product_id": replaced.id,
                "successor_id": heir.id,
                "date_switch": today + timedelta(days=21),
                "use_up_stock": True,
            },
        ]
    )
    return len(lines)


def _copy(env, product, label, price_factor):
    """A new article like another one: same category, vendors and unit."""
    sellers = [
        {"partner_id": seller.partner_id.id, "price": seller.price, "delay": seller.delay, "min_qty": seller.min_qty}
        for seller in product.seller_ids
    ]
    return env["product.product"].create(
        {
            "name": f"{product.name.split(',')[0]}, {label}",
            "default_code": f"{product.default_code}-N",
            "is_storable": True,
            "categ_id": product.categ_id.id,
            "uom_id": product.uom_id.id,
            "list_price": round(product.list_price * price_factor),
            "standard_price": product.standard_price,
            "seller_ids": [Command.create(values) for values in sellers],
        }
    )
