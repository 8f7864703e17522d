"""Findings from the returns of the demo company, and an improvement whose effect can be seen."""

from __future__ import annotations

from datetime import timedelta

from odoo.tools import SQL

from .return_plants import PLANTS


def create_findings(env, company, today) -> int:
    """Look for causes; the plant that ended long ago is an improvement that is being checked. Count of findings."""
    if "scm.return.finding" not in env:
        return 0
    found = env["scm.return.finding"]._find(company)
    ended = max(PLANTS, key=lambda plant: plant.last)
    product = _product_of(env, company, ended)
    if product:
        env["scm.improvement"].create(
            {
                "name": f"{product.name}: stronger box",
                "area": "warehouse",
                "company_id": company.id,
                "product_id": product.id,
                "source_key": f"demo_return,{product.id}",
                "problem": "Far more of them came back broken than of their like: the box gave way at the corners.",
                "cause": "Single-wall carton without corner protection.",
                "metric": "customer_return_rate",
                "date_open": today - timedelta(days=ended.last),
                "date_due": today + timedelta(days=14),
                "baseline_from": today - timedelta(days=ended.first),
                "baseline_to": today - timedelta(days=ended.last + 1),
                "after_from": today - timedelta(days=ended.last),
                "after_to": today,
                "target": 3.0,
                "state": "checking",
            }
        )._measure()
    return found["finding_count"]


def _product_of(env, company, plant):
    """The product that the plant made come back."""
    rows = env.execute_query(
        SQL(
            """SELECT fact.product_id FROM scm_return_fact fact
                 JOIN scm_return_cause cause ON cause.id = fact.cause_id
                WHERE fact.company_id = %s AND cause.code = %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
            company.id,
            plant.cause,
        )
    )
    return env["product.product"].browse([product for (product,) in rows])
