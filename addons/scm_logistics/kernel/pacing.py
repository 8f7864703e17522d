"""When to ask again, and how often to let others ask: back-off and token buckets. The clock is an argument."""

from collections import OrderedDict

FIRST_BACK_OFF_SECONDS, LONGEST_BACK_OFF_SECONDS = 60, 6 * 3600
LONGEST_PAUSE_MINUTES = 24 * 60
HOURS_PER_DAY = 24.0


def back_off_seconds(failures, retry_after=None):
    """Seconds to wait after so many failures in a row: 60 * 2^(n - 1), 6 hours at most, but what was asked for.

    >>> [back_off_seconds(n) for n in (1, 2, 3, 20)], back_off_seconds(1, retry_after=900)
    ([60, 120, 240, 21600], 900)
    """
    wait = FIRST_BACK_OFF_SECONDS * 2 ** min(max(failures, 1) - 1, 10)
    return min(max(wait, retry_after or 0), LONGEST_BACK_OFF_SECONDS)


def pause_minutes(every, quiet_hours, failures=0):
    """Minutes until a parcel is asked for again: twice as long for each whole day without news and each question
    without an answer, a day at most.

    >>> pause_minutes(60, 5), pause_minutes(60, 50), pause_minutes(60, 1000), pause_minutes(60, 0, failures=2)
    (60, 240, 1440, 240)
    """
    doublings = min(int(max(quiet_hours, 0.0) // HOURS_PER_DAY) + failures, 12)
    return min(every * 2**doublings, max(LONGEST_PAUSE_MINUTES, every))


def refill(tokens, seconds, per_minute):
    """Questions that may be asked now: what was left, and what came back since, one minute's worth at most.

    >>> refill(0.0, 30, 60), refill(10.0, 3600, 60), refill(0.0, -5, 60)
    (30.0, 60.0, 0.0)
    """
    return min(float(per_minute), tokens + max(seconds, 0.0) * per_minute / 60.0)


class Gate:
    """Token bucket per key, in memory, for at most ``size`` keys.

    >>> gate = Gate()
    >>> [gate.passes("a", 2, now) for now in (0.0, 0.1, 0.2, 31.0)]
    [True, True, False, True]
    """

    def __init__(self, size=10000):
        self.size = size
        self.buckets = OrderedDict()

    def passes(self, key, per_minute, now):
        """True when one more may pass; ``now``: seconds of any clock that does not go back; 0 per minute: no limit."""
        if not per_minute:
            return True
        tokens, at = self.buckets.pop(key, (float(per_minute), now))
        tokens = refill(tokens, now - at, per_minute)
        passes = tokens >= 1.0
        self.buckets[key] = (tokens - passes, now)
        if len(self.buckets) > self.size:
            self.buckets.popitem(last=False)
        return passes
