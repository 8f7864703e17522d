"""The wave board and the refills of pick faces."""

import pytest

from tests.browser.conftest import PHONE, playwright


@pytest.fixture
def boss(screens):
    screen = screens("warehouse")
    yield screen
    screen.check()


@pytest.fixture
def picker(screens):
    screen = screens("picker")
    yield screen
    screen.check()


def test_a_day_is_planned_and_released_on_the_board(boss, screens):
    page = boss.open("wave-board")
    # most of what the demo company has to send is due tomorrow
    page.get_by_label("Day after").click()
    boss.settle()
    page.locator(".o_scm_wave_plan").click()
    page.locator(".o_notification_close").first.click()
    boss.settle()
    page.locator(".o_scm_wave").first.wait_for()
    assert page.locator(".o_scm_wave_tours tbody tr").count() > 3
    boss.shot("warehouse-wave-board")
    release = page.locator("tr[data-tour] button", has_text="Release")
    before = release.count()
    assert before > 0
    release.first.click()
    drafts = "n => document.querySelectorAll('tr[data-tour] button.btn-secondary').length === n"
    page.wait_for_function(drafts, arg=before - 1)
    page.locator("tr[data-tour] .o_scm_why").first.click()
    page.get_by_text("Had each order its own tour").wait_for()
    page.get_by_label("Day before").click()
    boss.settle()
    page.locator(".o_scm_wave").first.wait_for()
    phone = screens("warehouse", PHONE)
    phone.open("wave-board").locator(".o_scm_wave").first.wait_for()
    assert phone.overflow() <= 0
    phone.check()


def test_refills_become_transfers(picker):
    page = picker.open("refills")
    page.locator(".o_scm_refill_look").click()
    page.locator(".o_notification_close").first.click()
    rows = page.locator(".o_data_row")
    rows.first.wait_for()
    picker.shot("warehouse-refills")
    rows.first.locator(".o_list_record_selector input").check()
    page.get_by_role("button", name="Make Transfers").click()
    page.locator(".breadcrumb-item, .o_breadcrumb").get_by_text("Refills of Pick Faces").wait_for()
    playwright.expect(page.locator(".o_data_row")).to_have_count(1)
