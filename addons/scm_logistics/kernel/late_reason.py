"""Why a parcel is late, as one code that a customer understands: the first that holds explains the rest."""

from dataclasses import dataclass
from datetime import date

CODES = ("disruption", "customs", "attempt_failed", "damaged", "lost", "warehouse", "silence", "carrier")


@dataclass(frozen=True)
class Facts:
    """What is known of a parcel, in local days."""

    today: date
    promised: date | None
    expected: date | None
    delivered: date | None
    handed: date | None
    ready_by: date | None = None  # day on which it should have left for the promise to hold
    last_news: date | None = None
    status: str = ""
    sub_status: str = ""
    disrupted: bool = False
    attempts: int = 0
    is_lost: bool = False
    is_damaged: bool = False


def is_late(facts):
    """Whether the promise was missed, or will be by what is expected now.

    >>> is_late(Facts(date(2026, 1, 2), date(2026, 1, 1), None, None, None))
    True
    """
    if not facts.promised:
        return False
    if facts.delivered:
        return facts.delivered > facts.promised
    return max(facts.today, facts.expected or facts.today) > facts.promised


def late_reason(facts, silent_days=3):
    """One of ``CODES``, or '' where nothing is late.

    >>> day = date(2026, 1, 5)
    >>> late_reason(Facts(day, date(2026, 1, 4), day, None, date(2026, 1, 2), disrupted=True))
    'disruption'
    """
    if not is_late(facts):
        return ""
    if facts.is_lost:
        return "lost"
    if facts.disrupted:
        return "disruption"
    if facts.sub_status.startswith("customs"):
        return "customs"
    if facts.is_damaged:
        return "damaged"
    if facts.attempts:
        return "attempt_failed"
    if facts.ready_by and (facts.handed or facts.today) > facts.ready_by:
        return "warehouse"
    if not facts.delivered and facts.last_news and (facts.today - facts.last_news).days >= silent_days:
        return "silence"
    return "carrier"
