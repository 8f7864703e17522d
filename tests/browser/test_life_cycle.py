"""New and ending products, and weeks of history that do not belong, as a planner sees and decides them."""


def test_like_item_is_chosen_among_three(planner, server):
    page = planner.open('scm-life-cycle')
    page.wait_for_selector('.o_kanban_record')
    planner.shot('life-cycle')
    assert page.locator('.o_kanban_group').count() == 4
    page.locator('.o_kanban_record', has_text='To confirm').first.click()
    cards = page.locator('.o_scm_like_item [data-product]')
    cards.first.wait_for()
    planner.settle()
    planner.shot('life-cycle-new')
    assert cards.count() == 3
    assert page.locator('.o_scm_like_canvas canvas').bounding_box()['width'] > 600
    chosen = int(cards.nth(1).get_attribute('data-product'))
    cards.nth(1).get_by_role('button', name='Sell like this').click()
    page.locator('.o_scm_like_item .text-success', has_text='Confirmed').wait_for()
    line_id = int(page.url.rstrip('/').split('/')[-1].split('?')[0])
    client = server.xmlrpc('planner')
    [line] = client.call('scm.product.lifecycle', 'read', [line_id], fields=['like_product_id', 'like_state'])
    assert (line['like_product_id'][0], line['like_state']) == (chosen, 'confirmed')


def test_product_that_ends_says_what_to_buy_and_what_remains(planner):
    page = planner.open('scm-life-cycle')
    page.locator('.o_kanban_record', has_text='Last day of sale').first.click()
    page.wait_for_selector('.o_form_view [name=last_buy_quantity]')
    planner.settle()
    planner.shot('life-cycle-end')
    assert page.locator('.o_form_view [name=remaining_quantity]').is_visible()
    page.locator('.o_form_view .o_scm_why').first.click()
    assert 'last order' in page.locator('.o_scm_why_content').inner_text().lower()
    page.keyboard.press('Escape')


def test_raw_and_cleaned_history_side_by_side(planner):
    page = planner.open('scm-history-corrections')
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.shot('history-corrections')
    page.locator('.o_data_row', has_text='Applied').first.locator('button[name=action_open_chart]').click()
    page.wait_for_selector('.o_scm_history')
    planner.settle()
    page.locator('.o_scm_forecast_sides').get_by_role('button', name='Cleaned').click()
    planner.settle()
    planner.shot('history-cleaned')
    row = page.locator('.o_scm_history tr', has_text='Applied').first
    row.get_by_role('button', name='Undo').click()
    page.locator('.o_scm_history tr', has_text='Undone').first.wait_for()
    row = page.locator('.o_scm_history tr', has_text='Undone').first
    row.get_by_role('button', name='Own value').click()
    row.locator('input[type=number]').fill('7')
    row.locator('input[type=text]').fill('Counted twice')
    row.get_by_role('button', name='Save').click()
    page.locator('.o_scm_history tr', has_text='Applied').first.wait_for()
    planner.settle()


def test_life_cycle_on_a_phone(phone):
    page = phone.open('scm-life-cycle')
    page.wait_for_selector('.o_kanban_record')
    assert phone.overflow() <= 0
