"""The shop shares its orders by grade, and has asked what happens when a supplier stops."""

from datetime import timedelta

STOP_IN_DAYS, STOP_DAYS = 7, 45


def choose_vendors(env, company) -> bool:
    """Switch the shares on, where the addon is installed. Vendors stay in the order of their price lists."""
    if "scm.vendor.choice" not in env:
        return False
    company.scm_vendor_split = True
    return True


def stop_a_supplier(env, company) -> int:
    """A stress test of the supplier with most planned products; needs the order plan."""
    if "scm.stress.test" not in env:
        return 0
    planner = env["res.users"].search([("login", "=", "planner"), ("company_ids", "in", company.ids)], limit=1)
    suppliers = env["scm.order.plan.item"]._read_group(
        [("company_id", "=", company.id), ("vendor_id", "!=", False)], ["vendor_id"], ["__count"], order="__count DESC"
    )
    if not planner or not suppliers:
        return 0
    supplier, _products = suppliers[0]
    tests = env["scm.stress.test"].with_user(planner).with_context(allowed_company_ids=company.ids)
    today = env["scm.demand.day"]._scm_company_today(company)
    tests.run(supplier.id, (today + timedelta(days=STOP_IN_DAYS)).isoformat(), STOP_DAYS)
    return 1
