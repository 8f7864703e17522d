"""The published cards of the last months."""

from __future__ import annotations

from datetime import timedelta

MONTHS = 6


def create_scorecards(env, company, today) -> int:
    """Cards of the last full months, published one after the other, so that each has a trend; the number of cards.

    To be called when receipts, answers, inspections and surveys are there: published cards are frozen.
    """
    if "scm.scorecard.compute" not in env or env["scm.scorecard"].search_count([], limit=1):
        return 0
    compute = env["scm.scorecard.compute"].with_company(company)
    count = 0
    for first, last in months_before(today, MONTHS):
        cards = compute._compute_period(company, first, last)
        cards.action_publish()
        count += len(cards)
    return count


def months_before(today, count):
    """First and last day of the full months before a day, oldest first.

    >>> from datetime import date
    >>> [str(first) for first, last in months_before(date(2026, 2, 3), 2)]
    ['2025-12-01', '2026-01-01']
    """
    months, first = [], today.replace(day=1)
    for _number in range(count):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        months.insert(0, (first, last))
    return months
