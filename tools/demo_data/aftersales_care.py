"""Proactive care as a shop would have it after some months: two rules, orders of before that were told, and today's."""

from __future__ import annotations

from datetime import timedelta

from odoo import fields

RULES = (
    {
        "name": "Two days late, our fault or the carrier's",
        "days_from": 2,
        "value_from": 500.0,
        "fault_disruption": False,
        "amount": 100.0,
        "budget_month": 3000.0,
        "approve_above": 0.0,
        "holdout_percent": 20.0,
        "is_on": True,
    },
    {
        "name": "Storm or strike: a word, no voucher",
        "days_from": 2,
        "fault_carrier": False,
        "fault_warehouse": False,
        "holdout_percent": 10.0,
    },
)


def create_care(env, master, today):
    """Rules, what they did since they are on, and the cases of today; how many cases."""
    if "scm.care.rule" not in env:
        return 0
    company = master.company
    # of what is promised to customers, a person says yes first
    program = env["loyalty.program"].create(
        {"name": "Sorry for the delay", "program_type": "gift_card", "company_id": company.id,
         "currency_id": company.currency_id.id}
    )  # fmt: skip
    rules = env["scm.care.rule"].create(
        [values | {"company_id": company.id, "program_id": "amount" in values and program.id} for values in RULES]
    )
    count = _history(env, rules[0], today)
    if abs((fields.Date.today() - today).days) <= 1:
        count += len(env["scm.care.rule"]._run_rules(company))
    return count


def _history(env, rule, today):
    """Cases of orders that came late between half a year and three weeks ago, as the rule would have opened them."""
    from odoo.addons.scm_aftersales.kernel.care import is_held_out

    env.flush_all()
    env.cr.execute(
        """SELECT DISTINCT ON (sale.id) sale.id, sale.partner_id, parcel.id, parcel.days_late, parcel.date_promised,
                  sale.amount_total
             FROM scm_parcel parcel
             JOIN scm_parcel_sale_rel rel ON rel.parcel_id = parcel.id
             JOIN sale_order sale ON sale.id = rel.order_id AND sale.state = 'sale'
            WHERE parcel.company_id = %s AND parcel.days_late >= %s AND sale.amount_total >= %s
              AND parcel.date_delivered BETWEEN %s AND %s
            ORDER BY sale.id, parcel.id""",
        [rule.company_id.id, rule.days_from, rule.value_from, today - timedelta(days=180), today - timedelta(days=21)],
    )
    values = []
    for order, partner, parcel, days, promised, worth in env.cr.fetchall():
        held_out, opened = is_held_out(order, rule.holdout_percent / 100, str(rule.id)), promised + timedelta(days=2)
        values.append(
            {
                "company_id": rule.company_id.id,
                "rule_id": rule.id,
                "order_id": order,
                "partner_id": partner,
                "parcel_id": parcel,
                "state": "held_out" if held_out else "sent",
                "days_late": days,
                "fault": "carrier",
                "order_value": worth,
                "amount": 0.0 if held_out else rule.amount,
                "month": opened.replace(day=1),
                "date_opened": opened,
                "date_sent": False if held_out else fields.Datetime.to_datetime(opened),
            }
        )
    return len(env["scm.care.case"].create(values))
