"""The virtual environment, kept in the cache and completed level by level."""
import hashlib
import os
import subprocess
import sys

from .paths import REQUIREMENTS, cache, locked
from .shell import Stop, apt_install, run, step

# Levels whose packages name Odoo as a dependency, which does not come from pip here
BARE = ('oca',)


def ensure(*levels):
    """Path of a Python that has the packages of these levels (odoo, addons, test, oca, bench)."""
    version = '{}.{}.{}'.format(*sys.version_info[:3])
    place = hashlib.sha256(os.path.realpath(sys.executable).encode()).hexdigest()[:8]
    venv = cache() / f'venv-{version}-{place}'
    python = venv / 'bin' / 'python'
    with locked('venv'):
        if not (venv / '.created').exists():
            _create(venv)
        missing = [level for level in levels if not _marker(venv, level).exists()]
        if missing:
            with step(f'Python packages ({", ".join(missing)})'):
                _install(python, [level for level in missing if level not in BARE])
                _install(python, [level for level in missing if level in BARE], '--no-deps')
            for level in missing:
                _marker(venv, level).touch()
    return python


def site_addons(python):
    """Folder of the addons that pip installed; it may not exist."""
    return next(iter(python.parent.parent.glob('lib/python*/site-packages/odoo/addons')), python.parent / 'none')


def _install(python, levels, *options):
    files = [part for level in levels for part in ('-r', REQUIREMENTS / f'{level}.txt')]
    if files:
        run([python, '-m', 'pip', 'install', '-q', '--disable-pip-version-check', *options, *files],
            log=cache() / 'pip.log', fail='pip could not install the packages; check the network')


def _marker(venv, level):
    digest = hashlib.sha256((REQUIREMENTS / f'{level}.txt').read_bytes()).hexdigest()[:12]
    return venv / f'.{level}-{digest}'


def _create(venv):
    if subprocess.run([sys.executable, '-c', 'import ensurepip, venv'], check=False, capture_output=True).returncode:
        apt_install([f'python{sys.version_info[0]}.{sys.version_info[1]}-venv'], 'Python cannot make environments')
    run([sys.executable, '-m', 'venv', '--clear', venv], fail='Python could not make an environment')
    if not (venv / 'bin' / 'pip').exists():
        raise Stop(f'{sys.executable} made an environment without pip; install python3-venv')
    (venv / '.created').touch()
