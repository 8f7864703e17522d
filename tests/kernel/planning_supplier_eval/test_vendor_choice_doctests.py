"""The examples in the docstrings are right."""

import doctest
import importlib
import pkgutil

import pytest

import scm_kernels.planning_supplier_eval as kernel

MODULES = [info.name for info in pkgutil.iter_modules(kernel.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"{kernel.__name__}.{name}")
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
