"""Arithmetic of supplier evaluation: no Odoo, no clock, no database."""
