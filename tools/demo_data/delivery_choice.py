"""Choice of carriers in the demo company: what lateness costs, rules, decisions of last month, proposals, a replay."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

from .carriers import CARRIERS

REASONS = ("The customer asked for it", "The driver knows the street", "As always")
DECIDED = 60  # deliveries of last month whose carrier was decided about
CLASSES = (("Everyday", 90.0, 20.0, True), ("Club member", 220.0, 60.0, False), ("Business", 480.0, 120.0, False))


def create_choices(env, company, today) -> dict:
    """Classes, rules, proposals for open deliveries, decided ones with their outcome, and the replay of last quarter.

    After the parcels and the lanes, from which carriers are judged.
    """
    if "scm.carrier.choice" not in env or not env["scm.parcel"].search_count([], limit=1):
        return {}
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    if not env["scm.lane"].search_count([("company_id", "=", company.id)], limit=1):
        env["scm.lane"]._rebuild(company, today)
    classes = _classes(env, company)
    company.write({"scm_choice_auto": True, "scm_cost_late": 60.0, "scm_split_cost": 45.0})
    _limits(env, company)
    _promises(env, company)
    decided = _decisions(env, company, today)
    _rules(env, company, classes)
    found = env["scm.carrier.choice"].with_company(company)._refresh_company(company)
    found["ship_from"] = env["scm.ship.from"].with_company(company)._refresh_company(company)
    run = env["scm.carrier.replay"].browse(env["scm.carrier.replay"].with_company(company).start_replay())
    run.with_company(company)._process()
    return found | {"decided": decided, "replayed": run.parcels}


def _promises(env, company):
    """Open orders promise what the shop promises: some days after they leave, by carrier and distance."""
    pickings = env["stock.picking"].search(env["scm.carrier.choice"]._open_deliveries_domain(company))
    for number, picking in enumerate(pickings.filtered(lambda one: one.sale_id and not one.sale_id.scm_date_promised)):
        picking.sale_id.scm_date_promised = picking.scheduled_date.date() + timedelta(days=2 + number % 3)


def _classes(env, company):
    classes = env["scm.customer.class"].create(
        [
            {"name": name, "company_id": company.id, "cost_late": late, "cost_late_day": day, "is_default": default}
            for name, late, day, default in CLASSES
        ]
    )
    partners = env["res.partner"].search([("customer_rank", ">", 0), ("parent_id", "=", False)], order="id")
    for number, customer_class in ((7, classes[1]), (11, classes[2])):
        partners[::number].with_company(company).scm_customer_class_id = customer_class
    return classes


def _limits(env, company):
    """What each carrier takes, and where the warehouses are: their zone says what nearby is."""
    carriers = env["delivery.carrier"].search([("company_id", "=", company.id)], order="id")
    warehouses = env["stock.warehouse"].search([("company_id", "=", company.id)], order="id")
    for carrier, made in zip(carriers, CARRIERS, strict=True):
        collects = [Command.set(warehouses[made.warehouse].ids)]
        carrier.write({"scm_in_choice": not made.pickup, "scm_warehouse_ids": collects})
    for warehouse, code in zip(warehouses, ("base.state_tw_tpc", "base.state_cn_GD"), strict=False):
        if state := env.ref(code, raise_if_not_found=False):
            warehouse.partner_id.state_id = state
    carriers[:1].write({"scm_capacity_day": 120, "scm_share_max": 0.6})


def _rules(env, company, classes):
    zones = env["scm.zone"].search([("name", "=", "East Coast")])
    env["scm.carrier.rule"].create(
        [
            {
                "name": "Business customers: at once",
                "company_id": company.id,
                "class_ids": [Command.set(classes[2].ids)],
                "mode": "automatic",
                "min_saving": 20.0,
            },
            {
                "name": "East coast: the planner decides",
                "company_id": company.id,
                "zone_ids": [Command.set(zones.ids)],
                "sequence": 20,
            },
        ]
    )


def _decisions(env, company, today):
    """Choices of deliveries that have arrived since: some as suggested, some by habit."""
    parcels = env["scm.parcel"].search(
        [
            ("company_id", "=", company.id),
            ("is_final", "=", True),
            ("picking_ids", "!=", False),
            ("date_handed", ">=", today - timedelta(days=30)),
        ],
        limit=DECIDED,
        order="id",
    )
    pickings = parcels.picking_ids
    choices = env["scm.carrier.choice"].with_company(company)._propose(company, pickings=pickings)
    keeper = env["res.users"].search([("login", "=", "planner"), ("company_ids", "in", company.ids)], limit=1)
    kept = choices.filtered(lambda one: one.state == "proposed" and one.carrier_id)
    for number, choice in enumerate(kept):
        choice.sudo().write(
            {
                "state": "overridden",
                "chosen_id": choice.carrier_id.id,
                "user_id": keeper.id,
                "date_decided": choice.picking_id.date_done,
                "reason": REASONS[number % len(REASONS)],
            }
        )
    for choice in choices.filtered(lambda one: one.state == "agreed"):
        choice.sudo().write({"chosen_id": choice.carrier_id.id, "date_decided": choice.picking_id.date_done})
    return env["scm.carrier.choice"]._measure_outcomes(company)
