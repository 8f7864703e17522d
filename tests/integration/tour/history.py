"""Two years before Odoo: sales from a .csv file, purchases from an .xlsx file, both by the import of the suite."""

from __future__ import annotations

import base64
import io
import math
from datetime import timedelta

import openpyxl

from .company import GOODS, VENDORS

WEEKS = 104


def import_history(company):
    """Weekly sales of each product, and a purchase of each vendor and month. Returns the units that were sold."""
    rows, units = ["sku;date;qty;warehouse;price"], 0
    for number, (_name, _category, price, _cost, _weight, _vendor, weekly) in enumerate(GOODS):
        for week in range(WEEKS):
            day = company.first - timedelta(weeks=week + 1)
            season = 1 + 0.3 * math.sin(2 * math.pi * (day.timetuple().tm_yday / 365 + number / 15))
            quantity = round(weekly * season * company.random.uniform(0.7, 1.3))
            rows.append(f"T-{number:02};{day};{quantity};WH;{price:.2f}")
            units += quantity
    run_import(company, "demand", "sales.csv", "\n".join(rows).encode())
    run_import(company, "purchase_history", "purchases.xlsx", _purchases(company))
    return units


def _purchases(company):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["order", "vendor", "product", "quantity", "price", "ordered", "promised", "received"])
    for month in range(24):
        for vendor, (name, delay) in enumerate(VENDORS):
            number = next(at for at, row in enumerate(GOODS) if row[5] == vendor) + month % 3
            ordered = company.first - timedelta(days=30 * (month + 1) + 20)
            promised = ordered + timedelta(days=delay)
            came = promised + timedelta(days=company.random.choice((0, 0, 0, 1, 2, 6)))
            sheet.append(
                [f"OLD-{month}-{vendor}", name, f"T-{number:02}", GOODS[number][6] * 4, GOODS[number][3],
                 ordered.isoformat(), promised.isoformat(), came.isoformat()]
            )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run_import(company, importer, filename, content):
    """Preview, check, confirm; all of it must be taken."""
    planner = company.person("tour_planner")
    values = {"importer": importer, "filename": filename, "file": base64.b64encode(content).decode()}
    ids = planner.call("scm.import", "create", vals_list=[values | {"date_order": "ymd"}])
    for step in ("action_preview", "action_check", "action_confirm"):
        planner.call("scm.import", step, ids)
    [job] = planner.call("scm.import", "read", ids, fields=["state", "error_count", "message", "row_count"])
    errors = planner.call(
        "scm.import.error", "search_read", domain=[["import_id", "in", ids]], fields=["row", "message"], limit=3
    )
    assert (job["state"], job["error_count"]) == ("done", 0), (job, errors)
    return job["row_count"]
