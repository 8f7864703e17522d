"""Real deliveries judged by pandas alone: on time, days late and lead time of each vendor.

    python benchmarks/scms_reference.py [--file scms_delivery_history.csv.gz] [--import-file history.csv]

The data are 10,324 lines that the Supply Chain Management System project (USAID) bought for health programmes, 2006 to
2015; only lines that the vendor shipped himself ("Direct Drop") say something about the vendor. Nothing of the suite is
used here: tests/integration/test_real_deliveries.py imports the same lines through the wizard and compares.

* on time: delivered on the scheduled day or before, in percent of the lines (all were delivered in full)
* days late: delivered minus scheduled, 0 when it was on time or early, mean over the lines
* lead time: delivered minus the day on which the vendor got the order, mean over the lines that say that day

``--import-file`` writes the file that a person would upload: days as YYYY-MM-DD, unknown order dates left empty.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "scms_delivery_history.csv.gz"
COLUMNS = {
    "ID": "line",
    "PO / SO #": "order",
    "Vendor": "vendor",
    "Item Description": "product",
    "Line Item Quantity": "quantity",
    "Pack_Price": "price",
    "PO Sent to Vendor Date": "ordered",
    "Scheduled Delivery Date": "promised",
    "Delivered to Client Date": "received",
}
HEADINGS = {
    "line": "Line",
    "order": "Order",
    "vendor": "Vendor",
    "product": "Product",
    "quantity": "Quantity",
    "price": "Unit price",
    "currency": "Currency",
    "ordered": "Order date",
    "promised": "Promised date",
    "received": "Received date",
}


def read(path=FILE) -> pd.DataFrame:
    """Lines shipped by the vendor himself: the columns of ``COLUMNS``, days as dates (NaT: not known)."""
    rows = pd.read_csv(path, encoding="utf-8-sig", encoding_errors="replace", dtype=str)
    rows = rows[rows["Fulfill Via"] == "Direct Drop"].rename(columns=COLUMNS)[list(COLUMNS.values())]
    rows = rows.apply(lambda column: column.str.strip())
    rows["ordered"] = pd.to_datetime(rows["ordered"], format="%m/%d/%y", errors="coerce")
    for name in ("promised", "received"):
        rows[name] = pd.to_datetime(rows[name], format="%d-%b-%y")
    for name in ("quantity", "price"):
        rows[name] = pd.to_numeric(rows[name])
    return rows.assign(currency="USD").reset_index(drop=True)


def judge(lines: pd.DataFrame) -> pd.DataFrame:
    """Each line with ``on_time`` (bool), ``days_late`` and ``lead_time`` (days; NaN: order date not known)."""
    late = (lines["received"] - lines["promised"]).dt.days
    return lines.assign(
        on_time=late <= 0, days_late=late.clip(lower=0), lead_time=(lines["received"] - lines["ordered"]).dt.days
    )


def by_vendor(lines: pd.DataFrame) -> pd.DataFrame:
    """Figures of each vendor, the one with the most lines first."""
    judged = judge(lines).groupby("vendor")
    result = pd.DataFrame(
        {
            "lines": judged.size(),
            "on_time": 100 * judged["on_time"].mean(),
            "days_late": judged["days_late"].mean(),
            "lead_time": judged["lead_time"].mean(),
            "lead_lines": judged["lead_time"].count(),
        }
    ).reset_index()
    return result.sort_values(["lines", "vendor"], ascending=[False, True]).reset_index(drop=True)


def import_text(lines: pd.DataFrame) -> str:
    """The lines as a .csv for the import "Purchases from before Odoo"."""
    return lines[list(HEADINGS)].to_csv(index=False, header=list(HEADINGS.values()), date_format="%Y-%m-%d")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--import-file", type=Path)
    arguments = parser.parse_args()
    if not arguments.file.exists():
        raise SystemExit(f"{arguments.file} is not there: name the file with --file")
    lines = read(arguments.file)
    if arguments.import_file:
        arguments.import_file.write_text(import_text(lines))
    print(by_vendor(lines).to_string(index=False, float_format="%.2f"))


if __name__ == "__main__":
    main()
