"""An event does not overlap itself: its days would count twice."""

from collections import defaultdict
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..kernel.feasts import occurrences

# Long enough to meet the shortest distance of two moving feasts
OVERLAP_YEARS = range(2020, 2040)


class ScmEvent(models.Model):
    _inherit = "scm.event"

    @api.constrains("source", "duration_days", "offset_days", "rule", "month", "day", "weekday", "week_of_month")
    def _check_rule_overlap(self):
        for event in self.filtered(lambda event: event.source != "manual"):
            spans = [(start, end) for _year, start, end in occurrences(event._feast_rule(), OVERLAP_YEARS)]
            for (start, end), (following, _end) in pairwise(spans):
                if following <= end:
                    raise ValidationError(
                        self.env._(
                            "Event %(event)s overlaps itself: it would run from %(start)s to %(end)s and start again "
                            "on %(following)s. Shorten its duration.",
                            event=event.name,
                            start=start,
                            end=end,
                            following=following,
                        )
                    )

    def _without_overlaps(self, vals_list):
        """Those of the new occurrences that do not run into dates which a planner typed or moved: his stand."""
        rows = self.env["scm.event.occurrence"].search([("event_id", "in", self.ids)])
        spans = defaultdict(list)
        for row in rows:
            spans[row.event_id.id].append((row.date_start, row.date_end))
        return [
            vals
            for vals in vals_list
            if not any(
                start <= vals["date_end"] and vals["date_start"] <= end for start, end in spans[vals["event_id"]]
            )
        ]


class ScmEventOccurrence(models.Model):
    _inherit = "scm.event.occurrence"

    @api.constrains("event_id", "date_start", "date_end", "active")
    def _check_overlap(self):
        rows = self.search(Domain("event_id", "in", self.event_id.ids), order="event_id, date_start, id")
        for first, second in pairwise(rows):
            if first.event_id == second.event_id and second.date_start <= first.date_end:
                raise ValidationError(
                    self.env._(
                        "Event %(event)s overlaps itself: %(first_start)s to %(first_end)s and %(second_start)s to "
                        "%(second_end)s. Change the dates, or archive one of them.",
                        event=first.event_id.name,
                        first_start=fields.Date.to_string(first.date_start),
                        first_end=fields.Date.to_string(first.date_end),
                        second_start=fields.Date.to_string(second.date_start),
                        second_end=fields.Date.to_string(second.date_end),
                    )
                )
