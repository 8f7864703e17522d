"""A return that is settled, with its documents and the why of its money."""


def test_a_settled_return_says_why(screens, server):
    manager = screens('admin')
    calls = server.xmlrpc('admin')
    settled = [('state', '=', 'settled'), ('refund_amount', '>', 0)]
    [number] = calls.call('scm.return', 'search', settled, limit=1, order='id DESC')
    page = manager.open(f'scm-returns/{number}')
    page.get_by_text('Money Back').first.wait_for()
    manager.shot('aftersales-settlement')
    page.locator('.o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    assert 'Settlement of the return' in page.locator('.o_scm_why_popover').inner_text()
    page.keyboard.press('Escape')
    page.get_by_role('button', name='Credit Notes').click()
    page.get_by_text('Credit Note').first.wait_for()
    manager.settle()
