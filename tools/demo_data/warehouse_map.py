"""Docks of the halls, the ways to them and what was picked where."""

from __future__ import annotations

#: (name, kind, x, y) of each warehouse
DOCKS = (
    (("Packing 1", "pack", 10.0, -2.0), ("Packing 2", "pack", 26.0, -2.0), ("Gate in", "receive", 40.0, -2.0)),
    (("Packing", "pack", 10.0, -2.0), ("Gate in", "receive", 26.0, -2.0)),
)
#: kilograms that a place bears, by level from the floor up
LIMITS = ((0, "Floor place", 400.0), (1, "Shelf", 120.0), (2, "Shelf", 120.0), (3, "Top shelf", 60.0))


def create_map(env, master, today) -> int:
    """How many rows of picks there are."""
    if "scm.pick.day" not in env:
        return 0
    env["scm.dock"].create(
        [
            {"warehouse_id": warehouse.id, "name": name, "kind": kind, "x": x, "y": y}
            for warehouse, docks in zip(master.warehouses, DOCKS, strict=True)
            for name, kind, x, y in docks
        ]
    )
    _limits(env, master)
    warehouses = env["stock.warehouse"].union(*master.warehouses)
    env["scm.aisle"].create(
        [
            {"warehouse_id": warehouses[0].id, "name": name, "direction": direction}
            for name, direction in (("G", "down"), ("H", "up"))
        ]
    )
    warehouses._scm_refresh_travel()
    env["scm.pick.day"]._scm_refresh(master.company, full=True)
    return env["scm.pick.day"].search_count([])


def _limits(env, master):
    """Storage categories of the picking places, by level."""
    places = env["stock.location"].search([("scm_aisle", "!=", False), ("company_id", "=", master.company.id)])
    made = {}
    for level, name, limit in LIMITS:
        if name not in made:
            made[name] = env["stock.storage.category"].create(
                {"name": name, "max_weight": limit, "company_id": master.company.id}
            )
        env.cr.execute(
            "UPDATE stock_location SET storage_category_id = %s WHERE id = ANY(%s)",
            [made[name].id, places.filtered(lambda place, level=level: place.scm_level == level).ids],
        )
    places.invalidate_recordset(["storage_category_id"])
