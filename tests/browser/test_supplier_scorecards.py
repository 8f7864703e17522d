"""League table, scorecard page, standing and corrective actions in a real browser."""

import pytest


@pytest.fixture(scope='module')
def cards(server):
    """Published cards of the latest period; the demo company's, else made now."""
    client = server.xmlrpc('planner')
    league = client.call('scm.scorecard', 'get_league')
    if not league['rows']:
        client.call('scm.scorecard.run', 'run_now', wait=True)
        period = client.call('scm.scorecard', 'get_league')['period']
        client.call('scm.scorecard', 'publish_period', date_from=period['date_from'], date_to=period['date_to'])
        league = client.call('scm.scorecard', 'get_league')
    return league['rows']


def test_league_sorts_and_filters(planner, cards):
    page = planner.open('supplier-league')
    page.wait_for_selector('.o_scm_league_row')
    assert page.locator('.o_scm_league_row').count() == len(cards)
    planner.shot('supplier-league')
    assert planner.overflow() == 0
    page.locator('th a', has_text='Trend').click()
    planner.settle()
    page.locator('.o_scm_league_search').fill(cards[0]['name'][:6])
    page.wait_for_function('count => document.querySelectorAll(".o_scm_league_row").length < count', arg=len(cards))
    assert cards[0]['name'] in page.locator('.o_scm_league_row').first.inner_text()
    page.locator('.o_scm_league_row').first.click()
    page.wait_for_selector('.o_scm_measures')
    assert cards[0]['name'] in page.locator('.o_scm_scorecard h1').inner_text()


def test_card_says_why_and_drills(planner, cards):
    page = planner.open(f'supplier-scorecard/{cards[0]["card_id"]}')
    page.wait_for_selector('.o_scm_radar')
    planner.shot('supplier-scorecard')
    assert planner.overflow() == 0
    page.locator('.o_scm_measures .o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_content')
    page.keyboard.press('Escape')
    page.locator('.o_scm_drill').first.click()
    page.wait_for_selector('.o_list_view .o_data_row')


def test_a_manager_decides(planner, cards):
    row = next(card for card in cards if card['standing'])
    page = planner.open(f'supplier-scorecard/{row["card_id"]}')
    page.locator('.o_control_panel button', has_text='Decide').click()
    page.wait_for_selector('.modal [name=kind]')
    page.locator('.modal [name=kind] label', has_text='Eliminate').click()
    page.locator('.modal [name=reason] input').fill('Closed its plant')
    page.locator('.modal button[name=action_decide]').click()
    page.wait_for_selector('text=Eliminated')
    page = planner.open('supplier-standing')
    assert page.locator('.o_data_row', has_text='Eliminated').count() == 1
    planner.shot('supplier-standing')


def test_corrective_actions(planner, cards):
    page = planner.open('corrective-actions')
    page.wait_for_selector('.o_kanban_record')
    planner.shot('supplier-actions')
    page.locator('.o_kanban_record:not(.o_kanban_ghost)').first.click()
    page.wait_for_selector('.o_scm_eight_d [name=d3_containment] textarea')
    planner.shot('supplier-8d')


def test_grades_and_survey_open(planner):
    page = planner.open('supplier-grades')
    page.locator('.o_data_row').first.locator('td[name=name]').click()
    page.wait_for_selector('[name=grade_ids] .o_data_row')
    planner.open('buyer-survey')


@pytest.mark.parametrize('path', ['supplier-league', 'supplier-scorecard', 'corrective-actions'])
def test_on_a_phone(phone, cards, path):
    page = phone.open(path if path != 'supplier-scorecard' else f'{path}/{cards[0]["card_id"]}')
    page.wait_for_selector('.o_scm_league_row, .o_scm_measures, .o_kanban_record')
    phone.shot(f'{path}-phone')
    assert phone.overflow() == 0
