"""The shop's promotions, past and coming, as events of the planning addon."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

from .catalogue import CATEGORIES

COMING = (("TEX", 19, 10, 0.5), ("TOY", 26, 7, 0.8))  # category, days from today, days long, expected uplift


def create_promotions(env, master, market, today) -> int:
    """One event per category with the promotions that took place, and two that the planner expects."""
    if "scm.event" not in env:
        return 0
    master.company.scm_event_country_ids = [Command.set((env.ref("base.tw") + env.ref("base.cn")).ids)]
    found = {product.categ_id.name: product.categ_id for product in master.products}
    ran = {}
    for category, first, last, _factor in market.promotions:
        ran.setdefault(category, []).append({"date_start": first, "date_end": last})
    rows = [
        {
            "name": f"{category.name}: week of offers",
            "kind": "promotion",
            "source": "manual",
            "after_days": 5,
            "company_id": master.company.id,
            "category_ids": [Command.set(found[category.name].ids)],
            "occurrence_ids": [Command.create(values) for values in ran[index]],
        }
        for index, category in enumerate(CATEGORIES)
        if index in ran and category.name in found
    ]
    for code, ahead, length, uplift in COMING:
        category = next(c for c in CATEGORIES if c.code == code)
        first = today + timedelta(days=ahead)
        rows.append(
            {
                "name": f"{category.name}: winter offer",
                "kind": "promotion",
                "source": "manual",
                "expected_uplift": uplift,
                "company_id": master.company.id,
                "category_ids": [Command.set(found[category.name].ids)],
                "occurrence_ids": [
                    Command.create({"date_start": first, "date_end": first + timedelta(days=length - 1)})
                ],
            }
        )
    return len(env["scm.event"].create(rows))
