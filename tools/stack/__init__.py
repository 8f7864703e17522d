"""The environment: Odoo, PostgreSQL, Python packages, the demo, the tests. Standard library only."""
