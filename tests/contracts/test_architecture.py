"""Who may import whom, and what a kernel may touch."""
import ast
import re

import pytest

# Arrows point down: each addon of ours, and those of ours that it may stand on.
MAY_DEPEND_ON = {
    'scm_base': set(),
    'scm_planning': {'scm_base'},
    'scm_planning_mrp': {'scm_planning'},
    'scm_queue_job': {'scm_planning'},
    'scm_planning_loyalty': {'scm_planning'},
    'scm_supplier_eval': {'scm_base'},
    'scm_logistics': {'scm_base'},
    'scm_warehouse': {'scm_base'},
    'scm_aftersales': {'scm_base', 'scm_logistics'},
    'scm_analytics': {'scm_planning', 'scm_supplier_eval', 'scm_warehouse', 'scm_logistics', 'scm_aftersales'},
    'scm_planning_warehouse': {'scm_planning', 'scm_warehouse'},
    'scm_logistics_warehouse': {'scm_logistics', 'scm_warehouse'},
    'scm_aftersales_warehouse': {'scm_aftersales', 'scm_warehouse'},
    'scm_aftersales_supplier_eval': {'scm_aftersales', 'scm_supplier_eval'},
    'scm_aftersales_helpdesk': {'scm_aftersales'},
    'scm_planning_supplier_eval': {'scm_planning', 'scm_supplier_eval'},
}
KERNEL_MAY_IMPORT = {
    '__future__', 'base64', 'bisect', 'codecs', 'collections', 'contextlib', 'csv', 'dataclasses', 'datetime',
    'difflib', 'enum', 'functools', 'hashlib', 'hmac', 'holidays', 'html', 'io', 'itertools', 'jieba', 'json',
    'math', 'numpy', 'openpyxl', 'operator', 'os', 'pandas', 'pyvrp', 're', 'scipy', 'sklearn', 'statsmodels',
    'string', 'struct', 'typing', 'unicodedata', 'warnings', 'xlrd', 'xml', 'zipfile', 'zlib',
}
WALL_CLOCK = {'today', 'now', 'utcnow', 'time', 'monotonic', 'localtime'}


def imports(path):
    """(level, top package, whole dotted name) of each import in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name.split('.')[0], alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ''
            yield node.level, module.split('.')[0], module


def test_arrows_point_down(addon, addons):
    assert addon.name in MAY_DEPEND_ON, f'{addon.name} is new: say here what it may stand on'
    ours = set(addon.manifest['depends']) & set(addons)
    assert ours <= MAY_DEPEND_ON[addon.name]


def test_no_addon_imports_a_sibling_it_does_not_depend_on(addon, addons):
    allowed = MAY_DEPEND_ON[addon.name] | {addon.name}
    for below in set(allowed):
        allowed |= MAY_DEPEND_ON[below]
    for path in addon.python_files():
        for _level, _top, name in imports(path):
            found = re.match(r'odoo\.addons\.(scm_\w+)', name)
            assert not found or found[1] in allowed, f'{path} imports {found[1]}'


def test_kernels_are_pure(addon):
    for path in addon.python_files('kernel'):
        for level, top, name in imports(path):
            assert level or top in KERNEL_MAY_IMPORT, f'{path}: a kernel does not import {name}'


def test_kernels_do_not_read_the_clock(addon):
    for path in addon.python_files('kernel'):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WALL_CLOCK:
                owner = ast.unparse(node.func.value)
                assert owner.split('.')[-1] not in {'date', 'datetime', 'time', 'Timestamp'}, \
                    f'{path}:{node.lineno} reads the clock; take the date as an argument'


@pytest.mark.parametrize('slip', [
    r'_sql_constraints', r'name_get\(', r'\bcr\.commit\(\)', r'date\.today\(\)', r'datetime\.today\(\)',
])
def test_no_silent_slips_in_models(addon, slip):
    for path in addon.python_files():
        assert not re.search(slip, path.read_text()), f'{path}: {slip}'


def test_no_dead_view_markup(addon):
    for path in addon.path.rglob('*.xml'):
        text = path.read_text()
        for slip in ('<tree', 'attrs="', 'kanban-box', 't-esc='):
            assert slip not in text, f'{path}: {slip}'


def test_templates_call_what_owl_knows(addon):
    """In a template every other name is looked up in the component: Number(x) fails on the first click."""
    for path in (addon.path / 'static').rglob('*.xml'):
        found = re.search(r'(?<![.\w])(Number|parseInt|parseFloat|Boolean|String|JSON|isNaN)[(.]', path.read_text())
        assert not found, f'{path}: {found[0]} is no name of an OWL template'
