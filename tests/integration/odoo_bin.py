"""Starts Odoo as odoo-bin does: with several workers Odoo starts a further process of the file it came from."""

from odoo.cli.command import main

main()
