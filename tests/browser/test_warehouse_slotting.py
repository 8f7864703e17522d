"""Where everything should lie: the list of moves at a desk and on a phone."""

import pytest

from tests.browser.conftest import PHONE


@pytest.fixture
def manager(screens):
    screen = screens('warehouse')
    yield screen
    screen.check()


def test_moves_are_proposed_applied_and_undone(manager):
    page = manager.open('slotting')
    card = page.locator('[data-warehouse=Taipei]')
    card.locator('.o_scm_slotting_bar').wait_for()
    page.locator('.o_data_row').first.wait_for()
    manager.shot('warehouse-slotting')
    page.locator('.o_data_row .o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    manager.shot('warehouse-slotting-why')
    page.keyboard.press('Escape')
    card.locator('[data-basis=history]').click()
    manager.settle()
    card.locator('.o_scm_apply_all').click()
    page.locator('.modal .btn-primary').click()
    card.locator('.o_scm_undo_all').wait_for()
    manager.settle()
    card.locator('.o_scm_undo_all').click()
    page.locator('.modal .btn-primary').click()
    card.locator('.o_scm_undo_all').wait_for(state='detached')
    manager.settle()


def test_on_a_phone(screens):
    phone = screens('warehouse', PHONE)
    page = phone.open('slotting')
    page.locator('[data-warehouse=Taipei] .o_scm_slotting_bar').wait_for()
    phone.shot('warehouse-slotting-phone')
    assert phone.overflow() <= 0
    phone.check()
