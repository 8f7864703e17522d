"""4,920 real deliveries of 72 vendors: uploaded as a person would, and judged as pandas judges them, to the line.

The figures of pandas come from benchmarks/scms_reference.py, which knows nothing of the suite. The table in
docs/suppliers/real-deliveries.md is the one that comes out here (SCM_UPDATE_DOCS=1 writes it anew).
"""

import base64
import os
import sys
from pathlib import Path

import adapter
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from benchmarks import scms_reference  # noqa: E402

PAGE = ROOT / "docs" / "suppliers" / "real-deliveries.md"
FIELDS = ["partner_id", "promise_date", "date_last_receipt", "date_confirmed", "is_otif", "days_late", "lead_time_days"]


@pytest.fixture(scope="module")
def lines():
    path = adapter.real_data() / scms_reference.FILE.name
    if not path.exists():
        pytest.skip(f"{path.name} is not in {path.parent}: set SCM_REAL_DATA to the folder that holds it")
    return scms_reference.read(path)


@pytest.fixture(scope="module")
def manager(lines):
    """A supply-chain manager on a database where the deliveries were imported through the wizard."""
    database = adapter.clone(adapter.os.environ["SCM_EMPTY_DB"])
    running = adapter.Server(database)
    try:
        _create_manager(database)
        running.start()
        client = running.xmlrpc("history")
        _import(client, lines)
        yield client
    finally:
        running.stop()
        adapter.drop(database)


def _create_manager(database):
    adapter.shell(
        database,
        """
from odoo.fields import Command
groups = ("scm_base.scm_group_manager", "purchase.group_purchase_user", "base.group_partner_manager",
          "product.group_product_manager")
env.ref("base.USD").active = True
env["res.users"].create({"login": "history", "password": "history", "name": "History",
    "group_ids": [Command.link(env.ref(name).id) for name in groups]})
""",
    )


def _import(client, lines):
    """Upload, let the columns be proposed, check, confirm."""
    ids = client.call(
        "scm.import",
        "create",
        vals_list=[
            {
                "importer": "purchase_history",
                "filename": "deliveries.csv",
                "file": base64.b64encode(scms_reference.import_text(lines).encode()).decode(),
                "date_order": "ymd",
                "create_missing": True,
            }
        ],
    )
    client.call("scm.import", "action_preview", ids)
    columns = client.call(
        "scm.import.column", "search_read", domain=[("import_id", "in", ids)], fields=["name", "field_id"]
    )
    assert all(column["field_id"] for column in columns), columns
    client.call("scm.import", "action_check", ids)
    fields = ["state", "row_count", "error_count"]
    [checked] = client.call("scm.import", "read", ids, fields=fields)
    assert (checked["state"], checked["row_count"], checked["error_count"]) == ("checked", len(lines), 0), checked
    client.call("scm.import", "action_confirm", ids)
    [done] = client.call("scm.import", "read", ids, fields=fields)
    assert done["state"] == "done", done


@pytest.fixture(scope="module")
def facts(manager):
    rows = manager.call("scm.receipt.fact", "search_read", domain=[("is_due", "=", True)], fields=FIELDS)
    return pd.DataFrame(rows).assign(vendor=lambda rows: rows["partner_id"].str[1])


def test_every_line_is_judged_alike(facts, lines):
    """The same multiset of promise, receipt, order date, verdict, days late and lead time for each vendor."""
    judged = scms_reference.judge(lines)
    columns = ["vendor", "promised", "received", "ordered", "on_time", "days_late", "lead_time"]
    for name in ("promised", "received", "ordered"):
        judged[name] = judged[name].dt.strftime("%Y-%m-%d").fillna("")
    judged["lead_time"] = judged["lead_time"].fillna(0)
    ours = facts.rename(
        columns={
            "promise_date": "promised",
            "date_last_receipt": "received",
            "date_confirmed": "ordered",
            "is_otif": "on_time",
            "lead_time_days": "lead_time",
        }
    )[columns]
    ours["ordered"] = ours["ordered"].replace({False: ""})
    for frame in (ours, judged):
        frame[["days_late", "lead_time"]] = frame[["days_late", "lead_time"]].astype(int)
    count = [frame.groupby(columns).size().sort_index() for frame in (ours, judged[columns])]
    pd.testing.assert_series_equal(*count)
    assert len(facts) == len(lines) == 4920
    assert facts["vendor"].nunique() == 72


def test_every_vendor_agrees_and_the_page_says_so(manager, lines):
    groups = manager.call(
        "scm.receipt.fact",
        "formatted_read_group",
        domain=[("is_due", "=", True)],
        groupby=["partner_id"],
        aggregates=["__count", "otif_rate:avg", "days_late:avg", "lead_time_days:avg"],
    )
    ours = {group["partner_id"][1]: group for group in groups}
    table = ["| vendor | lines | on time, % | | days late | | lead time, days | |", "|---|--:|--:|--:|--:|--:|--:|--:|"]
    table.append("| | | suite | pandas | suite | pandas | suite | pandas |")
    for row in scms_reference.by_vendor(lines).to_dict("records"):
        group = ours.pop(row["vendor"])
        suite = (100 * group["otif_rate:avg"], group["days_late:avg"], group["lead_time_days:avg"])
        pandas = (row["on_time"], row["days_late"], row["lead_time"])
        assert group["__count"] == row["lines"], row["vendor"]
        unknown = row["lead_lines"] == 0
        assert suite[:2] == pytest.approx(pandas[:2], abs=1e-6), row["vendor"]
        assert unknown or suite[2] == pytest.approx(pandas[2], abs=1e-6), row["vendor"]
        cells = [f"{row['lines']:,}"]
        for number, pair in enumerate(zip(suite, pandas, strict=True)):
            cells += ["-", "-"] if number == 2 and unknown else [f"{value:.2f}" for value in pair]
        table.append(f"| {row['vendor']} | " + " | ".join(cells) + " |")
    assert not ours
    _check_page("\n".join(table))


def test_cards_of_all_vendors(manager, lines):
    """One card per vendor over all years; what it measured is what pandas counts."""
    first, last = lines["promised"].min(), lines["promised"].max()
    manager.call(
        "scm.scorecard.run", "run_now", date_from=f"{first:%Y-%m-%d}", date_to=f"{last:%Y-%m-%d}", wait=True
    )
    cards = manager.call("scm.scorecard", "search_read", domain=[], fields=["partner_id", "sample", "total"])
    assert len(cards) == 72 and all(0 <= card["total"] <= 100 for card in cards)
    codes = ["otif_line", "days_late_mean", "lead_time_mean"]
    measures = manager.call(
        "scm.scorecard.line",
        "search_read",
        domain=[["criterion_id.code", "in", codes], ["missing", "=", False]],
        fields=["card_id", "sequence", "value_raw", "sample"],
        order="card_id, sequence",
    )
    vendor = {card["id"]: card["partner_id"][1] for card in cards}
    order = sorted({line["sequence"] for line in measures})
    found = {(vendor[line["card_id"][0]], codes[order.index(line["sequence"])]): line for line in measures}
    judged = scms_reference.judge(lines)
    for name, rows in judged.groupby("vendor"):
        assert found[name, "otif_line"]["sample"] == len(rows), name
        assert found[name, "otif_line"]["value_raw"] == pytest.approx(rows["on_time"].mean(), abs=1e-5), name
        assert found[name, "days_late_mean"]["value_raw"] == pytest.approx(rows["days_late"].mean(), abs=1e-5), name
        # a delivery before the order is an error of data, which cards leave out
        times = rows.loc[rows["lead_time"] >= 0, "lead_time"]
        if len(times):
            assert found[name, "lead_time_mean"]["value_raw"] == pytest.approx(times.mean(), abs=1e-5), name


def _check_page(table):
    begin, end = "<!-- table -->\n", "\n<!-- /table -->"
    before, rest = PAGE.read_text().split(begin)
    written, after = rest.split(end)
    if os.environ.get("SCM_UPDATE_DOCS"):
        PAGE.write_text(before + begin + table + end + after)
    else:
        assert written == table, "docs/suppliers/real-deliveries.md shows other figures"
