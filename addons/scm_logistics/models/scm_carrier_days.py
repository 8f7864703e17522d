from datetime import timedelta

import numpy as np
from odoo import api, models

from odoo.addons.scm_base.tools.zones import local_day

#: a leave shorter than this does not stop a carrier for the day
_WHOLE_DAY_HOURS = 6


class ScmCarrierDays(models.AbstractModel):
    """Working days of carriers, for many dates without a query for each."""

    _name = "scm.carrier.days"
    _description = "Working Days of Carriers"

    @api.model
    def _counter(self, company, carriers):
        """Object with ``between(carrier id, from, to)`` and ``after(carrier id, day, working days)``."""
        # sudo: which days a carrier works is no secret, and who ships need not be allowed to read calendars
        calendars = {one.id: one.sudo().scm_calendar_id or company.sudo().resource_calendar_id for one in carriers}
        wanted = (
            self.env["resource.calendar"].sudo().browse({calendar.id for calendar in calendars.values() if calendar})
        )
        closed = self._closed_days(company, wanted)
        marks = {calendar.id: self._weekmask(calendar) for calendar in wanted}
        return DayCounter(
            {
                carrier_id: np.busdaycalendar(marks.get(calendar.id, "1111100"), closed.get(calendar.id, []))
                for carrier_id, calendar in calendars.items()
            }
        )

    @api.model
    def _weekmask(self, calendar):
        days = {int(line.dayofweek) for line in calendar.attendance_ids if line.day_period != "lunch"}
        return "".join("1" if day in days else "0" for day in range(7)) if days else "1111100"

    @api.model
    def _closed_days(self, company, calendars):
        """{calendar: whole days on which nobody works}"""
        # sudo: see above
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("calendar_id", "in", [*calendars.ids, False]),
                    ("resource_id", "=", False),
                    ("company_id", "in", (company.id, False)),
                ]
            )
        )
        closed = {calendar.id: [] for calendar in calendars}
        for leave in leaves:
            if (leave.date_to - leave.date_from).total_seconds() < 3600 * _WHOLE_DAY_HOURS:
                continue
            for calendar in leave.calendar_id or calendars:
                first, last = (local_day(day, calendar.tz or "UTC") for day in (leave.date_from, leave.date_to))
                closed[calendar.id] += [first + timedelta(number) for number in range((last - first).days + 1)]
        return closed


class DayCounter:
    """Counts working days; remembers what it counted, for few days are asked for often."""

    def __init__(self, calendars):
        self._calendars, self._between, self._after = calendars, {}, {}

    def between(self, carrier_id, start, end):
        """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before."""
        key = (carrier_id, start, end)
        if key not in self._between:
            calendar = self._calendars[carrier_id]
            self._between[key] = int(
                np.busday_count(start + timedelta(1), end + timedelta(1), busdaycal=calendar)
                if end >= start
                else -np.busday_count(end, start, busdaycal=calendar) or -1
            )
        return self._between[key]

    def after(self, carrier_id, start, count):
        """Day on which a shipment of ``start`` arrives after so many working days."""
        key = (carrier_id, start, int(np.ceil(count)))
        if key not in self._after:
            found = np.busday_offset(start, key[2], roll="backward", busdaycal=self._calendars[carrier_id])
            self._after[key] = found.astype(object)
        return self._after[key]
