"""How an event runs: profiles, projections and how long stock lasts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.analytics import event_pace as pace

FLAT = np.full(48, 1 / 48)
shares = st.one_of(st.just(0.0), st.floats(1e-4, 1))
units = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))


def test_plain_counts_are_the_gamma_poisson_rule():
    """w = 1: (a + A) / (a + E), worked out by hand: a = 1 / 0.5^2 = 4, E = 50, A = 80."""
    found = pace.project([100.0], [80.0], 0.5, error=0.5, spread=0.0)
    assert found.ratio[0] == pytest.approx(84 / 54)
    assert found.mean[0] == pytest.approx(80 + 84 / 54 * 50)


def test_posterior_agrees_with_numerical_integration():
    """Mean of the pace under its prior times the likelihood of a Poisson count, on a fine grid."""
    error, total, done, actual = 0.3, 40.0, 0.4, 25
    grid = np.linspace(1e-4, 6, 60_000)
    shape = 1 / error**2
    logs = (shape - 1) * np.log(grid) - shape * grid + actual * np.log(grid * total * done) - grid * total * done
    weight = np.exp(logs - logs.max())
    assert pace.project([total], [actual], done, error, spread=0.0).ratio[0] == pytest.approx(
        (grid * weight).sum() / weight.sum(), rel=1e-3
    )


@given(units, units, shares, st.floats(0.05, 1), st.floats(1, 50), st.floats(0, 0.2), st.floats(0.2, 5))
def test_the_end_is_never_below_what_was_sold(total, actual, done, error, dispersion, spread, centre):
    found = pace.project([total], [actual], done, error, dispersion, spread, centre)
    assert actual <= found.low[0] + 1e-6 * actual
    assert found.low[0] <= found.mean[0] * (1 + 1e-9) and found.mean[0] <= found.high[0] * (1 + 1e-9)
    assert np.isfinite([found.mean[0], found.low[0], found.high[0]]).all()
    if total > 0 and (expected := found.expected[0]) > 1e-9:
        raw = actual / expected
        low, high = sorted((centre, raw))
        assert low * (1 - 1e-9) - 1e-9 <= found.ratio[0] <= high * (1 + 1e-9) + 1e-9


def test_a_small_forecast_gives_way_to_what_sells():
    """0.4 units expected, 18 sold by half time: it goes on at a third of that; 18 more of 400 change little."""
    error = pace.part_error([0.4, 400.0], 0.5, 5.0)
    found = pace.project([0.4, 400.0], [18.0, 218.0], 0.5, error, dispersion=5.0, spread=0.0)
    assert 5 < found.mean[0] - 18 <= 18
    assert 200 < found.mean[1] - 218 < 218


def test_before_and_after_the_event():
    before = pace.project([100.0], [0.0], 0.0, 0.3, centre=1.2)
    assert (before.ratio[0], before.mean[0]) == (pytest.approx(1.2), pytest.approx(120))
    after = pace.project([100.0, 0.0], [77.0, 5.0], 1.0, 0.3)
    for values in (after.mean, after.low, after.high):
        assert values.tolist() == pytest.approx([77, 5])


def test_what_nobody_expected_goes_on_as_it_went():
    found = pace.project([0.0, 0.0], [30.0, 0.0], 0.5, 0.5)
    assert np.isnan(found.ratio).all()
    assert found.mean.tolist() == pytest.approx([30 + 30 * 0.5 / 0.55, 0])
    assert found.high[0] > found.mean[0]


def test_an_uncertain_profile_says_less_about_the_pace():
    sure, unsure = (pace.project([1e4], [3e3], 0.2, 0.3, spread=spread) for spread in (0.0, 0.05))
    assert 1 < unsure.ratio[0] < sure.ratio[0] < 1.5
    assert unsure.high[0] - unsure.low[0] > sure.high[0] - sure.low[0]


@pytest.mark.parametrize("hour", [6, 24, 40])
def test_eight_of_ten_ends_lie_in_the_interval(hour):
    """Events drawn from the model: Dirichlet profiles, gamma pace, orders of 1 to 5 units."""
    rng = np.random.default_rng(8)
    profile, total, error, spread = np.linspace(1, 3, 48), 900.0, 0.3, 0.02
    profile /= profile.sum()
    sizes = np.arange(1, 6)
    dispersion = (sizes**2).sum() / sizes.sum()
    inside = 0
    for _event in range(400):
        own = rng.dirichlet(profile * (1 / spread - 1))
        orders = rng.poisson(own * total * rng.gamma(1 / error**2, error**2) / sizes.mean())
        sold = np.array([rng.choice(sizes, count).sum() for count in orders])
        found = pace.project([total], [sold[:hour].sum()], profile[:hour].sum(), error, dispersion, spread)
        inside += found.low[0] <= sold.sum() <= found.high[0]
    assert 0.74 <= inside / 400 <= 0.87


def test_a_profile_is_learned_from_events_and_drawn_to_the_usual_week():
    weeks = np.zeros((7, 24))
    weeks[:, 9:21] = 100
    prior = pace.usual_profile(weeks, [6, 0])
    assert prior.sum() == pytest.approx(1) and prior[12] > 50 * prior[3]
    night = np.zeros(48)
    night[24:26] = 5000
    learned = pace.learn_profile([night], prior)
    assert learned.share.sum() == pytest.approx(1) and learned.count == 1
    assert learned.share[24:26].sum() > 0.9
    assert 0.6 < pace.learn_profile([night * 0.02], prior).share[24:].sum() < 0.8


@given(st.lists(st.lists(st.floats(0, 1e4), min_size=48, max_size=48), max_size=4), st.integers(1, 5))
def test_profiles_are_shares(past, days):
    prior = pace.usual_profile(np.ones((7, 24)), [day % 7 for day in range(days)], np.arange(24.0))
    learned = pace.learn_profile([np.array(hours) for hours in past], prior)
    assert len(learned.share) == 24 * days
    assert learned.share.sum() == pytest.approx(1) and (learned.share > 0).all()
    assert 0 <= learned.spread < 1


def test_the_spread_between_events_is_found():
    rng = np.random.default_rng(1)
    true = 0.04
    found = [
        pace._spread([rng.multinomial(5000, rng.dirichlet(FLAT * (1 / true - 1))) for _each in range(8)], 0.0)
        for _company in range(60)
    ]
    assert np.mean(found) == pytest.approx(true, rel=0.25)


def test_days_of_another_length():
    hours = np.repeat([1.0, 2.0, 3.0, 9.0], 24)
    assert pace.stretch_days(hours, 4).tolist() == hours.tolist()
    assert pace.stretch_days(hours, 2)[[0, 47]].tolist() == [1, 9]
    assert pace.stretch_days(hours, 6)[[0, 143]].tolist() == [1, 9]
    assert pace.stretch_days(hours, 1).tolist() == [9.0] * 24


@given(st.floats(0, 47), st.floats(0.1, 1e5), st.floats(0, 1e5))
def test_what_is_available_lasts_until_it_is_sold(hour, rest, available):
    shares = np.linspace(1, 2, 48)
    cumulative = np.cumsum(shares / shares.sum())
    left = pace.hours_left(cumulative, hour, [rest], [available])[0]
    if available >= rest:
        assert left == np.inf
    else:
        now, then = (pace.share_done(cumulative, at) for at in (hour, hour + left))
        assert rest * (then - now) / (1 - now) == pytest.approx(available, abs=1e-5 * rest)


def test_nothing_available_is_out_now():
    assert pace.hours_left(np.cumsum(FLAT), 10, [5.0], [-3.0])[0] == 0


def test_forecast_periods_are_cut_to_the_event():
    """A week of which the last day is an event three times as strong: 3 of 9; the next week lies outside."""
    weights = np.ones(14)
    weights[6] = 3
    assert pace.period_shares(weights, 7, 6, 6).tolist() == pytest.approx([3 / 9, 0])
    assert pace.period_shares(weights, 7, 0, 13).tolist() == [1, 1]
    assert pace.period_shares(weights, 1, 6, 6).tolist() == [0] * 6 + [1] + [0] * 7
    assert pace.period_shares(weights, 7, -3, 2).tolist() == pytest.approx([3 / 9, 0])


def test_remedies():
    assert [pace.REMEDIES[one] for one in pace.remedies([4, 4, 4], [2, 1, 1], [0, 3, 0])] == [
        "transfer",
        "expedite",
        "hold",
    ]
