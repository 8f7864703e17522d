"""What is wrong with parcels: causes, probabilities, money."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scm_kernels.logistics.lane import p_late_given_elapsed
from scm_kernels.logistics.watch import (
    Facts,
    Norm,
    judge,
    lost_given_silence,
    pick_norm,
    quantile_day,
    remaining,
)

PMF = (0.0, 0.1, 0.4, 0.3, 0.15, 0.05)
pmfs = st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda row: sum(row) > 1e-3)


def simulated(pmf, elapsed, days_left):
    """The slow, obvious way: count whole parcels."""
    counts = [round(share * 1000) for share in pmf]
    alive = [day for day, count in enumerate(counts) for _one in range(count) if day >= elapsed]
    return sum(day > elapsed + days_left for day in alive) / len(alive)


@pytest.mark.parametrize(("elapsed", "days_left"), [(0, 2), (1, 1), (2, 0), (2, 1), (3, 1), (4, 1)])
def test_late_given_elapsed_is_a_count_of_parcels(elapsed, days_left):
    assert p_late_given_elapsed(PMF, elapsed, days_left) == pytest.approx(simulated(PMF, elapsed, days_left), abs=1e-9)


@given(pmfs, st.integers(-1, 15), st.integers(-2, 15))
def test_probabilities_are_probabilities(pmf, elapsed, days_left):
    pmf = np.array(pmf) / sum(pmf)
    assert remaining(pmf, elapsed).sum() == pytest.approx(1)
    assert 0 <= p_late_given_elapsed(pmf, elapsed, days_left) <= 1 + 1e-9
    assert p_late_given_elapsed(pmf, elapsed, days_left + 1) <= p_late_given_elapsed(pmf, elapsed, days_left) + 1e-9


@given(pmfs, st.integers(0, 15))
def test_the_day_to_tell_is_not_past(pmf, elapsed):
    pmf = np.array(pmf) / sum(pmf)
    assert quantile_day(pmf, elapsed) >= elapsed


def test_waiting_without_news_makes_lateness_likelier():
    shares = [p_late_given_elapsed(PMF, elapsed, 4 - elapsed) for elapsed in range(4)]
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("facts", "causes"),
    [
        (Facts(is_lost=True, days_left=2), ("problem",)),
        (Facts(is_damaged=True, days_left=2), ("problem",)),
        (Facts(status="exception", days_left=2), ("problem",)),
        (Facts(status="exception", sub_status="customs", days_left=2), ("customs",)),
        (Facts(status="exception", sub_status="returning", days_left=2), ("returned",)),
        (Facts(status="returned", days_left=-3), ("returned",)),
        (Facts(status="attempt_failed", days_left=2), ("attempt_failed",)),
        (Facts(is_scanned=False, status="info_received", hours_since_handed=49, days_left=2), ("no_scan",)),
        (Facts(is_scanned=False, status="info_received", hours_since_handed=47, days_left=2), ()),
        (Facts(hours_silent=97, days_left=2), ("silent",)),
        (Facts(status="available_for_pickup", hours_silent=500, days_left=-2), ()),
        (Facts(in_disruption=True, days_expected_late=1, days_left=1), ("disruption", "predicted_late")),
        (Facts(days_left=-1), ("promise_passed",)),
        (Facts(hours_silent=97, days_left=-1), ("silent", "promise_passed")),
        (Facts(pmf=PMF, elapsed=2, days_left=0), ("predicted_late",)),
        (Facts(pmf=PMF, elapsed=0, days_left=4), ()),
        (Facts(days_left=None), ()),
    ],
)
def test_causes(facts, causes):
    assert judge(facts).causes == causes


def test_money_is_lateness_and_loss():
    facts = Facts(pmf=(0.0, 0.5, 0.5), elapsed=0, days_left=1, cost_late=10, cost_late_day=4, value=100)
    found = judge(facts)
    # half of them come on day 2, a day late: 0.5 x (10 + 4 x 1)
    assert (found.p_late, found.days_late, found.money) == (pytest.approx(0.5), 1, pytest.approx(7))
    silent = judge(facts._replace(hours_silent=200, lost_rate=0.02))
    assert silent.p_lost == pytest.approx(0.02 / (0.02 + 0.98 * 0.05))
    assert silent.money == pytest.approx(found.money + 100 * silent.p_lost)


def test_bayes_by_counting():
    # of 10,000 parcels 100 are lost and all of these silent; 5 % of the 9,900 others are silent too
    assert lost_given_silence(0.01, 0.05) == pytest.approx(100 / (100 + 495))


def test_norm_needs_a_sample():
    norms = {(1, 2): (50, 40, 29), (1, None): (60, 45, 30), (None, None): (70, 50, 900)}
    assert pick_norm(norms, 1, 2) == Norm(60, 45, 30, "carrier")
    assert pick_norm(norms, 1, 2, least=29) == Norm(50, 40, 29, "lane")
    assert pick_norm(norms, 9, 2) == Norm(70, 50, 900, "company")
    assert pick_norm(norms, 1, None, least=1).level == "carrier"
