"""The plan of counts against slow and obvious references, and what must hold whatever the warehouse looks like."""

import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse import count_plan as kernel

DAYS = st.lists(st.integers(-20, 12), max_size=25)
ROOM = st.lists(st.integers(0, 6), min_size=1, max_size=7)


def plan(due, room, risks=None, candidate=None):
    due = np.array(due, dtype=float)
    risks = np.ones(due.size) if risks is None else np.array(risks, dtype=float)
    candidate = np.zeros(due.size, dtype=bool) if candidate is None else candidate
    return kernel.spread(due, risks, np.arange(len(room)), room, candidate)


def feasible(due, room):
    """Whether every due place fits until its day, by counting: demand until a day within the room until that day."""
    last = len(room) - 1
    return all(sum(max(d, 0) <= day for d in due if d <= last) <= sum(room[: day + 1]) for day in range(len(room)))


def least_peak(due, room):
    """Smallest possible largest load, by trying all of them."""
    for peak in itertools.count():
        if feasible(due, [min(one, peak) for one in room]):
            return peak
    return None


class TestRisk:
    def test_against_the_formula_one_by_one(self):
        rng = np.random.default_rng(1)
        value, moves, rate = rng.gamma(2, 500, 40), rng.gamma(1, 2, 40), rng.beta(2, 200, 40)
        days = rng.integers(0, 400, 40).astype(float)
        slow = [
            v * (1 - math.exp(-r * (m + 1 / 90) * d)) for v, m, r, d in zip(value, moves, rate, days, strict=True)
        ]
        np.testing.assert_allclose(kernel.risk(value, moves, rate, days), slow, rtol=1e-12)

    @given(st.floats(-1e6, 1e6), st.floats(0, 500), st.floats(1e-6, 0.5), st.integers(0, 3000))
    def test_never_more_than_the_value_and_grows(self, value, moves, rate, days):
        now, later = kernel.risk([value] * 2, [moves] * 2, [rate] * 2, [days, days + 1])
        assert 0 <= now <= later <= abs(value)

    def test_a_place_never_counted_is_taken_as_a_year(self):
        assert kernel.risk([10], [1], [0.01], [np.nan]) == kernel.risk([10], [1], [0.01], [365])

    def test_rates_are_pulled_to_that_of_the_warehouse(self):
        base = kernel.base_rate([3, 0], [900, 100])
        few, many, none = kernel.shrunk_rate([1, 30, 0], [100, 3000, 0], base)
        assert base < few < 1 / 100
        assert abs(many - 0.01) < 0.0015
        assert none == base


class TestDue:
    def test_a_new_warehouse_is_spread_evenly_over_the_interval_the_riskiest_first(self):
        order = np.random.default_rng(2).random(365)
        due = kernel.due_days([np.nan] * 365, [365.0] * 365, [np.nan] * 365, order)
        assert sorted(due.tolist()) == list(range(365))
        assert (np.argsort(due) == np.argsort(-order)).all()

    def test_the_day_once_given_stands_and_a_shorter_interval_draws_it_near(self):
        due = kernel.due_days([np.nan, np.nan], [90, 30], [50, 50], [0, 0])
        assert due.tolist() == [50, 30]

    def test_no_rule_is_never_due(self):
        due = kernel.due_days([np.nan, 500], [np.inf, np.inf], [np.nan, np.nan], [1, 1])
        assert np.isinf(due).all()


class TestSpread:
    @given(DAYS, ROOM)
    def test_no_day_has_more_than_its_room_and_nothing_is_lost(self, due, room):
        result = plan(due, room)
        load = np.bincount(result.day[result.day >= 0], minlength=len(room))
        wanted = sum(one <= len(room) - 1 for one in due)
        assert (load <= room).all()
        assert load.sum() == min(wanted, sum(room)) or result.late.any()
        assert (result.day >= 0).sum() + (result.late & (result.day < 0)).sum() == wanted

    @given(DAYS, ROOM)
    def test_all_are_in_time_exactly_if_they_can_be(self, due, room):
        assert plan(due, room).late.any() != feasible(due, room)

    @given(DAYS, ROOM)
    def test_the_peak_is_the_least_there_is(self, due, room):
        if feasible(due, room):
            load = np.bincount(plan(due, room).day[plan(due, room).day >= 0], minlength=len(room))
            assert load.max(initial=0) == least_peak(due, room)

    @given(st.lists(st.floats(0, 1e4), max_size=30), ROOM)
    def test_what_is_left_goes_to_the_riskiest(self, risks, room):
        result = plan([np.inf] * len(risks), room, risks, np.ones(len(risks), dtype=bool))
        taken = [risk for risk, day in zip(risks, result.day, strict=True) if day >= 0]
        left = [risk for risk, day in zip(risks, result.day, strict=True) if day < 0]
        assert len(taken) == min(sum(room), sum(risk > 0 for risk in risks))
        assert not taken or not left or min(taken) >= max(left)
        assert (result.by_risk == (result.day >= 0)).all()

    def test_due_on_a_day_off_is_counted_on_the_working_day_before(self):
        friday_monday = kernel.spread([1, 2], [1, 1], [0, 3], [5, 5], [False, False])
        assert friday_monday.day.tolist() == [0, 0]

    def test_no_working_day_plans_nothing_and_says_what_is_late(self):
        result = kernel.spread([0, 5], [1, 1], [], [], [True, True])
        assert result.day.tolist() == [-1, -1]
        assert result.late.tolist() == [True, False]

    def test_made_again_with_what_is_planned_it_plans_nothing(self):
        rng = np.random.default_rng(3)
        due, risks = rng.integers(-5, 40, 200).astype(float), rng.gamma(1, 100, 200)
        everything = np.ones(200, dtype=bool)
        first = kernel.spread(due, risks, np.arange(10), [8] * 10, everything)
        planned = first.day >= 0
        load = np.bincount(first.day[planned], minlength=10)
        room = kernel.room_left(8, load, 0)
        again = kernel.spread(np.where(planned, np.inf, due), risks, np.arange(10), room, ~planned)
        assert (again.day == -1).all()

    @given(st.integers(0, 9), st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 40))
    def test_open_counts_take_their_room(self, capacity, load, backlog):
        room = kernel.room_left(capacity, load, backlog)
        free = sum(max(capacity - one, 0) for one in load)
        assert (room >= 0).all()
        assert room.sum() == max(free - backlog, 0)
