"""Freight invoices, claims and the carrier scorecard at a desk and on a phone."""


def test_the_scorecard_leads_to_the_parcels_behind_a_figure(planner, server):
    page = planner.open('carrier-scorecard')
    page.locator('.o_scm_carrier').first.wait_for()
    planner.shot('delivery-carrier-scorecard')
    page.locator('.o_scm_carrier .o_scm_why').first.click()
    page.wait_for_selector('.o_scm_why_popover')
    page.keyboard.press('Escape')
    month = page.locator('.o_scm_carrier').first.locator('[data-measure=on_time_rate] .o_scm_last .o_scm_month_hit')
    month.click(force=True)
    page.wait_for_selector('.o_list_view')
    planner.settle()


def test_an_invoice_says_why_it_differs(planner, server):
    calls = server.xmlrpc('planner')
    many = [('difference_count', '>', 2)]
    [invoice] = calls.call('scm.freight.invoice', 'search', many, limit=1, order='claimable DESC')
    page = planner.open(f'freight-invoices/{invoice}')
    page.locator('.o_scm_freight_reason').first.wait_for()
    planner.shot('delivery-freight-invoice')
    for path in ('freight-claims', 'freight-costs', 'freight-differences'):
        planner.open(path)
        planner.shot(f'delivery-{path}')


def test_on_a_phone(phone):
    page = phone.open('carrier-scorecard')
    page.locator('.o_scm_carrier').first.wait_for()
    phone.shot('delivery-carrier-scorecard-phone')
    assert phone.overflow() <= 0
