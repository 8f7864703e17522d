"""Vendor orders, order builder and budgets in a real browser."""

import re

import pytest


@pytest.fixture(scope='module')
def orders(server):
    """Vendor orders of the demo company, joined once; the one with a container and the most lines first."""
    client = server.xmlrpc('planner')
    client.call('scm.vendor.order', 'refresh_orders')
    return client.call(
        'scm.vendor.order', 'search_read',
        domain=[('state', '=', 'proposed'), ('container_type_id', '!=', False), ('line_count', '>', 3)],
        fields=['vendor_id', 'value'], order='line_count desc, id', limit=2)


def test_vendor_orders_open_in_the_builder(planner, orders):
    page = planner.open('vendor-orders')
    assert page.locator('.o_data_row').count() > 5
    planner.shot('vendor-orders')
    page.locator('.o_data_row', has_text=orders[0]['vendor_id'][1]).first.locator('td[name=value]').click()
    page.wait_for_selector('.o_scm_builder_table tbody tr')
    assert planner.overflow() == 0


def test_builder_follows_a_change(planner, orders):
    page = planner.open(f'order-builder/{orders[0]["id"]}')
    page.wait_for_selector('.o_scm_builder_boxes svg')
    planner.shot('order-builder')
    value = page.locator('.o_scm_builder_value')
    before = value.inner_text()
    page.locator('.o_scm_more').first.click()
    page.wait_for_function('text => document.querySelector(".o_scm_builder_value").innerText !== text', arg=before)
    page.locator('.o_scm_builder_table .o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_content')
    page.keyboard.press('Escape')
    page.locator('.o_scm_builder_table [aria-label="Leave out"]').first.click()
    page.wait_for_selector('.o_scm_builder_out')


def test_rfq_is_made_once(planner, orders):
    page = planner.open(f'order-builder/{orders[1]["id"]}')
    page.locator('.o_scm_rfq').click()
    page.wait_for_selector('.o_form_view .o_field_widget[name=order_line]')
    assert re.search('Request for Quotation', page.locator('.o_form_view').inner_text())
    page = planner.open(f'order-builder/{orders[1]["id"]}')
    page.wait_for_selector('text=Open RFQ')
    assert not page.locator('.o_scm_rfq').count()


def test_builder_on_a_phone(phone, orders):
    page = phone.open(f'order-builder/{orders[0]["id"]}')
    page.wait_for_selector('.o_scm_builder_table tbody tr')
    assert phone.overflow() == 0


def test_budgets_and_terms(planner):
    page = planner.open('purchase-budgets')
    assert page.locator('.o_data_row').count() > 3
    planner.shot('purchase-budgets')
    page = planner.open('vendor-terms')
    page.locator('.o_data_row').first.locator('td').nth(1).click()
    page.wait_for_selector('.o_form_view [name=min_order_value]')


