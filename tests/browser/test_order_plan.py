"""The order plan as a planner works with it."""
import pytest

ROW = '.o_scm_plan_row'


@pytest.fixture(scope='module', autouse=True)
def planned(server):
    server.xmlrpc('planner').call('scm.order.plan', 'plan_again')


def open_plan(screen):
    page = screen.open('supply-chain-order-plan')
    page.wait_for_selector(ROW)
    screen.settle()
    return page


def test_grid_shows_weeks_money_and_exceptions(planner):
    page = open_plan(planner)
    planner.shot('order-plan')
    assert page.locator('.o_scm_plan_weeks th').count() == 27
    assert page.locator(ROW).count() == 40
    assert page.locator('[data-total=stock] td').first.inner_text().strip() not in ('', '–')
    before = page.locator(ROW).first.inner_text()
    page.locator('.o_pager_next').click()
    page.wait_for_function('document.querySelector(".o_pager_value").innerText.startsWith("41")')
    # the pager turns at once, the rows when they have come
    page.wait_for_function('([row, before]) => document.querySelector(row).innerText !== before', arg=[ROW, before])
    page.select_option('select[name=status]', 'late')
    planner.settle()
    assert page.locator('.o_scm_plan_out').count() >= page.locator(ROW).count() > 0


def test_row_opens_and_says_why(planner):
    page = open_plan(planner)
    page.locator('.o_scm_plan_toggle').first.click()
    page.locator('.o_scm_plan_term').nth(2).wait_for()
    page.locator(f'{ROW} [data-week="3"] .o_scm_plan_closing').first.click()
    why = page.locator('.o_scm_why_content')
    why.wait_for()
    planner.shot('order-plan-why')
    assert 'Safety stock' in why.inner_text()
    page.keyboard.press('Escape')


def test_planned_quantity_is_edited_in_its_cell(planner):
    page = open_plan(planner)
    cell = page.locator(f'{ROW} [data-week="20"]').first
    cell.locator('.o_scm_plan_planned').click()
    page.locator('.o_scm_plan_input').fill('1234')
    page.keyboard.press('Enter')
    planner.settle()
    assert cell.locator('.o_scm_plan_planned').inner_text().strip() == '1,234'
    assert 'o_scm_plan_firm' in cell.get_attribute('class')
    planner.shot('order-plan-firm')


def test_planned_orders_and_products(planner):
    for path, name in (('supply-chain-planned-orders', 'planned-orders'), ('supply-chain-plan-products', '')):
        page = planner.open(path)
        page.wait_for_selector('.o_data_row')
        if name:
            planner.shot(name)
    page = planner.open('supply-chain-planned-orders')
    page.locator('.o_data_row .o_data_cell').nth(2).click()
    page.wait_for_selector('.o_form_view')
    assert page.get_by_role('button', name='Do Not Order').is_visible()


def test_fits_a_phone(phone):
    open_plan(phone)
    phone.shot('order-plan-phone')
    assert phone.overflow() <= 1
