from odoo import api, models

from odoo.addons.scm_base.tools.zones import local_day

from ..kernel.carrier_calendar import CarrierCalendar
from ..kernel.working_days import open_days


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    @api.model
    def _scm_open_days(self, company, carriers, first, last):
        """Days on which each carrier moves, by its calendar (else the company's) without public holidays.

        :return: ``{carrier_id: bool array of the days from first to last}``; all carriers in three queries
        """
        # sudo: calendars say when a carrier works, no more; who plans deliveries need not read resources
        carriers = carriers.sudo()
        usual = company.sudo().resource_calendar_id
        days = self._scm_calendar_days(company, carriers.scm_calendar_id | usual, first, last)
        every = open_days(first, last, ())
        return {carrier.id: days.get(carrier.scm_calendar_id or usual, every) for carrier in carriers}

    @api.model
    def _scm_calendar(self, company, carriers, first, last):
        """:class:`CarrierCalendar` of these carriers, for counting many dates without a query for each."""
        return CarrierCalendar(first, last, self._scm_open_days(company, carriers, first, last))

    @api.model
    def _scm_calendar_days(self, company, calendars, first, last):
        """``{calendar: bool array of the days from first to last}``: its weekdays without public holidays."""
        closed = self._scm_closed_days(company, calendars, first, last)
        return {
            calendar: open_days(
                first,
                last,
                {int(line.dayofweek) for line in calendar.attendance_ids if line.day_period != "lunch"},
                closed[calendar.id],
            )
            for calendar in calendars
        }

    @api.model
    def _scm_closed_days(self, company, calendars, first, last):
        """Public holidays of each calendar as pairs of days."""
        closed = {calendar.id: [] for calendar in calendars}
        leaves = self.env["resource.calendar.leaves"].sudo()  # sudo: as in _scm_open_days
        for leave in leaves.search(
            [
                ("resource_id", "=", False),
                ("company_id", "in", (False, company.id)),
                ("calendar_id", "in", [False, *calendars.ids]),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ]
        ):
            for calendar in leave.calendar_id or calendars:
                zone = calendar.tz or "UTC"
                closed[calendar.id].append((local_day(leave.date_from, zone), local_day(leave.date_to, zone)))
        return closed
