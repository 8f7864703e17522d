"""When moving and fixed feasts fall: pure dates, no database, no today's date.

Country holidays come from the ``holidays`` package. What it lacks (Double Seventh) is computed from the new moon after
Meeus, *Astronomical Algorithms* (1998), chapter 49, in Chinese time (UTC+8).
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

SOURCES = ("holidays", "computed", "weekday", "fixed")
COMPUTED = ("double_seventh",)
_SYNODIC_MONTH = 29.530588861
_JULIAN_DAY_OF_ORDINAL_0 = 1721424.5
_CHINA_OFFSET = 8 / 24
_DYNAMICAL_TIME_OFFSET = 70 / 86400


@dataclass(frozen=True)
class FeastRule:
    """How the dates of an event follow from the year.

    :param source: ``"holidays"`` (``country`` and ``name``), ``"computed"`` (``name``), ``"weekday"`` (``nth``
        ``weekday`` of ``month``; Monday is 0, nth -1 is the last) or ``"fixed"`` (``month``, ``day``)
    :param offset_days: days to add to the date found
    :param duration_days: length of the event from that date on; for ``"holidays"`` at least this many days
    """

    source: str
    country: str | None = None
    name: str | None = None
    month: int = 1
    day: int = 1
    weekday: int = 0
    nth: int = 1
    offset_days: int = 0
    duration_days: int = 1

    def __post_init__(self):
        if self.source not in SOURCES:
            raise ValueError(f"source must be one of {SOURCES}, got {self.source!r}")
        if self.duration_days < 1:
            raise ValueError("an event must last one day or more")


def occurrences(rule, years):
    """Dates of the event in each year: list of (year, first day, last day); years without it are left out.

    :raises ValueError: unknown country, computed feast or impossible date such as 30 February

    >>> occurrences(FeastRule("fixed", month=6, day=1, duration_days=18), [2026])
    [(2026, datetime.date(2026, 6, 1), datetime.date(2026, 6, 18))]
    >>> occurrences(FeastRule("weekday", month=11, weekday=3, nth=4, offset_days=1), [2025])  # Black Friday
    [(2025, datetime.date(2025, 11, 28), datetime.date(2025, 11, 28))]
    >>> occurrences(FeastRule("holidays", country="CN", name="Mid-Autumn Festival"), [2026])
    [(2026, datetime.date(2026, 9, 25), datetime.date(2026, 9, 25))]
    """
    found = []
    for year in years:
        span = _SPANS[rule.source](rule, year)
        if span:
            start = span[0] + timedelta(days=rule.offset_days)
            end = max(span[1] + timedelta(days=rule.offset_days), start + timedelta(days=rule.duration_days - 1))
            found.append((year, start, end))
    return found


def _fixed_span(rule, year):
    day = date(year, rule.month, rule.day) if (rule.month, rule.day) != (2, 29) else date(year, 3, 1) - timedelta(1)
    return day, day


def _weekday_span(rule, year):
    day = nth_weekday(year, rule.month, rule.weekday, rule.nth)
    return day, day


def _computed_span(rule, year):
    if rule.name not in COMPUTED:
        raise ValueError(f"computed feast must be one of {COMPUTED}, got {rule.name!r}")
    return double_seventh(year), double_seventh(year)


def _holidays_span(rule, year):
    """First run of consecutive days that carry the name in the country's calendar."""
    days = [day for day, names in _country_days(rule.country, year) if rule.name in names]
    if not days:
        return None
    last = days[0]
    for day in days[1:]:
        if (day - last).days > 1:
            break
        last = day
    return days[0], last


_SPANS = {
    "fixed": _fixed_span,
    "weekday": _weekday_span,
    "computed": _computed_span,
    "holidays": _holidays_span,
}


@lru_cache(maxsize=256)
def _country_days(country, year):
    """Tuple of (day, names) of a country's public holidays, without substituted days, sorted."""
    kwargs = {"years": [year], "observed": False}
    try:
        calendar = holidays.country_holidays(country, language="en_US", **kwargs)
        if not calendar:
            calendar = holidays.country_holidays(country, **kwargs)
    except NotImplementedError as error:
        raise ValueError(f"no holiday calendar for country {country!r}") from error
    return tuple((day, tuple(_plain_names(calendar.get_list(day)))) for day in sorted(calendar) if day.year == year)


def _plain_names(names):
    for name in names:
        yield name
        if name.endswith(")"):
            yield name.rpartition(" (")[0]


def country_holiday_names(country, years):
    """Sorted names that :class:`FeastRule` accepts for a country.

    >>> "Dragon Boat Festival" in country_holiday_names("TW", [2026])
    True
    """
    return sorted({name for year in years for _day, names in _country_days(country, year) for name in names})


def nth_weekday(year, month, weekday, nth):
    """The nth (1 to 5, -1 = last) weekday (Monday = 0) of a month; a fifth that does not exist is the fourth.

    >>> nth_weekday(2026, 5, 6, 2)  # Mother's Day
    datetime.date(2026, 5, 10)
    """
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = [day + timedelta(weeks=week) for week in range(5)]
    days = [day for day in days if day.month == month]
    return days[-1] if nth == -1 else days[min(nth, len(days)) - 1]


def new_moon_day(near):
    """Chinese calendar day of the last new moon on or before the given day.

    True phase = mean phase + main periodic terms (Meeus 1998, 49.1 to 49.3; the terms kept are good to minutes).

    >>> new_moon_day(date(2026, 2, 20))  # Lunar New Year
    datetime.date(2026, 2, 17)
    """
    lunation = round((near.toordinal() - date(2000, 1, 6).toordinal()) / _SYNODIC_MONTH) + 1
    while True:
        day = _new_moon_of(lunation)
        if day <= near:
            return day
        lunation -= 1


def _new_moon_of(k):
    century = k / 1236.85
    eccentricity = 1 - 0.002516 * century - 0.0000074 * century**2
    sun = math.radians(2.5534 + 29.10535670 * k - 0.0000014 * century**2)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * century**2)
    latitude = math.radians(160.7108 + 390.67050284 * k - 0.0016118 * century**2)
    node = math.radians(124.7746 - 1.56375588 * k + 0.0020672 * century**2)
    correction = (
        -0.40720 * math.sin(moon)
        + 0.17241 * eccentricity * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * latitude)
        + 0.00739 * eccentricity * math.sin(moon - sun)
        - 0.00514 * eccentricity * math.sin(moon + sun)
        + 0.00208 * eccentricity**2 * math.sin(2 * sun)
        - 0.00111 * math.sin(moon - 2 * latitude)
        - 0.00057 * math.sin(moon + 2 * latitude)
        + 0.00056 * eccentricity * math.sin(2 * moon + sun)
        - 0.00042 * math.sin(3 * moon)
        + 0.00042 * eccentricity * math.sin(sun + 2 * latitude)
        + 0.00038 * eccentricity * math.sin(sun - 2 * latitude)
        - 0.00024 * eccentricity * math.sin(2 * moon - sun)
        - 0.00017 * math.sin(node)
    )
    julian = 2451550.09766 + _SYNODIC_MONTH * k + 0.00015437 * century**2 + correction - _DYNAMICAL_TIME_OFFSET
    return date.fromordinal(math.floor(julian - _JULIAN_DAY_OF_ORDINAL_0 + _CHINA_OFFSET))


def double_seventh(year):
    """Seventh day of the seventh lunar month (Qixi).

    The seventh month is the one that holds the solar term Chushu (sun at 150 degrees, 22 to 24 August), also in a year
    with a leap month. Valid for 1950 to 2099.

    >>> double_seventh(2025), double_seventh(2026)
    (datetime.date(2025, 8, 29), datetime.date(2026, 8, 19))
    """
    return new_moon_day(_chushu(year)) + timedelta(days=6)


def _chushu(year):
    """Day of the solar term, by the almanac formula floor(0.2422 y + c) - floor(leap days)."""
    if year >= 2000:
        short = year - 2000
        return date(year, 8, math.floor(short * 0.2422 + 23.13) - short // 4)
    short = year - 1900
    return date(year, 8, math.floor(short * 0.2422 + 23.95) - short // 4)
