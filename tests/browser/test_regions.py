"""Regions with growth, the board of improvements, and lists taken to Excel."""

import io

from openpyxl import load_workbook
from playwright.sync_api import expect


def test_regions(planner):
    planner.open('regions')
    page = planner.page
    page.wait_for_selector('.o_scm_region_row')
    page.click('.o_scm_region_name >> nth=0')
    expect(page.locator('.o_scm_region_row')).not_to_have_count(2)
    page.select_option('select[aria-label="Compared with"]', 'year')
    page.click('[data-measure=orders]')
    page.wait_for_selector('[data-measure=orders].o_scm_chosen')
    page.select_option('select[aria-label="Period"]', '91')
    page.wait_for_selector('main .container-xxl:not(.opacity-50) .o_scm_region_row')
    planner.shot('analytics-regions')
    book = page.request.get(planner.url + page.get_attribute('a[aria-label="Download as .xlsx"]', 'href'))
    assert load_workbook(io.BytesIO(book.body())).sheetnames == ['Regions', 'Definitions']
    page.click('.o_scm_region_records >> nth=0')
    page.wait_for_selector('.o_list_view .o_data_row')


def test_regions_on_a_phone(phone):
    phone.open('regions')
    phone.page.wait_for_selector('.o_scm_region_row')
    assert phone.overflow() <= 0
    phone.shot('analytics-regions-phone')


def test_board_of_improvements(planner):
    planner.open('improvements')
    page = planner.page
    page.wait_for_selector('.o_scm_improvement_strip .o_scm_strip_area')
    planner.shot('analytics-improvements')
    page.click('.o_scm_strip_value .fs-2')
    page.wait_for_selector('.o_graph_renderer canvas')


def test_a_list_is_taken_to_excel(planner):
    planner.open('improvements')
    page = planner.page
    page.click('.o_switch_view.o_list')
    page.wait_for_selector('.o_list_view .o_data_row')
    page.click('.o_control_panel .o_cp_action_menus .dropdown-toggle >> nth=0')
    with page.expect_download() as waiting:
        page.click('.o-dropdown--menu .o_export_all_menu')
    # the browser keeps it without an ending, which openpyxl asks for
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert 'Definitions' in book.sheetnames
    assert any('[' in str(cell.value) for cell in book.worksheets[0][1])
