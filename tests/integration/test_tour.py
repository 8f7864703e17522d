"""A company's month through all areas, about ten thousand records, and figures that agree to the unit and the cent.

History in from files, forecast, reordering rules, purchases (some late, some bad), orders, parcels with their news, a
typhoon, returns and their money, scorecards, an improvement, the frozen figures. People have the least rights, and a
clock that the test moves makes the past. docs/tour.md says what is compared.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import adapter
import pytest
from tour import after, agree, history, purchases, workbook
from tour.books import Books
from tour.company import Clock, Company
from tour.ledger import Ledger
from tour.month import Month

#: orders on every second day; with all that follows from them they make some ten thousand records
ORDERS = int(os.environ.get("SCM_TOUR_ORDERS", "20"))
RETURNS = 16
BOUGHT_ON = (0, 7, 14)
COUNTED = (
    *("scm_demand_day", "sale_order", "sale_order_line", "stock_picking", "stock_move", "stock_move_line"),
    *("purchase_order", "purchase_order_line", "scm_parcel", "scm_parcel_event", "scm_return", "scm_return_fact"),
    "scm_forecast_line",
)


class TourServer(adapter.Server):
    """Odoo under clock.py."""

    def __init__(self, database, folder):
        super().__init__(database)
        self.clock = Clock(folder / "clock")
        self.clock.asked.write_text("")
        python = os.environ["SCM_ODOO_CMD"].split()[0]
        self.command = [python, str(Path(__file__).parent / "tour" / "clock.py"), str(self.clock.asked)]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The company after its month and the night behind it."""
    database = adapter.clone(os.environ["SCM_EMPTY_DB"])
    server = TourServer(database, tmp_path_factory.mktemp("tour"))
    try:
        server.start()
        yield _month(Company(server, server.clock, date.today()))
    finally:
        if server.process:
            server.stop()
        adapter.drop(database)


def _month(company):
    company.at(company.first, 6)
    company.set_up()
    company.sold_before = history.import_history(company)
    bought = purchases.Purchases(company)
    bought.plan()
    month = Month(company, ORDERS)
    for number in range(30):
        day = company.first + timedelta(days=number)
        if number in BOUGHT_ON:
            bought.order_by_hand(day)
        bought.receive(day)
        month.live(number, day)
        if number == 13:
            company.storm = after.storm(company, day)
    month.last_news()
    company.returns = after.After(company, RETURNS)
    company.returns.run()
    company.improvement = after.open_improvement(company)
    after.night(company)
    after.measure_improvement(company)
    return company


@pytest.fixture(scope="module")
def books(company):
    return Books(company.admin, company.company_id, company.first, company.today - timedelta(days=1))


def test_ten_thousand_records(company):
    counts = {table: adapter.query(company.server.database, f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}
    print("\n" + "  ".join(f"{table} {count:,}" for table, count in counts.items()))
    assert all(counts.values()), counts
    assert sum(counts.values()) > 350 * ORDERS


def test_the_past_came_in_whole(books, company):
    rows = books.read("scm.demand.day", ["quantity"], books.mine(["origin", "=", "import"]))
    assert sum(row["quantity"] for row in rows) == company.sold_before


def test_everybody_did_his_part(books, company):
    """Not only nothing that differs: there was something to compare in each area."""
    assert company.storm["parcels"] > 0
    assert books.client.call("scm.parcel.message", "search_count", domain=[]) > 0
    assert {row["is_late"] for row in books.parcels} == {True, False}
    [improvement] = company.person("tour_viewer").call(
        "scm.improvement", "read", [company.improvement], fields=["state", "verdict", "baseline_sample"]
    )
    assert improvement["verdict"] and improvement["baseline_sample"] > 0, improvement
    settled = books.read("scm.return", ["refund_amount"], books.mine(["state", "in", ["settled", "closed"]]))
    assert sum(row["refund_amount"] for row in settled) > 0


def test_figures_agree(books):
    ledger = Ledger()
    for check in agree.CHECKS:
        check(books, ledger)
    ledger.check()


def test_the_workbook_says_what_the_page_says(company, books):
    page = company.person("tour_viewer").call("scm.control.tower", "get_tower", date=str(books.last))
    figures = workbook.read(company.server, "tour_viewer", str(books.last))
    # a workbook keeps sixteen digits of a number
    assert figures == pytest.approx({tile["name"]: tile["value"] for tile in page["tiles"]}, rel=1e-14)
