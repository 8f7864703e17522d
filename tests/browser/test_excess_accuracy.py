"""Excess stock with its ladder, and the accuracy page, as a planner uses them."""
import re

NUMBER = re.compile(r'\d')


def test_excess_page_says_what_can_be_recovered(planner):
    page = planner.open('excess-stock')
    page.wait_for_selector('.o_scm_excess_sentence')
    planner.shot('excess')
    assert NUMBER.search(page.locator('.o_scm_excess_sentence').inner_text())
    assert page.locator('[data-kind]').count() >= 5
    page.locator('[data-kind=transfer]').click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()


def test_a_step_is_accepted_and_taken_back(planner, server):
    client = server.xmlrpc('planner')
    [step] = client.call('scm.excess.action', 'search_read', fields=['excess_id'], limit=1, order='net desc',
                         domain=[('kind', '=', 'transfer'), ('state', '=', 'proposed')])
    page = planner.open(f'excess-stock-list/{step["excess_id"][0]}')
    row = page.locator('.o_scm_ladder_step[data-kind=transfer]')
    row.first.wait_for()
    planner.settle()
    planner.shot('excess-item')
    row.first.locator('.o_scm_accept').click()
    page.locator('.modal .btn-primary').click()
    row.locator('.badge', has_text='Accepted').wait_for()
    planner.settle()
    [after] = client.call('scm.excess.action', 'read', [step['id']], fields=['state', 'res_model'])
    assert (after['state'], after['res_model']) == ('accepted', 'stock.picking')
    row.get_by_role('button', name='Undo').click()
    row.locator('.o_scm_accept').first.wait_for()
    planner.settle()


def test_accuracy_is_plain(planner):
    page = planner.open('accuracy')
    page.wait_for_selector('.o_scm_accuracy_sentence')
    planner.settle()
    planner.shot('accuracy')
    assert 'mean of 13 weeks' in page.locator('.o_scm_accuracy_sentence').inner_text()
    cells = page.locator('.o_scm_heat_cell')
    assert cells.count() >= 6
    page.get_by_label('Measure').select_option('coverage')
    assert '%' in cells.first.inner_text()
    cells.first.click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()


def test_pages_on_a_phone(phone):
    for path, mark in (('excess-stock', '.o_scm_excess_sentence'), ('accuracy', '.o_scm_accuracy_sentence')):
        page = phone.open(path)
        page.wait_for_selector(mark)
        phone.shot(f'phone-{path}')
        assert phone.overflow() <= 1
