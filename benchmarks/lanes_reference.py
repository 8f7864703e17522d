"""Lanes of real deliveries by pandas alone: shipment mode by country.

    python benchmarks/lanes_reference.py [--file scms_delivery_history.csv.gz]

The data: see scms_reference.py. Taken are lines that a vendor shipped himself within the three years before
``LAST_DAY`` and whose order date and shipment mode are known: the mode plays the carrier, the country the zone, the
scheduled day the promise, and the day on which the vendor got the order the day of handing over. Nothing of the suite
is used here: tests/integration/test_real_lanes.py tells the same deliveries to the suite as events and compares.

* parcels: lines; late: delivered after the scheduled day, in percent
* days: calendar days from the order to the delivery, 120 at most (as long as the suite counts); the median and the 90th
  percentile are the least number of days within which that share arrived
* cost: freight, mean over the lines that say it in numbers; per kg: freight over weight, of lines with both
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "scms_delivery_history.csv.gz"
LAST_DAY = date(2015, 9, 30)
MONTHS = 36
MOST_DAYS = 120
COLUMNS = {
    "ID": "line",
    "Country": "country",
    "Shipment Mode": "mode",
    "PO Sent to Vendor Date": "ordered",
    "Scheduled Delivery Date": "promised",
    "Delivered to Client Date": "received",
    "Weight (Kilograms)": "weight",
    "Freight Cost (USD)": "freight",
}


def read(path=FILE):
    """The deliveries, one row each: days as dates, weight and freight as numbers or NaN."""
    raw = pd.read_csv(path, encoding="utf-8-sig")
    raw.columns = [name.replace("_", " ") for name in raw.columns]
    direct = raw[raw["Fulfill Via"] == "Direct Drop"]
    names = {name: short for name, short in COLUMNS.items() if name in raw.columns}
    for name in raw.columns:  # the headings differ from copy to copy of these data
        if name.startswith("Weight"):
            names[name] = "weight"
        if name.startswith("Freight"):
            names[name] = "freight"
    lines = direct[list(names)].rename(columns=names)
    for column in ("ordered", "promised", "received"):
        lines[column] = pd.to_datetime(lines[column], errors="coerce", format="mixed")
    for column in ("weight", "freight"):
        lines[column] = pd.to_numeric(lines[column], errors="coerce")
    first = pd.Timestamp(LAST_DAY - timedelta(days=int(MONTHS * 30.44)))
    known = lines["ordered"].notna() & lines["mode"].notna() & (lines["ordered"] >= first)
    known &= (lines["received"] >= lines["ordered"]) & (lines["received"] <= pd.Timestamp(LAST_DAY))
    return lines[known].reset_index(drop=True)


def lanes(lines):
    """One row per mode and country."""
    days = (lines["received"] - lines["ordered"]).dt.days.clip(upper=MOST_DAYS)
    frame = lines.assign(days=days, late=lines["received"] > lines["promised"])
    rows = []
    for (mode, country), lane in frame.groupby(["mode", "country"]):
        both = lane[(lane["weight"] > 0) & lane["freight"].gt(0)]
        costs = lane.loc[lane["freight"] > 0, "freight"]
        rows.append(
            {
                "mode": mode,
                "country": country,
                "sample": len(lane),
                "median": int(np.quantile(lane["days"], 0.5, method="inverted_cdf")),
                "p90": int(np.quantile(lane["days"], 0.9, method="inverted_cdf")),
                "late": lane["late"].mean(),
                "cost": costs.mean() if len(costs) else 0.0,
                "cost_kg": both["freight"].sum() / both["weight"].sum() if len(both) else 0.0,
            }
        )
    return pd.DataFrame(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=FILE)
    table = lanes(read(parser.parse_args().file))
    print(table.sort_values("sample", ascending=False).to_string(index=False, float_format="%.3f"))
