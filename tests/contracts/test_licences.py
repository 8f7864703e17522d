"""Licences and dependencies are said, in the manifest and in docs/dependencies.md."""
import re

AGPL = {'scm_aftersales_helpdesk'}


def test_licence(addon):
    assert addon.manifest['license'] == ('AGPL-3' if addon.name in AGPL else 'LGPL-3')


def test_python_dependencies_are_documented(addon, root):
    text = (root / 'docs' / 'dependencies.md').read_text()
    for package in addon.manifest.get('external_dependencies', {}).get('python', []):
        assert re.search(rf'^\| {re.escape(package)} \|', text, re.M), f'docs/dependencies.md does not name {package}'


def test_imported_packages_are_declared(addon, addons):
    declared = set(addon.manifest.get('external_dependencies', {}).get('python', []))
    for below in addon.manifest['depends']:
        if below in addons:
            declared |= set(addons[below].manifest.get('external_dependencies', {}).get('python', []))
    used = {package for path in addon.python_files() if 'tests' not in path.parts
            for package in re.findall(r'^\s*(?:import|from) (numpy|pandas|scipy|statsmodels|holidays|xlrd|openpyxl)\b',
                                      path.read_text(), re.M)}
    assert used <= declared, f'{addon.name} uses {used - declared} without declaring it'
