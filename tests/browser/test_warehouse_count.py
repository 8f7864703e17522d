"""Counting on a phone with a bad connection, and the manager's list of differences."""

import pytest

from tests.integration import adapter

PHONE = {'width': 390, 'height': 844}

MADE = """
from odoo import Command
if not env["res.users"].search([("login", "=", "counter")]):
    env["res.users"].create({"login": "counter", "password": "counter", "name": "Counter", "tz": "UTC",
        "group_ids": [Command.set([env.ref("base.group_user").id, env.ref("stock.group_stock_user").id])]})
    if "odoobot_state" in env["res.users"]._fields:
        # its greeting would cover the phone
        env["res.users"].search([("login", "=", "counter")]).odoobot_state = "disabled"
# the rest of the plan is somebody else's work
env["scm.count.task"].search([("state", "in", ("todo", "counting", "recount"))]).user_id = env.ref("base.user_admin")
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
warehouse.write({"scm_count_is_recounted": False, "scm_count_is_automatic": False})
lamp, box = env["product.product"].create([
    {"name": "Reading lamp", "is_storable": True, "standard_price": 10.0, "barcode": "LAMP-4711"},
    {"name": "Stray box", "is_storable": True, "standard_price": 5.0, "barcode": "BOX-4712"}])
places = env["stock.location"].create([{"name": name, "location_id": warehouse.lot_stock_id.id, "usage": "internal"}
                                       for name in ("0-COUNT-1", "0-COUNT-2")])
env["stock.quant"]._update_available_quantity(lamp, places[0], 12.0)
tasks = env["scm.count.task"].create([{"location_id": place.id, "priority": "1"} for place in places])
env.cr.commit()
result = tasks.ids
"""


@pytest.fixture
def counts(server):
    return adapter.shell(server.database, MADE)


def type_number(page, digits):
    for digit in digits:
        page.click(f'[data-sign="{digit}"]')
    page.click('.o_scm_count_save')


def test_a_round_with_a_lost_connection_and_the_word_of_the_manager(screens, counts):
    screen = screens('counter', PHONE)
    page = screen.open('count')
    page.wait_for_selector('.o_scm_count_place')
    assert page.locator('.o_scm_count_place').count() == 2
    assert screen.overflow() == 0
    screen.shot('warehouse-count-round')
    page.click('.o_scm_count_go')
    # the label of the place is scanned: keys in quick succession, and Enter
    page.keyboard.type('0-COUNT-1')
    page.keyboard.press('Enter')
    page.wait_for_selector('.o_scm_count_item')
    page.fill('.o_scm_count_code', 'LAMP-4711')
    page.press('.o_scm_count_code', 'Enter')
    type_number(page, '10')
    page.wait_for_selector('.o_scm_is_counted')
    # what nobody expected here
    page.fill('.o_scm_count_code', 'BOX-4712')
    page.press('.o_scm_count_code', 'Enter')
    type_number(page, '3')
    page.wait_for_selector('.o_scm_count_item >> text=not expected')
    assert screen.overflow() == 0
    screen.shot('warehouse-count-place')
    # from here on there is no connection: the place is finished, the next one too
    screen.context.set_offline(True)
    page.click('.o_scm_count_finish')
    page.wait_for_selector('.o_scm_count_here')
    page.wait_for_selector('.o_scm_outbox_bar')
    page.click('.o_scm_count_here')
    page.click('.o_scm_count_finish')
    page.click('.o_scm_count_sure')
    page.wait_for_selector('text=Round finished')
    page.wait_for_selector('.o_scm_outbox_bar >> text=2 kept on this phone')
    screen.shot('warehouse-count-offline')
    screen.context.set_offline(False)
    page.wait_for_selector('.o_scm_outbox_bar', state='detached')
    page.wait_for_selector('text=A manager looks at it')
    page.wait_for_selector('text=Counted and done')
    # sent once: a page that is loaded anew has nothing left to send
    page.reload()
    page.wait_for_selector('.o_scm_count_nothing, .o_scm_count_place')
    assert not page.locator('.o_scm_outbox_bar').count()
    screen.check()
    decide(screens('warehouse'))


def decide(screen):
    """The manager names the cause of each difference and corrects the stock."""
    page = screen.open('count-approvals')
    page.wait_for_selector('.o_data_row')
    screen.shot('warehouse-count-approvals')
    page.click('.o_data_row .o_data_cell[name=location_name]:has-text("0-COUNT-1")')
    page.wait_for_selector('.o_form_view .o_field_one2many .o_data_row')
    for product, cause in (('Reading lamp', 'Picked wrongly'), ('Stray box', 'Put away in another place')):
        row = page.locator('.o_field_one2many .o_data_row', has_text=product)
        row.locator('.o_data_cell[name=cause_id]').click()
        row.locator('.o_data_cell[name=cause_id] input').fill(cause)
        page.click(f'.o-autocomplete--dropdown-item >> text={cause}')
    screen.shot('warehouse-count-difference')
    page.click('button[name=action_approve]')
    page.wait_for_selector('.o_arrow_button_current:has-text("Done")')
    screen.check()
