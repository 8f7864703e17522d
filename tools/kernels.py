"""Load the numeric kernels of the addons without Odoo.

Each addon keeps its mathematics in ``addons/<addon>/kernel``, free of any Odoo import.  Importing it by its
addon path would run the addon's own ``__init__`` and so need Odoo; this module loads the ``kernel`` folders
alone, as ``scm_kernels.<area>``, where the area is the addon's name without its ``scm_`` prefix:

>>> planning = load("planning")
>>> planning.__name__
'scm_kernels.planning'

After ``install()`` plain imports work too: ``from scm_kernels.planning.forecast import forecast``.
"""

import importlib
import importlib.util
import sys
import types
from pathlib import Path

NAMESPACE = "scm_kernels"
ADDONS = Path(__file__).resolve().parent.parent / "addons"


def kernel_folders(addons=ADDONS):
    """Map each area name to its ``kernel`` folder, for every addon that has one."""
    found = sorted(Path(addons).glob("scm_*/kernel/__init__.py"))
    return {path.parent.parent.name.removeprefix("scm_"): path.parent for path in found}


class _KernelFinder:
    """Meta path finder that resolves ``scm_kernels.<area>`` to ``addons/scm_<area>/kernel``."""

    def __init__(self, addons):
        self.addons = Path(addons)

    def find_spec(self, fullname, path=None, target=None):
        parts = fullname.split(".")
        if len(parts) != 2 or parts[0] != NAMESPACE:
            return None
        folder = self.addons / f"scm_{parts[1]}" / "kernel"
        source = folder / "__init__.py"
        if not source.exists():
            return None
        return importlib.util.spec_from_file_location(fullname, source, submodule_search_locations=[str(folder)])


def install(addons=ADDONS):
    """Register the ``scm_kernels`` namespace; safe to call more than once."""
    if NAMESPACE in sys.modules:
        return sys.modules[NAMESPACE]
    namespace = types.ModuleType(NAMESPACE, "Kernels of the SCM addons, loaded without Odoo.")
    namespace.__path__ = []
    sys.modules[NAMESPACE] = namespace
    sys.meta_path.insert(0, _KernelFinder(addons))
    return namespace


def load(area, module=None):
    """Return the kernel package of an area, or one of its modules.

    :param area: addon name without the prefix, e.g. ``"planning"``
    :param module: optional module name inside the kernel, e.g. ``"forecast"``
    :raises ModuleNotFoundError: when the addon has no kernel or the kernel no such module
    """
    install()
    name = f"{NAMESPACE}.{area}" + (f".{module}" if module else "")
    return importlib.import_module(name)
