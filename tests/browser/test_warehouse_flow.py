"""The control board: from the tiles to the deliveries behind them, another day, and a phone."""
import pytest

from tests.browser.conftest import PHONE


@pytest.fixture
def manager(screens):
    screen = screens('warehouse')
    yield screen
    screen.check()


def test_the_board_leads_to_what_waits(manager):
    page = manager.open('scm-flow')
    page.wait_for_selector('.o_scm_flow_chart canvas')
    manager.settle()
    assert page.locator('[data-tile]').count() == 6
    assert page.locator('[data-load]').count() == 7 and page.locator('[data-person]').count() >= 4
    assert 'holds up the rest' in page.locator('.o_scm_flow_bottleneck').inner_text()
    manager.shot('warehouse-flow')
    count = page.locator('[data-bucket=late] .o_scm_flow_count').inner_text()
    page.locator('[data-bucket=late]').click()
    page.wait_for_selector('.o_list_view .o_data_row')
    assert page.locator('.o_list_view .o_data_row').count() == int(count)
    page.go_back()
    page.wait_for_selector('.o_scm_flow_board')


def test_another_day_stage_and_warehouse(manager):
    page = manager.open('scm-flow')
    day = page.locator('.o_scm_flow_day').input_value()
    page.locator('.o_scm_flow_before').click()
    manager.settle()
    assert page.locator('.o_scm_flow_day').input_value() < day
    page.locator('[data-stage=receive]').click()
    assert 'active' in page.locator('[data-stage=receive]').get_attribute('class')
    page.locator('.o_scm_flow_warehouse').select_option(index=1)
    manager.settle()
    page.locator('.o_scm_flow_refresh').click()
    manager.settle()
    assert page.locator('.alert-warning').count() == 0
    page.locator('.o_scm_flow_load').scroll_into_view_if_needed()
    page.locator('section:has(.o_scm_flow_load) .o_scm_why_button, section:has(.o_scm_flow_load) button').first.click()
    page.wait_for_selector('.o_scm_why_popover')


def test_the_board_on_a_phone(screens):
    screen = screens('warehouse', PHONE)
    page = screen.open('scm-flow')
    page.wait_for_selector('[data-tile=backlog]')
    assert screen.overflow() <= 0
    screen.check()
