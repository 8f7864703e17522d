"""The cause explorer at a desk and on a phone."""


def test_from_a_figure_to_its_returns(planner):
    page = planner.open('scm-cause-explorer')
    page.locator('.o_scm_causes_rate').wait_for()
    page.locator('.o_scm_causes_bar').first.wait_for()
    planner.shot('aftersales-cause-explorer')
    page.locator('[data-measure=units]').click()
    page.locator('[data-measure=units].active').wait_for()
    page.locator('[data-by=reason]').click()
    page.locator('[data-by=reason].active').wait_for()
    page.locator('.o_scm_causes_row').first.click()
    page.locator('.o_scm_causes_focus').wait_for()
    planner.shot('aftersales-cause-explorer-narrowed')
    page.locator('.o_scm_causes_bar').first.click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.settle()


def test_on_a_phone(phone):
    page = phone.open('scm-cause-explorer')
    page.locator('.o_scm_causes_rate').wait_for()
    phone.shot('aftersales-cause-explorer-phone')
    assert phone.overflow() <= 0
