"""Several dates on one line: by hand, against on_time for one date, and against single units for several."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.base.on_time import on_time
from scm_kernels.base.promise_parts import bounds, cut, judge_parts, shifts

days = st.integers(90, 130)
quantities = st.integers(1, 9)
parts = st.lists(st.tuples(days, quantities), min_size=1, max_size=4, unique_by=lambda part: part[0])
receipts = st.lists(st.tuples(days, quantities), max_size=4)


def by_units(ordered, promised, received, as_of, tolerance):
    """The slow and obvious way: each unit has its promised day and its day of arrival."""
    promised = sorted(promised)
    wanted = [day for day, quantity in promised for _unit in range(quantity)]
    wanted = (wanted + [promised[-1][0]] * ordered)[:ordered]
    came = [day for day, quantity in sorted(received) if day <= as_of for _unit in range(quantity)]
    came = (came + [math.inf] * ordered)[:ordered]
    due = []
    for day in sorted(set(wanted)):
        units = [unit for unit in range(ordered) if wanted[unit] == day]
        if day + tolerance < as_of or all(came[unit] < math.inf for unit in units):
            due += units
    on_time_units = [unit for unit in due if came[unit] <= wanted[unit] + tolerance]
    missing = [unit for unit in due if came[unit] == math.inf]
    late = [max(0, min(came[unit], as_of) - wanted[unit]) for unit in due]
    return len(due), len(on_time_units), len(missing), max(late, default=None)


@given(st.integers(1, 20), parts, receipts, days, st.integers(0, 3))
def test_equal_to_counting_single_units(ordered, promised, received, as_of, tolerance):
    result = judge_parts(ordered, promised, received, as_of, tolerance)
    due, punctual, missing, late = by_units(ordered, promised, received, as_of, tolerance)
    assert (result.due_qty, result.missing_qty) == (due, missing)
    if due:
        assert (result.on_time_qty, result.days_late) == (punctual, late)
        assert result.late_qty == due - punctual - missing
        assert result.otif == (punctual == due)
    else:
        assert not result.due and not result.otif and math.isnan(result.days_late)


@given(st.integers(1, 20), days, receipts, days, st.integers(0, 3))
def test_one_part_is_the_plain_definition(ordered, day, received, as_of, tolerance):
    result = judge_parts(ordered, [(day, ordered)], received, as_of, tolerance)
    columns = ([0] * len(received), [d for d, _q in received], [q for _d, q in received])
    plain = on_time([ordered], [day], *columns, as_of, tolerance)
    assert result.due == plain.due[0] and result.otif == plain.otif[0]
    assert result.on_time_qty == plain.on_time_qty[0]
    assert result.days_late == plain.days_late[0] or not result.due


def test_second_part_open_does_not_hide_the_first():
    """4 of 10 overdue by 10 days, 6 not due for 20: judged by the 4, and 0 % on time."""
    result = judge_parts(10, [(100, 4), (130, 6)], [], as_of=110)
    assert (result.due_qty, result.on_time_qty, result.missing_qty, result.days_late) == (4, 0, 4, 10)


def test_what_comes_early_fills_the_next_part():
    result = judge_parts(10, [(100, 4), (120, 6)], [(99, 7)], as_of=110)
    assert (result.due_qty, result.on_time_qty, result.late_qty, result.otif) == (4, 4, 0, True)


@given(st.integers(1, 20), parts)
def test_bounds_cover_the_line_without_gap(ordered, promised):
    edges = bounds(ordered, promised)
    assert edges[0][1] == 0 and edges[-1][2] == ordered
    assert all(before[2] == after[1] for before, after in pairwise(edges))
    assert sum(quantity for _day, quantity in cut(ordered, promised, 0, ordered)) == ordered


@given(st.integers(1, 20), parts, parts)
def test_shifts_lead_from_one_set_to_the_other(ordered, before, after):
    units = {}
    for day, lower, upper in bounds(ordered, before):
        units[day] = units.get(day, 0) + upper - lower
    for old, new, quantity, _first in shifts(ordered, before, after):
        assert old != new
        units[old] -= quantity
        units[new] = units.get(new, 0) + quantity
    wanted = {}
    for day, lower, upper in bounds(ordered, after):
        wanted[day] = wanted.get(day, 0) + upper - lower
    assert {d: q for d, q in units.items() if q} == {d: q for d, q in wanted.items() if q}


def test_nothing_changes_nothing():
    assert shifts(10, [(100, 4), (120, 6)], [(120, 6), (100, 4)]) == []
