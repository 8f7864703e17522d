"""A year of frozen figures, their targets, and what somebody said about yesterday."""

from datetime import timedelta

from odoo.addons.scm_base.tools.zones import local_today

#: (metric, target, alarm)
TARGETS = (
    ("otif", 0.92, 0.85),
    ("perfect_order", 0.9, 0.82),
    ("carrier_on_time", 0.95, 0.9),
    ("damage_rate", 0.008, 0.02),
    ("cycle_time", 16.0, 24.0),
    ("backlog_late", 0.05, 0.15),
    ("days_of_cover", 40.0, 55.0),
    ("stockout_share", 0.04, 0.08),
    ("forecast_wape", 0.55, 0.7),
    ("supplier_otif", 0.9, 0.8),
    ("return_rate", 0.03, 0.05),
    ("return_answer", 12.0, 24.0),
    ("satisfaction", 4.2, 3.8),
)
NOTES = (
    ("otif", "Two vans of Corner Store Pick-up came a day late from the hub in Taoyuan."),
    ("stockout_share", "Ceramic heaters sold out; the container is due on Friday."),
)


def create_analytics(env, company) -> int:
    """Freeze the demo company's past; how many values."""
    if "scm.metric" not in env:
        return 0
    today = local_today(company)
    yesterday = today - timedelta(days=1)
    planner = env["res.users"].search([("login", "=", "planner"), ("company_ids", "in", company.ids)], limit=1)
    env["scm.metric.target"].create(
        [
            {
                "metric_id": env.ref(f"scm_analytics.scm_metric_{code}").id,
                "company_id": company.id,
                "date_from": today - timedelta(days=400),
                "target": target,
                "limit": alarm,
            }
            for code, target, alarm in TARGETS
        ]
    )
    for code, text in NOTES if planner else ():
        env["scm.metric.note"].with_user(planner).with_company(company).write_note(code, str(yesterday), text)
    count = 0
    for metrics in env["scm.metric"]._by_source().values():
        count += metrics._freeze(company)[0]
    return count
