from datetime import timedelta

from odoo import fields, models

from ..kernel.sla_clock import FIRST_DAYS, HOUR, MAX_DAYS, Hours, read_clock


class ScmSlaClock(models.Model):
    """Reading of many clocks at once: hours of each calendar are laid out once, the kernel does the rest."""

    _inherit = "scm.sla.clock"

    def _readings(self, now):
        """``{clock id: Reading}`` at a moment (naive UTC)."""
        found = {}
        if not self:
            return found
        last = max([now, *self.mapped("date_start")])
        for days in (FIRST_DAYS, MAX_DAYS):
            todo = self.filtered(lambda clock: clock.id not in found)
            if not todo:
                break
            hours = todo.calendar_id._scm_hours(
                min(todo.mapped("date_start")), last + timedelta(days=days), todo.company_id
            )
            for clock in todo:
                reading = clock._reading(hours, now)
                # a deadline beyond the hours laid out so far is looked for once more, further ahead
                if reading.deadline or clock._is_paused() or days == MAX_DAYS:
                    found[clock.id] = reading
        return found

    def _reading(self, hours, now):
        key = (self.calendar_id.id, self.company_id.id)
        return read_clock(
            hours[key] if self.calendar_id else Hours(),
            self.date_start,
            self.hours_allowed * HOUR,
            now,
            stopped=self.date_stopped or None,
            pauses=self._pause_spans(),
            warn_share=self.warn_share or 1.0,
        )

    def _pause_spans(self):
        to_moment = fields.Datetime.to_datetime
        return [(to_moment(begin), to_moment(end) if end else None) for begin, end in self.pauses or []]

    def _is_paused(self):
        return bool(self.pauses) and not self.pauses[-1][1]
