"""Main pages without serious findings of axe-core (WCAG 2.1 A and AA), and phone pages for thumbs.

The pages are read from the registry: each client action of ours is looked at, so that a new one cannot be forgotten.
What is not ours is left out: Odoo's search bar, the avatar and the input of its record selectors, its list renderer.
"""
from functools import cache
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, PublicScreen
from tests.integration import adapter

axe = pytest.importorskip('axe_playwright_python')

# Odoo's own elements, which our pages only use: no text beside an avatar, an attribute that its input may not have
SHELL = ('.o_searchview', '.o_cp_switch_buttons', '.o_pager', '.o_breadcrumb', '.o_m2o_avatar',
         '.o-autocomplete--input')
# On a phone: what people in the aisle, drivers and customers use
FLOOR = ('scm_warehouse.count', 'scm_warehouse.safety_round', 'scm_warehouse.packing', 'scm_aftersales.inspection')
THUMB = 44  # px, target size of WCAG 2.1 (2.5.5)
# Links within a sentence may be small (2.5.5 says so), hidden inputs have a label of their own, Odoo's bar is Odoo's
SMALL = """(root, least) => [...document.querySelectorAll(
        `${root} :is(button, select, textarea, summary, a.btn, input:not([type=hidden], [type=file]))`)]
    .filter((one) => !one.closest('.o_control_panel, header, footer, .o_searchview'))
    .map((one) => [one, (one.matches('[type=checkbox], [type=radio]') && one.labels[0] || one).getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height > 1 && getComputedStyle(one).visibility !== 'hidden')
    .filter(([, box]) => box.height < least - 0.5)
    .map(([one, box]) => `${one.tagName}.${one.className} ${Math.round(box.height)} px: ${one.innerText}`)"""
CHECK = """([include, exclude]) => axe.run({ include, exclude }, {
        resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    .then(({ violations }) => violations.filter((one) => ['serious', 'critical'].includes(one.impact)).flatMap((one) =>
        one.nodes.slice(0, 3).map((node) => [one.id, node.html.slice(0, 160), ...node.any.map((why) => why.message)])))
    .then((found) => found.map((parts) => parts.join(' ')))"""
LINKS = """
Parcel = env["scm.parcel"]
late = Parcel.search([("is_late", "=", True), ("is_final", "=", False), ("sale_ids", "!=", False)], limit=1)
done = Parcel.search([("status", "=", "delivered"), ("direction", "=", "out"), ("sale_ids", "!=", False)],
                     order="id desc", limit=200).filtered(lambda one: one.sale_ids[:1]._scm_may_return())[:1]
back = env["scm.return"].search([("state", "not in", ["draft", "cancelled"])], order="id desc", limit=1)
back._portal_ensure_token()
vendor = env["res.users"].search([("login", "=", "vendor")]).commercial_partner_id
card = env["scm.scorecard"].search([("partner_id", "=", vendor.id), ("state", "!=", "draft")], limit=1)
action = env["scm.improvement"].search([("partner_id", "=", vendor.id)], limit=1)
result = {
    "customer": ["/track", f"/track/{late.id}/{late._public_token()}",
                 f"/track/{done.id}/{done._public_token()}/return",
                 f"/my/returns/{back.id}?access_token={back.access_token}"],
    "vendor": ["/my/promises?show=open", "/my/scorecards", f"/my/scorecards/{card.id}", "/my/corrective-actions",
               f"/my/corrective-actions/{action.id}", "/my/qualifications"],
}
"""


@cache
def program():
    return (Path(axe.__file__).parent / 'axe.min.js').read_text()


def findings(page, include):
    if not page.evaluate('!!window.axe'):
        page.evaluate(program())
    return page.evaluate(CHECK, [[include], [[one] for one in SHELL if page.query_selector(one)]])


@pytest.fixture(scope='module')
def pages(server):
    """{path: (id of the client action, tag)} of our addons."""
    admin = server.xmlrpc('admin')
    ours = admin.call('ir.model.data', 'search_read', fields=['res_id'],
                      domain=[('module', '=like', 'scm\\_%'), ('model', '=', 'ir.actions.client')])
    actions = admin.call('ir.actions.client', 'read', [one['res_id'] for one in ours], fields=['tag', 'path', 'name'])
    assert len(actions) > 30
    return {one['path'] or one['name']: (one['id'], one['tag']) for one in actions}


@pytest.fixture(scope='module')
def links(server):
    return adapter.shell(server.database, LINKS)


def open_action(screen, number):
    screen.act(number, None)
    screen.page.wait_for_function("!document.querySelector('.o_action_manager :is(.fa-spin, .spinner-border)')")


def test_each_page_of_ours(pages, screens):
    screen, found = screens('admin'), []
    screen.open('supply-chain')
    for path, (number, _tag) in sorted(pages.items()):
        open_action(screen, number)
        found += [f'{path}: {one}' for one in findings(screen.page, '.o_action_manager')]
    assert not found, '\n'.join(found)


def test_pages_of_the_floor_on_a_phone(pages, screens):
    screen, found = screens('warehouse', PHONE), []
    screen.open('supply-chain')
    for path, (number, tag) in sorted(pages.items()):
        open_action(screen, number)
        if screen.overflow() > 0:
            found.append(f'{path} is {screen.overflow()} px too wide')
        if tag in FLOOR:
            found += [f'{path}: {one}' for one in findings(screen.page, '.o_action_manager')]
            found += [f'{path}: {one}' for one in screen.page.evaluate(f"({SMALL})('.o_action_manager', {THUMB})")]
    assert not found, '\n'.join(found)


@pytest.mark.parametrize('viewport', [PHONE, DESKTOP], ids=['phone', 'desk'])
@pytest.mark.parametrize('who', ['customer', 'vendor'])
def test_pages_of_customers_and_suppliers(chromium, server, links, who, viewport):
    screen, found = PublicScreen(chromium, server, viewport, '#wrap'), []
    if who == 'vendor':
        screen.login('vendor')
    for path in links[who]:
        page = screen.open(path)
        found += [f'{path}: {one}' for one in findings(page, '#wrap')]
        if screen.overflow() > 0:
            found.append(f'{path} is {screen.overflow()} px too wide')
        if viewport is PHONE:
            found += [f'{path}: {one}' for one in page.evaluate(f"({SMALL})('#wrap', {THUMB})")]
    screen.close()
    assert not found, '\n'.join(found)


def test_value_added_leads_to_its_weeks(screens):
    screen = screens('planner')
    page = screen.open('forecast-value-added')
    page.get_by_role('button', name='Reason').click()
    page.locator('tr.o_scm_press').first.wait_for()
    screen.settle()
    screen.shot('value-added')
    page.locator('tr.o_scm_press').first.press('Enter')
    page.wait_for_selector('.o_list_view .o_data_row')
    screen.check()


def test_rows_open_by_keyboard(screens, server):
    """A row that a click opens takes the focus and opens by Enter."""
    screen = screens('planner')
    page = screen.open('forecast-hierarchy')
    row = page.locator('tr.o_scm_press').nth(1)
    row.wait_for()
    row.focus()
    row.press('Enter')
    page.locator('tr.o_scm_press.table-active').nth(0).wait_for()
    assert 'table-active' in row.get_attribute('class')
    screen.check()
