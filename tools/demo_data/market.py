"""Demand of the demo shop: units wanted per product, warehouse and day. NumPy only, no Odoo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np

from .catalogue import CATEGORIES, LIVES, PATTERNS, SEASONS, Catalogue

WEEKDAY = np.array((1.06, 1.00, 0.97, 0.96, 0.98, 0.99, 1.04))  # Monday first
SHARE = np.array((0.66, 0.34))  # of demand by warehouse
PROMOTION_DAYS = 7


@dataclass(frozen=True)
class Feasts:
    """Days of the moving and fixed events inside the window."""

    new_year: list[date]
    mid_autumn: list[date]
    festivals: list[tuple[date, date]]  # 618 and Double 11: first and last day


@dataclass(frozen=True)
class Market:
    """Demand and what made it. Items are (product, warehouse) pairs; arrays are (items, days)."""

    start: date
    product: np.ndarray  # (items,) index into the catalogue
    warehouse: np.ndarray  # (items,) 0 or 1
    demand: np.ndarray  # (items, days) units wanted
    level: np.ndarray  # (items,) typical units a day, for whoever types reorder points
    launch: np.ndarray  # (items,) first day on sale
    feasts: Feasts
    promotions: list[tuple[int, date, date, float]]  # category, first day, last day, factor


def feasts(first: date, last: date) -> Feasts:
    """Lunar New Year, Mid-Autumn, 618 and Double 11 of all years that touch the window."""
    years = range(first.year, last.year + 2)
    found = {"Chinese New Year": {}, "Mid-Autumn Festival": {}}
    for day, name in holidays.country_holidays("TW", years=years, language="en_US").items():
        for feast, by_year in found.items():
            if name == feast:
                by_year[day.year] = min(day, by_year.get(day.year, day))
    shopping = [(date(y, 6, 1), date(y, 6, 18)) for y in years] + [(date(y, 11, 1), date(y, 11, 11)) for y in years]
    return Feasts(sorted(found["Chinese New Year"].values()), sorted(found["Mid-Autumn Festival"].values()), shopping)


def simulate(rng: np.random.Generator, catalogue: Catalogue, start: date, days: int) -> Market:
    """Draw the demand of every item and day."""
    dates = [start + timedelta(days=t) for t in range(days)]
    calendar = feasts(start, dates[-1])
    second = np.flatnonzero(catalogue.in_second)
    product = np.concatenate((np.arange(len(catalogue)), second))
    warehouse = np.concatenate((np.zeros(len(catalogue), int), np.ones(len(second), int)))
    promotions = _promotions(rng, dates)
    shape = _category_shape(dates, calendar, promotions)[catalogue.category[product]]
    shape = shape * _season_shape(dates, catalogue)[product] * WEEKDAY[[d.weekday() for d in dates]]
    life, launch = _lifecycle(rng, catalogue, days)
    share = np.where(catalogue.in_second[product], SHARE[warehouse], 1.0)
    level = catalogue.rate[product] * share
    weeks = days // 7 + 1
    noise = np.cumsum(rng.normal(0, 0.05, (len(product), weeks)), axis=1)
    noise = np.exp(noise - 0.5 * 0.05**2 * np.arange(1, weeks + 1))
    mean = level[:, None] * shape * life[product] * np.repeat(noise, 7, axis=1)[:, :days]
    return Market(
        start,
        product,
        warehouse,
        _draw(rng, catalogue.pattern[product], mean),
        level,
        launch[product],
        calendar,
        promotions,
    )


def _promotions(rng, dates):
    """Two promotions of a week per category and year, never in the shopping festivals."""
    rows = []
    for category in range(len(CATEGORIES)):
        for month in (3, 9):
            for year in sorted({d.year for d in dates}):
                first = date(year, month, int(rng.integers(2, 20)))
                rows.append((category, first, first + timedelta(days=PROMOTION_DAYS - 1), float(rng.uniform(1.5, 2.2))))
    return [row for row in rows if dates[0] <= row[1] and row[2] <= dates[-1]]


def _category_shape(dates, calendar, promotions):
    """(categories, days): growth, feasts, shopping festivals and promotions."""
    shape = np.ones((len(CATEGORIES), len(dates)))
    ordinal = np.array([d.toordinal() for d in dates])
    for index, category in enumerate(CATEGORIES):
        shape[index] *= (1 + category.growth) ** (np.arange(len(dates)) / 365.25)
        for feast in calendar.new_year:
            before = feast.toordinal() - ordinal
            shape[index] *= 1 + (category.new_year - 1) * np.exp(-(((before - 12) / 7.0) ** 2))
            shape[index] *= np.where((before <= 1) & (before >= -5), 0.30, 1.0)
        for first, last in calendar.festivals:
            run = (ordinal >= first.toordinal()) & (ordinal <= last.toordinal())
            peak = (ordinal >= last.toordinal() - 1) & (ordinal <= last.toordinal())
            after = (ordinal > last.toordinal()) & (ordinal <= last.toordinal() + 9)
            shape[index] *= np.where(peak, category.festival, np.where(run, 1 + 0.25 * (category.festival - 1), 1.0))
            shape[index] *= np.where(after, 0.82, 1.0)
        if category.code == "TEA":
            for feast in calendar.mid_autumn:
                shape[index] *= 1 + 0.9 * np.exp(-(((feast.toordinal() - ordinal - 9) / 6.0) ** 2))
    for category, first, last, factor in promotions:
        shape[category] *= np.where((ordinal >= first.toordinal()) & (ordinal <= last.toordinal()), factor, 1.0)
    return shape


def _season_shape(dates, catalogue):
    """(products, days): the monthly factors, joined by straight lines from mid-month to mid-month."""
    position = np.array([d.timetuple().tm_yday / 365.25 * 12 for d in dates])
    curves = {
        name: np.interp(position, np.arange(-0.5, 13.5), (*months[-1:], *months, *months[:1]))
        for name, months in SEASONS.items()
    }
    return np.stack([curves[name] for name in catalogue.season])


def _lifecycle(rng, catalogue, days):
    """(products, days) factor and the first day on sale: new ones grow in, ended ones fade out."""
    n, t = len(catalogue), np.arange(days)
    life = np.ones((n, days))
    launch = np.zeros(n, int)
    for index in range(n):
        kind = LIVES[catalogue.life[index]]
        if kind == "new":
            launch[index] = days - int(rng.integers(min(25, days // 3), min(270, days // 2 + 1)))
            life[index] = np.where(t < launch[index], 0.0, 1 - 0.7 * np.exp(-(t - launch[index]) / 30.0))
        elif kind == "ended":
            end = days - int(rng.integers(60, max(61, min(200, days // 2))))
            life[index] = np.clip(1 - (t - end + 90) / 90.0, 0.0, 1.0)
        elif kind == "dead":
            end = max(30, days - int(rng.integers(380, 520)))
            life[index] = np.where(t < end, 0.6, 0.0)
        elif kind == "never":
            life[index] = 0.0
    return life, launch


def _draw(rng, pattern, mean):
    """Poisson for smooth and intermittent, gamma-mixed for erratic, rare and large for lumpy items."""
    demand = np.zeros(mean.shape, int)
    kind = np.array(PATTERNS)[pattern]
    steady = np.isin(kind, ("smooth", "intermittent"))
    demand[steady] = rng.poisson(mean[steady])
    erratic = kind == "erratic"
    demand[erratic] = rng.poisson(mean[erratic] * rng.gamma(0.8, 1 / 0.8, mean[erratic].shape))
    lumpy = kind == "lumpy"
    buyers = rng.poisson(mean[lumpy] / 9.0)
    demand[lumpy] = buyers * rng.geometric(1 / 9.0, buyers.shape)
    wholesale = (rng.random(mean.shape) < 0.00012) & (mean > 0.3)
    return demand + wholesale * rng.integers(25, 90, mean.shape)
