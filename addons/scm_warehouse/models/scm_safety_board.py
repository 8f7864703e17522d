import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.safety import event_rate, share
from .scm_safety_incident import OPEN

WINDOW_DAYS = 90
MONTHS = 12
WEEKS = 5
SHOWN_INCIDENTS = 8


class ScmSafetyBoard(models.AbstractModel):
    """What the safety board shows, from aggregates: as many queries for ten warehouses as for one."""

    _name = "scm.safety.board"
    _description = "Safety Board"

    @api.model
    @api.readonly
    def get_board(self, warehouse_id=False):
        """All figures of the board.

        :param warehouse_id: one warehouse; without, all of the ticked companies
        :return: dict with ``warehouses``, ``streak`` (days without an incident, the longest before, since when),
            ``tiles``, ``months`` (incidents by month and kind), ``calendar`` (inspections by day of five weeks),
            ``subjects`` (share of answers that were OK), ``causes``, ``incidents`` (open ones)
        """
        self._check_may_read()
        companies = self.env.companies
        warehouses = self.env["stock.warehouse"].search_fetch(
            [("company_id", "in", companies.ids)], ["name", "company_id"], order="sequence, id"
        )
        warehouse = warehouses.filtered(lambda one: one.id == warehouse_id)
        today = local_today(warehouse.company_id or self.env.company, warehouse)
        streak = self._streak(companies, warehouse)
        return {
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "warehouse_id": warehouse.id or False,
            "today": fields.Date.to_string(today),
            "window_days": WINDOW_DAYS,
            "streak": streak,
            "tiles": self._tiles(companies, warehouse, today),
            "rates": self._rates(companies, warehouse, today, fields.Date.to_date(streak["recorded"])),
            "months": self._months(companies, warehouse, today),
            "calendar": self._calendar(companies, warehouse, today),
            "subjects": self._subjects(companies, warehouse, today),
            "causes": self._causes(companies, warehouse, today),
            "incidents": self._open_incidents(companies, warehouse),
            "can_manage": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def _check_may_read(self):
        user = self.env.user
        if not (user.has_group("scm_base.scm_group_user") or user.has_group("stock.group_stock_user")):
            raise AccessError(self.env._("The safety board is for people of the warehouse and the supply chain."))

    @api.model
    def _scope(self, companies, warehouse):
        domain = Domain("company_id", "in", companies.ids)
        return domain & Domain("warehouse_id", "=", warehouse.id) if warehouse else domain

    @api.model
    def _scope_sql(self, companies, warehouse, alias):
        table = SQL.identifier(alias)
        if warehouse:
            return SQL("%s.warehouse_id = %s AND %s.company_id = ANY(%s)", table, warehouse.id, table, companies.ids)
        return SQL("%s.company_id = ANY(%s)", table, companies.ids)

    @api.model
    def _streak(self, companies, warehouse):
        """Days without an incident, the longest time before, and since when anything is recorded."""
        self.env["scm.safety.incident"].flush_model()
        self.env["scm.safety.inspection"].flush_model()
        [(last, first, longest, seen)] = self.env.execute_query(
            SQL(
                """
                WITH days AS (
                    SELECT incident.date_local AS day, lag(incident.date_local) OVER (ORDER BY incident.date_local)
                           AS before
                      FROM scm_safety_incident incident
                     WHERE %(scope)s AND incident.kind = 'incident' AND incident.state != 'cancelled'
                )
                SELECT max(day), min(day), max(day - before),
                       LEAST((SELECT min(incident.date_local) FROM scm_safety_incident incident
                               WHERE %(scope)s AND incident.state != 'cancelled'),
                             (SELECT min(inspection.date_due) FROM scm_safety_inspection inspection
                               WHERE %(inspected)s AND inspection.state = 'done'))
                  FROM days
                """,
                scope=self._scope_sql(companies, warehouse, "incident"),
                inspected=self._scope_sql(companies, warehouse, "inspection"),
            )
        )
        today = local_today((warehouse and warehouse.company_id) or self.env.company, warehouse)
        begin = last or seen
        before = max(longest or 0, (first - seen).days if first and seen else 0)
        return {
            "days": max((today - begin).days, 0) if begin else 0,
            "best": before,
            "since": fields.Date.to_string(begin) if begin else False,
            "last": fields.Date.to_string(last) if last else False,
            "recorded": fields.Date.to_string(seen) if seen else False,
        }

    @api.model
    def _tiles(self, companies, warehouse, today):
        """Counts of what is open, in two queries."""
        [tiles] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) FILTER (WHERE walk.state = 'todo' AND walk.date_due < %(today)s) AS overdue,
                       count(*) FILTER (WHERE walk.state = 'todo' AND walk.date_due = %(today)s) AS due_today,
                       count(*) FILTER (WHERE walk.state = 'todo' AND walk.date_due > %(today)s
                                          AND walk.date_due <= %(week)s) AS due_week,
                       count(*) FILTER (WHERE walk.state = 'done' AND walk.date_due >= %(since)s) AS done,
                       count(*) FILTER (WHERE walk.state = 'missed' AND walk.date_due >= %(since)s) AS missed
                  FROM scm_safety_inspection walk
                 WHERE %(scope)s AND (walk.state = 'todo' OR walk.date_due >= %(since)s)
                """,
                today=today,
                week=today + timedelta(days=7),
                since=today - timedelta(days=WINDOW_DAYS),
                scope=self._scope_sql(companies, warehouse, "walk"),
            )
        )
        incidents = self.env["scm.safety.incident"]._read_group(
            self._scope(companies, warehouse) & Domain("state", "in", OPEN), ["severity"], ["__count"]
        )
        locked = self.env["stock.location"].search_count(
            [("scm_is_locked", "=", True), ("company_id", "in", companies.ids)]
            + ([("warehouse_id", "=", warehouse.id)] if warehouse else [])
        )
        by_severity = dict(incidents)
        return tiles | {
            "open_incidents": sum(by_severity.values()),
            "open_severe": by_severity.get("severe", 0),
            "locked": locked,
        }

    @api.model
    def _rates(self, companies, warehouse, today, recorded):
        """Shares and rates of the window, with the interval in which the truth lies with 95 %; False: no data."""
        first = today - timedelta(days=WINDOW_DAYS)
        kinds = dict(
            self.env["scm.safety.incident"]._read_group(
                self._scope(companies, warehouse)
                & Domain("state", "!=", "cancelled")
                & Domain("date_local", ">", first)
                & Domain("date_local", "<=", today),
                ["kind"],
                ["__count"],
            )
        )
        near, real = kinds.get("near_miss", 0), kinds.get("incident", 0)
        observed = min(WINDOW_DAYS, (today - recorded).days + 1) if recorded else 0
        return {
            "near_misses": near,
            "incidents": real,
            "findings": kinds.get("finding", 0),
            "near_miss": _plain(share(near, near + real)),
            "monthly": _plain(event_rate(real, observed)),
            "days": observed,
        }

    @api.model
    def _months(self, companies, warehouse, today):
        """``[{'month': first day, 'incident', 'near_miss', 'finding'}]`` of the last twelve months."""
        first = today.replace(day=1)
        months = [first]
        while len(months) < MONTHS:
            months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
        groups = self.env["scm.safety.incident"]._read_group(
            self._scope(companies, warehouse)
            & Domain("state", "!=", "cancelled")
            & Domain("date_local", ">=", months[0])
            & Domain("date_local", "<=", today),
            ["date_local:month", "kind"],
            ["__count"],
        )
        found = {(month, kind): count for month, kind, count in groups}
        return [
            {
                "month": fields.Date.to_string(month),
                **{kind: found.get((month, kind), 0) for kind in ("incident", "near_miss", "finding")},
            }
            for month in months
        ]

    @api.model
    def _calendar(self, companies, warehouse, today):
        """Five weeks of days from the Monday three weeks ago, each with its inspections by how they stand."""
        first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 2))
        last = first + timedelta(days=7 * WEEKS - 1)
        groups = self.env["scm.safety.inspection"]._read_group(
            self._scope(companies, warehouse)
            & Domain("state", "!=", "cancelled")
            & Domain("date_due", ">=", first)
            & Domain("date_due", "<=", last),
            ["date_due:day", "state", "result"],
            ["__count"],
        )
        days = {}
        for day, state, result, count in groups:
            kind = result if state == "done" else state
            if state == "todo" and day < today:
                kind = "overdue"
            counts = days.setdefault(day, {})
            counts[kind] = counts.get(kind, 0) + count
        return [
            {"day": fields.Date.to_string(day), "counts": days.get(day, {})}
            for day in (first + timedelta(days=number) for number in range(7 * WEEKS))
        ]

    @api.model
    def _subjects(self, companies, warehouse, today):
        """Share of OK among the answers, by what the checklists are about, worst first."""
        groups = self.env["scm.safety.inspection"]._read_group(
            self._scope(companies, warehouse)
            & Domain("state", "=", "done")
            & Domain("date_due", ">", today - timedelta(days=WINDOW_DAYS)),
            ["subject"],
            ["answer_count:sum", "failed_count:sum", "critical_count:sum", "__count"],
        )
        labels = dict(self.env["scm.safety.inspection"]._fields["subject"]._description_selection(self.env))
        rows = [
            {
                "subject": subject,
                "label": labels[subject],
                "inspections": count,
                "asked": asked,
                "failed": failed,
                "critical": critical,
                "ok": _plain(share(asked - failed, asked)),
            }
            for subject, asked, failed, critical, count in groups
            if asked
        ]
        return sorted(rows, key=lambda row: (row["ok"]["value"], row["label"]))

    @api.model
    def _causes(self, companies, warehouse, today):
        groups = self.env["scm.safety.incident"]._read_group(
            self._scope(companies, warehouse)
            & Domain("state", "!=", "cancelled")
            & Domain("cause_kind", "!=", False)
            & Domain("date_local", ">", today - timedelta(days=365)),
            ["cause_kind"],
            ["__count"],
            order="__count desc",
        )
        labels = dict(self.env["scm.safety.incident"]._fields["cause_kind"]._description_selection(self.env))
        return [{"cause": cause, "label": labels[cause], "count": count} for cause, count in groups]

    @api.model
    def _open_incidents(self, companies, warehouse):
        incidents = self.env["scm.safety.incident"]
        rows = incidents.search(
            self._scope(companies, warehouse) & Domain("state", "in", OPEN), order="date desc, id desc", limit=50
        ).sorted(lambda one: ("severe", "serious", "minor").index(one.severity))[:SHOWN_INCIDENTS]
        severities = dict(incidents._fields["severity"]._description_selection(self.env))
        kinds = dict(incidents._fields["kind"]._description_selection(self.env))
        states = dict(incidents._fields["state"]._description_selection(self.env))
        return [
            {
                **one._head(),
                "severity_label": severities[one.severity],
                "kind": one.kind,
                "kind_label": kinds[one.kind],
                "state_label": states[one.state],
                "date": fields.Date.to_string(one.date_local),
                "place": one.location_id.display_name or one.location_name or "",
                "warehouse": one.warehouse_id.name,
                "locked": len(one.lock_location_ids),
                "steps": one.step_count,
                "steps_done": one.step_done_count,
                "user": one.user_id.name or "",
            }
            for one in rows
        ]


def _plain(rate):
    """A rate for the web client, or False where there is no data."""
    if math.isnan(rate.value):
        return False
    return {"value": float(rate.value), "low": float(rate.low), "high": float(rate.high)}
