"""Events that claim the same day, what few occurrences weigh, and a feast that moves."""

import importlib.util
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scm_kernels.planning import events
from scm_kernels.planning.datatypes import DemandPanel, Event, EventCalendar, ForecastOptions, Occurrence
from scm_kernels.planning.event_phases import phase_shares, split_days
from scm_kernels.planning.forecast import forecast

START = date(2022, 1, 3)
BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


def days(first, last):
    return Occurrence(START + timedelta(days=first), START + timedelta(days=last))


@st.composite
def crowded(draw):
    spans = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 12)), min_size=1, max_size=8))
    lead, after = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    return Event("x", "promotion", [days(first, first + length) for first, length in spans], lead, after)


@settings(max_examples=100, deadline=None)
@given(crowded())
def test_no_day_counts_twice_and_none_is_lost(event):
    shares = np.zeros(150)
    for one, first, last in split_days(event):
        shares += phase_shares(event, one, START - timedelta(days=30), 1, 150, (first, last)).sum(axis=1)
    claimed = np.zeros(150, bool)
    for one in event.occurrences:
        first = (one.start - START).days + 30 - event.lead_days
        claimed[first : (one.end - START).days + 31 + event.after_days] = True
    assert shares.tolist() == claimed.astype(float).tolist()


def test_own_days_go_before_lead_in_and_after_effect():
    event = Event("x", "promotion", [days(10, 12), days(15, 16)], lead_days=7, after_days=7)
    spans = [((first - START).days, (last - START).days) for _one, first, last in split_days(event)]
    assert spans == [(3, 13), (14, 23)]


def test_occurrences_of_different_series_do_not_cut_each_other():
    one, two = np.array([True, False]), np.array([False, True])
    event = Event("x", "promotion", [Occurrence(START, START, 1, one), Occurrence(START, START, 1, two)], after_days=3)
    assert [(last - START).days for _one, _first, last in split_days(event)] == [3, 3]


def planted(effects, occurrences, seed=5, periods=156, groups=4):
    """Weekly demand of 40 series with events of one week; effects {start weeks: per group change}."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), 10)
    mean = np.full((len(group), periods), 100.0)
    for week in occurrences:
        mean[:, week] *= 1 + np.asarray(effects)[group]
    return rng.poisson(mean).astype(float), group


def learn(quantity, group, calendar):
    return events.learn(quantity, group, np.unique(group), START, 7, 8, calendar)


def week_of(number):
    return days(7 * number, 7 * number + 6)


def test_two_events_on_the_same_day_add_up():
    rng = np.random.default_rng(1)
    mean = np.full((30, 156), 200.0)
    for week in (20, 60, 100, 140):
        mean[:, week] *= 1.5
    for week in (30, 80, 120, 140):
        mean[:, week] *= 1.0 if week == 140 else 1.3
    mean[:, 140] = 200 * 1.8
    quantity = rng.poisson(mean).astype(float)
    calendar = EventCalendar(
        (
            Event("a", "feast", [week_of(w) for w in (20, 60, 100, 140, 158)]),
            Event("b", "festival", [week_of(w) for w in (30, 80, 120, 140, 158)]),
        )
    )
    learned = learn(quantity, np.zeros(30, int), calendar)
    assert learned.factor[0, 158] == pytest.approx(1.8, abs=0.06)


def test_seen_seldom_is_shrunk_and_toward_all_categories():
    effects = [0.2, 0.4, 0.6, 0.8]
    size, gap = [], []
    for seen in ([100], [60, 100], [10, 35, 60, 85, 110, 135]):
        quantity, group = planted(effects, seen)
        calendar = EventCalendar((Event("x", "feast", [week_of(week) for week in seen]),))
        found = learn(quantity, group, calendar).effects
        changes = np.array([found["x", "peak", number] - 1 for number in range(4)])
        size.append(changes.mean() / np.mean(effects))
        gap.append(np.ptp(changes) / np.ptp(effects))
    assert size[0] == pytest.approx(0.75, abs=0.05)
    assert min(size[1:]) > size[0] + 0.1
    assert size[2] == pytest.approx(1, abs=0.06)
    assert gap[0] < gap[1] < gap[2]
    assert gap[2] > 0.85


def test_chance_of_one_category_is_not_taken_for_its_nature():
    """All categories react alike: leaving occurrences out finds that their own part is noise."""
    rng = np.random.default_rng(9)
    group = np.repeat(np.arange(8), 2)
    quantity = rng.poisson(3, (16, 156)).astype(float)
    weeks = [20, 50, 80, 110, 140]
    for week in weeks:
        quantity[:, week] = rng.poisson(4.5, 16)
    found = learn(quantity, group, EventCalendar((Event("x", "feast", [week_of(week) for week in weeks]),))).effects
    assert np.ptp([found["x", "peak", number] for number in range(8)]) < 0.2


def test_uplift_on_top_multiplies_what_was_learned():
    seen = [10, 35, 60, 85, 110, 135]
    quantity, group = planted([0.5] * 4, seen)

    def ahead(**values):
        event = Event("x", "feast", [week_of(week) for week in (*seen, 158)], **values)
        return learn(quantity, group, EventCalendar((event,))).factor[0, 158]

    plain = ahead()
    assert ahead(uplift=1.2, uplift_on_top=True) == pytest.approx(1.2 * plain, rel=1e-4)
    assert ahead(uplift=1.2) == pytest.approx(1.2, rel=1e-4)


@pytest.fixture(scope="module")
def lunar():
    sys.path.insert(0, str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("lunar_data", BENCHMARKS / "lunar_data.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["lunar_data"] = module
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(BENCHMARKS))


def test_weeks_around_lunar_new_year_beat_seasonal_naive_and_holt_winters(lunar):
    """The small version of benchmarks/lunar.py: totals of four categories, February after January and before it."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    shop = lunar.simulate(6)
    error = dict.fromkeys(("ours", "naive", "holt"), 0.0)
    for feast in (date(2025, 1, 29), date(2026, 2, 17)):
        origin = lunar.origin_of(feast, 7)
        split = (origin - shop.start).days
        history = lunar.weekly(shop.demand[:, split - 7 * 208 : split])
        actual = lunar.weekly(shop.demand[:, split : split + 70])
        spans = tuple(Occurrence(day, day + timedelta(days=6)) for day in lunar.FEASTS)
        calendar = EventCalendar((Event("Lunar New Year", "feast", spans, lunar.LEAD_DAYS, lunar.AFTER_DAYS),))
        panel = DemandPanel(history, origin - timedelta(weeks=208), "W", shop.category)
        ours = forecast(panel, ForecastOptions(horizon=10), calendar).expected
        near = slice(2, 9)
        for number in range(4):
            mine = shop.category == number
            past, came = history[mine].sum(axis=0), actual[mine].sum(axis=0)[near]
            fit = ExponentialSmoothing(past, trend="add", damped_trend=True, seasonal="mul", seasonal_periods=52).fit()
            error["ours"] += np.abs(ours[mine].sum(axis=0)[near] - came).sum()
            error["naive"] += np.abs(past[-52:][:10][near] - came).sum()
            error["holt"] += np.abs(fit.forecast(10)[near] - came).sum()
    assert error["ours"] < 0.5 * error["naive"]
    assert error["ours"] < 0.6 * error["holt"]
