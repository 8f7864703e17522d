"""Findings, as a planner sees them."""
from playwright.sync_api import expect


def test_findings_by_money(planner):
    planner.open('scm-findings')
    page = planner.page
    page.wait_for_selector('.o_kanban_record .o_scm_series svg')
    planner.shot('analytics-findings')
    page.click('.o_switch_view.o_list')
    page.wait_for_selector('.o_list_view .o_data_row')
    assert page.locator('.o_data_row').count() >= 5


def test_a_finding_shows_its_weeks_and_its_records(planner):
    planner.open('scm-findings')
    page = planner.page
    page.locator('.o_kanban_record', has=page.locator('.o_scm_series svg')).first.click()
    page.wait_for_selector('.o_form_view .o_scm_series_large path.o_scm_series_line')
    expect(page.locator('.o_form_view .o_scm_series_window')).to_have_count(1)
    planner.shot('analytics-finding')
    page.click('button[name=action_records]')
    page.wait_for_selector('.o_list_view .o_data_row')


def test_the_control_tower_shows_the_most_money(planner):
    planner.open('scm-control-tower')
    page = planner.page
    page.click('.o_scm_findings .list-group-item >> nth=0')
    page.wait_for_selector('.o_form_view [name=change_text]')


def test_findings_on_a_phone(phone):
    phone.open('scm-findings')
    phone.page.wait_for_selector('.o_kanban_record')
    assert phone.overflow() <= 0
    phone.shot('analytics-findings-phone')
