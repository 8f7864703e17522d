"""A ticket with its facts and clocks, in the database that has the bridges to others' addons."""
import os

import pytest

from tests.browser.conftest import DESKTOP, Screen
from tests.integration import adapter

SEED = '''
from odoo.fields import Command
admin = env.ref("base.user_admin")
admin.password = "admin"
admin.group_ids = [Command.link(env.ref(name).id) for name in (
    "helpdesk_mgmt.group_helpdesk_manager", "sales_team.group_sale_salesman_all_leads", "stock.group_stock_user")]
customer = env["res.partner"].create({"name": "Wei-Ling Chen", "email": "wei@example.com"})
product = env["product.product"].create({"name": "Desk lamp", "is_storable": True, "list_price": 59.0})
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 5.0)
order = env["sale.order"].create(
    {"partner_id": customer.id, "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 2.0})]})
order.action_confirm()
order.picking_ids.move_ids.write({"quantity": 2.0, "picked": True})
order.picking_ids.button_validate()
team = env["helpdesk.ticket.team"].create(
    {"name": "Service", "user_ids": [Command.set(admin.ids)], "scm_counting": "always"})
env["scm.sla.policy"].create({"name": "Standard"})
ticket = env["helpdesk.ticket"].create(
    {"name": f"Where is {order.name}?", "description": "Hello", "partner_id": customer.id, "team_id": team.id})
env.cr.commit()
result = {"id": ticket.id, "order": order.name}
'''


@pytest.fixture(scope='module')
def desk(chromium):
    if not os.environ.get('SCM_QUEUE_DB'):
        pytest.skip('Set SCM_QUEUE_DB, or call make test')
    database = adapter.clone(os.environ['SCM_QUEUE_DB'])
    ticket = adapter.shell(database, SEED)
    running = adapter.Server(database).start()
    screen = Screen(chromium, running, 'admin', DESKTOP)
    yield screen, ticket
    screen.context.close()
    running.stop()
    adapter.drop(database)


def test_ticket_answer_return_and_lists(desk):
    screen, ticket = desk
    page = screen.open(f'helpdesk-tickets/{ticket["id"]}')
    facts = page.locator('.o_scm_ticket_facts')
    facts.wait_for()
    assert ticket['order'] in facts.inner_text()
    assert 'left' in facts.locator('.o_scm_clock').first.inner_text()
    screen.shot('aftersales-ticket')
    page.click('button[name=action_scm_return]')
    page.wait_for_selector('.modal .o_data_row')
    page.click('.modal button[name=action_request]')
    page.wait_for_selector('.o_form_view .o_field_widget[name=order_id]')
    screen.check()
    screen.open(f'helpdesk-tickets/{ticket["id"]}')
    page.click('button[name=action_scm_answer]')
    page.fill('.modal .o_field_widget[name=answer_id] input', 'We look')
    page.locator('.o-autocomplete--dropdown-item', has_text='We look into it').click()
    page.wait_for_selector('.modal .o_field_widget[name=body] >> text=Wei-Ling')
    page.click('.modal button[name=action_send]')
    page.wait_for_selector('.modal', state='detached')
    assert 'in time' in page.locator('.o_scm_clock').first.inner_text()
    for path in ('scm-deadlines', 'scm-response-times', 'scm-response-policies', 'helpdesk-tickets?view_type=kanban'):
        screen.open(path)
        screen.check()
