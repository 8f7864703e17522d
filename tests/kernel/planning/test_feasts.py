"""Dates of moving feasts against published calendars."""

from datetime import date, timedelta

import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from scm_kernels.planning.feasts import (
    FeastRule,
    country_holiday_names,
    double_seventh,
    new_moon_day,
    nth_weekday,
    occurrences,
)

# Dates of Qixi as printed in the almanac of the Hong Kong Observatory; 2006, 2025 and 2044 are years with a leap month
QIXI = {
    2006: (7, 31), 2015: (8, 20), 2016: (8, 9), 2017: (8, 28), 2018: (8, 17), 2019: (8, 7), 2020: (8, 25),
    2021: (8, 14), 2022: (8, 4), 2023: (8, 22), 2024: (8, 10), 2025: (8, 29), 2026: (8, 19), 2027: (8, 8),
}  # fmt: skip

# Feasts of the holidays package that fall on a fixed day of a lunar month, with that day's distance to the new moon
TABLES = {
    "LUNAR_NEW_YEAR_DATES": 0,
    "DRAGON_BOAT_DATES": 4,
    "MID_AUTUMN_DATES": 14,
    "DOUBLE_NINTH_DATES": 8,
}


@pytest.mark.parametrize("year", QIXI)
def test_double_seventh(year):
    assert double_seventh(year) == date(year, *QIXI[year])


@pytest.mark.parametrize("name", TABLES)
def test_new_moons_agree_with_the_lunar_tables(name):
    days = [date(year, *day) for year, day in getattr(_ChineseLunisolar, name).items() if 1950 <= year <= 2099]
    assert len(days) > 100
    for day in days:
        assert new_moon_day(day) == day - timedelta(days=TABLES[name])


def test_black_friday_is_the_day_after_the_fourth_thursday():
    rule = FeastRule("weekday", month=11, weekday=3, nth=4, offset_days=1, duration_days=4)
    assert occurrences(rule, [2024, 2029]) == [
        (2024, date(2024, 11, 29), date(2024, 12, 2)),
        (2029, date(2029, 11, 23), date(2029, 11, 26)),
    ]


def test_last_and_missing_fifth_weekday():
    assert nth_weekday(2026, 5, 0, -1) == date(2026, 5, 25)
    assert nth_weekday(2026, 2, 0, 5) == date(2026, 2, 23)


def test_holidays_of_several_days_are_one_span():
    rule = FeastRule("holidays", country="CN", name="Chinese New Year")
    assert occurrences(rule, [2025]) == [(2025, date(2025, 1, 29), date(2025, 1, 31))]
    longer = FeastRule("holidays", country="CN", name="Chinese New Year", duration_days=7)
    assert occurrences(longer, [2025]) == [(2025, date(2025, 1, 29), date(2025, 2, 4))]


def test_offset_moves_the_whole_span():
    easter = FeastRule("holidays", country="DE", name="Easter Monday", offset_days=-3, duration_days=4)
    assert occurrences(easter, [2026]) == [(2026, date(2026, 4, 3), date(2026, 4, 6))]


def test_leap_day_falls_on_the_last_of_february():
    rule = FeastRule("fixed", month=2, day=29)
    assert occurrences(rule, [2023, 2024]) == [
        (2023, date(2023, 2, 28), date(2023, 2, 28)),
        (2024, date(2024, 2, 29), date(2024, 2, 29)),
    ]


def test_unknown_names_give_nothing_and_unknown_countries_an_error():
    assert occurrences(FeastRule("holidays", country="CN", name="No such day"), [2026]) == []
    with pytest.raises(ValueError, match="XX"):
        occurrences(FeastRule("holidays", country="XX", name="Any"), [2026])
    with pytest.raises(ValueError, match="double_seventh"):
        occurrences(FeastRule("computed", name="blue moon"), [2026])
    with pytest.raises(ValueError, match="source"):
        FeastRule("guess")
    with pytest.raises(ValueError, match="one day"):
        FeastRule("fixed", duration_days=0)


def test_names_of_a_country():
    names = country_holiday_names("TW", [2026])
    assert {"Dragon Boat Festival", "Mid-Autumn Festival"} <= set(names)
