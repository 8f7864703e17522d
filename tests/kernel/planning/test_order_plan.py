"""The order plan against a slow and obvious reference on random cases, the golden scenario, and what always holds."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import plan_reference as slow
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scm_kernels.planning import order_plan, plan_lots, plan_risk, plan_types
from scm_kernels.planning.plan_types import Flow, PlanFlows, PlanItems, PlanOptions
from scm_kernels.planning.proposal import Sellers
from scm_kernels.planning.supply_calendar import SupplyCalendar

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "order_plan"
MONDAY = date(2026, 11, 23)
FLOWS = tuple(PlanFlows.__dataclass_fields__)
DEFAULTS = {
    "product": 1, "opening": 0.0, "safety": 0.0, "step": 1.0, "gone_days": 0, "can_order": True, "source": -1,
    "lead_days": 7.0, "calendar_row": -1, "lot_weeks": 1, "most_weeks": np.inf, "moq": 0.0, "multiple": 0.0,
    "rate": 0.2,
}  # fmt: skip


def run(rows, options, calendar=None, flows=None):
    """Plan of dicts with the names of ``DEFAULTS``, ``forecast`` (list) and ``breaks`` ([(quantity, price)])."""
    rows = [DEFAULTS | row for row in rows]
    width = max((len(row.get("breaks", ())) for row in rows), default=0)
    breaks = np.full((2, len(rows), width), np.inf)
    for place, row in enumerate(rows):
        for column, pair in enumerate(row.get("breaks", ())):
            breaks[:, place, column] = pair
    columns = {name: np.array([row[name] for row in rows]) for name in DEFAULTS}
    items = PlanItems(
        **columns, forecast=np.array([row["forecast"] for row in rows], float), break_quantity=breaks[0],
        break_price=breaks[1],
    )  # fmt: skip
    calendar = calendar or SupplyCalendar(MONDAY, np.zeros((0, 0)))
    return order_plan.plan(items, PlanFlows(**(flows or {})), calendar, options)


def flow(*entries):
    item, day, quantity = zip(*entries, strict=True)
    return Flow(np.array(item, int), np.array(day, int), np.array(quantity, float))


# Random cases


@st.composite
def networks(draw):
    """One product in one to three warehouses, with all that a plan may meet."""
    size = draw(st.integers(1, 3))
    weekday = draw(st.integers(0, 6))
    rows = []
    for place in range(size):
        source = draw(st.sampled_from([-1, *range(place)])) if place else -1
        breaks = draw(st.sampled_from([[], [(1.0, 10.0)], [(5.0, 10.0), (60.0, 8.0)], [(1.0, 9.0), (40.0, 9.0)]]))
        rows.append({
            "opening": float(draw(st.integers(-10, 150))), "safety": float(draw(st.integers(0, 20))),
            "step": draw(st.sampled_from([1.0, 0.5])), "gone_days": draw(st.sampled_from([weekday, weekday + 1])),
            "can_order": draw(st.sampled_from([True, True, True, False])), "source": source,
            "lead_days": float(draw(st.sampled_from([0, 3, 7, 10, 20, 45, 400]))),
            "calendar_row": draw(st.sampled_from([-1, 0])) if source < 0 else -1,
            "lot_weeks": draw(st.integers(1, 5)), "most_weeks": draw(st.sampled_from([np.inf, 3.0, 8.0])),
            "moq": float(draw(st.sampled_from([0, 0, 50]))), "multiple": float(draw(st.sampled_from([0, 0, 12]))),
            "forecast": draw(st.lists(st.integers(0, 15), min_size=10, max_size=10)),
            "breaks": breaks if source < 0 else [],
        })  # fmt: skip
    entry = st.tuples(st.integers(0, size - 1), st.integers(0, 90), st.integers(1, 40))
    flows = {name: draw(st.lists(entry, max_size=3)) for name in FLOWS}
    closed = np.zeros((1, 200), bool)
    start, length = draw(st.integers(0, 80)), draw(st.sampled_from([0, 5, 21, 30]))
    closed[0, start : start + length] = True
    options = PlanOptions(
        weeks=draw(st.sampled_from([12, 16])), weekday=weekday, transfer_days=draw(st.sampled_from([0, 2, 9])),
        backward=draw(st.integers(0, 2)), forward=draw(st.integers(0, 2)),
    )  # fmt: skip
    return rows, flows, closed, options


def reference(rows, flows, closed, options):
    items = []
    for place, row in enumerate(rows):
        mine = {name: {} for name in (*FLOWS, "planned", "transfer_in", "transfer_out", "dependent")}
        for name in FLOWS:
            for item, day, quantity in flows[name]:
                if item == place:
                    slow.add(mine[name], slow.week_of(day, options), float(quantity))
        row = DEFAULTS | row
        shut = closed[0].tolist() if row["calendar_row"] == 0 else []
        items.append(slow.Item(**row, closed=shut, flows=mine, moq_above_max=False))
    slow.plan(items, options)
    return items


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(networks())
def test_as_the_reference(case):
    rows, flows, closed, options = case
    expected = reference(rows, flows, closed, options)
    arrays = {name: flow(*entries) for name, entries in flows.items() if entries}
    result = run(rows, options, SupplyCalendar(MONDAY, closed), arrays)
    assert result.moq_above_max.tolist() == [item.moq_above_max for item in expected]
    for place, item in enumerate(expected):
        mine = result.orders.take(result.orders.item == place)
        names = ("kind", "source", "order_day", "receipt_day", "need_day", "quantity")
        got = sorted(zip(*(getattr(mine, name).tolist() for name in names), strict=True))
        wanted = sorted(tuple(order[name] for name in names) for order in item.orders)
        assert [row[:-1] for row in got] == [row[:-1] for row in wanted]
        assert [row[-1] for row in got] == pytest.approx([row[-1] for row in wanted])
        assert result.closing[place] == pytest.approx([slow.closing(item, week) for week in range(options.weeks)])


@settings(max_examples=20, deadline=None, phases=[Phase.generate])
@given(networks())
def test_transfers_add_up_and_other_products_do_not_matter(case):
    rows, flows, closed, options = case
    arrays = {name: flow(*entries) for name, entries in flows.items() if entries}
    calendar = SupplyCalendar(MONDAY, closed)
    alone = run(rows, options, calendar, arrays)
    moves = alone.orders.take(alone.orders.kind == 1)
    assert moves.quantity.sum() == pytest.approx(moves.quantity[moves.source >= 0].sum())
    twice = [row | {"product": 1} for row in rows] + [
        row | {"product": 2, "source": row["source"] + len(rows) if row["source"] >= 0 else -1} for row in rows
    ]
    both = {name: Flow(np.concatenate([f.item, f.item + len(rows)]), np.tile(f.day, 2), np.tile(f.quantity, 2))
            for name, f in arrays.items()}  # fmt: skip
    result = run(twice, options, calendar, both)
    assert result.closing[: len(rows)] == pytest.approx(alone.closing)
    assert result.closing[len(rows) :] == pytest.approx(alone.closing)


def test_chunks_do_not_change_the_result(monkeypatch):
    rows = [{"product": number // 2, "opening": 10.0 * number, "lead_days": 7.0 * (number % 5) * 3,
             "forecast": [5.0 + number] * 12} for number in range(20)]  # fmt: skip
    options = PlanOptions(weeks=16)
    whole = run(rows, options)
    monkeypatch.setattr(order_plan, "CHUNK", 3)
    parts = run(rows, options)
    assert parts.closing == pytest.approx(whole.closing)
    assert parts.orders.quantity.tolist() == whole.orders.quantity.tolist()


# The golden scenario


def read(name):
    with open(SCENARIO / name, newline="") as stream:
        return list(csv.DictReader(stream))


def scenario_inputs():
    rows, entries, codes = read("input.csv"), {name: [] for name in FLOWS}, {}
    items = []
    place_of = {(row["product"], row["warehouse"]): place for place, row in enumerate(rows)}
    for place, row in enumerate(rows):
        number = {name: float(row[name] or 0) for name in row if name not in ("product", "warehouse", "source")}
        items.append({
            "product": codes.setdefault(row["product"], len(codes)), "opening": number["on_hand"],
            "safety": number["safety"], "lead_days": number["lead_days"], "can_order": row["lead_days"] != "",
            "calendar_row": int(row["shutdown"] or 0) - 1, "lot_weeks": int(number["lot_weeks"]),
            "most_weeks": number["most_weeks"] or np.inf, "moq": number["moq"], "multiple": number["multiple"],
            "source": place_of.get((row["product"], row["source"]), -1), "forecast": [number["week"]] * 26,
        })  # fmt: skip
        for name, field in (("receipts", "receipt"), ("orders", "order")):
            if row[f"{field}_qty"]:
                entries[name].append((place, int(number[f"{field}_week"]) * 7, number[f"{field}_qty"]))
    return rows, items, {name: flow(*values) for name, values in entries.items() if values}


def test_golden_scenario():
    rows, items, flows = scenario_inputs()
    closed = np.zeros((1, 182), bool)
    closed[0, 28:42] = True
    result = run(items, PlanOptions(weeks=12, transfer_days=7), SupplyCalendar(MONDAY, closed), flows)
    safety, can_order = (np.array([item[name] for item in items]) for name in ("safety", "can_order"))
    risk = plan_risk.risk(result, safety, np.ones(len(items)), can_order, np.full(len(items), 2.0), (), ())
    got = [
        {
            "product": row["product"], "warehouse": row["warehouse"],
            "planned": " ".join(f"{value:g}" for value in result.terms["planned"][place]),
            "transfer_in": " ".join(f"{value:g}" for value in result.terms["transfer_in"][place]),
            "closing": " ".join(f"{value:g}" for value in result.closing[place]),
            "order_days": " ".join(str(day) for day in result.orders.order_day[result.orders.item == place][:3]),
            "late": f"{risk.short[place]:g}", "moq_above_max": "yes" if result.moq_above_max[place] else "no",
            "circle": "yes" if result.circle[place] else "no",
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    assert got == read("expected.csv")


# One rule at a time


def test_order_placed_today_comes_too_late():
    result = run([{"opening": 15.0, "lead_days": 21.0, "forecast": [10.0] * 12}], PlanOptions(weeks=12),
                 flows={"receipts": flow((0, 30, 40.0))})  # fmt: skip
    risk = plan_risk.risk(result, np.zeros(1), np.ones(1), np.ones(1, bool), np.array([4.0]), (), ())
    assert (risk.late[0], risk.short[0], risk.margin[0]) == (True, 15.0, 60.0)
    assert plan_risk.REMEDIES[risk.remedy[0]] == "expedite"
    assert risk.stock_out_week[0] == 1


def test_remedies():
    rows = [
        {"product": 1, "opening": 5.0, "lead_days": 28.0, "forecast": [10.0] * 12},
        {"product": 1, "opening": 60.0, "safety": 55.0, "lead_days": 7.0, "forecast": [0.0] * 12},
        {"product": 2, "opening": 500.0, "forecast": [1.0] * 12},
        {"product": 3, "opening": 0.0, "lead_days": 28.0, "forecast": [10.0] * 12},
        {"product": 4, "opening": 0.0, "lead_days": 28.0, "forecast": [10.0] * 12},
    ]
    result = run(rows, PlanOptions(weeks=12, transfer_days=None))
    risk = plan_risk.risk(result, np.array([0.0, 55, 0, 0, 0]), np.ones(5), np.ones(5, bool), np.ones(5),
                          [(0, 1), (1, 0)], [(3, 2)])  # fmt: skip
    names = [plan_risk.REMEDIES[index] if index >= 0 else "" for index in risk.remedy]
    assert names == ["transfer", "", "", "substitute", "tell"]
    assert risk.partner[0, plan_risk.TRANSFER] == 1
    assert risk.partner[3, plan_risk.SUBSTITUTE] == 2


def test_what_cannot_be_ordered_is_not_late_but_out():
    result = run([{"can_order": False, "forecast": [10.0] * 12}], PlanOptions(weeks=12))
    risk = plan_risk.risk(result, np.zeros(1), np.ones(1), np.zeros(1, bool), np.ones(1), (), ())
    assert (risk.late[0], risk.stock_out_week[0], len(result.orders.item)) == (False, 0, 0)


def test_vendor_without_open_day():
    calendar = SupplyCalendar(MONDAY, np.ones((1, 300)))
    result = run([{"calendar_row": 0, "forecast": [10.0] * 12}], PlanOptions(weeks=12), calendar)
    assert result.never_open.tolist() == [True]
    assert not len(result.orders.item)


def test_lead_time_of_400_days_is_ordered_today():
    result = run([{"opening": 620.0, "lead_days": 400.0, "lot_weeks": 4, "forecast": [10.0] * 12}],
                 PlanOptions(weeks=26))  # fmt: skip
    assert result.orders.order_day.min() < 56
    assert result.terms["planned"].sum() == 0, "what comes behind the plan is not in its weeks"
    # 620 last 62 weeks
    assert result.orders.receipt_day[0] == 62 * 7


def test_circle_is_named_and_both_buy():
    rows = [{"product": 1, "source": 1, "forecast": [5.0] * 12}, {"product": 1, "source": 0, "forecast": [5.0] * 12}]
    result = run(rows, PlanOptions(weeks=12))
    assert result.circle.tolist() == [True, True]
    assert (result.orders.source == -1).all()


def test_source_buys_what_its_branch_needs():
    rows = [
        {"product": 1, "lead_days": 14.0, "forecast": [0.0] * 12},
        {"product": 1, "source": 0, "opening": 30.0, "lead_days": 7.0, "forecast": [10.0] * 12},
    ]
    result = run(rows, PlanOptions(weeks=12, transfer_days=None))
    # 30 last three weeks; from then on 10 each week leave the source a week before
    assert result.terms["dependent"][0].tolist() == [0, 0, *[10.0] * 9, 0]
    assert result.terms["planned"][0].tolist() == [0, 0, *[10.0] * 9, 0]
    assert (result.orders.source[result.orders.item == 1] == 0).all()


def test_no_items():
    result = order_plan.plan(
        PlanItems(**{name: np.zeros(0, int) for name in DEFAULTS}, forecast=np.zeros((0, 4)),
                  break_quantity=np.zeros((0, 0)), break_price=np.zeros((0, 0))),
        PlanFlows(), SupplyCalendar(MONDAY, np.zeros((0, 0))), PlanOptions(weeks=4),
    )  # fmt: skip
    assert result.closing.shape == (0, 4)


def test_price_breaks_of_a_vendor():
    lines = Sellers(
        item=np.array([0, 0, 0, 1]), partner=np.array([7, 7, 8, 9]), sequence=np.ones(4),
        minimum=np.array([1.0, 100.0, 1.0, 5.0]), price=np.zeros(4), unit_price=np.array([10.0, 8.0, 1.0, 3.0]),
        valid=np.array([True, True, True, False]), id=np.arange(4),
    )  # fmt: skip
    quantities, prices, rows = plan_lots.price_breaks(lines, np.array([0, 3, -1]))
    assert quantities[0].tolist() == [1.0, 100.0]
    assert prices[0].tolist() == [10.0, 8.0]
    assert (quantities[1, 0], prices[1, 0], rows[1, 0]) == (5.0, 3.0, 3)
    assert np.isinf(prices[2]).all()


def test_closing_is_the_sum_of_its_terms():
    terms = {name: np.full((1, 2), value) for value, name in enumerate(plan_types.TERMS, 1)}
    # 1 + 2 - 3 - 4 - 5 + 6 + 7 - 8 - 9
    assert plan_types.closing_of(np.array([100.0]), terms).tolist() == [[87.0, 74.0]]
