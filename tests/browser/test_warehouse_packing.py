"""The box of a delivery: proposed and drawn at a desk, packed on a phone, weighed in the report."""

from tests.browser.conftest import playwright


def test_boxes_of_deliveries_and_what_they_weigh(planner):
    page = planner.open('delivery-boxes')
    page.locator('.o_data_row').first.wait_for()
    planner.shot('warehouse-boxes')
    page.locator('.o_data_row', has_text='Carton').first.locator('td[name=box_names]').click()
    page.locator('.o_scm_box_svg').wait_for()
    assert page.locator('.o_scm_box_piece').count() == page.locator('.o_scm_box_steps li').count()
    planner.settle()
    planner.shot('warehouse-packing')
    page.locator('.o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    page.keyboard.press('Escape')
    planner.open('packaging-emissions')
    page.locator('.o_graph_renderer canvas').wait_for()
    planner.shot('warehouse-packaging-emissions')
    planner.open('packaging-rules')
    page.locator('.o_data_row', has_text='PVC').wait_for()
    planner.shot('warehouse-packaging-rules')


def test_packing_on_a_phone(phone):
    page = phone.open('packing-table')
    page.locator('.o_scm_packing_card').first.wait_for()
    phone.shot('warehouse-packing-queue-phone')
    assert phone.overflow() <= 0
    page.locator('.o_scm_packing_card', has_text='Carton').first.click()
    page.locator('.o_scm_box_svg').wait_for()
    assert phone.overflow() <= 0
    steps = page.locator('.o_scm_box_steps li').count()
    if steps > 1:
        page.click('.o_scm_box_back')
        playwright.expect(page.locator('.o_scm_box_piece')).to_have_count(steps - 1)
    phone.shot('warehouse-packing-phone')
    name = page.locator('.o_scm_packing h2').inner_text()
    page.click('.o_scm_packing_other')
    page.locator('#scm_packing_box option', has_text='Carton 5').wait_for(state='attached')
    assert page.locator('.o_scm_packing_confirm').is_disabled()
    wanted = page.locator('#scm_packing_box option', has_text='Carton 5').get_attribute('value')
    page.select_option('#scm_packing_box', wanted)
    page.select_option('#scm_packing_reason', 'out')
    page.click('.o_scm_packing_confirm')
    page.locator('.o_scm_packing_panel .alert', has_text='Carton 5').wait_for()
    page.click('.o_scm_packing_home')
    page.fill('.o_scm_packing_scan', name)
    page.keyboard.press('Enter')
    page.locator('.o_scm_packing_panel .alert', has_text='Carton 5').wait_for()
    phone.shot('warehouse-packed-phone')
