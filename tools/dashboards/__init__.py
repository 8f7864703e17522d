"""The spreadsheet dashboards of scm_analytics, written as data of this folder and made into Odoo's JSON."""
