"""Overrides against a slow and obvious reference, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.planning import overrides
from scm_kernels.planning.overrides import Override


def obvious(forecast, rows, recent):
    """Cell by cell; parts not rounded."""
    quantity = forecast.astype(float).tolist()
    last = [[-1] * forecast.shape[1] for _row in forecast]
    for one in rows:
        share = np.ones(len(one.items)) if one.share is None else one.share
        for period in one.periods:
            base = [quantity[item][period] * part for item, part in zip(one.items, share, strict=True)]
            summed = sum(base)
            wanted = {"total": one.value, "add": summed + one.value, "percent": summed * (1 + one.value / 100)}
            wanted = max(wanted[one.mode], 0)
            weight = base
            if sum(weight) <= 0 and one.mode != "percent":
                weight = [recent[item] * part for item, part in zip(one.items, share, strict=True)]
            if sum(weight) <= 0:
                weight = [1] * len(one.items)
            for item, old, part, of in zip(one.items, base, weight, share, strict=True):
                new = wanted * part / sum(weight)
                quantity[item][period] = max(quantity[item][period] - old + new, 0)
                if of > 0:
                    last[item][period] = one.key
    return np.array(quantity), np.array(last)


def random_rows(draw, n, p):
    rows = []
    for key in range(draw.integers(1, 5)):
        items = np.sort(draw.choice(n, draw.integers(1, n + 1), replace=False))
        periods = np.sort(draw.choice(p, draw.integers(1, p + 1), replace=False))
        mode = str(draw.choice(overrides.MODES))
        value = float(draw.integers(0, 400)) if mode == "total" else float(draw.integers(-60, 120))
        share = draw.uniform(0, 1, len(items)) if draw.random() < 0.4 else None
        rows.append(Override(key, items, periods, mode, value, share))
    return rows


@given(st.integers(0, 10_000))
def test_same_as_the_obvious_way(seed):
    draw = np.random.default_rng(seed)
    n, p = int(draw.integers(1, 6)), int(draw.integers(1, 4))
    forecast = draw.uniform(0, 30, (n, p)) * (draw.random((n, p)) < 0.8)
    recent = draw.uniform(0, 5, n)
    rows = random_rows(draw, n, p)
    found = overrides.apply(forecast, rows, recent, np.zeros(n, bool))
    quantity, last = obvious(forecast, rows, recent)
    # hundredths of each override in turn, which the next may multiply
    np.testing.assert_allclose(found.quantity, quantity, atol=0.2, rtol=0.02)
    np.testing.assert_array_equal(found.last, last)


@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e4), min_size=1, max_size=30), st.sampled_from([1.0, 0.01]))
def test_parts_add_up_to_the_total(total, weight, step):
    weight = np.array(weight)
    if weight.sum() <= 0:
        weight = weight + 1
    parts = overrides.largest_remainder(total, weight, step)
    assert abs(parts.sum() - round(total / step) * step) < 1e-3
    # none further from its exact share than one step (Hamilton's quota rule)
    exact = round(total / step) * step * weight / weight.sum()
    assert (np.abs(parts - exact) <= step * (1 + 1e-3)).all()


def test_a_typed_total_is_met_in_whole_units():
    rows = [Override(5, np.arange(3), np.array([0]), "total", 100)]
    found = overrides.apply(np.array([[10.0], [10.0], [10.0]]), rows, np.zeros(3), np.ones(3, bool))
    assert found.quantity.ravel().tolist() == [34, 33, 33]
    assert (found.before[5].tolist(), found.after[5].tolist()) == ([30.0], [100.0])


def test_few_units_over_many_items_stay_fractions():
    rows = [Override(1, np.arange(50), np.array([0]), "total", 20)]
    found = overrides.apply(np.full((50, 1), 0.1), rows, np.zeros(50), np.ones(50, bool))
    np.testing.assert_allclose(found.quantity.ravel(), 0.4)


def test_an_item_without_forecast_gets_nothing_beside_others():
    rows = [Override(1, np.arange(2), np.array([0]), "add", 30)]
    found = overrides.apply(np.array([[0.0], [10.0]]), rows, np.array([9.0, 0.0]), np.ones(2, bool))
    assert found.quantity.ravel().tolist() == [0, 40]


def test_nothing_is_forecast_at_all():
    rows = [
        Override(1, np.arange(2), np.array([0]), "total", 30),
        Override(2, np.arange(2), np.array([1]), "percent", 50),
    ]
    found = overrides.apply(np.zeros((2, 2)), rows, np.array([2.0, 1.0]), np.ones(2, bool))
    assert found.quantity[:, 0].tolist() == [20, 10]
    assert found.quantity[:, 1].tolist() == [0, 0]


def test_a_region_moves_only_its_part():
    # 40 % of the item's demand comes from the region; doubling it makes 140
    rows = [Override(1, np.array([0]), np.array([0]), "percent", 100, np.array([0.4]))]
    assert overrides.apply(np.array([[100.0]]), rows, np.zeros(1), np.ones(1, bool)).quantity[0, 0] == pytest.approx(
        140
    )


def test_the_most_specific_comes_last():
    turns = [
        ("company", 0, False),
        ("warehouse", 0, True),
        ("vendor", 0, False),
        ("country", 0, False),
        ("state", 0, False),
        ("category", 1, False),
        ("category", 3, False),
        ("product", 0, False),
        ("product", 0, True),
    ]
    assert sorted(turns[4:] + turns[:4], key=lambda one: overrides.rank(*one)) == turns


def test_an_unknown_mode_is_named():
    with pytest.raises(ValueError, match="no mode 'times'"):
        overrides.target(np.ones(1), "times", 2)
