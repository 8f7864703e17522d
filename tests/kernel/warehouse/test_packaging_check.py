"""Rules on packaging and the footprint of a parcel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.warehouse.packaging_check import Facts, Part, Rule, check, footprint

BOARD = Part("board", "paper", 0.3, recycled=0.9, factor_new=1.2, factor_recycled=1.1)
TAPE = Part("pvc", "plastic", 0.01, factor_new=2.94, certified=False)


def _facts(**values):
    known = {
        "void_ratio": 0.4,
        "layers": 1,
        "tape_width": 45.0,
        "tape_length": 1.2,
        "perimeter": 1.0,
        "goods_kg": 1.0,
        "goods_litres": 4.0,
        "nature": "ordinary",
        "parts": (BOARD, TAPE),
    }
    return Facts(**known | values)


@pytest.mark.parametrize(
    ("rule", "facts", "broken"),
    [
        (Rule(1, "void_ratio", 0.5), _facts(void_ratio=0.5), False),
        (Rule(1, "void_ratio", 0.5), _facts(void_ratio=0.51), True),
        (Rule(1, "void_ratio", 0.5), _facts(void_ratio=None), False),
        (Rule(1, "void_ratio", 0.2, "litres", 0, 4), _facts(), False),
        (Rule(1, "void_ratio", 0.2, "litres", 4, 0), _facts(), True),
        (Rule(1, "layers", 2, nature="ordinary"), _facts(layers=3), True),
        (Rule(1, "layers", 2, nature="ordinary"), _facts(layers=3, nature="fragile"), False),
        (Rule(1, "tape_width", 45), _facts(tape_width=48), True),
        (Rule(1, "tape_ratio", 1), _facts(), True),
        (Rule(1, "tape_ratio", 1), _facts(perimeter=0), False),
        (Rule(1, "weight_ratio", 0.3, "kg", 0.25, 1), _facts(), False),
        (Rule(1, "weight_ratio", 0.3, "kg", 1, 3), _facts(), True),
        (Rule(1, "recycled", 0.9, family="paper"), _facts(), False),
        (Rule(1, "recycled", 0.25, family="plastic"), _facts(), True),
        (Rule(1, "recycled", 0.25, family="plastic"), _facts(parts=(BOARD,)), False),
        (Rule(1, "substance", banned=frozenset({"pvc"})), _facts(), True),
        (Rule(1, "substance", banned=frozenset({"ps"})), _facts(), False),
        (Rule(1, "certificate"), _facts(), True),
        (Rule(1, "certificate"), _facts(parts=(BOARD,)), False),
    ],
)
def test_rules(rule, facts, broken):
    assert bool(check(facts, [rule])) == broken


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1), st.floats(1, 50), st.floats(0, 5), st.floats(0, 5))))
def test_footprint_lies_between_new_and_recycled(rows):
    parts = [Part(n, "paper", kg, share, trips, new, old) for n, (kg, share, trips, new, old) in enumerate(rows)]
    kg, recycled, emitted = footprint(parts)
    assert 0 <= recycled <= kg + 1e-6
    bounds = [(part.kg / part.trips * value) for part in parts for value in (part.factor_new, part.factor_recycled)]
    lows = sum(min(pair) for pair in zip(bounds[::2], bounds[1::2], strict=True))
    highs = sum(max(pair) for pair in zip(bounds[::2], bounds[1::2], strict=True))
    assert lows - 1e-6 <= emitted <= highs + 1e-6


def test_footprint_by_hand():
    kg, recycled, emitted = footprint([BOARD, TAPE])
    assert (kg, recycled) == (0.31, 0.27)
    assert emitted == pytest.approx(0.3 * (0.9 * 1.1 + 0.1 * 1.2) + 0.01 * 2.94)
