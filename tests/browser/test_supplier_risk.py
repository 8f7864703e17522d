"""The risk matrix at a desk and on a phone: the list beside it, and where it leads."""


def test_a_cell_shows_its_suppliers_and_a_supplier_its_page(planner, server):
    server.xmlrpc('planner').call('scm.supplier.risk', 'action_refresh', [])
    page = planner.open('supplier-risk-matrix')
    cell = page.locator('.o_scm_risk_cell:not(:disabled)').first
    cell.wait_for()
    planner.shot('supplier-risk-matrix')
    everybody = page.locator('.o_scm_risk_row').count()
    inside = int(cell.locator('.o_scm_risk_count').inner_text())
    cell.click()
    page.wait_for_selector('.o_scm_risk_chosen')
    planner.settle()
    assert page.locator('.o_scm_risk_row').count() == inside <= everybody
    row = page.locator('.o_scm_risk_row').first
    partner = row.get_attribute('data-partner')
    row.locator('button').first.click()
    page.wait_for_selector('.o_scm_why_popover, .o_scm_why_sheet')
    planner.shot('supplier-risk-why')
    page.keyboard.press('Escape')
    row.locator('a').click()
    page.wait_for_selector(f'.o_scm_supplier_head[data-partner="{partner}"]')
    planner.settle()


def test_lists_open(planner):
    page = planner.open('supplier-risk-matrix')
    page.locator('[data-tile=single]').click()
    page.wait_for_selector('.o_list_view')
    planner.settle()
    planner.shot('supplier-sourcing')
    page = planner.open('backup-suppliers')
    page.wait_for_selector('.o_list_view')
    planner.shot('supplier-backups')


def test_on_a_phone(phone):
    page = phone.open('supplier-risk-matrix')
    page.wait_for_selector('.o_scm_risk_cell')
    phone.shot('supplier-risk-phone')
    assert phone.overflow() <= 0
