"""The addons as text: contracts are checked without Odoo and without a database."""
import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Addon:
    name: str
    path: Path

    @cached_property
    def manifest(self):
        return ast.literal_eval((self.path / '__manifest__.py').read_text())

    def python_files(self, folder=''):
        return sorted((self.path / folder).rglob('*.py'))


ADDONS = {path.parent.name: Addon(path.parent.name, path.parent)
          for path in sorted((ROOT / 'addons').glob('*/__manifest__.py'))}


@pytest.fixture(scope='session')
def addons():
    return ADDONS


@pytest.fixture(params=ADDONS.values(), ids=ADDONS.keys())
def addon(request):
    return request.param


@pytest.fixture(scope='session')
def root():
    return ROOT
