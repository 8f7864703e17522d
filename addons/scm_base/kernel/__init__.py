"""Numeric and file code of the base: plain Python and NumPy, without Odoo.

Each module stands alone, so import the one that is needed: ``classes`` (ABC and XYZ), ``on_time`` (the definition of
on time), ``promise_parts`` (the same for several dates), ``sync`` (what to open, touch and resolve), ``tabular`` (rows
of .xls, .xlsx and .csv files) and ``cells`` (numbers, dates and codes as people type them).
"""
