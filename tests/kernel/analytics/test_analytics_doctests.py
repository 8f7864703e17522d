"""The examples in the docstrings are right."""

import doctest
import importlib
import pkgutil

import pytest

import scm_kernels.analytics as analytics

MODULES = [info.name for info in pkgutil.iter_modules(analytics.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"{analytics.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
