"""Providers of news: a message is tried, and the list of messages says what came in."""

import json


def test_a_message_is_tried(planner):
    page = planner.open('scm-tracking-providers')
    page.get_by_role('cell', name='Van Depot').first.click()
    page.wait_for_selector('.o_form_view')
    planner.settle()
    planner.shot('delivery-tracking-provider')
    page.get_by_role('button', name='Try a message').click()
    message = {'shipments': [{'waybill': 'V1', 'scans': [
        {'at': '2026-03-01 08:10', 'state': 'out_for_delivery', 'remark': 'On the van <b>7</b>', 'depot': 'Taipei'},
        {'at': '2026-03-01 11:42', 'state': 'DLV-2', 'remark': 'At the door', 'depot': 'Taipei'},
        {'at': 'soon'},
    ]}]}
    page.fill('.modal textarea', json.dumps(message, indent=1))
    page.locator('.modal .modal-title').click()
    page.wait_for_selector('.modal table tbody tr')
    planner.settle()
    planner.shot('delivery-tracking-try')
    table = page.locator('.modal table tbody')
    assert table.locator('tr').count() == 2
    assert 'On the van <b>7</b>' in table.inner_text()
    assert page.locator('.modal .alert-warning').count() == 1
    page.locator('.modal .btn-close, .modal button.btn-primary').last.click()


def test_lists_open(planner):
    page = planner.open('scm-tracking-messages')
    page.wait_for_selector('.o_data_row')
    planner.shot('delivery-tracking-messages')
    page = planner.open('scm-tracking-rounds')
    page.wait_for_selector('.o_list_view')
