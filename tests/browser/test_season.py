"""The season board as a planner uses it."""


def test_season_board(planner):
    page = planner.open('scm-season')
    page.wait_for_selector('.o_scm_season_demand canvas')
    planner.shot('season')
    assert page.locator('.o_scm_season_band[data-kind=feast]').count() >= 3
    assert page.locator('.o_scm_season_band[data-kind=shutdown]').count() >= 1
    assert page.locator('.o_scm_season_row').count() >= 1
    page.locator('.o_scm_season_band', has_text='Lunar New Year').first.click()
    page.wait_for_selector('.o_scm_season_detail h3')
    planner.shot('season-event')
    assert 'Lunar New Year' in page.locator('.o_scm_season_detail').inner_text()
    page.locator('.o_scm_season_money').click()
    page.locator('.o_scm_season_horizons button').last.click()
    planner.settle()
    page.locator('.o_scm_season_row').first.click()
    page.wait_for_selector('.o_list_view')
    planner.settle()


def test_promotions_found(planner):
    page = planner.open('scm-promotions')
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.shot('promotions')
    assert page.locator('.o_data_row .o_scm_why').count() >= 1
