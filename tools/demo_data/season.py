"""What the season board shows beside feasts: dated price lists and a program to be found, a purchase budget."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from .catalogue import CATEGORIES

# category, days from today, days long, percent off; the past one is learned from
OFFERS = (("KIT", -200, 7, 15), ("KIT", 33, 9, 20), ("ELE", 47, 7, 10), ("TOY", 61, 5, 30))
BUDGET_MONTHS = 7
BUDGET_SHARE = 0.95


def create_season(env, master, today) -> int:
    """Proposals of promotions, and a budget per month near what a month's purchases cost."""
    if "scm.event.proposal" not in env:
        return 0
    company = master.company
    found = {product.categ_id.name: product.categ_id for product in master.products}
    codes = {category.code: found[category.name] for category in CATEGORIES if category.name in found}
    pricelist = env["product.pricelist"].create({"name": "Web shop offers", "company_id": company.id})
    rules = [
        {
            "pricelist_id": pricelist.id,
            "applied_on": "2_product_category",
            "categ_id": codes[code].id,
            "compute_price": "percentage",
            "percent_price": percent,
            "date_start": datetime.combine(today + timedelta(days=ahead), datetime.min.time()),
            "date_end": datetime.combine(today + timedelta(days=ahead + length - 1), datetime.min.time()),
        }
        for code, ahead, length, percent in OFFERS
        if code in codes
    ]
    env["product.pricelist.item"].create(rules)
    _create_program(env, company, codes, today)
    _create_budget(env, company, today)
    return env["scm.event.proposal"]._refresh(company)["new"]


def _create_program(env, company, codes, today):
    if "loyalty.program" not in env or not codes:
        return
    category = codes.get("TEX") or next(iter(codes.values()))
    env["loyalty.program"].create(
        {
            "name": "Members' week: 12 % off",
            "program_type": "promotion",
            "trigger": "auto",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "date_from": today + timedelta(days=88),
            "date_to": today + timedelta(days=94),
            "rule_ids": [Command.clear(), Command.create({"product_category_id": category.id})],
            "reward_ids": [Command.clear(), Command.create({"discount": 12, "discount_mode": "percent"})],
        }
    )


def _create_budget(env, company, today):
    """Ninety-five of a hundred of what an ordinary month of the last year cost, so that some month is above it."""
    if "scm.purchase.budget" not in env:
        return
    env["purchase.order"].flush_model()
    env.cr.execute(
        "SELECT COALESCE(sum(amount_untaxed), 0) / 12 FROM purchase_order"
        " WHERE company_id = %s AND state = 'purchase' AND date_approve >= %s",
        [company.id, today - timedelta(days=365)],
    )
    amount = round(float(env.cr.fetchone()[0]) * BUDGET_SHARE, -4)
    first = today.replace(day=1)
    months = [first + relativedelta(months=number) for number in range(BUDGET_MONTHS)]
    taken = set(env["scm.purchase.budget"].search([("company_id", "=", company.id)]).mapped("month"))
    env["scm.purchase.budget"].create(
        [{"company_id": company.id, "month": month, "amount": amount} for month in months if month not in taken]
    )
