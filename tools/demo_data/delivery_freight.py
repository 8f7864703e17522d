"""What the carriers billed for the parcels of the demo company, with mistakes that the check finds.

Planted: one carrier bills parcels heavier than they were, one bills some twice, one takes more fuel than was agreed,
and each bills a few parcels that nobody knows.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from .bulk import Loader

MONTHS = 3  # months that were billed
FUEL_SHARE, FUEL_TOO_MUCH = 0.06, 0.11
TERMS = {  # liability per parcel and kg, guaranteed working days, days to claim
    "Formosa Express": (3000, 200, 2, 60),
    "Corner Store Pick-up": (1500, 0, 0, 45),
    "Island Freight": (2000, 100, 4, 45),
    "Dragon Air Parcel": (5000, 300, 3, 60),
    "Pearl Ground": (1200, 80, 0, 40),
}
TOO_HEAVY, TWICE, TOO_MUCH_FUEL = "Island Freight", "Corner Store Pick-up", "Pearl Ground"


def create_freight(env, master, today, seed=29) -> int:
    """Contract terms, invoices of past months, claims; how many invoices."""
    if "scm.freight.invoice" not in env:
        return 0
    carriers = env["delivery.carrier"].search([("name", "in", list(TERMS))])
    if not carriers:
        return 0
    _agree(env, carriers)
    master.company.scm_claim_minimum = 15
    env = env(context={**env.context, "tracking_disable": True})
    rng, loader = np.random.default_rng(seed), Loader(env.cr)
    env.flush_all()
    invoices = _invoices(env, master, carriers, today)
    for invoice in invoices:
        _lines(env, loader, rng, invoice)
    loader.set_id_sequences()
    loader.analyze()
    env.invalidate_all()
    invoices.action_check()
    invoices.filtered(lambda one: one.date < today - timedelta(days=20)).action_approve()
    _settled(env, rng, invoices, today)
    env["scm.freight.run"].run_now(master.company.id, wait=True)
    _send_some(env, rng, today)
    env["scm.carrier.month"]._measure(master.company, env["scm.carrier.month"]._open_months(master.company))
    return len(invoices)


def _agree(env, carriers):
    for carrier in carriers:
        parcel, kilogram, guaranteed, days = TERMS[carrier.name]
        partner = env["res.partner"].create({"name": f"{carrier.name} Ltd", "is_company": True})
        carrier.write(
            {
                "scm_liability_parcel": parcel,
                "scm_liability_kg": kilogram,
                "scm_guaranteed_days": guaranteed,
                "scm_claim_days": days,
                "scm_freight_partner_id": partner.id,
            }
        )
        carrier.scm_freight_rate_ids = [
            Command.create(
                {
                    "company_id": carrier.company_id.id,
                    "price_base": rule.list_base_price,
                    "price_kg": rule.list_price,
                }
            )
            for rule in carrier.price_rule_ids[:1]
        ]
    env["scm.freight.charge"].create(
        {
            "name": "Fuel surcharge, as agreed",
            "carrier_id": False,
            "company_id": carriers.company_id.id,
            "keywords": "fuel surcharge, fuel",
            "basis": "percent",
            "value": FUEL_SHARE,
        }
    )


def _invoices(env, master, carriers, today):
    first = today.replace(day=1)
    return env["scm.freight.invoice"].create(
        [
            {
                "name": f"{_initials(carrier)}-{first - relativedelta(months=back):%Y%m}",
                "carrier_id": carrier.id,
                "partner_id": carrier.scm_freight_partner_id.id,
                "company_id": master.company.id,
                "currency_id": master.company.currency_id.id,
                "date": min(first - relativedelta(months=back - 1) + timedelta(days=3), today - timedelta(days=1)),
            }
            for back in range(MONTHS, -1, -1)
            for carrier in carriers
            if back or today.day > 8
        ]
    )


def _initials(carrier) -> str:
    return "".join(word[0] for word in carrier.name.split())


def _month(invoice) -> date:
    year, month = int(invoice.name[-6:-2]), int(invoice.name[-2:])
    return date(year, month, 1)


def _lines(env, loader, rng, invoice):
    """A line of freight per parcel of the month, and fuel for every third."""
    env.cr.execute(
        """SELECT tracking_ref, weight, cost_expected::float FROM scm_parcel
            WHERE carrier_id = %s AND date_handed >= %s AND date_handed < LEAST(%s::date, %s::date) ORDER BY id""",
        [invoice.carrier_id.id, _month(invoice), _month(invoice) + relativedelta(months=1), invoice.date],
    )
    rows = env.cr.fetchall()
    if not rows:
        return
    ref = np.array([row[0] for row in rows], object)
    weight, cost = (np.array([row[k] for row in rows], float) for k in (1, 2))
    billed, amount = weight.copy(), cost.copy()
    if invoice.carrier_id.name == TOO_HEAVY:
        heavy = rng.random(len(ref)) < 0.05
        billed[heavy] += rng.integers(1, 4, heavy.sum())
        per_kg = invoice.carrier_id.scm_freight_rate_ids[:1].price_kg
        amount = np.round(amount + (billed - weight) * per_kg, 2)
    dear = rng.random(len(ref)) < 0.004
    amount[dear] = np.round(amount[dear] * 1.25, 2)
    lines = [(ref, None, amount, billed)]
    fuel = np.flatnonzero(rng.random(len(ref)) < 0.33)
    share = FUEL_TOO_MUCH if invoice.carrier_id.name == TOO_MUCH_FUEL and invoice.date.month % 2 else FUEL_SHARE
    lines.append((ref[fuel], "Fuel surcharge", np.round(cost[fuel] * share, 2), np.zeros(len(fuel))))
    if invoice.carrier_id.name == TWICE:
        again = np.flatnonzero(rng.random(len(ref)) < 0.008)
        lines.append((ref[again], None, amount[again], billed[again]))
    strangers = np.array([f"XX{rng.integers(10**9):011d}" for _ in range(rng.integers(0, 4))], object)
    lines.append((strangers, None, rng.integers(60, 140, len(strangers)).astype(float), np.ones(len(strangers))))
    column = [np.concatenate([np.asarray(each[k]) for each in lines]) for k in (0, 2, 3)]
    names = [name for refs, name, *_rest in lines for _ in refs]
    loader.copy(
        "scm_freight_invoice_line",
        {
            "id": loader.ids("scm_freight_invoice_line", len(names)),
            "sequence": np.arange(2, len(names) + 2),
            "tracking_ref": column[0],
            "name": names,
            "amount": column[1],
            "weight_billed": column[2],
        },
        {
            "invoice_id": invoice.id,
            "company_id": invoice.company_id.id,
            "date": invoice.date,
            "create_uid": 1,
            "write_uid": 1,
        },
    )


def _settled(env, rng, invoices, today):
    """Claims of months ago, which the carriers paid or refused."""
    claims, closed = env["scm.freight.claim"].with_context(tracking_disable=True), []
    for invoice in invoices.filtered(lambda one: one.date < today - timedelta(days=40)):
        own = [("invoice_id", "=", invoice.id), ("is_over", "=", True), ("difference", ">", 0)]
        for line in env["scm.freight.invoice.line"].search(own, limit=12):
            closed.append(
                {
                    "kind": "overcharge",
                    "company_id": invoice.company_id.id,
                    "carrier_id": invoice.carrier_id.id,
                    "parcel_id": line.parcel_id.id,
                    "invoice_id": invoice.id,
                    "line_id": line.id,
                    "amount": line.difference,
                    "date_known": invoice.date,
                    "date_deadline": invoice.date + timedelta(days=invoice.carrier_id.scm_claim_days),
                    "source_key": f"line:{line.id}",
                    "why": line.why,
                    "user_id": False,
                }
            )
    drafted = claims.search([("source_key", "in", [values["source_key"] for values in closed])])
    known = set(drafted.mapped("source_key"))
    made = claims.create([values for values in closed if values["source_key"] not in known])
    for claim in drafted | made:
        sent = claim.date_known + timedelta(days=int(rng.integers(2, 9)))
        paid = rng.random() < 0.7
        claim.write(
            {
                "state": "paid" if paid else "refused",
                "date_sent": sent,
                "date_closed": min(sent + timedelta(days=int(rng.integers(10, 35))), today),
                "amount_paid": claim.amount if paid else 0.0,
            }
        )


def _send_some(env, rng, today):
    """Of the drafts some were sent, and some of those answered."""
    claims = env["scm.freight.claim"].with_context(tracking_disable=True)
    drafts = claims.search([("state", "=", "draft"), ("kind", "!=", "overcharge")], limit=40)
    sent = drafts.filtered(lambda _claim: rng.random() < 0.5)
    sent.write({"state": "sent", "date_sent": today - timedelta(days=6)})
    for claim in sent[:8]:
        claim.write({"state": "paid", "date_closed": today - timedelta(days=1), "amount_paid": claim.amount})
