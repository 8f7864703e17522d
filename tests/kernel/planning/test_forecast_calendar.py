"""Planted feasts, promotions, seasons and weekdays must be found; where nothing is planted nothing may be found."""

import warnings
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from scm_kernels.planning import backtest, event_phases, seasonality
from scm_kernels.planning.datatypes import DemandPanel, Event, EventCalendar, ForecastOptions, Occurrence
from scm_kernels.planning.forecast import forecast

START = date(2022, 12, 5)
LUNAR_NEW_YEAR = [date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)]


def feast(days=LUNAR_NEW_YEAR, **changes):
    occurrences = tuple(Occurrence(day, day + timedelta(days=5)) for day in days)
    return Event("Lunar New Year", "feast", occurrences, **({"lead_days": 14} | changes))


def planted_weeks(weeks):
    """Mean factor of each week: +50 % and +150 % in the two weeks before, -70 % in the six days of the feast."""
    daily = np.ones(weeks * 7)
    for day in LUNAR_NEW_YEAR:
        first = (day - START).days
        for offset in range(-14, 6):
            if 0 <= first + offset < len(daily):
                daily[first + offset] = 1.5 if offset < -7 else 2.5 if offset < 0 else 0.3
    return daily.reshape(-1, 7).mean(axis=1)


def planted_items(n_series=40, weeks=176, seed=5):
    random = np.random.default_rng(seed)
    level = random.gamma(4, 5, n_series)
    return random.poisson(level[:, None] * planted_weeks(weeks)).astype(float)


def absolute_error(mean, actual):
    return np.abs(mean - actual).sum() / actual.sum()


@pytest.fixture(scope="module")
def moving_feast():
    """History up to four weeks before the fourth feast, three seen; the eight weeks around it; our forecast."""
    quantity = planted_items()
    origin = (LUNAR_NEW_YEAR[-1] - START).days // 7 - 4
    history, actual = quantity[:, :origin], quantity[:, origin : origin + 8]
    result = forecast(DemandPanel(history, START), ForecastOptions(horizon=8), EventCalendar((feast(),)))
    return history, actual, result, planted_weeks(176)[origin : origin + 8]


def test_feast_on_another_date_is_foreseen(moving_feast):
    _history, _actual, result, planted = moving_feast
    np.testing.assert_allclose(result.event_factor[0], planted, atol=0.2)
    assert result.event_effects["Lunar New Year", "before 1-7", 0] == pytest.approx(2.5, abs=0.2)
    assert result.event_effects["Lunar New Year", "peak", 0] == pytest.approx(0.3, abs=0.15)


def test_forecast_around_the_feast_beats_what_ignores_the_date(moving_feast):
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    history, actual, result, _planted = moving_feast
    ours = absolute_error(result.mean, actual)
    naive = absolute_error(backtest.seasonal_naive_forecast(history, 8, 52), actual)
    assert ours < 0.5 * naive
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        few = [
            ExponentialSmoothing(series + 1, seasonal="add", seasonal_periods=52, initialization_method="estimated")
            .fit(optimized=True, minimize_kwargs={"options": {"maxiter": 5}})
            .forecast(8)
            - 1
            for series in history[:4]
        ]
    winters = absolute_error(np.maximum(few, 0), actual[:4])
    assert absolute_error(result.mean[:4], actual[:4]) < 0.7 * winters
    without = forecast(DemandPanel(history, START), ForecastOptions(horizon=8))
    assert ours < 0.7 * absolute_error(without.mean, actual)


def test_two_seen_occurrences_are_enough(moving_feast):
    quantity = planted_items()
    origin = (LUNAR_NEW_YEAR[2] - START).days // 7 - 4
    calendar = EventCalendar((feast(),))
    result = forecast(DemandPanel(quantity[:, :origin], START), ForecastOptions(horizon=8), calendar)
    actual = quantity[:, origin : origin + 8]
    naive = backtest.seasonal_naive_forecast(quantity[:, :origin], 8, 52)
    assert absolute_error(result.mean, actual) < 0.6 * absolute_error(naive, actual)


def test_event_without_effect_is_not_believed():
    random = np.random.default_rng(11)
    quantity = random.poisson(random.gamma(4, 5, (40, 1)), (40, 160)).astype(float)
    result = forecast(DemandPanel(quantity, START), ForecastOptions(horizon=13), EventCalendar((feast(),)))
    assert np.abs(result.event_factor - 1).max() < 0.06


def test_event_never_seen_changes_nothing_unless_the_planner_says_so():
    quantity = planted_items(10, 60)
    coming = (Occurrence(date(2024, 2, 12), date(2024, 2, 18)),)
    options = ForecastOptions(horizon=12)

    def factor(uplift):
        sale = Event("Opening sale", "festival", coming, uplift=uplift)
        return forecast(DemandPanel(quantity, START), options, EventCalendar((sale,))).event_factor

    np.testing.assert_allclose(factor(None), 1.0, atol=1e-6)
    week = (date(2024, 2, 12) - START).days // 7 - 60
    planned = factor(1.8)
    assert planned[0, week] == pytest.approx(1.8)
    assert np.delete(planned[0], week) == pytest.approx(1.0)


def test_event_touches_only_its_groups():
    quantity = np.vstack([planted_items(20), np.random.default_rng(3).poisson(20, (20, 176)).astype(float)])
    group = np.repeat([7, 9], 20)
    calendar = EventCalendar((feast(groups=(7,)),))
    result = forecast(DemandPanel(quantity[:, :166], START, group=group), ForecastOptions(horizon=8), calendar)
    assert result.event_factor[0].max() > 1.5
    assert (result.event_factor[20:] == 1).all()
    assert {key[2] for key in result.event_effects} == {7}


def test_promotions_of_chosen_products_are_learned_together():
    """Six promotions, each of other products and depth; the seventh, of products never promoted, is foreseen."""
    random = np.random.default_rng(8)
    n_series, weeks = 60, 112
    mean = random.gamma(4, 5, (n_series, 1)) * np.ones((1, weeks))
    occurrences = []
    for number in range(7):
        members = np.zeros(n_series, bool)
        members[number * 8 : number * 8 + 8] = True
        week = 30 + 12 * number
        strength = 0.5 + 0.25 * (number % 3)
        mean[members, week : week + 2] *= 1 + 2.0 * strength
        first = START + timedelta(weeks=week)
        occurrences.append(Occurrence(first, first + timedelta(days=13), strength, members))
    quantity = random.poisson(mean).astype(float)
    promotion = Event("Price promotion", "promotion", tuple(occurrences))
    panel = DemandPanel(quantity[:, :100], START)
    result = forecast(panel, ForecastOptions(horizon=6), EventCalendar((promotion,)))
    strength = occurrences[-1].strength
    assert result.event_factor[50, 2:4] == pytest.approx(1 + 2 * strength, abs=0.5)
    assert (result.event_factor[:48] == 1).all()
    actual = quantity[48:56, 100:106]
    blind = forecast(panel, ForecastOptions(horizon=6))
    assert absolute_error(result.mean[48:56], actual) < 0.7 * absolute_error(blind.mean[48:56], actual)


def test_promotion_must_name_the_right_number_of_series():
    wrong = Occurrence(START, START, series=np.ones(3, bool))
    calendar = EventCalendar((Event("Sale", "promotion", (wrong,)),))
    with pytest.raises(ValueError, match="series"):
        forecast(DemandPanel(np.ones((2, 30)), START), None, calendar)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Occurrence(date(2025, 1, 2), date(2025, 1, 1)), "before it starts"),
        (lambda: Event("x", "party", ()), "kind"),
        (lambda: Event("x", "feast", (), lead_days=-1), "negative"),
        (lambda: Event("x", "feast", (), uplift=-0.1), "uplift"),
        (lambda: EventCalendar((feast(), feast())), "unique"),
    ],
)
def test_bad_events_say_what_is_wrong(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_shares_of_days_by_hand():
    """A three-day event on Friday to Sunday, and the seven days before it, in weeks from Monday."""
    event = Event("x", "feast", (Occurrence(date(2025, 1, 17), date(2025, 1, 19)),), lead_days=7)
    share = event_phases.phase_shares(event, event.occurrences[0], date(2025, 1, 6), 7, 3)
    np.testing.assert_allclose(share * 7, [[0, 3], [3, 4], [0, 0]])


def seasonal_items(amplitude, n_series=80, weeks=150, seed=2):
    random = np.random.default_rng(seed)
    position = seasonality.year_position(START, 7, weeks)
    factor = np.exp(amplitude * np.cos(2 * np.pi * position / 52))
    return random.poisson(random.gamma(3, 4, (n_series, 1)) * factor).astype(float), factor


def test_planted_season_is_found_and_lowers_the_error():
    quantity, factor = seasonal_items(0.7)
    history, actual = quantity[:, :137], quantity[:, 137:]
    result = forecast(DemandPanel(history, START), ForecastOptions(horizon=13))
    plain = forecast(DemandPanel(history, START), ForecastOptions(horizon=13, season="none"))
    assert (plain.season_factor == 1).all()
    assert absolute_error(result.mean, actual) < 0.8 * absolute_error(plain.mean, actual)
    relative = result.season_factor.mean(axis=0) / result.season_factor.mean()
    assert np.corrcoef(relative, factor[137:])[0, 1] > 0.95


def test_no_season_is_invented():
    quantity, _factor = seasonal_items(0.0)
    result = forecast(DemandPanel(quantity[:, :137], START), ForecastOptions(horizon=13))
    plain = forecast(DemandPanel(quantity[:, :137], START), ForecastOptions(horizon=13, season="none"))
    actual = quantity[:, 137:]
    assert absolute_error(result.mean, actual) < 1.03 * absolute_error(plain.mean, actual)


def test_short_history_borrows_the_season_of_its_group():
    quantity, factor = seasonal_items(0.7)
    quantity[0, :110] = np.nan
    result = forecast(DemandPanel(quantity[:, :137], START), ForecastOptions(horizon=13))
    assert np.corrcoef(result.season_factor[0], factor[137:])[0, 1] > 0.95


def test_weekday_profile_of_daily_series():
    random = np.random.default_rng(6)
    week = np.array([1.0, 1, 1, 1, 1, 2, 0])
    quantity = random.poisson(random.gamma(4, 4, (30, 1)) * np.tile(week, 20)).astype(float)
    monday = date(2025, 1, 6)
    result = forecast(DemandPanel(quantity, monday, "D"), ForecastOptions(horizon=14))
    np.testing.assert_allclose(result.season_factor[:, :7].mean(axis=0), week, atol=0.12)
    assert result.mean[:, 6].max() < 0.2 * result.mean[:, 5].min()


def test_origin_factors_do_not_see_the_future():
    """The factor that an origin would have used is the same whatever came after it."""
    quantity, _factor = seasonal_items(0.5)
    other = quantity.copy()
    other[:, 124:] *= 5
    group = np.zeros(len(quantity), int)
    shapes = []
    for panel in (quantity, other):
        history = panel[:, :137].astype(np.float32)
        model = seasonality.learn(history, group, 1, START, 7, 13, [124])
        final, at_origin = seasonality.factors(replace(model, strength=np.ones(1)), history, group)
        assert final.shape == (150, 80)
        shapes.append(at_origin[0] / at_origin[0].mean(axis=0))
    np.testing.assert_allclose(shapes[0], shapes[1], rtol=1e-4)
