"""The supplier's pages on a phone and at a desk, and the buyer's page about the supplier."""
import pytest

from tests.browser.conftest import DESKTOP, PHONE, PublicScreen

VENDOR = 'Jingdezhen Hearth Ceramics'


@pytest.fixture(scope='module', params=[PHONE, DESKTOP], ids=['phone', 'desk'])
def vendor(request, chromium, server):
    screen = PublicScreen(chromium, server, request.param, '.scm_portal')
    screen.login('vendor')
    yield screen
    screen.close()


def test_every_page_fits(vendor):
    for name in ('promises', 'scorecards', 'corrective-actions', 'qualifications'):
        vendor.open(f'/my/{name}')
        vendor.shot(f'supplier-portal-{name}-{vendor.size}')
        assert vendor.overflow() <= 0, name


def test_a_card_leads_to_its_receipts(vendor):
    page = vendor.open('/my/scorecards')
    page.locator('.scm_portal_card_link').first.click()
    page.wait_for_selector('.scm_portal_score')
    vendor.shot(f'supplier-portal-card-{vendor.size}')
    page.locator('.scm_portal_measure').first.click()
    page.wait_for_selector('.scm_portal_fact')
    vendor.shot(f'supplier-portal-measure-{vendor.size}')
    assert vendor.overflow() <= 0
    page.get_by_role('link', name='Contest', exact=True).first.click()
    page.get_by_label('What is wrong?').wait_for()


def test_a_line_is_planned_in_parts(vendor):
    page = vendor.open('/my/promises?show=open')
    line = page.locator('.scm_portal_line').last
    line.locator('summary').click()
    line.get_by_role('button', name='Another day').click()
    assert line.locator('.scm_portal_part:not(.d-none)').count() == 2
    line.locator('input[name=quantity]').nth(0).fill('1')
    assert 'will not come' in line.locator('.scm_portal_rest').inner_text()


def test_the_buyer_sees_what_is_open(planner):
    page = planner.open('scm-suppliers')
    page.wait_for_selector('.o_scm_supplier_table tbody tr')
    planner.settle()
    planner.shot('supplier-list')
    page.get_by_label('Find a supplier').fill(VENDOR[:8])
    row = page.locator('.o_scm_supplier_table tbody tr', has_text=VENDOR)
    row.click()
    page.wait_for_selector('.o_scm_supplier_head')
    planner.settle()
    planner.shot('supplier-page')
    assert VENDOR in page.locator('.o_scm_supplier_head').inner_text()
    assert page.locator('[data-section=contests]').count() == 1
    page.get_by_role('button', name="This week's mail").click()
    page.wait_for_selector('.o_scm_mail_preview')
    planner.settle()
    planner.shot('supplier-mail')
