"""Numeric kernel of demand and stock planning: plain NumPy, no Odoo.

Modules import each other relatively only, so that the package also loads outside Odoo (``tools/kernels.py``).
Entry points: :func:`.forecast.forecast` and :func:`.intervals.lead_time_demand`.
"""
