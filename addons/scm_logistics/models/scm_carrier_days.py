from datetime import timedelta

from odoo import api, models

from ..kernel.working_days import add_working_days, ordinals

#: days before and behind the asked ones for which calendars are read
_MARGIN_DAYS = 120


class ScmCarrierDays(models.AbstractModel):
    """Working days of carriers, for many dates without a query for each."""

    _name = "scm.carrier.days"
    _description = "Working Days of Carriers"

    @api.model
    def _counter(self, company, carriers, days):
        """:class:`DayCounter` for these carriers around these days."""
        first = min(days) - timedelta(_MARGIN_DAYS)
        last = max(days) + timedelta(_MARGIN_DAYS)
        return DayCounter(first, self.env["delivery.carrier"]._scm_open_days(company, carriers, first, last))


class DayCounter:
    """Counts working days; remembers what it counted, for few days are asked for often."""

    def __init__(self, first, open_days):
        self._first, self._open, self._after = first, open_days, {}
        self._number = {carrier_id: ordinals(days) for carrier_id, days in open_days.items()}

    def between(self, carrier_id, start, end):
        """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before."""
        number = self._number[carrier_id]
        left = int(number[(end - self._first).days] - number[(start - self._first).days])
        return min(left, -1) if end < start else left

    def after(self, carrier_id, start, count):
        """Day on which a shipment of ``start`` arrives after so many working days."""
        key = (carrier_id, start, round(count))
        if key not in self._after:
            self._after[key] = add_working_days(self._first, self._open[carrier_id], start, key[2])
        return self._after[key]
