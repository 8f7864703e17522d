"""Lanes: quantiles and chances against slow obvious code, shrinking by its properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.lane import MAX_DAYS, p_late, p_late_given_elapsed, quantile, shrink_times
from scm_kernels.logistics.lane_table import PARTS, SUMS, build

counts = st.lists(st.integers(0, 30), min_size=2, max_size=12).filter(lambda row: sum(row) > 0)


def sample_of(row):
    return np.repeat(np.arange(len(row)), row)


@given(counts, st.floats(0.01, 0.99))
def test_quantile_is_numpys(row, q):
    assert quantile(row, q) == np.quantile(sample_of(row), q - 1e-9, method="inverted_cdf")


@given(counts, st.integers(0, 10), st.integers(0, 10))
def test_chances_count_parcels(row, elapsed, left):
    sample = sample_of(row)
    assert p_late(row, left) == pytest.approx(np.mean(sample > left))
    alive = sample[sample >= elapsed]
    expected = np.mean(alive > elapsed + left) if len(alive) else 1.0
    assert p_late_given_elapsed(row, elapsed, left) == pytest.approx(expected)


@given(counts, st.integers(0, 8), st.integers(0, 8))
def test_more_time_left_is_never_worse(row, elapsed, left):
    assert p_late_given_elapsed(row, elapsed, left + 1) <= p_late_given_elapsed(row, elapsed, left) + 1e-12


def test_past_its_day_is_late():
    assert p_late_given_elapsed([0.2, 0.8], 1, -1) == 1.0


@given(counts)
def test_shrunk_lies_between_own_and_parent(row):
    own, parent = np.array(row) / sum(row), np.full(len(row), 1 / len(row))
    shrunk = shrink_times(np.array([row]), np.zeros(1, int), parent[None])[0]
    assert shrunk.sum() == pytest.approx(1)
    low, high = np.minimum(own, parent) - 1e-12, np.maximum(own, parent) + 1e-12
    assert ((low <= shrunk) & (shrunk <= high)).all()


def cells_of(rows):
    """Frames of parcels given as (carrier, warehouse, zone, band, days, late)."""
    frame = pd.DataFrame(rows, columns=[*PARTS, "days", "late"])
    times = frame.groupby([*PARTS, "days"]).size().rename("count").reset_index()
    sums = frame.groupby(list(PARTS)).agg(sample=("days", "size"), late=("late", "sum")).reset_index()
    for name in ("handed", "due"):
        sums[name] = sums["sample"]
    return sums.assign(**{name: 0.0 for name in SUMS if name not in sums})[[*PARTS, *SUMS]], times


parcels = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 150), st.booleans()
    ),
    min_size=1,
    max_size=60,
)


@given(parcels)
def test_levels_add_up(rows):
    lanes = build(*cells_of(rows))
    keys = {tuple(key): g for g, key in enumerate(lanes.keys.tolist())}
    assert len(keys) == len(lanes.keys), "no lane twice"
    assert lanes.sums["sample"].iat[keys[0, 0, 0, 0]] == len(rows)
    for key, g in keys.items():
        mine = [row for row in rows if all(part in (0, own) for part, own in zip(key, row[:4], strict=True))]
        assert lanes.sums["sample"].iat[g] == len(mine) == lanes.counts[g].sum()
        assert lanes.rates["late"][0][g] == pytest.approx(np.mean([row[5] for row in mine]))
        assert lanes.pmf[g].sum() == pytest.approx(1)
        assert lanes.counts[g, MAX_DAYS] == sum(row[4] >= MAX_DAYS for row in mine)


def test_no_parcels_no_lanes():
    cells, times = cells_of([(1, 1, 1, 1, 2, False)])
    assert build(cells[:0], times[:0]) is None


def test_large_lane_is_itself_small_one_is_its_carrier():
    rows = [(1, 1, 1, 1, 2, True)] * 4000 + [(1, 1, 2, 1, 2, False)] * 4000 + [(1, 1, 2, 2, 2, True)]
    lanes = build(*cells_of(rows))
    rate = dict(zip(map(tuple, lanes.keys.tolist()), lanes.rates["late"][1], strict=True))
    assert rate[1, 0, 1, 1] == pytest.approx(1, abs=0.02)
    assert rate[1, 0, 2, 2] < 0.05, "one late parcel in a punctual zone says little"
