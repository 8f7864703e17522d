# Thin calls into tools/: every target explains itself when it cannot go on.
.PHONY: help demo test lint bench stop clean docs-images

help:
	@echo "make demo   start Odoo 19 with our addons and two years of sales"
	@echo "make test   kernel, contract, addon, integration and browser tests"
	@echo "make lint   ruff and pylint-odoo"
	@echo "make bench  ours beside what a user has today (long)"
	@echo "make docs-images  the pictures of the guides, from the running demo"
	@echo "make stop   stop what make demo started; the data stays"
	@echo "make clean  remove the demo and test data of this folder"

demo test lint bench stop clean docs-images:
	@./tools/scm $@
