from datetime import timedelta

import pytz
from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..kernel.sla_clock import Hours, open_spans


class ResourceCalendar(models.Model):
    """Hours of work as spans, for the clocks."""

    _inherit = "resource.calendar"

    def _scm_check_hours(self):
        """Raise on calendars that say no hours of the day."""
        for calendar in self:
            if calendar.flexible_hours or not calendar.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” says no fixed hours of the day, so no deadline can be counted in it. Choose other "
                        "working hours, or count around the clock.",
                        calendar.name,
                    )
                )

    def _scm_hours(self, start, end, companies):
        """``{(calendar id, company id): Hours}`` from start to end, holidays left out, in two queries for all."""
        # sudo: hours and public holidays are no secret; nobody's own leaves are read
        self = self.sudo()
        rules = {calendar.id: calendar._scm_rules() for calendar in self}
        closed = self.env["resource.calendar.leaves"].search(
            Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
            & Domain("calendar_id", "in", [False, *self.ids])
            & Domain("date_from", "<=", end)
            & Domain("date_to", ">=", start)
        )
        found = {}
        for calendar in self:
            zone = pytz.timezone(calendar.tz or "UTC")
            to_utc = lambda local, zone=zone: zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)  # noqa: E731
            for company in companies:
                holes = [
                    (leave.date_from, leave.date_to)
                    for leave in closed
                    if leave.calendar_id in (calendar, self.browse())
                    and leave.company_id in (company, company.browse())
                ]
                days = (start - timedelta(days=1)).date(), (end + timedelta(days=1)).date()
                found[calendar.id, company.id] = Hours(open_spans(rules[calendar.id], holes, *days, to_utc))
        return found

    def _scm_rules(self):
        return [
            (
                int(line.dayofweek),
                int(line.week_type) if self.two_weeks_calendar and line.week_type else None,
                line.hour_from,
                line.hour_to,
            )
            for line in self.attendance_ids
            if not line.display_type and line.day_period != "lunch"
        ]
