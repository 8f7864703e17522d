"""Real deliveries told to the suite as events: its lanes are those of pandas, to the line.

The figures of pandas come from benchmarks/lanes_reference.py, which knows nothing of the suite.
"""

import json
import sys
from pathlib import Path

import adapter
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from benchmarks import lanes_reference  # noqa: E402

CODE = """
import json
from datetime import datetime, timedelta
from odoo.fields import Command, Date, Datetime

lines = json.loads(open({path!r}).read())
company = env.company
company.scm_lane_months = {months}
product = env["product.product"].create({{"name": "Freight", "type": "service"}})
every_day = env["resource.calendar"].create({{"name": "Every day", "company_id": company.id, "attendance_ids": [
    Command.clear(),
    *(Command.create({{"name": str(d), "dayofweek": str(d), "hour_from": 8, "hour_to": 20}}) for d in range(7))]}})
common = {{"product_id": product.id, "scm_calendar_id": every_day.id}}
carriers = {{mode: env["delivery.carrier"].create({{"name": mode, **common}}) for mode in {{x["mode"] for x in lines}}}}
env["scm.zone"].search([]).active = False
countries, zones = {{}}, {{}}
for name in {{x["country"] for x in lines}}:
    countries[name] = env["res.country"].create({{"name": name + " (test)", "code": f"{{len(countries):02d}}"}})
    zones[name] = env["scm.zone"].create({{"name": name, "company_id": company.id,
                                          "country_ids": [Command.set(countries[name].ids)]}})
noon = lambda day: datetime.fromisoformat(day) + timedelta(hours=12)
parcels = env["scm.parcel"].with_context(tracking_disable=True, mail_create_nolog=True).create([{{
    "name": str(x["line"]), "tracking_ref": f"REAL{{x['line']}}", "carrier_id": carriers[x["mode"]].id,
    "country_id": countries[x["country"]].id, "date_handed": noon(x["ordered"]), "date_promised": x["promised"],
    "date_expected": x["promised"], "weight": x["weight"] or 0.0,
    "cost_expected": x["freight"] or 0.0}} for x in lines])
told = env["scm.parcel.event"]._ingest(company, [{{"tracking_ref": f"real {{x['line']}}", "source": "file",
    "time": noon(x["received"]), "raw_code": "D", "text": "signed", "status": "delivered"}} for x in lines])
again = env["scm.parcel.event"]._ingest(company, [{{"tracking_ref": f"real {{x['line']}}", "source": "file",
    "time": noon(x["received"]), "raw_code": "D", "text": "signed", "status": "delivered"}} for x in lines[:50]])
parcels._classify()
env["scm.lane"]._rebuild(company, today=Date.to_date({last!r}))
result = {{"told": told["stored"], "again": again["stored"], "lanes": [
    {{"mode": lane.carrier_id.name, "country": lane.zone_id.name, "sample": lane.sample, "median": lane.transit_median,
      "p90": lane.transit_p90, "late": lane.late_rate_raw, "cost": lane.cost_parcel, "cost_kg": lane.cost_kg}}
    for lane in env["scm.lane"].search([("level", "=", "2")])]}}
"""


@pytest.fixture(scope="module")
def lines():
    path = adapter.real_data() / lanes_reference.FILE.name
    if not path.exists():
        pytest.skip(f"{path.name} is not in {path.parent}: set SCM_REAL_DATA to the folder that holds it")
    return lanes_reference.read(path)


def test_lanes_equal_pandas(lines, empty_db, tmp_path):
    rows = lines.assign(**{day: lines[day].dt.strftime("%Y-%m-%d") for day in ("ordered", "promised", "received")})
    file = tmp_path / "lines.json"
    file.write_text(rows.to_json(orient="records"))
    code = CODE.format(path=str(file), months=lanes_reference.MONTHS, last=str(lanes_reference.LAST_DAY))
    found = adapter.shell(empty_db, code)
    assert (found["told"], found["again"]) == (len(lines), 0), "every event once"
    ours = {(lane["mode"], lane["country"]): lane for lane in found["lanes"]}
    expected = lanes_reference.lanes(lines)
    assert len(expected) > 40
    assert set(ours) == set(zip(expected["mode"], expected["country"], strict=True))
    for row in json.loads(expected.to_json(orient="records")):
        lane = ours[row["mode"], row["country"]]
        for name in ("sample", "median", "p90"):
            assert lane[name] == row[name], (row, lane)
        assert lane["late"] == pytest.approx(row["late"], abs=1e-9), (row, lane)
        assert lane["cost"] == pytest.approx(row["cost"], abs=0.01), (row, lane)
        assert lane["cost_kg"] == pytest.approx(row["cost_kg"], abs=0.01), (row, lane)
