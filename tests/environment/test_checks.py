"""Checks of the machine, one by one."""
import shutil
from collections import namedtuple

import pytest

from tools.stack import paths, postgres, shell

Usage = namedtuple('Usage', 'total used free')


def test_no_disk(monkeypatch):
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: Usage(100e9, 99e9, 1e9))
    with pytest.raises(shell.Stop, match=r'Only 1\.0 GB free under .*, 5 GB are needed: make room, or point SCM_CACHE'):
        paths.check_disk(5)


def test_neither_root_nor_sudo(monkeypatch):
    monkeypatch.setattr(shell, 'is_root', lambda: False)
    monkeypatch.setattr(shutil, 'which', lambda name: None if name == 'sudo' else f'/usr/bin/{name}')
    with pytest.raises(shell.Stop, match='neither root nor sudo here; ask an administrator for: apt-get install x'):
        shell.apt_install(['x'], 'No x')


def test_no_apt(monkeypatch):
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    with pytest.raises(shell.Stop, match='this machine has no apt; install x'):
        shell.apt_install(['x'], 'No x')


def test_old_postgresql_is_not_taken(monkeypatch, tmp_path):
    old = tmp_path / 'bin'
    old.mkdir()
    for name in ('initdb', 'pg_ctl'):
        (old / name).touch()
    (old / 'postgres').write_text('#!/bin/sh\necho "postgres (PostgreSQL) 11.22"\n')
    (old / 'postgres').chmod(0o755)
    monkeypatch.setattr(shutil, 'which', lambda name: str(old / name))
    monkeypatch.setattr(postgres.Path, 'glob', lambda self, pattern: iter(()))
    assert postgres._find_programs() is None


def test_error_of_a_program_is_its_exception_not_its_last_line(tmp_path):
    code = 'print("ValueError: wrong size"); print("closed"); raise SystemExit(3)'
    with pytest.raises(shell.Stop, match='It failed: ValueError: wrong size'):
        shell.run(['python3', '-c', code], fail='It failed')
