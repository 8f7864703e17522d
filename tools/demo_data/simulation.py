"""One finished simulation: last year under our policies, under the typed rules, and with more service."""

from __future__ import annotations


def replay_last_year(env, company):
    """Run it as the planner of the demo company; the simulation, or None where nobody plans."""
    planner = env["res.users"].search([("login", "=", "planner"), ("company_ids", "in", company.ids)])
    if not planner:
        return None
    simulation = (
        env["scm.simulation"]
        .with_user(planner)
        .with_context(allowed_company_ids=company.ids)
        .create({"name": "Last year under three rules", "company_id": company.id})
    )
    simulation.action_run()
    return simulation
