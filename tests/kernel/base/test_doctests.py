import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["classes", "on_time", "sync"])
def test_examples_in_the_docstrings_hold(name):
    module = importlib.import_module(f"scm_kernels.base.{name}")
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
