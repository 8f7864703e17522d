"""Life cycles and corrections of history by interface, with the least rights."""

import pytest
from adapter import Refused


def test_like_item_is_confirmed_and_forecast(planner):
    lines = planner.call(
        "scm.product.lifecycle", "search_read", domain=[("like_state", "=", "proposed"), ("stage", "=", "new")],
        fields=["product_id", "like_product_id", "like_score", "like_candidates"], limit=1,
    )  # fmt: skip
    assert lines, "the demo company has new products"
    product_id = lines[0]["product_id"][0]
    assert 0 < lines[0]["like_score"] <= 1
    line_id = planner.call("scm.product.lifecycle", "confirm_like_item", product_id=product_id, ramp_weeks=2)
    assert line_id == lines[0]["id"]
    chart = planner.call("scm.product.lifecycle", "get_like_chart", lifecycle_id=line_id)
    assert len(chart["weeks"]) == len(chart["own"]) == len(chart["like"])
    planner.call("scm.forecast.run", "run_now", wait=True)
    [line] = planner.call("scm.product.lifecycle", "read", [line_id], fields=["scale_used", "like_state"])
    assert line["like_state"] == "confirmed"
    assert line["scale_used"] > 0


def test_product_ends_and_is_not_ordered_any_more(planner):
    new = planner.call("scm.product.lifecycle", "search_read", domain=[], fields=["product_id"])
    known = [("product_id", "not in", [line["product_id"][0] for line in new])]
    [plan] = planner.call(
        "scm.policy.proposal", "search_read", domain=[("max_proposed", ">", 0), *known], fields=["product_id"], limit=1
    )
    product_id = plan["product_id"][0]
    line_id = planner.call("scm.product.lifecycle", "set_end", product_id=product_id, date_end="2020-01-31")
    planner.call("scm.forecast.run", "run_now", kind="refresh", wait=True)
    plans = planner.call(
        "scm.policy.proposal", "search_read", domain=[("product_id", "=", product_id)],
        fields=["min_proposed", "max_proposed", "qty_to_order"],
    )  # fmt: skip
    assert all(row["max_proposed"] == row["qty_to_order"] == 0 for row in plans)
    with pytest.raises(Refused, match="not a day"):
        planner.call("scm.product.lifecycle", "set_end", product_id=product_id, date_end="soon")
    planner.call("scm.product.lifecycle", "set_end", product_id=product_id, date_end=False)
    planner.call("scm.product.lifecycle", "unlink", [line_id])


def test_correction_is_undone_and_typed(planner):
    [line] = planner.call(
        "scm.history.correction", "search_read", domain=[("state", "=", "applied")], limit=1,
        fields=["product_id", "warehouse_id", "date", "quantity_raw", "quantity_used", "explanation"],
    )  # fmt: skip
    assert line["quantity_used"] < line["quantity_raw"]
    assert line["explanation"]
    assert planner.call("scm.history.correction", "action_undo", [line["id"]]) is True
    [undone] = planner.call("scm.history.correction", "read", [line["id"]], fields=["state", "quantity_used"])
    assert (undone["state"], undone["quantity_used"]) == ("undone", line["quantity_raw"])
    typed = planner.call(
        "scm.history.correction", "set_cleaned", product_id=line["product_id"][0],
        warehouse_id=line["warehouse_id"][0], date=line["date"], quantity=5, reason="Counted twice",
    )  # fmt: skip
    assert typed == line["id"]
    chart = planner.call(
        "scm.forecast.chart", "get_forecast_chart", product_id=line["product_id"][0],
        warehouse_id=line["warehouse_id"][0],
    )  # fmt: skip
    assert [mark["used"] for mark in chart["corrections"] if mark["id"] == typed] == [5]


def test_who_may_only_look_is_refused(login):
    viewer = login("viewer")
    assert viewer.call("scm.history.correction", "search_count", domain=[]) > 0
    [line] = viewer.call("scm.history.correction", "search_read", domain=[], fields=["product_id"], limit=1)
    with pytest.raises(Refused):
        viewer.call("scm.history.correction", "action_keep", [line["id"]])
    with pytest.raises(Refused):
        viewer.call("scm.product.lifecycle", "set_end", product_id=line["product_id"][0], date_end="2030-01-31")
    outsider = login("outsider")
    with pytest.raises(Refused):
        outsider.call("scm.product.lifecycle", "search_count", domain=[])
