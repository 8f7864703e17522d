"""The examples in the docstrings are right."""

import doctest
import importlib
import pkgutil

import pytest

import scm_kernels.planning as planning

MODULES = [info.name for info in pkgutil.iter_modules(planning.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"{planning.__name__}.{name}")
    assert doctest.testmod(module).failed == 0


def test_loader_examples():
    from pathlib import Path

    import tools.kernels as loader

    assert doctest.testmod(loader).failed == 0
    folders = loader.kernel_folders()
    assert folders["planning"] == Path(planning.__file__).parent
    with pytest.raises(ModuleNotFoundError):
        loader.load("nothing_of_this_name")
