"""What has to change so that stored alerts say what is true now.

A check computes the *complete* set of rows that hold. Comparing it with the alerts that are not resolved gives the
least work that makes them equal:

====================  ==========================  =====================================
stored                holds now                   what to do
====================  ==========================  =====================================
nothing               yes                         open
open                  yes                         touch (and change what differs)
open                  no                          resolve
snoozed               yes                         touch, stays snoozed
snoozed               no                          rest: neither resolved nor reopened
====================  ==========================  =====================================

A snoozed alert is never resolved: if its cause went away and came back, a fresh alert would break the promise that
the person is left in peace. The caller wakes expired snoozes before it asks for a plan; an awake one is open again
and is resolved or touched like any other.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class StoredAlert:
    """An alert that is not resolved. ``values`` are the terms to compare; keys that are absent are not compared."""

    key: Hashable
    id: int
    snoozed: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SyncPlan:
    """The work to do.

    :ivar open: ``(key, values)`` of alerts to create, in the order of the current rows
    :ivar touch: ids whose cause still holds (stamp them as seen)
    :ivar change: ``{id: values}`` of touched alerts, only the values that differ
    :ivar resolve: ids whose cause is gone, and surplus alerts of one key
    :ivar rest: ids of snoozed alerts whose cause is gone for now
    """

    open: tuple[tuple[Hashable, Mapping[str, Any]], ...]
    touch: tuple[int, ...]
    change: Mapping[int, Mapping[str, Any]]
    resolve: tuple[int, ...]
    rest: tuple[int, ...]


def plan_sync(stored: Iterable[StoredAlert], current: Iterable[tuple[Hashable, Mapping[str, Any]]]) -> SyncPlan:
    """Compare the stored alerts with the rows that hold now.

    Where several stored alerts share a key (two checks ran at once), the snoozed one, else the oldest, is kept and
    the others are resolved.

    :param stored: every alert of this check that is open or snoozed
    :param current: ``(key, values)`` of every row that holds, each key once
    :raises ValueError: when a key occurs twice in ``current``

    >>> plan = plan_sync(
    ...     [StoredAlert("A", 1, values={"qty": 5}), StoredAlert("B", 2), StoredAlert("C", 3, snoozed=True)],
    ...     [("A", {"qty": 7}), ("D", {"qty": 1})],
    ... )
    >>> plan.open, plan.touch, plan.change, plan.resolve, plan.rest
    ((('D', {'qty': 1}),), (1,), {1: {'qty': 7}}, (2,), (3,))
    """
    holding = _unique(current)
    kept, surplus = _one_per_key(stored)
    touch, change, resolve, rest = [], {}, list(surplus), []
    for key, alert in kept.items():
        if key in holding:
            touch.append(alert.id)
            differing = _difference(alert.values, holding[key])
            if differing:
                change[alert.id] = differing
        elif alert.snoozed:
            rest.append(alert.id)
        else:
            resolve.append(alert.id)
    opened = tuple((key, values) for key, values in holding.items() if key not in kept)
    return SyncPlan(opened, tuple(touch), change, tuple(sorted(resolve)), tuple(rest))


def _unique(current):
    holding = {}
    for key, values in current:
        if key in holding:
            raise ValueError(f"the current rows name {key!r} twice; a check must give one row per subject")
        holding[key] = values
    return holding


def _one_per_key(stored):
    kept, surplus = {}, []
    for alert in sorted(stored, key=lambda alert: (not alert.snoozed, alert.id)):
        if alert.key in kept:
            surplus.append(alert.id)
        else:
            kept[alert.key] = alert
    return dict(sorted(kept.items(), key=lambda item: item[1].id)), surplus


def _difference(before, after):
    return {name: value for name, value in after.items() if name in before and before[name] != value}
