"""Phases of an event: which days before, on and behind it count how, and what the planner expects of them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

PHASE_DAYS = {7: 7, 1: 3}


def phases(event, period_days):
    """Phases of an event as (label, first day, last day), days counted from its start (before) or end (after).

    >>> from .datatypes import Event
    >>> phases(Event("x", "feast", (), lead_days=9), 7)
    [('peak', 0, 0), ('before 1-7', 1, 7), ('before 8-9', 8, 9)]
    """
    width = PHASE_DAYS[period_days]
    found = [("peak", 0, 0)]
    for label, days in (("before", event.lead_days), ("after", event.after_days)):
        for first in range(1, days + 1, width):
            last = min(first + width - 1, days)
            found.append((f"{label} {first}-{last}", first, last))
    return found


def split_days(event):
    """Occurrences with the days that are theirs alone: list of (occurrence, first day, last day).

    Occurrences of the same series whose own days overlap are cut at the end of the earlier one, or left out when
    nothing is left of them. A day that is after-effect of one and lead-in of the next goes to the nearer one.

    >>> from .datatypes import Event, Occurrence
    >>> sale = Event("x", "promotion", [Occurrence(date(2026, 1, d), date(2026, 1, d + 2)) for d in (1, 9, 10)], 5, 5)
    >>> [(one.start.day, one.end.day, first.day, last.day) for one, first, last in split_days(sale)]
    [(1, 3, 27, 5), (9, 11, 6, 11), (12, 12, 12, 17)]
    """
    by_series = {}
    for one in event.occurrences:
        by_series.setdefault(id(one.series), []).append(one)
    return [found for same in by_series.values() for found in _split(event, same)]


def _split(event, same):
    spans = []
    for one in sorted(same, key=lambda one: (one.start, one.end)):
        start = max(one.start, spans[-1].end + timedelta(days=1)) if spans else one.start
        if start <= one.end:
            spans.append(replace(one, start=start))
    lead, after = timedelta(days=event.lead_days), timedelta(days=event.after_days)
    last = [one.end + after for one in spans]
    for number, (one, following) in enumerate(pairwise(spans)):
        middle = one.end + timedelta(days=((following.start - one.end).days - 1) // 2)
        last[number] = min(last[number], max(following.start - lead - timedelta(days=1), middle))
    free = [date.min, *(day + timedelta(days=1) for day in last)]
    return [(one, max(one.start - lead, free[number]), last[number]) for number, one in enumerate(spans)]


def phase_shares(event, occurrence, start, period_days, count, room=None):
    """Share of the days of each period in each phase times strength, float (count, phases).

    :param room: (first day, last day) that belong to the occurrence, see :func:`split_days`; None = all
    """
    columns = []
    for label, first, last in phases(event, period_days):
        if label == "peak":
            span = (occurrence.start, occurrence.end)
        elif label.startswith("before"):
            span = (occurrence.start - timedelta(days=last), occurrence.start - timedelta(days=first))
        else:
            span = (occurrence.end + timedelta(days=first), occurrence.end + timedelta(days=last))
        if room:
            span = (max(span[0], room[0]), min(span[1], room[1]))
        columns.append(_overlap(span, start, period_days, count))
    return np.array(columns).T * occurrence.strength


def phase_name(place, change):
    """Word for a phase: ``ramp`` (more before), ``peak``, ``dip`` (less) or ``rebound`` (more behind).

    >>> phase_name("before", 0.4), phase_name("peak", 0.8), phase_name("peak", -0.3), phase_name("after", 0.1)
    ('ramp', 'peak', 'dip', 'rebound')
    """
    if change < 0:
        return "dip"
    return {"before": "ramp", "peak": "peak", "after": "rebound"}[place]


def _overlap(span, start, period_days, count):
    opens = np.arange(count) * period_days
    first, last = (span[0] - start).days, (span[1] - start).days + 1
    days = np.minimum(opens + period_days, last) - np.maximum(opens, first)
    return np.maximum(days, 0) / period_days


def with_uplift(event, labels, effect):
    """Effects (g, p) of one event's phases with what the planner expects of it.

    >>> from .datatypes import Event
    >>> learned = np.array([[0.5, 1.0, -0.2]])
    >>> labels = ["peak", "before 1-7", "after 1-7"]
    >>> with_uplift(Event("x", "promotion", (), uplift=1.8), labels, learned).round(2).tolist()
    [[0.8, 1.0, -0.2]]
    >>> with_uplift(Event("x", "promotion", (), uplift=1.2, uplift_on_top=True), labels, learned).round(2).tolist()
    [[0.8, 1.4, -0.2]]
    """
    out = effect.copy()
    if event.uplift is None:
        return out
    for column, label in enumerate(labels):
        if event.uplift_on_top and not label.startswith("after"):
            out[:, column] = (1 + effect[:, column]) * event.uplift - 1
        elif label == "peak":
            out[:, column] = event.uplift - 1
    return out
