"""A simulated shop whose demand turns around Lunar New Year; no open data set with a lunar feast exists.

Demand of day t of a series is negative binomial with mean

    level x trend(t) x season(day of year) x weekday(t) x common(t) x (1 + s_i a_y (profile_c(d) - 1))

where d counts the days to the feast's first day, profile_c joins the category's knots by straight lines, a_y is the
strength of the feast in year y (sd 12 %, the same for a category), s_i how much the item takes part (sd 25 %), and
common(t) a weekly error of 5 % that all items of a category share.  The profiles are continuous and reach further than
the lead-in and after-effect that the calendar names, so that no learner is given the truth.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

#: first day of the lunar year, as in the calendars of the Hong Kong Observatory
FEASTS = (
    date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29),
    date(2026, 2, 17), date(2027, 2, 6),
)  # fmt: skip
LEAD_DAYS, FEAST_DAYS, AFTER_DAYS = 28, 7, 14
#: knots (days from the feast, factor) of each category
PROFILES = {
    "gifts": ((-35, 1.0), (-21, 1.25), (-10, 2.2), (-3, 3.2), (-1, 2.0), (0, 0.4), (5, 0.4), (9, 0.7), (21, 1.0)),
    "clothing": ((-35, 1.0), (-20, 1.5), (-7, 2.0), (-1, 0.9), (0, 0.5), (6, 0.6), (12, 1.25), (20, 1.1), (28, 1.0)),
    "household": ((-30, 1.0), (-14, 1.5), (-5, 1.9), (-1, 0.9), (0, 0.45), (6, 0.7), (10, 1.15), (18, 1.0)),
    "electronics": ((-28, 1.0), (-10, 1.25), (-1, 0.8), (0, 0.5), (6, 0.7), (10, 1.3), (20, 1.05), (26, 1.0)),
}
WEEKDAY = np.array([0.95, 0.9, 0.9, 0.95, 1.05, 1.2, 1.05])


@dataclass(frozen=True)
class Shop:
    """Daily demand float (n, days) from ``start``, and the category number of each series (n,)."""

    demand: np.ndarray
    category: np.ndarray
    start: date


def simulate(items_per_category=20, start=date(2020, 1, 6), end=date(2026, 5, 31), seed=20261125):
    """The shop from ``start`` to ``end``, the same for the same seed."""
    rng = np.random.default_rng(seed)
    days = (end - start).days + 1
    n = items_per_category * len(PROFILES)
    category = np.repeat(np.arange(len(PROFILES)), items_per_category)
    lift = np.ones((len(PROFILES), days))
    for number, knots in enumerate(PROFILES.values()):
        for feast in FEASTS:
            distance = np.arange(days) - (feast - start).days
            strength = max(rng.normal(1.0, 0.12), 0.3)
            lift[number] += strength * (np.interp(distance, *zip(*knots, strict=True)) - 1)
    day = np.arange(days)
    season = 1 + 0.15 * np.sin(2 * np.pi * day / 365.25 + rng.uniform(0, 2 * np.pi, len(PROFILES))[:, None])
    common = np.repeat(rng.lognormal(0, 0.05, (len(PROFILES), days // 7 + 1)), 7, axis=1)[:, :days]
    level = rng.lognormal(np.log(6.0), 0.9, n)
    trend = (1 + rng.normal(0.03, 0.08, n))[:, None] ** (day / 365.25)
    share = rng.lognormal(0, 0.25, n)[:, None]
    weekday = WEEKDAY[(day + start.weekday()) % 7]
    mean = level[:, None] * trend * weekday * (season * common)[category]
    mean = mean * np.maximum(1 + share * (lift[category] - 1), 0.05)
    shape = 4.0
    return Shop(rng.negative_binomial(shape, shape / (shape + mean)).astype(float), category, start)


def weekly(demand):
    """Sums of whole weeks, float (n, days // 7)."""
    weeks = demand.shape[1] // 7
    return demand[:, : 7 * weeks].reshape(len(demand), weeks, 7).sum(axis=2)


def origin_of(feast, period_days, weeks_before=6):
    """First forecast day: a Monday some weeks before the feast."""
    day = feast - timedelta(weeks=weeks_before)
    return day - timedelta(days=day.weekday()) if period_days == 7 else day
