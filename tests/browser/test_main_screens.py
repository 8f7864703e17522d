"""The main job as a planner does it, on a desk and on a phone."""
import re

NUMBER = re.compile(r'\d')


def open_plan(screen):
    page = screen.open('replenishment-plan')
    page.wait_for_selector('.o_list_view .o_data_row')
    return page


def test_overview_shows_what_needs_a_decision(planner):
    page = planner.open('supply-chain')
    card = page.locator('[data-card]').first
    card.wait_for()
    planner.shot('overview')
    assert page.locator('[data-card]').count() >= 5
    assert NUMBER.search(page.locator('[data-severity=critical]').inner_text())
    card.click()
    page.wait_for_selector('.o_list_view, .o_kanban_view, .o_graph_view')
    planner.settle()


def test_plan_lists_what_to_order(planner):
    page = open_plan(planner)
    planner.shot('plan')
    assert page.locator('.o_facet_value', has_text='To Order').count() == 1
    assert page.locator('.o_data_row').count() > 20


def test_a_number_says_why(planner):
    page = open_plan(planner)
    page.locator('.o_data_row .o_scm_why').first.click()
    why = page.locator('.o_scm_why_content')
    why.wait_for()
    planner.shot('why')
    text = why.inner_text()
    assert 'lead time' in text.lower()
    assert len(why.locator('tr').all()) > 5
    page.keyboard.press('Escape')


def test_replenish_orders_once(planner, server):
    client = server.xmlrpc('planner')

    def ordered(product):
        return sum(line['product_qty'] for line in client.call(
            'purchase.order.line', 'search_read', fields=['product_qty'],
            domain=[('state', '=', 'draft'), ('product_id', '=', product)]))

    best = client.call('scm.policy.proposal', 'search_read', fields=['product_id', 'qty_to_order'], limit=1,
                       domain=[('qty_to_order', '>', 0), ('supply', '=', 'buy')], order='order_value desc')[0]
    product, before = best['product_id'][0], ordered(best['product_id'][0])
    page = planner.open(f'replenishment-plan/{best["id"]}')
    page.get_by_role('button', name='Replenish').click()
    planner.settle()
    planner.shot('rfq')
    assert ordered(product) >= before + best['qty_to_order']
    page = planner.open(f'replenishment-plan/{best["id"]}')
    assert not page.get_by_role('button', name='Replenish').is_visible(), 'what is on order is not ordered again'


def test_apply_and_undo(planner, server):
    page = planner.open('replenishment-plan')
    page.locator('.o_facet_remove').first.click()
    page.wait_for_selector('.o_data_row')
    planner.settle()
    client = server.xmlrpc('planner')
    wanted = client.call('scm.policy.proposal', 'search_read', domain=[('state', '=', 'proposed')], limit=1,
                         fields=['min_proposed', 'min_current', 'orderpoint_id'])[0]
    page = planner.open(f'replenishment-plan/{wanted["id"]}')
    page.get_by_role('button', name='Apply Min/Max').click()
    planner.settle()
    after = client.call('scm.policy.proposal', 'read', [wanted['id']], fields=['state', 'orderpoint_id'])[0]
    rule = client.call('stock.warehouse.orderpoint', 'read', [after['orderpoint_id'][0]],
                       fields=['product_min_qty'])[0]
    assert (after['state'], rule['product_min_qty']) == ('applied', wanted['min_proposed'])
    planner.shot('proposal')
    page.get_by_role('button', name='Undo').click()
    planner.settle()
    assert client.call('scm.policy.proposal', 'read', [wanted['id']], fields=['state'])[0]['state'] != 'applied'


def test_forecast_of_a_product_draws_its_history(planner, server):
    client = server.xmlrpc('planner')
    best = client.call('scm.forecast', 'search_read', domain=[('pattern', '=', 'smooth')], limit=1,
                       order='mean_week desc', fields=['product_id'])[0]
    page = planner.open(f'scm-product-forecast/{best["product_id"][0]}')
    page.wait_for_selector('.o_scm_forecast_canvas canvas')
    page.wait_for_timeout(800)
    planner.shot('forecast')
    painted = page.evaluate("""() => {
        const canvas = document.querySelector('.o_scm_forecast_canvas canvas');
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const colours = new Set();
        for (let i = 0; i < data.length; i += 40) colours.add(data[i] + ',' + data[i + 1] + ',' + data[i + 2]);
        return colours.size;
    }""")
    assert painted > 10
    assert page.locator('.o_scm_forecast_table tbody tr').count() >= 26


def test_override_needs_a_reason_and_is_kept(planner, server):
    client = server.xmlrpc('planner')
    best = client.call('scm.forecast', 'search_read', domain=[('pattern', '=', 'smooth')], limit=1,
                       order='mean_week desc', fields=['product_id'])[0]
    page = planner.open(f'scm-product-forecast/{best["product_id"][0]}')
    page.locator('.o_scm_forecast_table tbody tr input').nth(3).fill('321')
    page.locator('.o_scm_forecast_table tbody tr input').nth(3).press('Tab')
    page.fill('.o_scm_forecast_reason', 'Large tender agreed')
    page.click('.o_scm_forecast_save')
    planner.settle()
    kept = client.call('scm.forecast.line', 'search_read', fields=['override_reason'],
                       domain=[('quantity_override', '=', 321)])
    assert [line['override_reason'] for line in kept] == ['Large tender agreed']


def test_settings_open(screens):
    screen = screens('admin')
    page = screen.open('settings')
    page.locator('.settings_tab .tab', has_text='Supply Chain').click()
    page.wait_for_selector('#scm_class_window')
    screen.shot('settings')
    screen.check()


def test_phone_shows_overview_and_plan_without_scrolling_sideways(phone):
    phone.open('supply-chain').wait_for_selector('[data-card]')
    phone.shot('phone-overview')
    assert phone.overflow() <= 0
    phone.open('replenishment-plan').wait_for_selector('.o_kanban_record, .o_data_row')
    phone.shot('phone-plan')
    assert phone.overflow() <= 0


def test_viewer_sees_and_cannot_apply(screens):
    screen = screens('viewer')
    page = open_plan(screen)
    page.locator('.o_data_row .o_list_record_selector input').first.check()
    assert not page.get_by_role('button', name='Replenish').count()
    screen.check()


def test_traditional_chinese(screens, server):
    client = server.xmlrpc('buyer')
    client.call('res.users', 'write', [client.user_id], vals={'lang': 'zh_TW'})
    try:
        screen = screens('buyer')
        page = screen.open('supply-chain')
        page.wait_for_selector('[data-card]')
        screen.shot('overview-zh')
        text = page.locator('.o_action_manager').inner_text()
        assert len(re.findall(r'[\u4e00-\u9fff]', text)) > 40
        screen.check()
    finally:
        client.call('res.users', 'write', [client.user_id], vals={'lang': 'en_US'})
