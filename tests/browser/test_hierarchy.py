"""Forecast hierarchy and overrides on screen."""


def rows(page):
    return page.locator(".o_scm_hierarchy tbody tr")


def test_groups_can_be_looked_into(planner):
    page = planner.open("forecast-hierarchy")
    rows(page).first.wait_for()
    page.wait_for_timeout(300)
    planner.shot("hierarchy")
    assert rows(page).count() > 3
    # the company first, its warehouses behind it
    page.locator("[data-level=company]").click()
    planner.settle()
    assert rows(page).count() == 1
    rows(page).first.locator("a").click()
    planner.settle()
    assert rows(page).count() == 2
    page.locator("[data-level=product]").click()
    planner.settle()
    assert rows(page).count() == 40
    page.locator("[data-level=region]").click()
    planner.settle()
    assert rows(page).count() >= 1


def test_override_is_seen_before_it_is_kept_and_taken_back(planner):
    page = planner.open("forecast-hierarchy")
    rows(page).first.wait_for()
    # the demo company's own overrides are on the categories that sell most
    rows(page).last.click()
    planner.settle()
    page.locator(".o_scm_override").click()
    page.locator("#scm_override_value").fill("20")
    page.locator("#scm_override_value").press("Tab")
    page.locator(".modal", has_text="+20").wait_for()
    assert page.locator(".o_scm_override_save").is_disabled()
    page.select_option("#scm_override_reason", "promotion")
    planner.shot("hierarchy-override")
    page.locator(".o_scm_override_save").click()
    withdraw = page.get_by_role("button", name="Withdraw")
    withdraw.wait_for()
    withdraw.click()
    withdraw.wait_for(state="detached")


def test_fits_a_phone(phone):
    page = phone.open("forecast-hierarchy")
    rows(page).first.wait_for()
    assert phone.overflow() <= 0
