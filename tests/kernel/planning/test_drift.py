"""The tests of drift raise few false alarms and see what they are for; the champion stays until it is beaten."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import champion, drift


def run(said, actual, weeks=None):
    """Watch of n items over T weeks; ``said`` and ``actual`` are (n, T)."""
    watch = drift.Watch.start(len(actual))
    beyond = np.zeros(actual.shape, bool)
    alarm = np.zeros(actual.shape, bool)
    for week in range(weeks or actual.shape[1]):
        nothing = np.full(len(actual), np.nan)
        drift.update(watch, said[:, week], actual[:, week], said[:, week], said[:, week], nothing, nothing)
        beyond[:, week], alarm[:, week] = watch.biased, watch.worse
    return watch, beyond, alarm


DEMAND = {
    "poisson": lambda draw, shape: draw.poisson(4, shape),
    "normal": lambda draw, shape: np.maximum(draw.normal(100, 30, shape), 0),
    "lumpy": lambda draw, shape: draw.negative_binomial(1, 0.25, shape),
}
MEAN = {"poisson": 4.0, "normal": 100.0, "lumpy": 3.0}


@pytest.mark.parametrize("kind", DEMAND)
def test_few_false_alarms(kind):
    draw = np.random.default_rng(1)
    actual = DEMAND[kind](draw, (2000, drift.BASE_WEEKS + 52)).astype(float)
    _watch, beyond, alarm = run(np.full(actual.shape, MEAN[kind]), actual)
    assert beyond[:, drift.BIAS_WEEKS :].mean() < 0.01
    assert alarm.any(axis=1).mean() < 0.05


def test_a_step_of_demand_is_seen_within_a_quarter():
    draw = np.random.default_rng(2)
    actual = draw.poisson(10, (2000, 60)).astype(float)
    actual[:, 40:] += draw.poisson(10, (2000, 20))
    _watch, beyond, _alarm = run(np.full(actual.shape, 10.0), actual)
    assert beyond[:, 40:53].any(axis=1).mean() > 0.9


def test_errors_three_times_as_large_are_seen_within_half_a_year():
    draw = np.random.default_rng(3)
    actual = 100 + draw.normal(0, 10, (2000, 60))
    actual[:, 34:] = 100 + draw.normal(0, 30, (2000, 26))
    _watch, _beyond, alarm = run(np.full(actual.shape, 100.0), actual)
    assert alarm[:, 34:].any(axis=1).mean() > 0.85


def test_nothing_is_said_before_the_least_sample():
    actual = np.zeros((1, drift.BIAS_WEEKS - 1))
    watch, beyond, alarm = run(np.full(actual.shape, 50.0), actual)
    assert not beyond.any() and not alarm.any()
    assert watch.signal[0] > 0.6


def test_unknown_weeks_leave_the_state_alone():
    watch = drift.Watch.start(2)
    ten, nothing = np.array([10.0, 10.0]), np.full(2, np.nan)
    counted = drift.update(watch, ten, np.array([8.0, np.nan]), ten, ten, ten, ten)
    assert counted.tolist() == [True, False]
    assert watch.weeks.tolist() == [1, 0]
    assert not drift.update(watch, nothing, ten, ten, ten, ten, ten).any()


def test_coverage_counts_only_weeks_with_a_band():
    watch = drift.Watch.start(1)
    for low, high in ((5.0, 12.0), (9.0, 12.0), (np.nan, 12.0)):
        drift.update(watch, *(np.array([value]) for value in (9.0, 8.0, 9.0, 9.0, low, high)))
    assert watch.banded[0] == pytest.approx(1 + drift.FORGET)
    assert watch.covered[0] == pytest.approx(drift.FORGET)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_the_signal_stays_between_its_limits(seed):
    draw = np.random.default_rng(seed)
    actual, said = draw.exponential(5, (20, 40)), draw.exponential(5, (20, 40))
    watch, _beyond, _alarm = run(said, actual)
    assert (np.abs(watch.signal) <= 1 + 1e-12).all()
    assert (watch.cusum >= 0).all()


# Champion


def losses(gain, weeks, seed=0, noise=0.3):
    """Champion at 1, challenger better by ``gain`` on average."""
    draw = np.random.default_rng(seed)
    base = draw.gamma(20, 1 / 20, weeks)
    return np.column_stack([base, base * (1 - gain) * np.exp(draw.normal(0, noise, weeks))])


NAMES = ("ensemble", "mean13")


def test_equal_methods_do_not_take_turns():
    """Over 200 classes and a year each, hardly any changes although the two are equally good."""
    changes = 0
    for seed in range(200):
        table, in_use, since = losses(0.0, 78, seed, noise=0.3), "ensemble", None
        table[:, 1] /= np.exp(0.3**2 / 2)
        for week in range(26, 78):
            verdict = champion.judge(table[:week], NAMES, in_use, since)
            since = None if since is None else since + 1
            if verdict.reason == "replaced":
                in_use, since, changes = verdict.method, 0, changes + 1
    assert changes / 200 < 0.15


def test_a_clear_lead_replaces():
    verdict = champion.judge(losses(0.25, 26, noise=0.1), NAMES, "ensemble")
    assert (verdict.reason, verdict.method) == ("replaced", "mean13")
    assert verdict.gain == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(
    ("table", "since", "reason"),
    [
        (losses(0.25, 8, noise=0.1), None, "challenged"),  # too few weeks
        (losses(0.02, 26, noise=0.01), None, "challenged"),  # too small a margin
        (losses(0.25, 26, noise=0.1), 5, "rest"),  # too soon
        (losses(-0.2, 26, noise=0.1), None, "kept"),  # worse
    ],
)
def test_the_champion_stays(table, since, reason):
    verdict = champion.judge(table, NAMES, "ensemble", since)
    assert (verdict.reason, verdict.method) == (reason, "ensemble")


def test_one_lucky_week_is_no_lead():
    table = np.column_stack([np.full(20, 1.0), np.full(20, 1.02)])
    table[7] = [30.0, 1.0]
    assert champion.judge(table, NAMES, "ensemble").reason == "challenged"


def test_unknown_losses_are_left_out():
    table = losses(0.25, 26, noise=0.1)
    table[:20, 1] = np.nan
    assert champion.judge(table, NAMES, "ensemble").weeks == 6
    table[:, 1] = np.nan
    assert champion.judge(table, NAMES, "ensemble").reason == "kept"
    with pytest.raises(ValueError, match="is not among"):
        champion.judge(table, NAMES, "holt")


def test_p_value_is_that_of_a_one_sided_t_test():
    # scipy.stats.ttest_1samp(d, 0, alternative='greater'), with Harvey's factor sqrt((n-1)/n) on n-denominator variance
    from scipy import stats

    difference = np.random.default_rng(4).normal(0.2, 1, 30)
    assert champion.diebold_mariano(difference) == pytest.approx(
        stats.ttest_1samp(difference, 0, alternative="greater").pvalue
    )
