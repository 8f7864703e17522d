"""What can be claimed from a carrier for a parcel, and until when.

Carriers owe the value of goods that they lost or damaged up to what their conditions allow: the greater of an amount
per parcel and an amount per kilogram (the scheme of the CMR convention, 1956, art. 23, and of parcel carriers' terms),
and the freight; without any limit the whole value. A carrier that guarantees a day gives back a share of the freight::

    goods = min(value, max(per parcel, per kg x weight)) + freight
    late  = share x freight
"""

from datetime import timedelta

import numpy as np

#: Monday to Friday, for a carrier without a calendar
WORKING_WEEK = (True, True, True, True, True, False, False)


def goods_claim(value, weight, freight, per_parcel, per_kg):
    """Claim for lost or damaged goods (n,); ``weight`` in kg, all else money.

    A parcel of 3 kg worth 400 with 12 freight, limited to 100 per parcel or 20 per kg; the same without limits:

    >>> goods_claim([400, 400], [3, 3], [12, 12], [100, 0], [20, 0]).tolist()
    [112.0, 412.0]
    """
    value, weight, freight, per_parcel, per_kg = (
        np.asarray(each, float) for each in (value, weight, freight, per_parcel, per_kg)
    )
    limit = np.maximum(per_parcel, per_kg * weight)
    limited = (per_parcel > 0) | (per_kg > 0)
    return np.where(limited, np.minimum(value, limit), value) + freight


def late_claim(freight, share):
    """Claim (n,) for a missed guarantee.

    >>> late_claim([12.0, 12.0], [1.0, 0.5]).tolist()
    [12.0, 6.0]
    """
    return np.asarray(freight, float) * np.asarray(share, float)


def deadline(day, days):
    """Last day of a claim: so many days after the day on which it was known.

    >>> from datetime import date
    >>> deadline(date(2026, 3, 1), 30)
    datetime.date(2026, 3, 31)
    """
    return day + timedelta(days=days)


def guaranteed_day(handed, days, week=WORKING_WEEK, holidays=()):
    """Last guaranteed day (n,) of parcels: working days after the hand-over, on a day off from the one before.

    :param handed: dates (n,); ``week``: does the carrier work on Monday, ... Sunday; ``holidays``: dates

    Handed over on a Friday and on a Saturday, guaranteed for the next working day:

    >>> guaranteed_day(["2026-03-06", "2026-03-07"], 1).tolist()
    [datetime.date(2026, 3, 9), datetime.date(2026, 3, 9)]
    """
    week = list(week) if any(week) else list(WORKING_WEEK)
    handed = np.asarray(handed, "datetime64[D]")
    return np.busday_offset(handed, days, roll="backward", weekmask=week, holidays=list(holidays))
