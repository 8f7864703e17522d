"""Documents hold together: links, anchors and pictures exist, every picture is used, every addon explains itself."""
import re
from xml.etree import ElementTree

import pytest

LINK = re.compile(r'!?\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)')
CODE = re.compile(r'^```.*?^```|`[^`\n]*`', re.M | re.S)
LARGEST = 200_000  # bytes of a picture


def pages(root):
    return [*sorted(root.glob('*.md')), *sorted((root / 'docs').rglob('*.md'))]


def anchors(path):
    """Anchors of a page as GitHub makes them of its headings."""
    found = set()
    for line in CODE.sub(lambda code: code.group() if code.group().startswith('`') and '\n' not in code.group() else '',
                         path.read_text()).splitlines():
        if heading := re.match(r'#+\s+(.*)', line):
            words = re.sub(r'[^\w\- ]', '', heading.group(1).strip().lower())
            found.add(words.replace(' ', '-'))
    return found


def test_links_lead_somewhere(root):
    dead = []
    for page in pages(root):
        for target in LINK.findall(CODE.sub('', page.read_text())):
            if re.match(r'[a-z]+:', target):
                continue
            path, _, anchor = target.partition('#')
            goal = (page.parent / path).resolve() if path else page
            if not goal.exists():
                dead.append(f'{page.relative_to(root)}: {target}')
            elif anchor and goal.suffix == '.md' and anchor not in anchors(goal):
                dead.append(f'{page.relative_to(root)}: no heading for {target}')
    assert not dead, '\n'.join(dead)


def test_pictures_are_used_and_small(root):
    text = '\n'.join(page.read_text() for page in pages(root))
    pictures = sorted((root / 'docs' / 'images').glob('*.png'))
    assert pictures
    unused = [one.name for one in pictures if f'images/{one.name}' not in text]
    large = [f'{one.name}: {one.stat().st_size // 1000} kB' for one in pictures if one.stat().st_size > LARGEST]
    assert not unused, f'No page shows {", ".join(unused)}'
    assert not large, ', '.join(large)


def test_every_addon_has_icon_and_readme(addon):
    assert (addon.path / 'static' / 'description' / 'icon.png').is_file()
    assert (addon.path / 'README.rst').stat().st_size > 120


@pytest.mark.parametrize('name', ['README.md', 'README.zh_TW.md', 'README.zh_CN.md'])
def test_readmes_name_each_other_and_the_same_pictures(root, name):
    text = (root / name).read_text()
    others = {'README.md', 'README.zh_TW.md', 'README.zh_CN.md'} - {name}
    assert all(f']({other})' in text for other in others)
    assert re.findall(r'docs/images/[\w-]+\.png', text) == re.findall(
        r'docs/images/[\w-]+\.png', (root / 'README.md').read_text())


def test_each_picture_is_in_the_table_of_the_script(root, monkeypatch):
    monkeypatch.syspath_prepend(root / 'tools')
    table = pytest.importorskip('screenshots.table')
    named = [*(one.name for one in table.PAGES), *table.TESTS, *table.BY_HAND]
    assert len(named) == len(set(named))
    assert set(named) == {one.stem for one in (root / 'docs' / 'images').glob('*.png')}


def scheduled(addon):
    """Rows of the operations guide for the scheduled actions of an addon."""
    for path in sorted((addon.path / 'data').glob('*.xml')):
        for record in ElementTree.parse(path).iter('record'):
            if record.get('model') == 'ir.cron':
                values = {one.get('name'): one.text or one.get('eval') for one in record.findall('field')}
                number, unit = int(values['interval_number']), values['interval_type']
                every = f'{number} {unit}' if number > 1 else unit[:-1]
                yield f'| {values["name"]} | {every} | {addon.name} |'


def test_scheduled_actions_are_in_the_operations_guide(addons, root):
    rows = {row for addon in addons.values() for row in scheduled(addon)}
    text = (root / 'docs' / 'operations.md').read_text()
    table = set(re.findall(r'^\| .* \| scm_\w+ \|$', text, re.M))
    assert len(rows) > 40
    assert rows == table, 'docs/operations.md, "Every scheduled action": add ' + '\n'.join(
        sorted(rows - table)) + '\nremove ' + '\n'.join(sorted(table - rows))
