"""Inspections, split promises and the import of old purchases in a real browser."""

import base64

import pytest


@pytest.fixture(scope='module')
def buyer_client(server):
    return server.xmlrpc('buyer')


@pytest.fixture
def buyer(screens):
    screen = screens('buyer')
    yield screen
    screen.check()


@pytest.fixture
def manager(screens):
    screen = screens('admin')
    yield screen
    screen.check()


def test_inspection_list_and_form(buyer):
    page = buyer.open('receipt-inspections')
    assert page.locator('.o_data_row').count() > 20
    buyer.shot('receipt-inspections')
    page.locator('.o_data_row', has_text='Bad').first.locator('td[name=product_id]').click()
    page.wait_for_selector('.o_scm_inspection_figures')
    assert buyer.overflow() == 0


def test_inspect_from_the_receipt(buyer, buyer_client):
    [draft] = buyer_client.call(
        'scm.receipt.inspection', 'search_read', domain=[('state', '=', 'draft')], fields=['picking_id'], limit=1)
    page = buyer.open(f'receipt-inspections/{draft["id"]}')
    page.wait_for_selector('.o_scm_inspection')
    page.locator('[name=qty_rejected] input').fill('1')
    page.locator('.o_scm_inspection .o_selection_badge', has_text='Damaged').click()
    buyer.shot('receipt-inspection')
    page.locator('button[name=action_done]').click()
    page.wait_for_selector('button[name=action_reopen]')
    [row] = buyer_client.call('scm.receipt.inspection', 'read', [draft['id']], fields=['state', 'qty_rejected'])
    assert (row['state'], row['qty_rejected']) == ('done', 1)


def test_split_a_date(buyer, buyer_client):
    lines = buyer_client.call(
        'purchase.order.line', 'search_read',
        domain=[('state', '=', 'purchase'), ('qty_received', '=', 0), ('scm_is_split', '=', False),
                ('product_qty', '>', 10)],
        fields=['order_id', 'product_qty'], limit=100)
    shown = buyer_client.call(
        'purchase.order.line', 'search_read', domain=[('order_id', 'in', [line['order_id'][0] for line in lines])],
        fields=['order_id'])
    first_shown = {one['order_id'][0]: one['id'] for one in reversed(shown)}
    # the first button of the page has to be that of the line
    line = next(line for line in lines if first_shown[line['order_id'][0]] == line['id'])
    page = buyer.open(f'purchase/{line["order_id"][0]}')
    page.locator('button[name=action_scm_split_promise]').first.click()
    page.wait_for_selector('.modal [name=part_ids] .o_data_row')
    page.locator('.modal [name=part_ids] .o_data_row td[name=quantity]').click()
    page.locator('.modal [name=part_ids] td[name=quantity] input').fill('1')
    page.locator('.modal .modal-title').first.click()
    page.wait_for_selector('.modal .text-warning')
    page.locator('.modal [name=part_ids] .o_field_x2many_list_row_add a').click()
    page.locator('.modal [name=part_ids] .o_selected_row td[name=date] input').fill('12/31/2099')
    page.locator('.modal [name=part_ids] .o_selected_row td[name=quantity] input').fill(str(line['product_qty'] - 1))
    page.locator('.modal .modal-title').first.click()
    page.wait_for_selector('.modal .text-success')
    buyer.shot('split-promise')
    page.locator('.modal button[name=action_apply]').click()
    page.wait_for_selector('.modal', state='detached')
    [first] = buyer_client.call(
        'purchase.order.line', 'search_read', domain=[('order_id', '=', line['order_id'][0])],
        fields=['scm_expected_part_ids'], limit=1)
    assert len(first['scm_expected_part_ids']) == 2


def test_errors_of_a_history_file(manager, server):
    client = server.xmlrpc('admin')
    text = 'Order,Vendor,Product,Quantity,Promised date,Received date\nOLD-1,Nobody,NONE,-1,2024-03-01,2024-03-02\n'
    ids = client.call('scm.import', 'create', vals_list=[{
        'importer': 'purchase_history', 'filename': 'history.csv', 'date_order': 'ymd',
        'file': base64.b64encode(text.encode()).decode()}])
    client.call('scm.import', 'action_check', ids)
    page = manager.open(f'scm-imports/{ids[0]}')
    page.wait_for_selector('[name=finding_ids] .o_data_row')
    assert page.locator('[name=finding_ids] .o_data_row').count() == 3
    manager.shot('import-purchase-history')
