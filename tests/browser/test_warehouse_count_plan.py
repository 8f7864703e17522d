"""The count plan and the accuracy of the books: what a warehouse manager sees, also on a phone."""

PHONE = {"width": 390, "height": 844}


def test_accuracy_says_where_and_why(screens):
    shown = screens("warehouse")
    page = shown.open("scm-stock-accuracy")
    tiles = page.locator(".o_scm_count_tile")
    assert tiles.count() == 5
    assert "%" in page.locator(".o_scm_count_big").inner_text()
    assert page.locator("[data-card=cause] tbody tr").count() >= 4
    zones = page.locator("[data-card=zone_id] tbody tr")
    assert zones.count() >= 4
    shown.shot("warehouse-count-accuracy")
    page.locator(".o_scm_count_warehouse").select_option(label="Taipei")
    shown.settle()
    assert 2 <= zones.count() <= 3
    page.locator("[data-days='30']").click()
    shown.settle()
    page.locator("[data-days='90']").click()
    shown.settle()
    page.locator(".o_scm_count_improve").first.click()
    shown.settle()
    page.wait_for_selector(".o_form_view [name=scm_zone_id]")
    shown.open("scm-stock-accuracy")
    zones.first.locator("button").first.click()
    shown.settle()
    assert page.locator(".o_list_view .o_data_row").count() > 10
    shown.check()


def test_the_plan_explains_each_count_and_stands_when_made_again(screens):
    shown = screens("warehouse")
    page = shown.open("scm-count-plan")
    groups = page.locator(".o_group_header")
    before = groups.all_inner_texts()
    assert len(before) >= 8
    rows = page.locator(".o_data_row")
    for _attempt in range(3):  # a click on a list that is still being drawn is lost
        if not rows.count():
            groups.first.locator(".o_group_name").click()
            shown.settle()
    page.locator(".o_data_row [name=why] button").first.click()
    page.wait_for_selector(".o_popover, .modal")
    assert "value × " in page.locator(".o_popover, .modal").first.inner_text()
    page.wait_for_timeout(400)  # the bubble fades in
    shown.shot("warehouse-count-plan")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Plan Now").click()
    shown.settle()
    assert [text.split("\n")[0] for text in groups.all_inner_texts()] == [text.split("\n")[0] for text in before]
    shown.act("scm_warehouse.scm_count_plan_action", "calendar")
    assert page.locator(".o_calendar_view .fc-event").count() > 5
    for action, view in (
        ("scm_count_accuracy_action", "pivot"),
        ("scm_count_accuracy_action", "graph"),
        ("scm_count_rule_action", "list"),
        ("scm_count_plan_run_action", "list"),
    ):
        shown.act(f"scm_warehouse.{action}", view)
    shown.check()


def test_on_a_phone_nothing_is_wider_than_the_screen(screens):
    shown = screens("warehouse", PHONE)
    page = shown.open("scm-stock-accuracy")
    page.wait_for_selector(".o_scm_count_tile")
    assert shown.overflow() <= 0
    shown.shot("warehouse-count-accuracy-phone")
    shown.check()
