"""The plan as a whole: the golden scenario tests/scenarios/reorder, and what must always hold."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import proposal, replenish
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand
from scm_kernels.planning.policy import PolicySettings

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "reorder"


def read(name):
    with open(SCENARIO / name, newline="") as stream:
        return list(csv.DictReader(stream))


def number(row, name, empty=np.nan):
    return float(row[name]) if row[name] != "" else empty


class EvenDemand(replenish.DemandSlice):
    """Demand without any spread, so that each figure can be checked by hand."""

    def spread(self):
        rate = self.mean[:, 0] / self.period_days
        return lambda days, level: (rate * days, np.zeros(len(rate)), rate * days)


def plan_of(rows):
    n = len(rows)
    column = {
        name: np.array([number(row, name) for row in rows]) for name in rows[0] if name not in ("name", "state_before")
    }
    bought = np.flatnonzero(~np.isnan(column["lead_days"]))
    state = np.array([row["state_before"] for row in rows])
    refused = np.where(state == "rejected", 210.0, np.nan)
    items = replenish.Items(
        product=np.arange(n), on_hand=column["on_hand"], draft=column["draft"], min_current=column["min_now"],
        max_current=column["max_now"], state=state, rejected_min=refused, rejected_max=refused,
        applied_min=np.full(n, np.nan), applied_max=np.full(n, np.nan), unit_cost=np.full(n, 4.0),
        sale_price=np.full(n, 9.0), fixed_seller=np.full(n, -1), fixed_multiple=np.zeros(n),
        route_days=np.full(n, np.nan), dead=column["demand_day"] == 0,
    )  # fmt: skip
    k = len(bought)
    sellers = proposal.Sellers(
        item=bought, partner=np.full(k, 1), sequence=np.ones(k), minimum=column["moq"][bought], price=np.full(k, 4.0),
        unit_price=np.full(k, 4.0), valid=np.ones(k, bool), id=np.arange(k),
    )  # fmt: skip
    factor = np.where(column["multiple"][bought] > 0, column["multiple"][bought], 1.0)
    terms = replenish.SellerTerms(np.full(k, 1), column["lead_days"][bought], factor, np.ones(k, bool))
    cover = np.where(np.isnan(column["cover_max_days"]), np.inf, column["cover_max_days"])
    wanted = PolicySettings.of(n, 0.95, review_days=column["review_days"], cover_max_days=cover)
    demand = EvenDemand(np.repeat(column["demand_day"][:, None] * 7, 26, axis=1), np.zeros(n), None)
    nothing = replenish.Receipts(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    return replenish.propose(
        items, demand, flow(column, "receipt"), flow(column, "taken"), sellers, terms, nothing, wanted
    )


def flow(column, name):
    item = np.flatnonzero(~np.isnan(column[f"{name}_day"]))
    return replenish.Flow(item, column[f"{name}_day"][item].astype(int), column[f"{name}_qty"][item])


@pytest.fixture(scope="module")
def outcome():
    return plan_of(read("input.csv"))


@pytest.mark.parametrize(
    "index, row",
    list(enumerate(read("expected.csv"))),
    ids=lambda value: value["name"] if isinstance(value, dict) else "",
)
def test_scenario(outcome, index, row):
    found = {
        "minimum": outcome.plan.minimum[index],
        "maximum": outcome.plan.maximum[index],
        "position": outcome.position[index],
        "order": outcome.quantity[index],
        "runs_out_day": outcome.run_out_day[index],
        "short": outcome.short_quantity[index],
        "late_day": outcome.late_receipt_day[index],
        "excess": outcome.excess[index],
    }
    wanted = {name: number(row, name, 0.0 if name == "excess" else np.nan) for name in found}
    assert {name: round(float(value), 3) for name, value in found.items()} == pytest.approx(wanted, nan_ok=True)
    assert ("yes" if outcome.runs_out[index] else "no", outcome.state[index]) == (row["runs_out"], row["state"])


def test_scenario_names_stand_in_the_same_order():
    assert [row["name"] for row in read("input.csv")] == [row["name"] for row in read("expected.csv")]


def test_shift_of_whole_and_part_periods():
    values = np.array([[7.0, 14.0, 21.0]] * 3)
    assert replenish.shift(values, [0, 1, 9]).tolist() == [[7, 14, 21], [14, 21, 21], [21, 21, 21]]


def test_slice_of_a_forecast_keeps_items_apart():
    history = np.vstack([np.full(60, 10.0), np.full(60, 40.0)])
    result = forecast(DemandPanel(history, np.datetime64("2025-01-06").item(), "W", [0, 0]), ForecastOptions(horizon=8))
    found = replenish.demand_from_today(result, [1, -1, 0], [0, 0, 3.5])
    mean, sd, quantile = found.spread()(np.full(3, 14.0), np.full(3, 0.95))
    assert mean == pytest.approx([80, 0, 20], rel=0.05)
    assert sd[1] == quantile[1] == 0


def test_slice_of_a_forecast_keeps_the_growth_of_errors():
    """How fast errors add up differs by item: a slice in another order must carry it along."""
    random = np.random.default_rng(3)
    steady = random.poisson(30, 80)
    wandering = np.maximum(30 + np.cumsum(random.normal(0, 4, 80)), 0)
    panel = DemandPanel(np.vstack([steady, wandering]), np.datetime64("2025-01-06").item(), "W", [0, 0])
    result = forecast(panel, ForecastOptions(horizon=8))
    assert result.lead_time.response[1] > 2 * result.lead_time.response[0]
    found = replenish.demand_from_today(result, [1, 0], [0, 0]).spread()(np.full(2, 28.0), np.full(2, 0.95))
    for part, whole in zip(found, lead_time_demand(result, 4.0, 0.95), strict=True):
        np.testing.assert_allclose(part, whole[::-1])
    gone = replenish.demand_from_today(result, [-1, 1], [0, 0]).spread()(np.full(2, 28.0), np.full(2, 0.95))
    assert gone[1].tolist() == [0, pytest.approx(found[1][0])]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "demand_day": st.sampled_from(["0", "0.2", "10"]), "on_hand": st.integers(-20, 500).map(str),
                "draft": st.sampled_from(["0", "30"]), "receipt_day": st.sampled_from(["", "0", "20"]),
                "receipt_qty": st.just("25"), "taken_day": st.sampled_from(["", "2", "90"]), "taken_qty": st.just("9"),
                "min_now": st.just(""), "max_now": st.just(""), "lead_days": st.sampled_from(["", "1", "45"]),
                "moq": st.sampled_from(["0", "40"]), "multiple": st.sampled_from(["0", "12"]),
                "review_days": st.sampled_from(["1", "7"]), "cover_max_days": st.sampled_from(["", "30"]),
                "name": st.just("x"), "state_before": st.just(""),
            }
        ), min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_always_holds(rows):
    found = plan_of(rows)
    assert (found.plan.maximum >= found.plan.minimum).all()
    assert (found.quantity >= 0).all() and (found.excess >= 0).all() and (found.short_quantity >= 0).all()
    due = found.position < found.plan.minimum - 1e-6
    ordered = found.quantity > 0
    assert (ordered == (due & (found.plan.maximum - found.position > 1e-6))).all()
    # after the order nothing more is due
    assert (found.position + found.quantity >= found.plan.minimum - 1e-6)[ordered].all()
    assert (found.supply.blocked[[row["lead_days"] == "" for row in rows]] == "no_vendor").all()
    # what is in excess is not ordered
    assert not ((found.excess > 0) & ordered).any()
    # alone or with others: the same
    alone = plan_of(rows[:1])
    assert alone.plan.minimum[0] == found.plan.minimum[0] and alone.quantity[0] == found.quantity[0]
