"""A demo company: an e-commerce shop with two warehouses and two years of trade. See `load`."""

from .check import problems
from .loader import load

__all__ = ["load", "problems"]
