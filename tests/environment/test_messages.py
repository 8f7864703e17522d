"""What goes wrong on a machine is said in one line that says what to do."""
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = ('PGHOST', 'PGPORT', 'PGSERVICE', 'PGUSER', 'PGPASSWORD')


def stopped(command='demo', **variables):
    """The one line that a command ends with."""
    env = {name: value for name, value in os.environ.items() if name not in POSTGRES and name != 'PYTHONPATH'}
    done = subprocess.run([ROOT / 'tools' / 'scm', command], env={**env, 'SCM_PYTHON': sys.executable, **variables},
                          cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith('Stopped: ')
    return lines[0]


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A copy of the tools in a folder of its own, so that a running demo is neither seen nor touched."""
    for name in ('tools', 'odoo.conf'):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns('__pycache__'))
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / 'addons').mkdir()
    monkeypatch.setattr(sys.modules[__name__], 'ROOT', tmp_path)
    return tmp_path


def test_port_that_is_none(local):
    assert 'SCM_PORT=eighty is no port' in stopped(SCM_PORT='eighty')


def test_port_taken(local):
    with socket.socket() as other:
        other.bind(('127.0.0.1', 0))
        other.listen()
        port = other.getsockname()[1]
        said = stopped(SCM_PORT=str(port))
    assert f'Port {port} is taken' in said
    assert f'SCM_PORT={port + 1}' in said


def test_no_odoo_where_odoo_home_points(local):
    assert 'holds no Odoo' in stopped(SCM_PORT=str(free_port()), ODOO_HOME=str(local))


def test_another_series_of_odoo(local):
    (local / 'odoo').mkdir()
    (local / 'odoo' / 'release.py').write_text("version_info = (17, 0, 0, 'final', 0, '')\n")
    assert 'is Odoo 17.0; these addons are for 19.0' in stopped(SCM_PORT=str(free_port()), ODOO_HOME=str(local))


def test_own_postgresql_does_not_answer(local):
    said = stopped(SCM_PORT=str(free_port()), ODOO_HOME=os.environ.get('ODOO_HOME', ''), PGHOST='127.0.0.1', PGPORT='1')
    assert 'Your PostgreSQL (PG* variables) does not answer' in said


def test_no_way_to_get_odoo(local):
    """Neither a network nor apt: an empty cache and a PATH with nothing but what the scripts themselves need."""
    programs = local / 'bin'
    programs.mkdir()
    for name in ('sh', 'id', 'dirname', 'env', 'python3'):
        found = sys.executable if name == 'python3' else f'/usr/bin/{name}'
        (programs / name).symlink_to(found if Path(found).exists() else f'/bin/{name}')
    said = stopped(SCM_PORT=str(free_port()), SCM_CACHE=str(local / 'cache'), PATH=str(programs), ODOO_HOME='')
    assert 'set ODOO_HOME' in said


def test_unknown_command(local):
    done = subprocess.run([local / 'tools' / 'scm', 'fly'], env={**os.environ, 'SCM_PYTHON': sys.executable},
                          capture_output=True, text=True, check=False)
    assert done.stderr.startswith('Usage: tools/scm demo|')


def test_unknown_stage(local):
    assert 'SCM_STAGES names flying; there are' in stopped('test', SCM_STAGES='flying')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
