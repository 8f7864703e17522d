"""Helpers of the suite that know Odoo's objects but no model."""
