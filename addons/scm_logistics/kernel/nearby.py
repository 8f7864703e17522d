"""Which region would gain from stock nearby: parcels that came from afar, at the cost and speed of those that did not.

For a zone with n parcels from afar, mean cost c, share late l and transit t, and parcels that stay within their
warehouse's own zone with c0, l0, t0 (as measured in the company; the benchmark):

    gain per year = n x (c - c0 + (l - l0) x cost of lateness),   days = t - t0
"""

import numpy as np


def gains(far, benchmark, cost_late, days_measured):
    """Gain of each zone, best first.

    :param far: [{"zone", "parcels", "cost", "late", "transit"}] means of the parcels from afar
    :param benchmark: {"parcels", "cost", "late", "transit"} of local parcels
    :param cost_late: money per late parcel
    :param days_measured: length of the data, to scale to a year

    A hundred parcels in half a year cost 9 instead of 5 and are late with 20 instead of 5 %, at 10 a late parcel:

    >>> far = [{"zone": 1, "parcels": 100, "cost": 9.0, "late": 0.2, "transit": 3.0}]
    >>> [row] = gains(far, {"parcels": 50, "cost": 5.0, "late": 0.05, "transit": 1.0}, 10.0, 182.5)
    >>> row["gain"], row["days"]
    (1100.0, 2.0)
    """
    scale = 365.0 / max(days_measured, 1)
    rows = [
        row
        | {
            "per_year": round(row["parcels"] * scale),
            "days": round(row["transit"] - benchmark["transit"], 2),
            "freight_gain": round(row["parcels"] * scale * (row["cost"] - benchmark["cost"]), 2),
            "late_gain": round(row["parcels"] * scale * (row["late"] - benchmark["late"]) * cost_late, 2),
        }
        for row in far
    ]
    for row in rows:
        row["gain"] = round(row["freight_gain"] + row["late_gain"], 2)
    return sorted(rows, key=lambda row: -row["gain"])


def weighted(rows, key):
    """Mean of a measure over rows, weighted by their parcels; 0 without parcels.

    >>> weighted([{"parcels": 1, "cost": 4.0}, {"parcels": 3, "cost": 8.0}], "cost")
    7.0
    """
    parcels = np.array([row["parcels"] for row in rows], dtype=float)
    return float(np.average([row[key] for row in rows], weights=parcels)) if parcels.sum() else 0.0
