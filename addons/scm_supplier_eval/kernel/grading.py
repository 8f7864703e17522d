"""From a score to a grade that does not flip, and from a grade to what may be bought.

Grades are half-open ranges ``[from, to)`` over 0 to 100, the best one with 100 in it. A supplier keeps its grade
while its score is within ``margin`` points of that grade's range (Schmitt 1938, the trigger with two thresholds)::

    keep g  when  from_g - margin <= score < to_g + margin
    else    the grade in whose range the score is

So a supplier at the border of two grades changes only when its score moved by more than twice the margin, and a fall
over several grades is never softened.
"""

from dataclasses import dataclass
from datetime import timedelta

#: scores closer than this are the same
EPS = 1e-9


@dataclass(frozen=True)
class Band:
    """A grade: its id, range, and what it asks for."""

    id: int
    name: str
    low: float
    high: float
    consequence: str = "normal"
    probation_days: int = 0


def cover_problems(bands, lowest=0.0, highest=100.0) -> list[tuple]:
    """What keeps the bands from covering 0 to 100 exactly once.

    :return: list of ``(kind, names, from, to)`` with kind ``empty``, ``overlap`` or ``gap``; names are those of the
        neighbours (one or two)

    >>> cover_problems([Band(1, "A", 80, 100), Band(2, "B", 0, 80)])
    []
    >>> cover_problems([Band(1, "A", 80, 100), Band(2, "B", 0, 70)])
    [('gap', ('B', 'A'), 70, 80)]
    >>> cover_problems([Band(1, "A", 75, 100), Band(2, "B", 10, 80)])
    [('gap', ('B',), 0.0, 10), ('overlap', ('B', 'A'), 75, 80)]
    """
    if not bands:
        return [("empty", (), lowest, highest)]
    problems, reached, last = [], lowest, None
    for band in sorted(bands, key=lambda band: (band.low, band.high)):
        neighbours = (last.name, band.name) if last else (band.name,)
        if band.low > reached + EPS:
            problems.append(("gap", neighbours, reached, band.low))
        elif band.low < reached - EPS:
            problems.append(("overlap", neighbours, band.low, min(reached, band.high)))
        if band.high >= reached:
            reached, last = band.high, band
    if reached < highest - EPS:
        problems.append(("gap", (last.name,), reached, highest))
    return problems


def grade_of(score, bands, previous=None, margin=0.0):
    """The band of a score, given the one held before.

    :param previous: id of the band held so far, or None
    :param margin: points beyond the border before the band is left

    >>> bands = [Band(1, "A", 80, 100), Band(2, "B", 0, 80)]
    >>> [grade_of(score, bands, previous=1, margin=2).name for score in (81, 79, 78, 77.9)]
    ['A', 'A', 'A', 'B']
    >>> grade_of(100, bands).name
    'A'
    """
    held = next((band for band in bands if band.id == previous), None)
    if held and held.low - margin - EPS <= score < held.high + margin:
        return held
    score = min(max(score, 0.0), 100.0)
    top = max(bands, key=lambda band: band.high)
    return next((band for band in bands if band.low - EPS <= score < band.high - EPS), top)


def next_state(state, band, today, probation_end=None):
    """Where a supplier stands after its grade was found, or a day went by.

    A grade that blocks first means probation; only when that is over and the grade still blocks, the supplier is
    blocked. A supplier that a manager eliminated stays so until a manager readmits it.

    :param state: state so far
    :param band: the grade that counts
    :param today: the day, in the company's zone
    :param probation_end: last day of the probation that runs, or None
    :return: ``(state, probation_end)``

    >>> from datetime import date
    >>> bad = Band(4, "D", 0, 50, "block", probation_days=90)
    >>> next_state("normal", bad, date(2026, 1, 1))
    ('probation', datetime.date(2026, 4, 1))
    >>> next_state("probation", bad, date(2026, 4, 2), date(2026, 4, 1))
    ('blocked', datetime.date(2026, 4, 1))
    """
    if state == "eliminated":
        return state, None
    if band.consequence != "block":
        return ("watch" if band.consequence == "warn" else "normal"), None
    if state == "blocked":
        return state, probation_end
    if state != "probation" or not probation_end:
        if not band.probation_days:
            return "blocked", None
        return "probation", today + timedelta(days=band.probation_days)
    return ("blocked" if today > probation_end else "probation"), probation_end


def allowed(state, band, override=None) -> str:
    """The consequence as it holds now.

    :param band: the measured grade, or None
    :param override: consequence that a manager chose, or None
    :return: consequence

    >>> allowed("probation", Band(4, "D", 0, 50, "block"))
    'warn'
    >>> allowed("blocked", Band(4, "D", 0, 50, "block"), override="normal")
    'normal'
    """
    if override:
        return override
    if state == "eliminated":
        return "block"
    if band is None:
        return "normal"
    return "warn" if state == "probation" and band.consequence == "block" else band.consequence
