"""Kernel tests run without Odoo: make the kernels importable as ``scm_kernels.<area>``."""

import importlib.util
import os
import sys
from pathlib import Path

# before NumPy is loaded: several test processes that each start threads for tiny matrices slow each other down
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import hypothesis  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def _load_tool(name):
    spec = importlib.util.spec_from_file_location(f"scm_tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# the same examples on every machine and every run, however slow the machine
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")

kernels = _load_tool("kernels")
kernels.install()
