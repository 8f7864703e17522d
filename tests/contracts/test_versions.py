"""What changed since the last release says so in its version: Odoo runs migrations by it, and people ask for it."""
import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Nothing of these reaches a database
ASIDE = [f':(exclude,glob)addons/*/{part}/**' for part in ('tests', 'readme', 'static/description')]


def git(*arguments):
    return subprocess.run(['git', *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def released():
    """(tag, {addon: its manifest's version}) of the last release behind this commit; nothing without a tag."""
    tags = git('tag', '--list', '19.0.*', '--merged', 'HEAD', '--sort=-version:refname').stdout.split()
    for tag in tags[:1]:
        folders = git('ls-tree', '--name-only', tag, 'addons/').stdout.split()
        return tag, {folder.split('/')[1]: version(git('show', f'{tag}:{folder}/__manifest__.py').stdout)
                     for folder in folders}
    return None, {}


def version(manifest):
    return tuple(int(part) for part in ast.literal_eval(manifest)['version'].split('.'))


def test_what_changed_since_the_last_release_has_a_higher_version():
    tag, before = released()
    if not tag:
        pytest.skip('This clone has no tag of a release: git fetch --tags --unshallow')
    late = []
    for name, old in before.items():
        changed = git('diff', '--quiet', tag, 'HEAD', '--', f'addons/{name}', *ASIDE).returncode
        if changed and version((ROOT / 'addons' / name / '__manifest__.py').read_text()) <= old:
            late.append(name)
    assert not late, f'Changed since {tag}: give {", ".join(late)} a higher version'
