"""What may lie where, what an hour costs, and the moves that would pay, some of them decided on."""

from __future__ import annotations

#: cost of an hour on the floor, by the name of the warehouse
HOUR_COST = {"Taipei": 230.0, "Shenzhen": 160.0}
#: (storage class, words in the names of products, the aisles that offer it: one letter per warehouse)
CLASSES = (("scm_warehouse.scm_storage_tag_flammable", ("mosquito", "candle"), "AA"),)
APPLIED_GROUPS, ACCEPTED_GROUPS = 3, 4


def create_slotting(env, master, today) -> int:
    """Rules, storage classes and proposals of both warehouses; how many moves there are."""
    if "scm.slotting.run" not in env:
        return 0
    _rules(env, master)
    _classes(env, master)
    runs = env["scm.slotting.run"]
    for warehouse in master.warehouses:
        runs |= runs.browse(runs.propose(warehouse.id))
    _decide(runs[-1])
    env["scm.product.pair"].refresh()
    return sum(runs.mapped("move_count"))


def _rules(env, master):
    zones = env["stock.location"].search(
        [("name", "=", "Picking"), ("warehouse_id", "in", [warehouse.id for warehouse in master.warehouses])]
    )
    for warehouse in master.warehouses:
        warehouse.scm_slotting_location_ids = zones.filtered(lambda zone, home=warehouse: zone.warehouse_id == home)
        warehouse.scm_hour_cost = HOUR_COST.get(warehouse.name, 200.0)
        warehouse.action_scm_usual_levels()


def _classes(env, master):
    for xml_id, words, aisles in CLASSES:
        storage_class = env.ref(xml_id)
        names = ["|"] * (len(words) - 1) + [("name", "ilike", word) for word in words]
        env["product.template"].search(names).scm_storage_tag_ids = storage_class
        for warehouse, aisle in zip(master.warehouses, aisles, strict=True):
            env["stock.location"].search(
                [("warehouse_id", "=", warehouse.id), ("scm_aisle", "=", aisle)]
            ).scm_storage_tag_ids = storage_class


def _decide(run):
    """Some groups of one warehouse are applied and carried already, some accepted."""
    moves = run.move_ids
    applied = moves.filtered(lambda move: move.group <= APPLIED_GROUPS)
    applied.apply()
    for picking in applied.picking_ids.filtered(lambda picking: picking.state == "assigned"):
        picking.move_ids.picked = True
        picking._action_done()
    moves.filtered(lambda move: APPLIED_GROUPS < move.group <= APPLIED_GROUPS + ACCEPTED_GROUPS).accept()
