"""What is wrong with a parcel on its way, how probably it will be late, and what that may cost.

Silence is judged by what is usual: of each delivered parcel of a lane the *longest* silence between two scans is taken,
and the norm is a high quantile (95 %) of these. So at most one parcel in twenty is ever called silent without cause,
however many scans it has.
"""

from typing import NamedTuple

import numpy as np

from .lane import p_late_given_elapsed

#: fewer measured parcels say nothing about a lane; the carrier, then the company, stands for it
LEAST_SAMPLE = 30
#: hours of silence and from label to first scan, where nothing was measured yet
DEFAULT_SILENCE_HOURS = 96.0
DEFAULT_LABEL_HOURS = 48.0
#: no norm is stricter than this, however quick a lane is: a night and a half
LEAST_HOURS = 36.0
RETURN_WORDS = ("return",)


class Norm(NamedTuple):
    """Hours that nearly all parcels of a lane stay below; ``level``: lane, carrier, company or default."""

    silence_hours: float = DEFAULT_SILENCE_HOURS
    label_hours: float = DEFAULT_LABEL_HOURS
    sample: int = 0
    level: str = "default"


class Facts(NamedTuple):
    """A parcel as it stands. Days are working days of the carrier; ``pmf``: P(transit takes 0, 1, 2... days)."""

    status: str = "in_transit"
    sub_status: str = ""
    is_lost: bool = False
    is_damaged: bool = False
    is_scanned: bool = True
    hours_since_handed: float = 0.0
    hours_silent: float = 0.0
    norm: Norm = Norm()
    pmf: tuple = ()
    elapsed: int = 0
    days_left: int | None = None
    days_expected_late: int = 0
    in_disruption: bool = False
    lost_rate: float = 0.0
    tail: float = 0.05
    cost_late: float = 0.0
    cost_late_day: float = 0.0
    value: float = 0.0


class Finding(NamedTuple):
    """``causes``: all that hold, most urgent first. ``transit_90``: days that nine of ten such parcels need in all."""

    causes: tuple
    p_late: float
    p_lost: float
    days_late: float
    money: float
    transit_90: int | None


def pick_norm(norms, carrier_id, zone_id, least=LEAST_SAMPLE):
    """The norm of the lane if enough was measured, else of the carrier, else of the company, else a default.

    :param norms: ``{(carrier id or None, zone id or None): (silence hours, label hours, sample)}``

    >>> norms = {(7, 1): (20.0, 10.0, 5), (7, None): (70.0, 12.0, 400)}
    >>> pick_norm(norms, 7, 1)
    Norm(silence_hours=70.0, label_hours=36.0, sample=400, level='carrier')
    >>> pick_norm(norms, 8, 1).level
    'default'
    """
    for level, key in (("lane", (carrier_id, zone_id)), ("carrier", (carrier_id, None)), ("company", (None, None))):
        found = norms.get(key)
        if found and found[2] >= least and (level != "lane" or zone_id):
            silence, label, sample = found
            return Norm(
                max(silence or DEFAULT_SILENCE_HOURS, LEAST_HOURS),
                max(label or DEFAULT_LABEL_HOURS, LEAST_HOURS),
                sample,
                level,
            )
    return Norm()


def remaining(pmf, elapsed):
    """Distribution of the whole transit of a parcel that has not arrived on its ``elapsed``-th day.

    P(T = t | T >= elapsed) = P(T = t) / P(T >= elapsed) for t >= elapsed: today is not over. A parcel that has taken
    longer than any before it is expected on the next day: nothing else is known.

    >>> remaining([0.0, 0.5, 0.25, 0.25], 2).tolist()
    [0.0, 0.0, 0.5, 0.5]
    >>> remaining([0.0, 1.0], 3).tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0]
    """
    pmf = np.asarray(pmf, dtype=float)
    elapsed = max(int(elapsed), 0)
    left = np.where(np.arange(len(pmf)) >= elapsed, pmf, 0.0)
    total = left.sum()
    if total > 1e-9:
        return left / total
    left = np.zeros(elapsed + 2)
    left[-1] = 1.0
    return left


def quantile_day(pmf, elapsed, share=0.9):
    """Smallest transit (days) within which this share of such parcels arrive, given the time so far.

    >>> quantile_day([0.0, 0.5, 0.25, 0.25], 2)
    3
    """
    whole = np.cumsum(remaining(pmf, elapsed))
    return int(np.searchsorted(whole, share - 1e-9))


def lost_given_silence(lost_rate, tail):
    """P(lost | silent longer than the norm), by Bayes: every lost parcel is silent, of the others only ``tail``.

    >>> round(lost_given_silence(0.01, 0.05), 3)
    0.168
    """
    other = (1.0 - lost_rate) * tail
    return lost_rate / (lost_rate + other) if lost_rate > 0 else 0.0


def judge(facts, threshold=0.5):
    """Everything that is wrong with one parcel.

    Money at stake = P(late) x (cost of a late parcel + cost per day x days late) + P(lost) x value of goods.

    :param threshold: probability of being late from which a parcel counts as predicted late
    :return: :class:`Finding`

    >>> quiet = Facts(hours_silent=100.0, norm=Norm(80.0), pmf=(0.0, 0.8, 0.2), elapsed=1, days_left=3)
    >>> judge(quiet).causes
    ('silent',)
    """
    p_late = _late(facts)
    transit_90 = quantile_day(facts.pmf, facts.elapsed) if len(facts.pmf) else None
    days_late = _days_late(facts, transit_90)
    causes = tuple(_causes(facts, p_late, threshold))
    p_lost = _lost(facts, causes)
    money = p_late * (facts.cost_late + facts.cost_late_day * days_late) + p_lost * facts.value
    return Finding(causes, p_late, p_lost, days_late, money, transit_90)


def _late(facts):
    if facts.days_left is None:
        return 0.0
    if facts.days_left < 0 or facts.days_expected_late > 0 or facts.status in ("returned", "expired") or facts.is_lost:
        return 1.0
    return p_late_given_elapsed(facts.pmf, facts.elapsed, facts.days_left) if len(facts.pmf) else 0.0


def _days_late(facts, transit_90):
    """Working days after the promise: as expected now, as already passed, or as the slowest of ten would take."""
    if facts.days_left is None:
        return 0
    usual = transit_90 - facts.elapsed - facts.days_left if transit_90 is not None else 0
    return max(facts.days_expected_late, -facts.days_left, usual, 0)


def _causes(facts, p_late, threshold):
    sub_status = facts.sub_status or ""
    returning = facts.status == "returned" or sub_status.startswith(RETURN_WORDS)
    customs = sub_status.startswith("custom")
    stopped = facts.status == "exception" and not returning and not customs
    if facts.is_lost or facts.is_damaged or facts.status == "expired" or stopped:
        yield "problem"
    if returning:
        yield "returned"
    if facts.status in ("returned", "expired") or facts.is_lost:
        return
    if customs:
        yield "customs"
    if facts.status == "attempt_failed":
        yield "attempt_failed"
    if not facts.is_scanned and facts.hours_since_handed > facts.norm.label_hours:
        yield "no_scan"
    # at the pick-up point it is the customer who is silent
    if facts.is_scanned and facts.status != "available_for_pickup" and facts.hours_silent > facts.norm.silence_hours:
        yield "silent"
    if facts.in_disruption:
        yield "disruption"
    if facts.days_left is not None and facts.days_left < 0 and facts.status != "available_for_pickup":
        yield "promise_passed"
    elif p_late >= threshold and facts.status != "available_for_pickup":
        yield "predicted_late"


def _lost(facts, causes):
    if facts.is_lost or facts.is_damaged or facts.status == "expired":
        return 1.0
    return lost_given_silence(facts.lost_rate, facts.tail) if {"silent", "no_scan"} & set(causes) else 0.0
