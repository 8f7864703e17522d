"""The examples in the docstrings are right."""

import doctest
import importlib
import pkgutil

import pytest

import scm_kernels.warehouse as warehouse

MODULES = [info.name for info in pkgutil.iter_modules(warehouse.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"{warehouse.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
