"""Simulator and policy curve on screen."""

import re

MONEY = re.compile(r"\d{1,3}(,\d{3})+")


def test_result_compares_scenarios(planner):
    page = planner.open("simulation-result")
    cards = page.locator(".o_scm_simulation_card")
    cards.first.wait_for()
    page.wait_for_timeout(300)
    planner.shot("simulator")
    assert cards.count() == 3
    assert page.locator(".o_scm_simulation_card", has_text="Cheapest").count() == 1
    assert MONEY.search(cards.nth(1).inner_text())
    assert page.locator(".o_scm_simulation_row").count() > 20


def test_one_product_day_by_day(planner):
    page = planner.open("simulation-result")
    page.locator(".o_scm_simulation_row").first.click()
    charts = page.locator(".o_scm_replay canvas")
    charts.nth(2).wait_for()
    page.wait_for_timeout(300)
    planner.shot("simulator-product")
    assert "given at once" in page.locator(".o_scm_replay").inner_text()
    page.keyboard.press("Escape")


def test_a_new_simulation_runs(planner):
    page = planner.open("policy-simulator/new")
    page.locator(".o_field_widget[name=name] input").fill("Ten products")
    page.locator(".o_field_widget[name=product_limit] input").fill("10")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".o_scm_simulation_card").nth(2).wait_for(timeout=60_000)
    planner.settle()
    text = page.locator("main").inner_text()
    counts = [int(count) for count in re.findall(r"(\d+) (?:products played|left out)", text)]
    assert sum(counts) == 10, text[:200]


def test_curve_says_what_a_point_costs(planner):
    page = planner.open("policy-curve")
    tiles = page.locator(".o_scm_curve_tile")
    tiles.first.wait_for()
    assert tiles.count() >= 8
    page.locator("[data-policy=BY]").click()
    text = page.locator(".o_scm_curve_point").inner_text()
    assert text.startswith("One more point") and MONEY.search(text)
    page.locator("#o_scm_curve_level").fill("985")
    page.wait_for_timeout(300)
    planner.shot("policy-curve")
    page.get_by_role("button", name="Propose").first.click()
    page.get_by_role("button", name="Change the Policies").click()
    page.locator(".o_list_view button[name=action_undo]").first.wait_for()
    assert "98.5 %" in page.locator(".o_data_row").first.inner_text()
    # it is found in the log later, too
    page = planner.open("inventory-policy-changes")
    page.locator(".o_data_row button[name=action_undo]").first.click()
    planner.settle()
    assert "Undone" in page.locator(".o_data_row").first.inner_text()


def test_on_a_phone(phone):
    for path in ("simulation-result", "policy-curve"):
        phone.open(path)
        assert phone.overflow() <= 0
