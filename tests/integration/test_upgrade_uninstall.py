"""An update keeps what people entered; uninstalling leaves an Odoo that works."""

import adapter
import pytest

OWN_WORDS = """
event = env["scm.event"].search([("source", "=", "computed"), ("occurrence_ids", "!=", False)], limit=1) \
    or env["scm.event"].search([("source", "!=", "manual"), ("occurrence_ids", "!=", False)], limit=1)
policy = env["scm.inventory.policy"].search([], limit=1)
line = env["scm.forecast.line"].search([("forecast_id.run_id.current", "=", True)], limit=1)
alert_type = env["scm.alert.type"].search([], limit=1)
"""
CHANGE = (
    OWN_WORDS
    + """
from datetime import timedelta
event.lead_in_days = 17
event.occurrence_ids[:1].date_end += timedelta(days=2)
policy.service_level = 0.913
line.with_user(env["res.users"].search([("login", "=", "planner")])).action_override(4321, "Kept over updates")
alert_type.due_days = 23
result = None
"""
)
READ = (
    OWN_WORDS
    + """
result = [event.lead_in_days, str(event.occurrence_ids[:1].date_end), event.occurrence_ids[:1].manual,
          policy.service_level, line.quantity_override, line.override_reason, alert_type.due_days]
"""
)
TRADE = """
from odoo.fields import Command
product = env["product.product"].search([("is_storable", "=", True), ("seller_ids", "!=", False)], limit=1)
buy = env["purchase.order"].create({"partner_id": product.seller_ids[0].partner_id.id, "order_line": [
    Command.create({"product_id": product.id, "product_qty": 48})]})
buy.button_confirm()
for move in buy.picking_ids.move_ids:
    move.write({"quantity": move.product_uom_qty, "picked": True})
buy.picking_ids.button_validate()
customer = env["res.partner"].create({"name": "Somebody"})
sale = env["sale.order"].create({"partner_id": customer.id, "order_line": [
    Command.create({"product_id": product.id, "product_uom_qty": 2})]})
sale.action_confirm()
for model, kind in (("purchase.order", "form"), ("sale.order", "form"), ("product.template", "form"),
                    ("product.product", "form"), ("stock.warehouse.orderpoint", "list"), ("res.users", "form"),
                    ("res.config.settings", "form"), ("res.company", "form")):
    env[model].get_views([(False, kind)])
env["stock.warehouse.orderpoint"].action_open_orderpoints()
result = [buy.state, buy.receipt_status, sale.state]
"""


@pytest.fixture
def own():
    """A copy of the demo company for one test."""
    database = adapter.clone(adapter.os.environ["SCM_TEST_DB"])
    yield database
    adapter.drop(database)


def tables(database):
    """Number of rows by table of ours."""
    names = [
        name
        for (name,) in adapter.query(
            database,
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'scm\\_%' ORDER BY 1",
        )
    ]
    return {name: adapter.query(database, f'SELECT count(*) FROM "{name}"')[0][0] for name in names}


def test_update_keeps_what_people_entered(own):
    adapter.shell(own, CHANGE)
    rows, entered = tables(own), adapter.shell(own, READ)
    adapter.odoo(
        "-c",
        adapter.os.environ["SCM_ODOO_CONFIG"],
        "-d",
        own,
        "-u",
        "scm_base",
        "--stop-after-init",
        "--no-http",
        "--log-level=warn",
    )
    assert entered[4:6] == [4321, "Kept over updates"]
    assert adapter.shell(own, READ) == entered
    assert tables(own) == rows


def test_uninstall_leaves_an_odoo_that_works(own):
    for name in ("scm_planning", "scm_base"):
        adapter.shell(
            own,
            f"""
module = env["ir.module.module"].search([("name", "=", "{name}")])
module.button_immediate_uninstall()
""",
        )
        states = dict(adapter.query(own, "SELECT name, state FROM ir_module_module WHERE name LIKE 'scm\\_%'"))
        assert states[name] == "uninstalled"
    assert tables(own) == {}
    columns = adapter.query(
        own,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name LIKE 'scm\\_%'",
    )
    assert columns == []
    assert adapter.query(own, "SELECT model FROM ir_model WHERE model LIKE 'scm.%'") == []
    assert adapter.query(own, "SELECT cron_name FROM ir_cron WHERE cron_name ILIKE '%scm%'") == []
    assert adapter.shell(own, TRADE) == ["purchase", "full", "sale"]
    server = adapter.Server(own).start()
    try:
        assert server.xmlrpc("planner").call("sale.order", "search_count", domain=[]) > 0
    finally:
        server.stop()
