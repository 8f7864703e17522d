"""The day on which an order can be promised: when it is ready, when it leaves, how long its lane takes."""

from dataclasses import dataclass
from datetime import date

from .lane import quantile
from .working_days import add_working_days


@dataclass(frozen=True)
class Promise:
    """Days: goods packed, handed to the carrier, at the door; working days in transit."""

    ready: date
    handed: date
    arrives: date
    transit_days: int


def promise(asked, hour, cut_off, handling_days, available, first, warehouse_open, carrier_open, pmf, q):
    """When an order that is asked for at a local day and hour arrives, with chance q.

    Before the cut-off the day itself counts, after it the next. The warehouse then needs ``handling_days`` working
    days; goods that are not there yet start when they are. The carrier collects on its next working day and needs
    the q-quantile of its lane.

    :param asked: date; ``hour`` and ``cut_off`` hours of the day, 24 for no cut-off
    :param available: date from which the goods are there, or None for now
    :param first: date of the first entry of ``warehouse_open`` and ``carrier_open``, bool per day
    :param pmf: distribution of the lane's working days
    :returns: :class:`Promise`

    >>> week = [True] * 5 + [False, False] + [True] * 7
    >>> promise(date(2026, 11, 27), 15, 14, 0, None, date(2026, 11, 23), week, week, [0, 0.5, 0.5], 0.9).arrives
    datetime.date(2026, 12, 2)
    """
    begin = max(asked, available) if available else asked
    late = hour >= cut_off and begin == asked
    begin = add_working_days(first, warehouse_open, begin, 0)
    ready = add_working_days(first, warehouse_open, begin, handling_days + (1 if late and begin == asked else 0))
    handed = add_working_days(first, carrier_open, ready, 0)
    days = quantile(pmf, q)
    return Promise(ready, handed, add_working_days(first, carrier_open, handed, days), days)
