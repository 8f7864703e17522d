"""The morning list at a desk and on a phone, and a disruption from its list to what it did."""


def test_morning_list_shows_one_cause_at_a_time(planner, server):
    page = planner.open('morning-list')
    cards = page.locator('.o_scm_morning_card')
    cards.first.wait_for()
    planner.shot('delivery-morning-list')
    cause = cards.first.get_attribute('data-cause')
    count = int(cards.first.locator('.fs-3').inner_text().replace(',', ''))
    cards.first.click()
    planner.settle()
    summary = server.xmlrpc('planner').call('scm.parcel', 'morning_summary')
    assert {one['cause']: one['count'] for one in summary['causes']}[cause] == count
    assert page.locator('.o_group_header').count() == 1
    page.locator('.o_group_header').first.click()
    page.wait_for_selector('.o_data_row')


def test_a_disruption_lists_whom_it_meets(planner):
    page = planner.open('disruptions')
    page.locator('.o_kanban_record:not(.o_kanban_ghost)').first.click()
    page.wait_for_selector('.o_form_view')
    planner.settle()
    planner.shot('delivery-disruption')
    assert page.locator('[name=impact_ids] .o_data_row').count() > 0
    page = planner.open('delivery-messages')
    page.wait_for_selector('.o_list_view')
    planner.shot('delivery-messages')


def test_morning_list_on_a_phone(phone):
    page = phone.open('morning-list')
    page.wait_for_selector('.o_kanban_view')
    phone.shot('delivery-morning-list-phone')
    assert phone.overflow() <= 0
