"""Where the customers of the demo company live: cities with their state, zip code and position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class City:
    state: str  # code of the state in Odoo
    zip: str
    latitude: float
    longitude: float


CITIES = {
    "Taipei": City("TPC", "100", 25.045, 121.535),
    "New Taipei": City("NTPC", "220", 25.012, 121.465),
    "Taoyuan": City("TYC", "330", 24.993, 121.301),
    "Hsinchu": City("HCT", "300", 24.804, 120.971),
    "Taichung": City("TCC", "400", 24.147, 120.673),
    "Changhua": City("CHH", "500", 24.081, 120.538),
    "Tainan": City("TNH", "700", 22.999, 120.227),
    "Kaohsiung": City("KHC", "800", 22.627, 120.301),
    "Hualien": City("HLH", "970", 23.987, 121.602),
    "Yilan": City("ILH", "260", 24.757, 121.754),
    "Shenzhen": City("粤", "518000", 22.543, 114.057),
    "Guangzhou": City("粤", "510000", 23.129, 113.264),
    "Dongguan": City("粤", "523000", 23.021, 113.752),
    "Xiamen": City("闽", "361000", 24.479, 118.089),
    "Hangzhou": City("浙", "310000", 30.274, 120.155),
    "Shanghai": City("沪", "200000", 31.230, 121.474),
    "Chengdu": City("蜀", "610000", 30.572, 104.066),
    "Wuhan": City("鄂", "430000", 30.593, 114.305),
}
ROADS = ("Zhongshan Road", "Minsheng Road", "Heping Road", "Fuxing Street", "Renai Road", "Dihua Street", "Wenhua Road")


def states(env) -> dict[str, int]:
    """Id of the state of each city."""
    found = {
        (state.country_id.code, state.code): state.id
        for state in env["res.country.state"].search([("country_id.code", "in", ("TW", "CN"))])
    }
    return {name: found["TW" if city.state.isascii() else "CN", city.state] for name, city in CITIES.items()}


def addresses(env, cities, seed=5) -> dict[str, list]:
    """Columns of addresses for a list of city names; the same list gives the same addresses."""
    rng = np.random.default_rng(seed)
    state_of, count = states(env), len(cities)
    number, road = rng.integers(1, 400, count), rng.integers(0, len(ROADS), count)
    district, north, east = rng.integers(0, 12, count), rng.normal(0, 0.02, count), rng.normal(0, 0.025, count)
    rows = [CITIES[name] for name in cities]
    return {
        "state_id": [state_of[name] for name in cities],
        "street": [f"{n} {ROADS[r]}" for n, r in zip(number, road, strict=True)],
        "zip": [city.zip[:-2] + f"{int(city.zip[-2:]) + d:02d}" for city, d in zip(rows, district, strict=True)],
        "partner_latitude": [round(city.latitude + float(d), 6) for city, d in zip(rows, north, strict=True)],
        "partner_longitude": [round(city.longitude + float(d), 6) for city, d in zip(rows, east, strict=True)],
    }
