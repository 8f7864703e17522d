"""New days of delivery while parcels stand still, and the way back when it is over sooner.

Two disruptions that meet one parcel do not add up: a parcel that a strike holds is not held a second time by the snow
outside. The longest delay counts, from the day that was expected before any of them.
"""


def new_day(base, extras, after):
    """Day of delivery under all the disruptions that meet a parcel.

    :param base: day expected without any of them
    :param extras: working days of delay of each of them
    :param after: ``after(day, n)``: the n-th working day after a day

    >>> from datetime import date, timedelta
    >>> new_day(date(2026, 3, 2), [1, 3], lambda day, n: day + timedelta(n))
    datetime.date(2026, 3, 5)
    """
    longest = max(extras, default=0)
    return after(base, longest) if longest > 0 else base


def day_back(base, other_extras, today, after):
    """Day of delivery when one disruption ended early: as before it, under those that are left, but not in the past.

    >>> from datetime import date, timedelta
    >>> day_back(date(2026, 3, 2), [], date(2026, 3, 4), lambda day, n: day + timedelta(n))
    datetime.date(2026, 3, 4)
    """
    back = new_day(base, other_extras, after)
    return back if back >= today else after(today, 0)


def is_met(base, shipped, first, last, at_destination):
    """Whether a disruption of the days ``first`` to ``last`` meets a parcel.

    At the destination it must be due to arrive in these days. On the way (carrier or warehouse), the days from its
    shipment to its arrival must have one in common with them.

    >>> from datetime import date
    >>> is_met(date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5), at_destination=True)
    False
    >>> is_met(date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5), at_destination=False)
    True
    """
    if at_destination:
        return first <= base <= last
    return first <= base and shipped <= last
