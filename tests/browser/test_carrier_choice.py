"""Choice of a carrier as a planner uses it: the list, the panel on a delivery, the replay and stock nearby."""
import re

NUMBER = re.compile(r'\d')


def test_a_carrier_is_compared_and_taken(planner, server):
    client = server.xmlrpc('planner')
    [choice] = client.call('scm.carrier.choice', 'search_read', fields=['picking_id', 'suggested_id'], limit=1,
                           domain=[('state', '=', 'proposed'), ('saving', '>', 0)], order='saving desc')
    page = planner.open('carrier-choice')
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()
    planner.shot('carrier-choice')
    page = planner.open(f'action-stock.action_picking_tree_all/{choice["picking_id"][0]}')
    page.locator('a[name=scm_carriers]').click()
    page.wait_for_selector('.o_scm_carrier_sentence')
    assert NUMBER.search(page.locator('.o_scm_carrier_sentence').inner_text())
    assert page.locator('.o_scm_carrier_option').count() >= 2
    planner.settle()
    planner.shot('carrier-panel')
    page.locator('.o_scm_apply_carrier').click()
    page.locator('.o_scm_carrier_panel .badge', has_text='Applied').wait_for()
    planner.settle()
    [after] = client.call('stock.picking', 'read', [choice['picking_id'][0]], fields=['carrier_id'])
    assert after['carrier_id'] == choice['suggested_id']


def test_replay_and_stock_nearby(planner):
    page = planner.open('carrier-replay')
    page.locator('.o_data_row').first.locator('td[name=name]').click()
    page.wait_for_selector('.o_scm_replay_sentence')
    planner.settle()
    planner.shot('carrier-replay')
    assert NUMBER.search(page.locator('.o_scm_replay_sentence').inner_text())
    page = planner.open('stock-nearby')
    page.wait_for_selector('.o_scm_region_row')
    planner.settle()
    planner.shot('stock-nearby')
    page.get_by_role('button', name='Quarter').click()
    planner.settle()
    assert page.locator('.o_scm_region_row').count() >= 3


def test_nearby_on_a_phone(phone):
    page = phone.open('stock-nearby')
    page.wait_for_selector('.o_scm_region_row')
    phone.shot('phone-stock-nearby')
    assert phone.overflow() <= 1
