"""Sorting of what came back: nothing is lost and nothing is counted twice."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.aftersales import inspection

COUNT = st.integers(0, 20)


def test_doctests():
    assert doctest.testmod(inspection).failed == 0


@given(COUNT, COUNT, st.fixed_dictionaries(dict.fromkeys(inspection.GRADES, COUNT)))
def test_what_is_left_is_the_rest(expected, received, graded):
    in_hand, not_come = inspection.left(expected, received, graded)
    never, booked = inspection.split_missing(expected, received, graded["missing"])
    assert never + booked == graded["missing"] and never >= 0 and booked >= 0
    assert not_come >= 0
    # every unit that was to come or came is graded, to be graded, or has not come
    assert in_hand + not_come + sum(graded.values()) == max(expected, received)


@given(st.lists(st.tuples(st.sampled_from("abc"), COUNT), min_size=1, max_size=5), COUNT)
def test_what_is_drawn_adds_up(places, quantity):
    taken = inspection.draw(places, quantity)
    assert sum(part for _place, part in taken) == quantity
    assert all(part > 0 for _place, part in taken)


@given(st.lists(st.tuples(st.sampled_from([None, "x", "y", "z"]), st.integers(1, 9)), max_size=8))
def test_main_cause_against_counting(findings):
    units = {cause: sum(q for c, q in findings if c == cause) for cause, _q in findings if cause}
    chosen = inspection.main_cause(findings)
    assert (chosen is None) == (not units)
    assert chosen is None or units[chosen] == max(units.values())
