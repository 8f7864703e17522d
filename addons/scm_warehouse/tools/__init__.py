"""Helpers of the warehouse that know Odoo's objects but no model."""
