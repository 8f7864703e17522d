"""Exceptions in the demo company: what is usual, the morning list, disruptions and messages to customers."""

from __future__ import annotations

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

#: kind, name, states or carrier, first and last day from today, days, what becomes of it
DISRUPTIONS = (
    ("typhoon", "Typhoon Kong-rey", "state", 1, 3, 2, "draft"),
    ("strike", "Strike of the drivers", "carrier", -1, 2, 2, "active"),
)


def create_exceptions(env, company, today) -> dict:
    """Norms, rules of messages, disruptions and the morning list; after parcels and lanes."""
    if "scm.disruption" not in env or not env["scm.parcel"].search_count([], limit=1):
        return {}
    if abs((fields.Date.today() - today).days) > 1:
        return {}  # of a day that is long past nothing is late any more, and no storm is to come
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    env["scm.scan.norm"]._measure(company)
    rules = env["scm.parcel.message.rule"].search([("company_id", "=", company.id)])
    rules.filtered(lambda rule: rule.kind in ("delayed", "earlier", "attempt_failed")).mode = "ask"
    for kind, name, area, first, last, days, state in DISRUPTIONS:
        disruption = env["scm.disruption"].create(
            {
                "name": name,
                "kind_id": env.ref(f"scm_logistics.scm_disruption_kind_{kind}").id,
                "company_id": company.id,
                "date_from": today + timedelta(days=first),
                "date_to": today + timedelta(days=last),
                "extra_days": days,
                **_area(env, company, area),
            }
        )
        if state == "active":
            disruption.activate()
    return env["scm.parcel"]._check_exceptions(company)


def _area(env, company, area):
    """The state with the second-most parcels on their way, or the carrier with the most open deliveries."""
    model, field, domain, limit = (
        ("scm.parcel", "state_id", [("is_final", "=", False)], 2)
        if area == "state"
        else (
            "stock.picking",
            "carrier_id",
            [("picking_type_code", "=", "outgoing"), ("state", "in", ("waiting", "confirmed", "assigned"))],
            1,
        )
    )
    domain = [*domain, ("company_id", "=", company.id), (field, "!=", False)]
    rows = env[model]._read_group(domain, [field], ["__count"], order="__count DESC", limit=limit)
    if not rows:
        return {"zip_prefixes": "970, 971, 972"}
    return {"state_ids" if area == "state" else "carrier_ids": [Command.set(rows[-1][0].ids)]}
