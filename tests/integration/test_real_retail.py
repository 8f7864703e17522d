"""A real shop's two years: uploaded as a person would, planned, and compared with pandas to the unit.

Online Retail II (UCI Machine Learning Repository, Chen 2019, CC BY 4.0). Its dates are moved by whole weeks so that the
last week with sales is the last one before today; nothing else is changed.
"""

import base64
import time
from datetime import date, timedelta

import adapter
import pandas as pd
import pytest

FILE = "online_retail_ii.csv.gz"
# Codes that are no products, as the data's README lists them; DCGS* are products
NO_PRODUCT = r"POST|DOT|M|C2|D|S|B|PADS|CRUK|BANK CHARGES|AMAZONFEE|ADJUST.*|TEST.*|GIFT_.*"
SECONDS = 900


@pytest.fixture(scope="module")
def sales():
    """Sales and returns of products: code, day, quantity (returns below zero), price."""
    path = adapter.real_data() / FILE
    if not path.exists():
        pytest.skip(f"{FILE} is not in {path.parent}: set SCM_REAL_DATA to the folder that holds it")
    rows = pd.read_csv(
        path,
        usecols=["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price"],
        dtype={"Invoice": str, "StockCode": str},
    )
    rows["code"] = rows["StockCode"].str.strip().str.upper()
    product = ~rows["code"].str.fullmatch(NO_PRODUCT)
    sold = rows["Invoice"].str.isdigit() & (rows["Quantity"] > 0) & (rows["Price"] > 0)
    returned = rows["Invoice"].str.startswith("C") & (rows["Quantity"] < 0)
    rows = rows[product & (sold | returned)]
    day = pd.to_datetime(rows["InvoiceDate"].str[:10])
    monday = date.today() - timedelta(days=date.today().weekday())
    last = day.max().date()
    shift = monday - timedelta(days=7) - (last - timedelta(days=last.weekday()))
    return pd.DataFrame(
        {"code": rows["code"], "day": day + shift, "quantity": rows["Quantity"], "price": rows["Price"]}
    ).reset_index(drop=True)


@pytest.fixture(scope="module")
def planned(sales):
    """Server on a database with the shop's products, its file imported and one run of the main job done."""
    database = adapter.clone(adapter.os.environ["SCM_EMPTY_DB"])
    running = adapter.Server(database)
    try:
        _create_products(database, sorted(sales["code"].unique()))
        running.start()
        planner = running.xmlrpc("planner")
        _import(running, planner, sales)
        run_id = planner.call("scm.forecast.run", "run_now")
        fields = [
            "state",
            "message",
            "item_count",
            "error_count",
            "wape",
            "bias",
            "wape_moving_average",
            "wape_seasonal_naive",
        ]
        run = _follow(
            running, "scm.forecast.run", run_id, {"done", "failed", "cancelled"}, fields, "scm_forecast_run_cron"
        )
        yield database, planner, run
    finally:
        running.stop()
        adapter.drop(database)


def _create_products(database, codes):
    adapter.shell(
        database,
        f"""
from odoo.fields import Command
env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
groups = ("scm_base.scm_group_manager", "stock.group_stock_manager", "purchase.group_purchase_user")
env["res.users"].create({{"login": "planner", "password": "planner", "name": "Planner", "tz": "Europe/London",
    "group_ids": [Command.link(env.ref(name).id) for name in groups]}})
codes = {codes!r}
for start in range(0, len(codes), 1000):
    env["product.product"].create([{{"name": code, "default_code": code, "type": "consu", "is_storable": True,
        "taxes_id": False, "supplier_taxes_id": False}} for code in codes[start:start + 1000]])
    env.invalidate_all()
""",
    )


def _import(server, planner, sales):
    """Upload, look at the proposed columns, check, confirm."""
    text = sales.to_csv(index=False, header=["Product", "Date", "Quantity", "Price"], date_format="%Y-%m-%d")
    ids = planner.call(
        "scm.import",
        "create",
        vals_list=[
            {
                "importer": "demand",
                "filename": "sales.csv",
                "file": base64.b64encode(text.encode()).decode(),
                "date_order": "ymd",
            }
        ],
    )
    planner.call("scm.import", "action_preview", ids)
    columns = planner.call(
        "scm.import.column", "search_read", domain=[("import_id", "in", ids)], fields=["name", "field_id"]
    )
    assert all(column["field_id"] for column in columns), columns
    planner.call("scm.import", "action_check", ids)
    fields = ["state", "message", "row_count", "valid_count", "error_count"]
    checked = _follow(server, "scm.import", ids[0], {"checked", "preview", "draft"}, fields, "scm_import_cron")
    assert (checked["state"], checked["error_count"], checked["row_count"]) == ("checked", 0, len(sales)), checked
    planner.call("scm.import", "action_confirm", ids)
    done = _follow(server, "scm.import", ids[0], {"done", "checked", "preview"}, fields, "scm_import_cron")
    assert done["state"] == "done", done


def _follow(server, model, record_id, ends, fields, cron):
    """Call the scheduled action as "Run manually" does until the record has ended."""
    admin = server.xmlrpc("admin")
    [job] = admin.call("ir.model.data", "search_read", domain=[("name", "=", cron)], fields=["res_id"])
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        [row] = admin.call(model, "read", [record_id], fields=fields)
        if row["state"] in ends:
            return row
        admin.call("ir.cron", "method_direct_trigger", [job["res_id"]])
    raise AssertionError(f"{model} {record_id} did not end: {row}")


def test_every_unit_of_every_week_arrived(planned, sales):
    database, _planner, _run = planned
    rows = adapter.query(
        database,
        """SELECT p.default_code, date_trunc('week', d.date)::date, SUM(d.quantity)::float8,
                  SUM(d.quantity_returned)::float8
             FROM scm_demand_day d JOIN product_product p ON p.id = d.product_id GROUP BY 1, 2""",
    )
    found = pd.DataFrame(rows, columns=["code", "week", "sold", "returned"]).set_index(["code", "week"])
    expected = (
        sales.assign(
            week=(sales["day"] - pd.to_timedelta(sales["day"].dt.weekday, unit="D")).dt.date,
            sold=sales["quantity"].clip(lower=0).astype(float),
            returned=(-sales["quantity"]).clip(lower=0).astype(float),
        )
        .groupby(["code", "week"])[["sold", "returned"]]
        .sum()
    )
    joined = expected.join(found, how="outer", lsuffix="_file", rsuffix="_odoo").fillna(0)
    wrong = joined[(joined["sold_file"] != joined["sold_odoo"]) | (joined["returned_file"] != joined["returned_odoo"])]
    assert wrong.empty, f"{len(wrong)} of {len(joined)} product-weeks differ:\n{wrong.head(10)}"
    assert expected["sold"].sum() > 10_000_000
    assert expected["returned"].sum() > 100_000


def test_revenue_is_that_of_the_file(planned, sales):
    database, _planner, _run = planned
    [(revenue,)] = adapter.query(database, "SELECT SUM(revenue)::float8 FROM scm_demand_day")
    sold = sales[sales["quantity"] > 0]
    assert revenue == pytest.approx((sold["quantity"] * sold["price"]).sum(), rel=1e-4)


def test_every_product_is_forecast(planned, sales):
    database, _planner, run = planned
    assert (run["state"], run["error_count"]) == ("done", 0), run["message"]
    assert run["item_count"] == sales.loc[sales["quantity"] > 0, "code"].nunique()
    [(bad,)] = adapter.query(
        database,
        """SELECT count(*) FROM scm_forecast_line
            WHERE quantity IS NULL OR quantity < 0 OR quantity = 'NaN' OR q05 > q50 OR q50 > q80 OR q80 > q95""",
    )
    assert bad == 0


def test_forecast_is_better_than_plain_methods(planned):
    _database, _planner, run = planned
    assert 0.3 < run["wape"] < run["wape_moving_average"]
    assert run["wape"] < 0.95 * run["wape_seasonal_naive"]
    assert abs(run["bias"]) < 0.10


def test_products_without_vendor_are_blocked_and_say_so(planned):
    _database, planner, _run = planned
    rows = planner.call(
        "scm.policy.proposal",
        "search_read",
        domain=[("demand_day", ">", 1)],
        fields=["state", "blocked_reason", "max_proposed"],
        limit=50,
    )
    assert rows
    assert {(row["state"], row["blocked_reason"]) for row in rows} == {("blocked", "no_vendor")}
