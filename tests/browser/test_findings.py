"""Findings, as a planner sees them."""
import pytest
from playwright.sync_api import expect

from tests.integration import adapter

# Chance decides what the search finds in the demo company; a change of sales is drawn and opened in any case
GROWTH = """
from datetime import date, timedelta
from odoo.addons.scm_analytics.models.scm_finding_item import line_series
line = env["sale.order.line"].search([("state", "=", "sale"), ("product_id.type", "=", "consu")], limit=1)
last = date.today() - timedelta(days=date.today().weekday() + 1)
weeks = [100.0] * 45 + [150.0] * 7
env["scm.finding"].create({
    "company_id": line.company_id.id, "area": "planning", "kind": "growth", "measure": "units",
    "dimension": "category", "categ_id": line.product_id.categ_id.id, "key": "growth,units,test",
    "date_from": last - timedelta(days=48), "date_to": last, "before": 100, "after": 150, "change": 0.5,
    "low": 0.3, "high": 0.7, "is_tested": True, "sample": 1050, "money": 9000000, "money_size": 9000000,
    "series": line_series(last - timedelta(days=363), weeks, [100.0] * 52, 7)})
"""


@pytest.fixture(scope='module', autouse=True)
def growth(server):
    adapter.shell(server.database, GROWTH)


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
