"""New items lean on a like-item, ended items stop, successors take over."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import lifecycle, like_item
from scm_kernels.planning.datatypes import DemandPanel, ForecastOptions
from scm_kernels.planning.forecast import forecast
from scm_kernels.planning.intervals import lead_time_demand

START = date(2024, 1, 1)


def panel(*rows):
    return np.array(rows, float)


def new_items(history, horizon, scale=1.0, launch=None, weeks=0.0, typed=False):
    """Row 1 is new and like row 0."""
    periods = history.shape[1]
    launch = periods if launch is None else launch
    share = lifecycle.ramp_share(np.arange(periods + horizon) - launch, weeks)[None]
    return lifecycle.NewItems(
        np.array([1]), np.array([0]), np.array([scale]), np.array([typed]), share[:, :periods], share[:, periods:]
    )


def shaped(history, horizon=8, **options):
    result = forecast(DemandPanel(history, START), ForecastOptions(horizon=horizon))
    items = new_items(history, horizon, **options)
    return result, lifecycle.borrow(result, items, *lifecycle.posterior_scale(items, history, result.mean.mean(axis=1)))


def seasonal(level, weeks, seed=3):
    draw = np.random.default_rng(seed)
    return draw.poisson(level * (1 + 0.5 * np.sin(2 * np.pi * np.arange(weeks) / 52))).astype(float)


def test_item_without_a_sale_gets_its_share_of_the_like_item():
    history = panel(seasonal(40, 120), [np.nan] * 120)
    before, after = shaped(history, scale=0.5)
    assert before.mean[1].sum() == 0
    assert after.mean[1] == pytest.approx(0.5 * before.mean[0], rel=1e-5)
    assert after.sigma[1] > 0.5 * before.sigma[0]
    assert (np.diff(after.quantile[1], axis=0) >= 0).all()
    mean, sd, high = (values[1] for values in lead_time_demand(after, 4.0, 0.95))
    assert mean == pytest.approx(after.expected[1, :4].sum(), rel=1e-5)
    assert high > mean + sd > mean


def test_ramp_holds_the_first_weeks_back():
    history = panel([10.0] * 60, [np.nan] * 60)
    _before, after = shaped(history, scale=1.0, launch=62, weeks=4.0)
    wanted = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]
    assert after.mean[1].tolist() == pytest.approx([10 * share for share in wanted], abs=0.01)
    assert after.quantile[1, -1, 0] == 0


def test_own_sales_move_the_scale_and_then_take_over():
    weights = []
    for weeks in (2, 8, 40):
        history = panel([20.0] * 60, [np.nan] * (60 - weeks) + [60.0] * weeks)
        _before, after = shaped(history, launch=60 - weeks)
        weights.append(after.mean[1].mean())
    assert 20 < weights[0] < weights[1] < weights[2] <= 60.01
    assert weights[2] == pytest.approx(60, rel=0.05)


def test_typed_scale_gives_way_more_slowly():
    history = panel([20.0] * 60, [np.nan] * 56 + [60.0] * 4)
    free, typed = (shaped(history, launch=56, typed=typed)[1].mean[1].mean() for typed in (False, True))
    assert 20 < typed < free


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 5), st.integers(0, 20), st.sampled_from(lifecycle.CURVES), st.integers(-5, 6))
def test_shape_is_always_a_forecast(scale, weeks, curve, start):
    history = panel([8.0] * 40, [np.nan] * 40)
    result = forecast(DemandPanel(history, START), ForecastOptions(horizon=6))
    share = lifecycle.ramp_share(np.arange(46) - 40 - start, weeks, curve)[None]
    assert ((share >= 0) & (share <= 1)).all()
    assert (np.diff(share) >= -1e-12).all()
    items = lifecycle.NewItems(*(np.array([v]) for v in (1, 0, scale, True)), share[:, :40], share[:, 40:])
    after = lifecycle.borrow(result, items, *lifecycle.posterior_scale(items, history, result.mean.mean(axis=1)))
    assert np.isfinite(after.mean).all()
    assert (after.quantile >= 0).all()
    assert (np.diff(after.quantile[1], axis=0) >= -1e-6).all()
    assert after.mean[0] == pytest.approx(result.mean[0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=8), st.floats(0, 200), st.floats(0.2, 5))
def test_use_up_is_what_a_slow_loop_says(demand, stock, factor):
    left, wanted = stock, []
    for units in demand:
        taken = min(left, units / factor)
        left -= taken
        wanted.append(taken)
    got = lifecycle.use_up(np.array([demand]), np.array([stock]), np.array([factor]))[0]
    assert got.tolist() == pytest.approx(wanted, abs=1e-6)


def test_ended_item_asks_nothing_behind_its_end():
    result = forecast(DemandPanel(panel([14.0] * 60), START), ForecastOptions(horizon=5))
    share = lifecycle.before_day(np.array([10.0]), 5)
    ended = lifecycle.set_periods(result, np.array([0]), result.mean * share)
    assert ended.mean[0].tolist() == pytest.approx([14, 6, 0, 0, 0], abs=0.01)
    assert (ended.quantile[0, :, 2:] == 0).all()
    assert result.mean[0].tolist() == pytest.approx([14] * 5, abs=0.01), "the input is left alone"
    mean, _sd, high = (values[0] for values in lead_time_demand(ended, 5.0, 0.95))
    assert mean == pytest.approx(20, abs=0.05)
    assert 20 <= high < 30


def test_demand_out_of_nothing_is_finite():
    result = forecast(DemandPanel(panel([np.nan] * 60), START), ForecastOptions(horizon=3))
    given = lifecycle.set_periods(result, np.array([0]), np.array([[5.0, 0.0, 2.0]]))
    assert given.mean.tolist() == [[5, 0, 2]]
    assert lifecycle.set_periods(result, np.array([0]), np.array([[-1e-15, 1, 1]])).mean.min() == 0
    assert np.isfinite(given.quantile).all()


def test_successors_take_over_down_a_chain():
    quantity = panel([5, 5, 5, 5], [np.nan, 1, 1, 1], [np.nan, np.nan, np.nan, 2])
    order = lifecycle.chain_order([(1, 2), (0, 1)])
    assert order == [(0, 1), (1, 2)]
    lifecycle.inherit_history(quantity, np.ones((3, 4)), [(*edge, 2.0) for edge in order])
    assert quantity.tolist() == [[5, 5, 5, 5], [10, 11, 11, 11], [20, 22, 22, 24]]


def test_stock_outs_of_the_predecessor_count_until_the_successor_comes():
    quantity, in_stock = panel([0, 5, 0], [np.nan, 2, 2]), panel([0.2, 1, 0], [1, 0.5, 1])
    lifecycle.inherit_history(quantity, in_stock, [(0, 1, 1.0)])
    assert in_stock[1].tolist() == [0.2, 1, 1]


@pytest.mark.parametrize("edges", [[(1, 1)], [(1, 2), (2, 1)], [(5, 1), (1, 2), (2, 3), (3, 1), (3, 9)]])
def test_circles_are_named(edges):
    with pytest.raises(ValueError) as caught:
        lifecycle.chain_order(edges)
    circle = caught.value.args[1]
    pairs = list(zip(circle, circle[1:] + circle[:1], strict=True))
    assert all(pair in edges for pair in pairs)


def test_last_buy_in_whole_boxes():
    assert lifecycle.last_buy(np.array([25.0]), np.array([4.0]), step=6.0).tolist() == [24.0]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 12), st.integers(0, 10_000))
def test_score_is_what_a_slow_loop_says(count, seed):
    draw = np.random.default_rng(seed)
    words = ["mug", "blue", "red", "kettle", "steel"]
    names = [" ".join(draw.choice(words, draw.integers(0, 4))) for _row in range(count)]
    categories = [[0, int(draw.integers(1, 3))] for _row in range(count)]
    attributes = [draw.choice(4, draw.integers(0, 3), replace=False).tolist() for _row in range(count)]
    prices = draw.choice([0.0, 5.0, 10.0, 40.0], count)
    every = like_item.features(categories, attributes, names, prices)
    row, score, terms = like_item.propose(every, np.array([0]), np.arange(count), top=count)
    tokens = [set(name.split()) for name in names]
    weight = {word: np.log1p(count / max(sum(word in one for one in tokens), 1)) for word in words}
    slow = {}
    for other in range(1, count):
        a, b = set(categories[0]), set(categories[other])
        parts = [(0.4, 2 * len(a & b) / (len(a) + len(b)))]
        a, b = set(attributes[0]), set(attributes[other])
        parts += [(0.2, len(a & b) / len(a | b))] if a and b else []
        a, b = tokens[0], tokens[other]
        if a and b:
            norm = [sum(weight[word] ** 2 for word in one) ** 0.5 for one in (a, b)]
            parts += [(0.25, sum(weight[word] ** 2 for word in a & b) / norm[0] / norm[1])]
        if prices[0] and prices[other]:
            parts += [(0.15, np.exp(-abs(np.log(prices[0] / prices[other])) / np.log(2)))]
        slow[other] = sum(w * s for w, s in parts) / sum(w for w, _s in parts)
    found = {int(r): s for r, s in zip(row[0], score[0], strict=True) if r >= 0}
    assert found == pytest.approx(slow, abs=1e-9)
    assert sorted(score[0], reverse=True) == score[0].tolist()
    assert np.nanmax(terms) <= 1 + 1e-9


def test_no_candidate_is_said():
    every = like_item.features([[1]], [[]], ["Mug"], [1.0])
    for grown in ([], [0]):
        row, score, _terms = like_item.propose(every, np.array([0]), np.array(grown, int))
        assert (row == -1).all()
        assert (score == 0).all()


def test_like_item_beats_the_group_at_two_weeks():
    """A range whose items differ in level; what a like-item knows is the season of its own kind."""
    draw = np.random.default_rng(11)
    errors = np.zeros(2)
    for trial in range(12):
        season = 1 + 0.6 * np.sin(2 * np.pi * (np.arange(138) + 4 * trial) / 52)
        rows = [draw.poisson(level * season).astype(float) for level in (30, 36, 4, 5, 6)]
        rows[1][:123] = np.nan
        history = np.array(rows)[:, :125]
        before, after = shaped(history, horizon=13, launch=123)
        came = rows[1][125:].sum()
        errors += [abs(one.mean[1].sum() - came) for one in (before, after)]
    assert errors[1] < 0.9 * errors[0]
