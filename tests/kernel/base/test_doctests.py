import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["cells", "classes", "effect", "encoding", "headers", "on_time", "promise_parts", "sync", "tabular"]
)
def test_examples_in_the_docstrings_hold(name):
    module = importlib.import_module(f"scm_kernels.base.{name}")
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
