"""On what terms the shop's vendors deliver, what fits on a pallet, and what may be spent in the next months."""

from __future__ import annotations

from datetime import timedelta

# name: minimum, freight free from, freight, cost of an order, container, filling, window, interval, days of the week
TERMS = {
    "Shunde Small Appliances": (150_000, 0, 7_500, 600, "groupage", "pays", 21, 14, "tuesday thursday"),
    "Yiwu Bright Goods Trading": (60_000, 180_000, 4_500, 600, "groupage", "pays", 21, 14, "monday thursday"),
    "Jingdezhen Hearth Ceramics": (80_000, 0, 6_000, 600, "groupage", "always", 28, 21, "wednesday friday"),
    "Guangzhou Playroom Toys": (50_000, 120_000, 3_800, 600, "groupage", "pays", 21, 7, "monday tuesday wednesday"),
    "Ningbo Storage Systems": (40_000, 0, 5_200, 600, "groupage", "pays", 28, 21, "friday"),
    "Kaohsiung Outdoor Supply": (20_000, 60_000, 900, 200, None, "never", 10, 0, "monday wednesday friday"),
    "Tainan Cotton Works": (20_000, 50_000, 800, 200, None, "never", 10, 7, "tuesday friday"),
    "Changhua Paper Mill": (15_000, 40_000, 700, 200, None, "never", 14, 7, "thursday"),
    "Pingtung Natural Care": (12_000, 45_000, 700, 200, None, "never", 10, 0, "monday thursday"),
    "Hsinchu Circuit House": (10_000, 30_000, 450, 200, None, "never", 10, 0, "tuesday thursday"),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PALLET_KG = 320.0  # what a pallet of household goods weighs when it is full
BUDGET_MONTHS = 6
#: share of the mean month that may be spent: the plan of the season wants a little more than there is
SHARES = (1.3, 0.95, 1.25, 0.7, 0.95, 0.95)
TIGHT = ("Kids & Play", 0.9)  # a category with a budget of its own, as share of its part


def create_terms(env, master, today) -> int:
    """Terms of the vendors, pallets of the products and budgets of six months; the number of terms."""
    if "scm.vendor.terms" not in env:
        return 0
    groupage = env["scm.container.type"].create(
        {"name": "Groupage, 3 Pallets", "sequence": 5, "payload_kg": 1200, "volume_m3": 4.5, "pallets": 3}
    )
    for product in master.products:
        if product.weight:
            product.product_tmpl_id.scm_units_per_pallet = max(round(PALLET_KG / product.weight), 1)
    vendors = {vendor.name: vendor for vendor in master.vendors}
    rows = [
        {
            "partner_id": vendors[name].id,
            "company_id": master.company.id,
            "min_order_value": least,
            "freight_free_value": free,
            "freight_cost": freight,
            "order_cost": cost,
            "container_type_id": groupage.id if container else False,
            "fill": fill,
            "window_days": window,
            "interval_days": interval,
            **{day: day in days.split() for day in WEEKDAYS},
        }
        for name, (least, free, freight, cost, container, fill, window, interval, days) in TERMS.items()
        if name in vendors
    ]
    terms = env["scm.vendor.terms"].create(rows)
    _create_budgets(env, master, today)
    return len(terms)


def _create_budgets(env, master, today):
    """As much as was ordered in a mean month of the last quarter, more or less by month."""
    env.cr.execute(
        """SELECT COALESCE(sum(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)), 0) / 3,
                  COALESCE(sum(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1))
                           FILTER (WHERE c.name = %s), 0) / 3, max(c.id) FILTER (WHERE c.name = %s)
             FROM purchase_order_line l
             JOIN purchase_order o ON o.id = l.order_id AND o.state = 'purchase'
             JOIN product_product p ON p.id = l.product_id
             JOIN product_template t ON t.id = p.product_tmpl_id
             JOIN product_category c ON c.id = t.categ_id
            WHERE o.company_id = %s AND o.date_order >= %s""",
        (TIGHT[0], TIGHT[0], master.company.id, today - timedelta(days=91)),
    )
    month_value, tight_value, categ_id = env.cr.fetchone()
    first, rows = today.replace(day=1), []
    for share in SHARES[:BUDGET_MONTHS]:
        rows.append((first, round(float(month_value) * share, -4), False))
        if categ_id:
            rows.append((first, round(float(tight_value) * share * TIGHT[1], -4), categ_id))
        first = (first + timedelta(days=32)).replace(day=1)
    env["scm.purchase.budget"].create(
        [
            {"company_id": master.company.id, "month": month, "amount": amount, "categ_id": categ}
            for month, amount, categ in rows
            if amount
        ]
    )
