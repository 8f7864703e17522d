"""Kits taken apart, without Odoo."""
