"""Which region would gain from stock nearby: parcels that came from afar, at the cost and speed of those that did not.

For a zone with n parcels from afar, mean cost c, share late l and transit t, and the parcels of the same warehouse that
stay within its own zone with c0, l0, t0 (the benchmark, as measured):

    gain per year = n x (c - c0 + (l - l0) x cost of lateness),   days = t - t0
"""

import numpy as np


def gains(far, benchmarks, cost_late, days_measured):
    """Gain of each zone, best first; a zone that several warehouses serve is the sum of what they would gain.

    :param far: [{"zone", "warehouse", "parcels", "cost", "late", "transit"}] means of the parcels from afar
    :param benchmarks: {warehouse: {"cost", "late", "transit"} of its local parcels}
    :param cost_late: money per late parcel
    :param days_measured: length of the data, to scale to a year

    A hundred parcels in half a year cost 9 instead of 5 and are late with 20 instead of 5 %, at 10 a late parcel:

    >>> far = [{"zone": 1, "warehouse": 7, "parcels": 100, "cost": 9.0, "late": 0.2, "transit": 3.0}]
    >>> [row] = gains(far, {7: {"cost": 5.0, "late": 0.05, "transit": 1.0}}, 10.0, 182.5)
    >>> row["gain"], row["days"], row["per_year"]
    (1100.0, 2.0, 200)
    """
    scale, zones = 365.0 / max(days_measured, 1), {}
    for row in far:
        if row["warehouse"] in benchmarks:
            zones.setdefault(row["zone"], []).append(_won(row, benchmarks[row["warehouse"]], cost_late))
    rows = [_zone_row(zone, ones, scale) for zone, ones in zones.items()]
    return sorted(rows, key=lambda row: (-row["gain"], row["zone"]))


def _won(row, local, cost_late):
    """What a parcel would win by being local, next to what it is now."""
    return row | {
        "days": row["transit"] - local["transit"],
        "freight_gain": row["cost"] - local["cost"],
        "late_gain": (row["late"] - local["late"]) * cost_late,
    }


def _zone_row(zone, rows, scale):
    parcels = sum(row["parcels"] for row in rows)
    means = {name: round(weighted(rows, name), 4) for name in ("cost", "late", "transit", "days")}
    won = {name: round(weighted(rows, name) * parcels * scale, 2) for name in ("freight_gain", "late_gain")}
    gain = round(won["freight_gain"] + won["late_gain"], 2)
    return {"zone": zone, "parcels": parcels, "per_year": round(parcels * scale), "gain": gain} | means | won


def weighted(rows, key):
    """Mean of a measure over rows, weighted by their parcels; 0 without parcels.

    >>> weighted([{"parcels": 1, "cost": 4.0}, {"parcels": 3, "cost": 8.0}], "cost")
    7.0
    """
    parcels = np.array([row["parcels"] for row in rows], dtype=float)
    return float(np.average([row[key] for row in rows], weights=parcels)) if parcels.sum() else 0.0
