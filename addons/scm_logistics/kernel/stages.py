"""Which stage of a parcel's way took longer than it should, and so who made it late: our warehouse or the carrier."""

from typing import NamedTuple

#: (stage, whose it is); each runs from one moment to the next
STAGES = (
    ("1_ready", "warehouse"),
    ("2_handed", "warehouse"),
    ("3_scan", "carrier"),
    ("4_delivered", "carrier"),
)


class Stage(NamedTuple):
    """``hours`` so far or in all; ``norm`` in hours or None; ``excess`` hours beyond the norm."""

    code: str
    who: str
    hours: float | None
    norm: float | None
    excess: float
    is_open: bool
    is_guilty: bool


def stages(ordered, ready, handed, scanned, delivered, ended, now, norms, is_late):
    """The four stages of one parcel.

    A moment that is missing is taken as the next that is known when there is one (a parcel that was never scanned and
    is delivered was scanned when it left), else the stage runs until now, or until the parcel's end. The guilty stage
    of a late parcel is the one with the most hours beyond its norm, the earliest of several.

    :param ended: when a parcel that is over without delivery was over, else None
    :param norms: ``{stage: hours or None}``
    :return: list of :class:`Stage`, without those that have not begun

    >>> from datetime import datetime
    >>> day = lambda d: datetime(2026, 3, d)
    >>> norms = {"1_ready": 12, "4_delivered": 48}
    >>> ways = stages(day(1), day(2), day(3), day(4), day(9), None, day(20), norms, True)
    >>> [(stage.code, stage.hours, stage.excess, stage.is_guilty) for stage in ways][-1]
    ('4_delivered', 120.0, 72.0, True)
    """
    moments = [ordered, ready, handed, scanned, delivered]
    if delivered:
        moments[3] = scanned or handed
    found = []
    for number, (code, who) in enumerate(STAGES):
        start, stop = moments[number], moments[number + 1]
        if not start:
            continue
        is_open = not stop
        hours = max(((stop or ended or now) - start).total_seconds() / 3600, 0.0)
        norm = norms.get(code)
        excess = max(hours - norm, 0.0) if norm is not None else 0.0
        found.append(Stage(code, who, hours, norm, excess, is_open, False))
        if is_open:
            break
    most = max((stage.excess for stage in found), default=0.0)
    guilty = next((stage.code for stage in found if is_late and most > 0 and stage.excess == most), None)
    return [stage._replace(is_guilty=stage.code == guilty) for stage in found]
