"""Findings every night: how many false ones in companies without change, and are planted changes found?

    python benchmarks/findings.py

A simulated company has categories and regions with their own season, size, growth in common, noise that is alike from
week to week and heavier than chance, carriers in zones, suppliers, and orders by hour. It is looked at with the
evidence of 52 weeks, one look after the other, as the nights of a year do. Printed: share of looks and of years with
any false finding, and of planted changes the share found within some weeks.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons" / "scm_analytics"))

from kernel import findings, series_change

WEEKS, YEAR, RECENT = 52 + 52 + 52, 52, 8
LEAST = 0.15
SHIFTS = (0.2, 0.3, 0.4, 0.6)


def alike(chance, shape, spread, rho):
    """Noise with a standard deviation whose weeks are alike."""
    noise = chance.normal(0, spread, shape)
    for week in range(1, shape[-1]):
        noise[..., week] = rho * noise[..., week - 1] + np.sqrt(1 - rho**2) * noise[..., week]
    return noise


def sales(chance, cells, rho, shift=0.0, since=None, lines=200):
    """Revenue and lines by cell and week: own season and size, common growth, lines of uneven value."""
    size = lines * np.exp(chance.normal(0, 0.8, cells))[:, None]
    week = np.arange(WEEKS)
    season = 0.3 * np.sin(2 * np.pi * (week / 52 + chance.random((cells, 1))))
    common = 0.15 * week / 52 + alike(chance, (1, WEEKS), 0.1, 0.5)
    level = np.log(size) + season + common + alike(chance, (cells, WEEKS), 0.1, rho)
    if since is not None:
        level[0, since:] += np.log1p(shift)
    lines = chance.poisson(np.exp(level))
    return chance.gamma(np.maximum(lines, 1e-9) * 0.7, 40.0) * (lines > 0), lines


def rates(chance, cells, rate, rho, shift=0.0, since=None):
    """Bad and all by cell and week, with bad weeks of the cell and of all."""
    size = chance.poisson(120 * np.exp(chance.normal(0, 0.7, (cells, 1))), (cells, WEEKS))
    level = np.log(rate) + alike(chance, (cells, WEEKS), 0.2, rho) + alike(chance, (1, WEEKS), 0.25, rho)
    level = np.broadcast_to(level, (cells, WEEKS)).copy()
    if since is not None:
        level[0, since:] += np.log1p(shift)
    return chance.binomial(size, np.minimum(np.exp(level), 0.95)), size


def times(chance, cells, rho):
    size = chance.poisson(120 * np.exp(chance.normal(0, 0.7, (cells, 1))), (cells, WEEKS))
    weekly = 2.0 + alike(chance, (cells, WEEKS), 0.15, rho) + chance.normal(0, 1, (cells, WEEKS)) / np.sqrt(size + 1)
    return weekly * size, size


def profiles(chance, cells, rho):
    noise = np.exp(alike(chance, (cells, 24, WEEKS), 0.1, rho)).swapaxes(1, 2)
    share = chance.dirichlet(np.full(24, 2.0), cells)[:, None, :] * noise
    return chance.poisson(800 * share / share.sum(2, keepdims=True))


def company(chance, rho=0.3, shift=0.0, since=None):
    """All series of one company; a change, if any, is in the first category, the first lane and the first supplier."""
    return {
        "category": sales(chance, 20, rho, shift, since),
        "region": sales(chance, 22, rho),
        "lane": rates(chance, 30, 0.08, rho, shift, since),
        "supplier": rates(chance, 25, 0.12, rho, shift, since),
        "transit": times(chance, 30, rho),
        "bias": (alike(chance, (8, WEEKS), 15.0, rho), np.full((8, WEEKS), 100.0)),
        "hours": profiles(chance, 2, rho),
    }


def look(data, end):
    """``[(family, Change or chances)]`` of what is known at the end of a week."""
    first = end - 104
    cut = {name: tuple(part[:, first:end] for part in parts) for name, parts in data.items() if name != "hours"}
    calm = np.zeros(end - first, bool)
    found = [(name, series_change.growth(*cut[name], calm, RECENT), LEAST) for name in ("category", "region")]
    for name in ("lane", "supplier"):
        found.append((name, series_change.rate_change(*(part[:, -60:] for part in cut[name]), RECENT), 0.02))
    found.append(("transit", series_change.mean_change(*(part[:, -60:] for part in cut["transit"]), RECENT), 0.3))
    found.append(("bias", series_change.drift(*(part[:, -26:] for part in cut["bias"])), 0.1))
    _before, _after, moved, p = series_change.profile_change(data["hours"][:, end - 34 : end], RECENT)
    zero = np.zeros(len(p))
    found.append(("hours", series_change.Change(zero, moved, moved, zero, zero, moved, p), 0.05))
    return found


def judge(found, yearly):
    chances = np.concatenate([change.p for _name, change, _least in found])
    effects = np.concatenate([change.change for _name, change, _least in found])
    own = np.concatenate([change.own for _name, change, _least in found])
    least = np.concatenate([np.full(len(change.p), small) for _name, change, small in found])
    mask, adjusted = findings.decide(chances, effects, own, least, np.zeros(len(chances), bool), yearly)
    names = np.concatenate([[f"{name}:{cell}" for cell in range(len(change.p))] for name, change, _least in found])
    return set(names[mask]), adjusted, chances, names


def quiet(companies, yearly, rho, seed):
    """Companies without change, looked at in each week of a year."""
    chance = np.random.default_rng(seed)
    looks = years = nightly = 0
    alone = []
    by_name = {}
    for _number in range(companies):
        data, any_found = company(chance, rho), False
        for end in range(WEEKS - YEAR + 1, WEEKS + 1):
            found, adjusted, chances, _names = judge(look(data, end), yearly)
            looks += 1
            nightly += bool(np.nanmin(adjusted) <= 0.05)
            any_found |= bool(found)
            for name in found:
                by_name[name.split(":")[0]] = by_name.get(name.split(":")[0], 0) + 1
            alone.append(np.nanmean(chances <= 0.01))
        years += any_found
    return float(np.mean(alone)), nightly / looks, years / companies, by_name


def planted(companies, yearly, rho, seed):
    """Share of planted changes found after 4, 8 and 12 weeks."""
    print(f"\n{'change':>8} {'part':>10} {'4 weeks':>8} {'8 weeks':>8} {'12 weeks':>9}")
    for shift in SHIFTS:
        chance, hits = np.random.default_rng(seed), {}
        for _number in range(companies):
            since = WEEKS - 12
            for name, times_ in (("category", 1), ("lane", 4), ("supplier", 4)):
                data = company(chance, rho, shift * times_, since)
                seen = set()
                for age in (4, 8, 12):
                    seen |= judge(look(data, since + age), yearly)[0]
                    hits[name, age] = hits.get((name, age), 0) + (f"{name}:0" in seen)
        for name, times_ in (("category", 1), ("lane", 4), ("supplier", 4)):
            shares = " ".join(f"{hits[name, age] / companies:>8.0%}" for age in (4, 8, 12))
            print(f"{shift * times_:>+8.0%} {name:>10} {shares}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--planted", type=int, default=40)
    parser.add_argument("--level", type=float, default=0.2)
    options = parser.parse_args()
    start = time.process_time()
    print(
        f"{options.companies} companies without change, a year of looks each; stated: {options.level:.0%} of the years"
    )
    print(f"{'weeks alike':>12} {'single p <= 1 %':>16} {'looks with any <= 5 %':>22} {'years with any finding':>23}")
    for rho in (0.0, 0.3, 0.5):
        alone, nightly, years, by_name = quiet(options.companies, options.level, rho, seed=1)
        print(f"{rho:>12} {alone:>16.2%} {nightly:>22.1%} {years:>23.1%}  {by_name or ''}", flush=True)
    planted(options.planted, options.level, 0.3, seed=2)
    print(f"\n{time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
