"""Every view of every menu of ours opens without an error: some mistakes show only in the browser."""
import pytest

playwright = pytest.importorskip('playwright.sync_api')


@pytest.fixture(scope='module')
def actions(server):
    """[(menu path, id of its window action, view types, id of a record or None)] below our root menu."""
    admin = server.xmlrpc('admin')
    root = admin.call('ir.model.data', 'search_read', fields=['res_id'],
                      domain=[('module', '=', 'scm_base'), ('name', '=', 'scm_menu_root')])[0]['res_id']
    menus = admin.call('ir.ui.menu', 'search_read', fields=['complete_name', 'action'],
                       domain=[('id', 'child_of', root), ('action', '!=', False)])
    numbers = {}
    for menu in menus:
        model, number = menu['action'].split(',')
        if model == 'ir.actions.act_window':
            # one action below two menus shows the same
            numbers.setdefault(int(number), menu['complete_name'])
    actions = admin.call('ir.actions.act_window', 'read', list(numbers), fields=['view_mode', 'res_model'])
    one = {model: next(iter(admin.call(model, 'search', domain=[], limit=1)), None)
           for model in {action['res_model'] for action in actions if 'form' in action['view_mode']}}
    return [(numbers[action['id']], action['id'], action['view_mode'].split(','), one.get(action['res_model']))
            for action in actions]


def test_there_are_menus(actions):
    assert len(actions) > 8


def test_each_view_opens(actions, screens):
    screen, broken = screens('admin'), []
    screen.open('supply-chain')
    for name, number, views, record in actions:
        for view in views:
            if view == 'form' and not record:
                continue
            screen.errors.clear()
            try:
                screen.act(number, view, record if view == 'form' else None, settled=False)
                screen.check()
            except (AssertionError, playwright.Error) as problem:
                said = '; '.join(screen.errors) or str(problem)
                broken.append(f'{name} ({view}): {said[:300]}')
                screen.open('supply-chain')
    assert not broken, '\n'.join(broken)
