"""The return desk with its clocks, and an inspection at a desk and on a phone."""


def test_the_desk_shows_who_waits(planner, server):
    page = planner.open('return-desk')
    page.locator('.o_scm_return_desk .o_scm_return_clock').first.wait_for()
    planner.shot('aftersales-desk')
    calls = server.xmlrpc('planner')
    late = calls.call('scm.return', 'search_count', [('is_overdue', '=', True), ('state', '=', 'requested')])
    column = page.locator('.o_kanban_group').first
    assert column.locator('.o_scm_return_clock.is-over').count() == late > 0
    column.locator('.o_kanban_record').first.click()
    page.locator('.o_scm_return_timeline').wait_for()
    planner.shot('aftersales-return-form')


def test_a_unit_is_inspected_on_a_phone(phone, server):
    calls = server.xmlrpc('planner')
    [request] = calls.call('scm.return', 'search', [('state', '=', 'received')], limit=1)
    [row] = calls.call('scm.return', 'read', [request], fields=['name'])
    page = phone.open('return-inspection')
    page.locator('.o_scm_inspect_card').first.wait_for()
    phone.shot('aftersales-inspection-home-phone')
    page.fill('.o_scm_inspect_scan', row['name'])
    page.press('.o_scm_inspect_scan', 'Enter')
    page.locator('.o_scm_inspect_entry [data-grade=B]').click()
    page.locator('.o_scm_inspect_causes [data-cause]').first.click()
    phone.shot('aftersales-inspection-phone')
    assert phone.overflow() <= 0
    left = calls.call('scm.return', 'inspection_data', [request])['lines'][0]['left']
    page.locator('.o_scm_inspect_save').click()
    page.locator('.o_scm_inspect_line .o_scm_grade.is-B.badge').first.wait_for()
    line = calls.call('scm.return', 'inspection_data', [request])['lines'][0]
    assert line['left'] < left and line['graded']['B'] > 0
    assert line['inspections'][0]['cause']
