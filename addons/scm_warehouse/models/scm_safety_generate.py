from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from odoo.addons.scm_base.tools.zones import local_day, local_today

from ..kernel.safety import LONGEST_BREAK_DAYS, due_days

#: days that are planned ahead
HORIZON_DAYS = 14
#: days that are made good when the job did not run; what fell into them counts as missed
BACK_DAYS = 92
#: a change of these makes what is planned ahead void
PLAN_FIELDS = {
    "template_id",
    "warehouse_id",
    "location_id",
    "equipment",
    "every",
    "unit",
    "date_start",
    "is_working_days",
    "user_id",
    "active",
}


class ScmSafetySchedule(models.Model):
    """From schedules to inspections: two weeks ahead, each day once, the unmade ones marked as missed."""

    _inherit = "scm.safety.schedule"

    @api.model_create_multi
    def create(self, vals_list):
        schedules = super().create(vals_list)
        schedules._generate()
        return schedules

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self._forget_plan()
            self.filtered("active")._generate()
        return result

    @api.model
    def _cron_generate(self):
        """Plan all schedules; every hour, because midnight is at another hour in each warehouse."""
        schedules = self.search([("active", "=", True)])
        schedules._generate()
        self.env["scm.safety.inspection"]._check_alerts(schedules.company_id)

    def action_generate(self):
        """Plan these schedules now."""
        self.check_access("write")
        self._generate()
        return True

    def _generate(self):
        """Make the inspections that are due from the last planned day to two weeks ahead. Twice makes them once."""
        today = self._today_by_warehouse()
        open_days = self._open_days(today)
        standing = self._standing_days()
        values, planned = [], defaultdict(self.browse)
        for schedule in self:
            day = today[schedule.warehouse_id]
            last = day + timedelta(days=HORIZON_DAYS)
            for due in self._due_days(schedule, day, last, open_days[schedule.company_id]):
                if due not in standing[schedule.id]:
                    values.append(schedule._prepare_inspection_vals(due))
            planned[last] |= schedule
        # sudo: inspections follow from schedules, which the caller may write
        self.env["scm.safety.inspection"].sudo().create(values)
        for last, schedules in planned.items():
            schedules.sudo().write({"date_generated": last})  # sudo: as above
        self._mark_missed(today)

    @api.model
    def _due_days(self, schedule, today, last, is_open):
        first = max(schedule.date_start, today)
        if schedule.date_generated:
            back = today - timedelta(days=BACK_DAYS)
            first = max(schedule.date_start, schedule.date_generated + timedelta(days=1), back)
        is_open = is_open if schedule.is_working_days else None
        return due_days(schedule.date_start, schedule.every, schedule.unit, first, last, is_open)

    def _today_by_warehouse(self):
        return {warehouse: local_today(warehouse.company_id, warehouse) for warehouse in self.warehouse_id}

    def _standing_days(self):
        """``{schedule id: days that have an inspection}``, those that are not in the plan any more included."""
        found = defaultdict(set)
        inspections = self.env["scm.safety.inspection"].sudo()  # sudo: only which days are taken
        for schedule, day in inspections._read_group(
            [("schedule_id", "in", self.ids)], ["schedule_id", "date_due:day"]
        ):
            found[schedule.id].add(day)
        return found

    def _prepare_inspection_vals(self, day):
        self.ensure_one()
        return {
            "schedule_id": self.id,
            "template_id": self.template_id.id,
            "warehouse_id": self.warehouse_id.id,
            "location_id": self.location_id.id,
            "equipment": self.equipment,
            "user_id": self.user_id.id,
            "date_due": day,
        }

    def _open_days(self, today):
        """``{company: function of a day}``: a working day by the company's calendar without its public holidays."""
        if not self:
            return {}
        first = min(today.values()) - timedelta(days=BACK_DAYS + LONGEST_BREAK_DAYS)
        last = max(today.values()) + timedelta(days=HORIZON_DAYS + LONGEST_BREAK_DAYS)
        # sudo: calendars say when a company works, no more; who plans inspections need not read resources
        companies = self.company_id.sudo()
        leaves = self.env["resource.calendar.leaves"].sudo()  # sudo: as above
        closed = defaultdict(set)
        for leave in leaves.search(
            [
                ("resource_id", "=", False),
                ("company_id", "in", [False, *companies.ids]),
                ("calendar_id", "in", [False, *companies.resource_calendar_id.ids]),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ]
        ):
            day, end = (local_day(moment, leave.calendar_id.tz or "UTC") for moment in (leave.date_from, leave.date_to))
            while day <= end:
                closed[leave.calendar_id.id, leave.company_id.id].add(day)
                day += timedelta(days=1)
        return {company: self._opening(company, closed) for company in companies}

    @api.model
    def _opening(self, company, closed):
        work = company.resource_calendar_id
        weekdays = {int(line.dayofweek) for line in work.attendance_ids if line.day_period != "lunch"}
        off = set().union(*(closed[calendar, owner] for calendar in (False, work.id) for owner in (False, company.id)))
        if not weekdays:
            return lambda day: day not in off
        return lambda day: day.weekday() in weekdays and day not in off

    def _mark_missed(self, today):
        """What was not made before the next one of its schedule was due can be made no more."""
        inspections = self.env["scm.safety.inspection"].sudo()  # sudo: part of planning
        if not self:
            return
        due = inspections.search(
            [("schedule_id", "in", self.ids), ("state", "=", "todo"), ("date_due", "<=", max(today.values()))]
        ).filtered(lambda one: one.date_due <= today[one.schedule_id.warehouse_id])
        latest = dict(
            inspections._read_group(
                [("schedule_id", "in", due.schedule_id.ids), ("date_due", "<=", max(today.values()))],
                ["schedule_id"],
                ["date_due:max"],
            )
        )
        due.filtered(lambda one: one.date_due < latest[one.schedule_id]).write({"state": "missed"})

    def _forget_plan(self):
        """Take back what is planned ahead and not made; of a schedule that ended, what is due too."""
        today = self._today_by_warehouse()
        inspections = self.env["scm.safety.inspection"].sudo()  # sudo: part of planning
        todo = inspections.search([("schedule_id", "in", self.ids), ("state", "=", "todo")])
        ahead = todo.filtered(lambda one: one.date_due >= today.get(one.schedule_id.warehouse_id, one.date_due))
        ended = (todo - ahead).filtered(lambda one: not one.schedule_id.active)
        ahead.unlink()
        ended.write({"state": "cancelled", "reason": self.env._("The schedule has ended.")})
        for warehouse, day in today.items():
            mine = self.filtered(lambda one, warehouse=warehouse: one.warehouse_id == warehouse)
            mine.sudo().write(  # sudo: as above
                {"date_generated": day - timedelta(days=1)}
            )
