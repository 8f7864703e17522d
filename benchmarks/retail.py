"""Weekly and daily demand panels of Online Retail II (Chen 2019, UCI Machine Learning Repository, CC BY 4.0).

Sales rows with positive quantity and price of real products (five digits and up to two letters, case ignored);
orders of 500 and more that the same customer cancelled later are taken out.  NaN before a product's first sale.
The folder with ``online_retail_ii.csv.gz`` is ``SCM_REAL_DATA``, else ``../shared/data`` beside the repository.
"""

import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
FILE_NAME = "online_retail_ii.csv.gz"
FIRST_MONDAY = date(2009, 11, 30)
WEEKS = 105
LARGE_ORDER = 500


def data_file():
    """Path of the data set, or None when it is absent."""
    folder = Path(os.environ.get("SCM_REAL_DATA") or ROOT.parent / "shared" / "data")
    path = folder / FILE_NAME
    return path if path.exists() else None


def missing_message():
    return f"skipped: {FILE_NAME} not found; set SCM_REAL_DATA to the folder that holds it"


def read_sales(path=None):
    """Cleaned sales rows: columns code, day (datetime64), quantity, price."""
    columns = ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"]
    raw = pd.read_csv(
        path or data_file(), usecols=columns, dtype={"Invoice": str, "StockCode": str, "Customer ID": str}
    )
    raw["code"] = raw["StockCode"].str.strip().str.upper()
    raw["day"] = pd.to_datetime(raw["InvoiceDate"].str[:10])
    raw = raw[raw["code"].str.match(r"^\d{5}[A-Z]{0,2}$") & (raw["Price"] > 0)]
    is_credit = raw["Invoice"].str.startswith("C")
    credits = raw[is_credit & (raw["Quantity"] < 0)]
    sales = raw[~is_credit & (raw["Quantity"] > 0)]
    sales = sales.drop(_cancelled_later(sales[sales["Quantity"] >= LARGE_ORDER], credits))
    return sales.rename(columns={"Quantity": "quantity", "Price": "price"})[["code", "day", "quantity", "price"]]


def _cancelled_later(large, credits):
    """Index of the large orders that the same customer cancelled in full at a later time."""
    keys = ["Customer ID", "code", "Quantity"]
    credits = credits.assign(Quantity=-credits["Quantity"])
    matched = large.reset_index().merge(credits, on=keys, suffixes=("", "_credit"))
    matched = matched[matched["InvoiceDate_credit"] >= matched["InvoiceDate"]]
    return matched["index"].unique()


def panel(sales, period_days=7, start=FIRST_MONDAY, periods=WEEKS):
    """Codes and quantity table (n, periods) float64, NaN before the first sale."""
    period = (sales["day"] - pd.Timestamp(start)).dt.days // period_days
    inside = (period >= 0) & (period < periods)
    table = sales[inside].assign(period=period[inside]).groupby(["code", "period"])["quantity"].sum().unstack()
    table = table.reindex(columns=range(periods)).fillna(0.0)
    quantity = table.to_numpy(dtype=np.float64)
    first = (quantity > 0).argmax(axis=1)
    quantity[np.arange(periods)[None] < first[:, None]] = np.nan
    return table.index.to_numpy(), quantity


def weekly():
    """Codes and weekly quantities (n, 105) of all products."""
    return panel(read_sales())


def eligible(history):
    """Series to score at an origin: 30 weeks of history, sold in the last 26, five non-zero weeks or more."""
    known = np.isfinite(history).sum(axis=1) >= 30
    sold = np.nansum(history[:, -26:], axis=1) > 0
    return known & sold & ((history > 0).sum(axis=1) >= 5)
