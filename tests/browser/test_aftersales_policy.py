"""Policy test bench and proactive care as a supply chain manager uses them."""


def test_the_bench_follows_each_change(planner, server):
    delivered = [('qty_delivered', '>', 0), ('order_id.scm_return_ids', '=', False), ('product_id.type', '=', 'consu')]
    [line] = server.xmlrpc('admin').call(
        'sale.order.line', 'search_read', domain=delivered, fields=['order_id'], order='id DESC', limit=1)
    name = line['order_id'][1].split()[0]
    page = planner.open('return-policy-bench')
    page.wait_for_selector('.o_scm_bench_row')
    country = page.locator('.o_scm_bench_country input')
    country.fill('Taiwan')
    page.locator('.o-autocomplete--dropdown-item', has_text='Taiwan').first.click()
    page.locator('.o_scm_bench_verdict', has_text='Taiwan, 7 days without reason').wait_for()
    planner.settle()
    planner.shot('aftersales-policy-bench')
    page.locator('#o_scm_days').fill('8')
    page.locator('.o_scm_bench_verdict', has_text='A person decides').wait_for()
    taiwan = page.locator('.o_scm_bench_row', has_text='Taiwan, 7 days without reason')
    assert 'day 8' in taiwan.locator('.o_scm_bench_bad').inner_text()
    page.get_by_role('button', name='From an order').click()
    order = page.locator('.o_scm_bench_order input')
    order.fill(name)
    page.locator('.o-autocomplete--dropdown-item', has_text=name).first.click()
    page.locator('.o_scm_bench_row[data-status=match]').wait_for()


def test_care_is_looked_at_before_it_is_sent(planner, server):
    client = server.xmlrpc('planner')
    [rule] = client.call('scm.care.rule', 'search', domain=[('is_on', '=', True)], limit=1)
    page = planner.open(f'care-rules/{rule}')
    page.wait_for_selector('.o_form_view div[name=days_from]')
    planner.settle()
    planner.shot('aftersales-care-rule')
    page.locator('button[name=action_effect]').click()
    page.wait_for_selector('.o_list_view .o_data_row')
    planner.shot('aftersales-care-effect')
    assert page.locator('.o_data_row').count() >= 4
    page = planner.open('care')
    page.wait_for_selector('.o_list_view')
    planner.settle()
    planner.shot('aftersales-care')
