"""Stress test of a supplier on screen, at a desk and on a phone."""

import re

MONEY = re.compile(r"\d{1,3}(,\d{3})+")


def test_the_last_test_is_shown(planner):
    page = planner.open("stress-test")
    page.locator(".o_scm_stress_row").first.wait_for()
    page.wait_for_timeout(300)
    planner.shot("supplier-stress-test")
    assert int(page.locator("[data-figure=hit]").inner_text().split()[0]) > 5
    assert MONEY.search(page.locator(".o_scm_stress_figure").nth(1).inner_text())
    assert page.locator(".o_scm_stress_canvas canvas").is_visible()


def test_a_longer_stop_costs_more(planner):
    page = planner.open("stress-test")
    page.locator(".o_scm_stress_row").first.wait_for()

    def lost_after(days):
        page.locator("input[name=days]").fill(str(days))
        page.get_by_role("button", name="Test", exact=True).click()
        page.get_by_role("heading", name=f"for {days} days").wait_for()
        return int(re.sub(r"\D", "", page.locator(".o_scm_stress_figure").nth(1).inner_text()))

    assert lost_after(14) < lost_after(90)


def test_nonsense_is_refused_with_words(planner):
    page = planner.open("stress-test")
    page.locator("input[name=date_from]").fill("2020-01-01")
    page.get_by_role("button", name="Test", exact=True).click()
    assert "within the order plan" in page.locator(".alert-danger").inner_text()
