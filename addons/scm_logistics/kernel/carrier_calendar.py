"""Working days of several carriers over the same stretch of days: counted and added without asking anybody again."""

from datetime import timedelta

from .working_days import add_working_days, open_days, ordinals


class CarrierCalendar:
    """Working days of carriers from ``first`` to ``last``; a carrier that is not known works from Monday to Friday.

    >>> from datetime import date
    >>> days = CarrierCalendar(date(2026, 3, 2), date(2026, 3, 31), {7: [True] * 30})
    >>> days.between(None, date(2026, 3, 6), date(2026, 3, 10)), days.between(7, date(2026, 3, 6), date(2026, 3, 10))
    (2, 4)
    >>> days.between(7, date(2026, 3, 10), date(2026, 3, 6)), days.after(None, date(2026, 3, 6), 1)
    (-4, datetime.date(2026, 3, 9))
    """

    def __init__(self, first, last, is_open):
        self.first, self.last = first, last
        usual = open_days(first, last, range(5))
        self._open = {**is_open, None: usual}
        self._numbers = {carrier: ordinals(days) for carrier, days in self._open.items()}
        self._after = {}

    def _key(self, carrier_id):
        return carrier_id if carrier_id in self._open else None

    def _at(self, numbers, day):
        position = min(max((day - self.first).days, 0), len(numbers) - 1)
        return int(numbers[position])

    def between(self, carrier_id, start, end):
        """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before."""
        numbers = self._numbers[self._key(carrier_id)]
        return self._at(numbers, end) - self._at(numbers, start)

    def after(self, carrier_id, day, count):
        """Day that lies so many working days after a day; 0: the day itself, else the next working day."""
        key = (self._key(carrier_id), day, int(count))
        if key not in self._after:
            is_open = self._open[key[0]]
            start = min(max(day, self.first), self.last + timedelta(days=1))
            self._after[key] = add_working_days(self.first, is_open, start, key[2])
        return self._after[key]
