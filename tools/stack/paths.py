"""Where things are kept: downloads in a cache outside the clone, data in .local of the clone."""
import ast
import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from .shell import Stop

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / '.local'
ADDONS = ROOT / 'addons'
REQUIREMENTS = ROOT / 'tools' / 'requirements'
CLONE_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def cache():
    base = os.environ.get('SCM_CACHE') or Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache') / 'scm-suite'
    path = Path(base).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def own_addons():
    """Names of the addons in this repository, as Odoo knows them."""
    return sorted(path.parent.name for path in ADDONS.glob('*/__manifest__.py'))


def needs(addon):
    """Names of the addons that an addon of ours stands on."""
    return ast.literal_eval((ADDONS / addon / '__manifest__.py').read_text())['depends']


def check_disk(needed_gb):
    for path in (ROOT, cache()):
        free = shutil.disk_usage(path).free / 1e9
        if free < needed_gb:
            raise Stop(f'Only {free:.1f} GB free under {path}, {needed_gb} GB are needed: make room, '
                       'or point SCM_CACHE to a larger disk')


@contextmanager
def locked(name):
    """One process at a time fills a place in the cache."""
    with open(cache() / f'{name}.lock', 'w') as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
