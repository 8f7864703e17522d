"""Replay: what the suggested carriers would have cost and delivered in a past period, against what was.

The choice learns from the time *before* the period only. What a carrier would have done with a parcel that it did not
have is then taken from what it really did in the period with parcels of the same zone and weight band (the direct
method of off-policy evaluation: Dudik, Langford, Li 2011); parcels whose carrier stays keep what really happened.
A carrier is a candidate only where it carried enough parcels before, so nothing is extrapolated.

Arrays are (C, Z, B): carriers, zones, weight bands. Money in company currency, lateness in parcels and days.
"""

from dataclasses import dataclass

import numpy as np

from .carrier_choice import assign

#: parcels that a wider group counts for when a lane is measured
STRENGTH = 20.0


@dataclass(frozen=True)
class Lanes:
    """Means per parcel by carrier, zone and band, shrunk; ``count`` is what was measured."""

    count: np.ndarray
    cost: np.ndarray
    late: np.ndarray
    days: np.ndarray
    loss: np.ndarray


def measure(count, cost, late, days, loss):
    """:class:`Lanes` from sums, each (C, Z, B).

    Lateness and loss of a lane lean on the carrier's parcels to the zone, these on all of the carrier, these on all;
    costs lean on the carrier's parcels of the weight band instead, for weight makes the price:
    mean = (sum + 20 x mean of the wider group) / (n + 20).
    """
    count = np.asarray(count, dtype=float)
    by_zone = [_shrunk(np.asarray(total, dtype=float), count, 2) for total in (late, days, loss)]
    return Lanes(count, _shrunk(np.asarray(cost, dtype=float), count, 1), *by_zone)


def _shrunk(total, count, other):
    """Means of (C, Z, B) sums, shrunk over all -> carrier -> carrier and one axis -> lane; ``other`` is summed out."""
    mean = total.sum() / max(count.sum(), 1.0)
    for axes in ((1, 2), (other,), ()):
        number, amount = (part.sum(axis=axes, keepdims=True) if axes else part for part in (count, total))
        mean = (amount + STRENGTH * mean) / (number + STRENGTH)
    return mean


@dataclass(frozen=True)
class Parcels:
    """(n,) each: indices of carrier, zone and band; what happened; what lateness costs with the customer."""

    carrier: np.ndarray
    zone: np.ndarray
    band: np.ndarray
    value: np.ndarray
    cost_late: np.ndarray
    cost_day: np.ndarray
    cost: np.ndarray
    late: np.ndarray
    days: np.ndarray
    loss: np.ndarray


@dataclass(frozen=True)
class Outcome:
    """(n,) each: suggested carrier; freight, lateness and whole cost as they were and as they would have been."""

    carrier: np.ndarray
    freight_was: np.ndarray
    freight_would: np.ndarray
    late_was: np.ndarray
    late_would: np.ndarray
    cost_was: np.ndarray
    cost_would: np.ndarray


def replay(parcels, before, during, allowed, least=20, limits=None):
    """:class:`Outcome` of each parcel.

    :param before: :class:`Lanes` of the time before the period; from them the choice is made
    :param during: :class:`Lanes` of the period; by them parcels that change their carrier are judged
    :param allowed: (n, C) bool: carriers that may be suggested for each parcel at all
    :param least: parcels that a carrier must have had to a zone before, to be a candidate there
    :param limits: function of the pairs, arrays (parcel, carrier), that returns limits for :func:`assign`
    """
    count = len(parcels.carrier)
    rows = np.arange(count)
    had = before.count.sum(axis=2)[:, parcels.zone].T
    known = allowed & (had >= least)
    known[rows, parcels.carrier] = True
    score = _score(parcels, before)
    parcel, carrier = np.nonzero(known)
    pairs = assign(parcel, score[parcel, carrier], count, limits(parcel, carrier) if limits else ())
    chosen = carrier[pairs.pair]
    same = chosen == parcels.carrier
    lane = (chosen, parcels.zone, parcels.band)
    freight = np.where(same, parcels.cost, during.cost[lane])
    late = np.where(same, parcels.late, during.late[lane])
    days = np.where(same, parcels.days, during.days[lane])
    loss = np.where(same, parcels.loss, during.loss[lane])
    return Outcome(
        chosen,
        parcels.cost,
        freight,
        parcels.late,
        late,
        _whole(parcels, parcels.cost, parcels.late, parcels.days, parcels.loss),
        _whole(parcels, freight, late, days, loss),
    )


def _score(parcels, lanes):
    """(n, C) expected cost of each parcel with each carrier."""
    of_lane = [
        measure_[:, parcels.zone, parcels.band].T for measure_ in (lanes.cost, lanes.late, lanes.days, lanes.loss)
    ]
    cost, late, days, loss = of_lane
    return cost + late * parcels.cost_late[:, None] + days * parcels.cost_day[:, None] + loss * parcels.value[:, None]


def _whole(parcels, freight, late, days, loss):
    return freight + late * parcels.cost_late + days * parcels.cost_day + loss * parcels.value
