"""Kits taken apart: the docstring's example, and any tree of kits against plain recursion."""

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning_mrp import kits

quantities = st.integers(1, 5)


def test_docstring():
    assert doctest.testmod(kits).failed == 0


# Kit n may hold goods (letters) and kits of a higher number only, so there is no circle.
trees = st.fixed_dictionaries(
    {
        kit: st.lists(
            st.tuples(st.one_of(st.sampled_from("abc"), *([st.integers(kit + 1, 5)] if kit < 5 else [])), quantities),
            min_size=1,
            max_size=4,
        )
        for kit in range(6)
    }
)


def _slowly(kit, parts):
    total = {}
    for part, quantity in parts[kit]:
        for goods, inner in (_slowly(part, parts) if part in parts else {part: 1}).items():
            total[goods] = total.get(goods, 0) + quantity * inner
    return total


@given(trees)
@settings(deadline=None)
def test_kits_within_kits(parts):
    components, circular = kits.explode(parts)
    assert not circular
    assert components == {kit: _slowly(kit, parts) for kit in parts}


@given(trees)
@settings(deadline=None)
def test_a_circle_stops_nothing_else(parts):
    parts = parts | {5: [*parts[5], (4, 1)], 4: [(5, 1)]}
    components, circular = kits.explode(parts)
    assert {4, 5} <= circular
    assert components.keys() | circular == parts.keys()
    assert not components.keys() & circular


def test_a_chain_of_ten_thousand_kits():
    parts = {number: [(number + 1, 1)] for number in range(10_000)}
    assert kits.explode(parts)[0][0] == {10_000: 1}
