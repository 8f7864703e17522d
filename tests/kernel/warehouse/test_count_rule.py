"""Which rule holds, and what is within its tolerance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse import count_rule as kernel

LETTERS = ("A", "B", "C", "")
RULES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from((*LETTERS, kernel.ANY))), max_size=6
)
ROWS = st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), st.sampled_from(LETTERS)), max_size=8)
NUMBERS = st.floats(0, 1000)


def first_that_fits(rules, row):
    for number, (warehouse, zone, letter) in enumerate(rules):
        if warehouse in (0, row[0]) and zone in (0, row[1]) and letter in (kernel.ANY, row[2]):
            return number
    return -1


@given(RULES, ROWS)
def test_the_first_rule_that_fits_holds(rules, rows):
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    assert kernel.match(rules, *columns).tolist() == [first_that_fits(rules, row) for row in rows]


def test_the_more_a_rule_says_the_earlier_it_holds():
    keys = [(0, 0, "A", 0), (0, 0, kernel.ANY, 1), (0, 0, "A", 1), (1, 0, kernel.ANY, 1), (1, 9, kernel.ANY, 1)]
    ranked = sorted(((w, z, letter, c) for w, z, letter, c in keys), key=lambda k: kernel.specificity(*k))
    assert ranked == keys


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(0, 100), NUMBERS, NUMBERS)
def test_tolerance_against_its_definition(book, counted, cost, percent, units, money):
    gap = abs(counted - book)
    expected = gap <= max(units, percent / 100 * book) + 1e-9 and (money == 0 or gap * cost <= money + 1e-9)
    assert kernel.within([book], [counted], [cost], percent, units, money).tolist() == [expected]


def test_nothing_on_the_book_has_no_percentage():
    assert kernel.within([0, 0], [0, 1], [5, 5], 5, 0, 0).tolist() == [True, False]


def test_a_book_below_zero_has_the_tolerance_of_its_size():
    assert kernel.within(np.array([-100.0]), [-97], [1], 5, 0, 0).tolist() == [True]
