from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_moment, local_today, utc_moment, zone_name

MEASURE_DAYS = 28
ROWS = 40
#: (code, from hours, to hours) since the order
AGES = (("4h", 0, 4), ("1d", 4, 24), ("2d", 24, 48), ("7d", 48, 168), ("old", 168, None))
PROMISES = ("late", "today", "tomorrow", "later", "none")


class ScmFlowBoard(models.AbstractModel):
    """All that the control board shows of a warehouse, in one read with a fixed number of queries."""

    _name = "scm.flow.board"
    _description = "Control Board"

    @api.model
    @api.readonly
    def get_board(self, warehouse_id=False, day=False):
        """Backlog, measures of the last 28 days, hours of a day by stage, and the load to expect; also over RPC.

        For supply chain users. Days and hours are local to the warehouse. What is not known is False. The facts are as
        fresh as ``as_of``: :meth:`scm.flow.fact.refresh_flow` brings them up to date.

        :param warehouse_id: by default the first warehouse of the ticked companies
        :param day: ISO day whose hours are shown; by default today, or the last day with work while today has none
        :return: dict, see ``docs/integration.md``; ``{'warehouse': False}`` where there is no warehouse
        :raise AccessError: for who is no supply chain user, or for a warehouse of another company
        :raise UserError: for a day that is none, or to come
        """
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("The control board is for supply chain users. Ask for the role."))
        warehouses = self._warehouses()
        warehouse = self._checked_warehouse(warehouse_id) if warehouse_id else warehouses[:1]
        if not warehouse:
            return {"warehouse": False}
        zone = zone_name(warehouse.company_id, warehouse)
        now = fields.Datetime.now()
        today = local_today(warehouse.company_id, warehouse)
        shown = self._checked_day(day, today)
        self.env["scm.flow.fact"].flush_model()
        flow = self._flow(warehouse, zone, now, shown, today, is_free=not day)
        return {
            "warehouse": {
                "id": warehouse.id,
                "name": warehouse.name,
                "zone": zone,
                "currency_id": warehouse.company_id.currency_id.id,
            },
            "warehouses": [{"id": each.id, "name": each.name} for each in warehouses],
            "today": today.isoformat(),
            "now": local_moment(now, zone).strftime("%H:%M"),
            "as_of": self._as_of(warehouse, zone),
            "can_open": self.env["stock.picking"].has_access("read"),
            **flow,
            "measures": self._measures(warehouse, now),
            "backlog": self._backlog(warehouse, zone, now, today),
            "rows": self._rows(warehouse, zone, now),
            **self._people(warehouse, today),
        }

    @api.model
    def _warehouses(self):
        return self.env["stock.warehouse"].search_fetch(
            [("company_id", "in", self.env.companies.ids)],
            ["name", "company_id", "partner_id", "scm_pick_gap_minutes"],
            limit=200,
        )

    @api.model
    def _checked_warehouse(self, warehouse_id):
        if not warehouse_id:
            return self._warehouses()[:1]
        warehouse = self.env["stock.warehouse"].browse(int(warehouse_id)).exists()
        if not warehouse:
            raise UserError(self.env._("There is no such warehouse any more. Choose another one."))
        warehouse.check_access("read")
        if warehouse.company_id not in self.env.companies:
            raise AccessError(self.env._("The warehouse belongs to a company that is not ticked."))
        return warehouse

    @api.model
    def _checked_day(self, day, today):
        try:
            shown = fields.Date.to_date(day) if day else today
        except (TypeError, ValueError):
            shown = None
        if not shown:
            raise UserError(self.env._("“%(day)s” is no day. Write it like 2026-11-26.", day=day))
        if shown > today:
            raise UserError(self.env._("%(day)s is still to come: choose today or a day before.", day=shown))
        return shown

    @api.model
    def _as_of(self, warehouse, zone):
        """Local moment of the last refresh, and how many minutes ago that was."""
        state = self.env["scm.flow.state"].search_fetch(
            [("company_id", "=", warehouse.company_id.id)], ["date_refreshed"], limit=1
        )
        if not state.date_refreshed:
            return {"moment": False, "minutes": False}
        minutes = int((fields.Datetime.now() - state.date_refreshed).total_seconds() // 60)
        moment = local_moment(state.date_refreshed, zone)
        return {"moment": moment.strftime("%Y-%m-%d %H:%M"), "minutes": max(minutes, 0)}

    # Measures

    @api.model
    def _measures(self, warehouse, now):
        """Cycle of orders and dock-to-stock of the last 28 days beside the 28 before, in one query."""
        since = now - timedelta(days=MEASURE_DAYS)
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cycle_hours) FILTER (WHERE done_at >= %(since)s)
                           AS cycle_median,
                       percentile_cont(0.9) WITHIN GROUP (ORDER BY cycle_hours) FILTER (WHERE done_at >= %(since)s)
                           AS cycle_p90,
                       count(cycle_hours) FILTER (WHERE done_at >= %(since)s) AS cycle_sample,
                       count(*) FILTER (WHERE done_at >= %(since)s AND cycle_hours IS NOT NULL AND NOT is_late)
                           AS on_time,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY cycle_hours) FILTER (WHERE done_at < %(since)s)
                           AS cycle_before,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY dock_hours) FILTER (WHERE stored_at >= %(since)s)
                           AS dock_median,
                       percentile_cont(0.9) WITHIN GROUP (ORDER BY dock_hours) FILTER (WHERE stored_at >= %(since)s)
                           AS dock_p90,
                       count(dock_hours) FILTER (WHERE stored_at >= %(since)s) AS dock_sample,
                       count(*) FILTER (WHERE stored_at >= %(since)s AND stored_source = 'one_step'
                                          AND ready_source = 'none') AS dock_unknown
                  FROM scm_flow_fact
                 WHERE warehouse_id = %(warehouse)s AND stage IN ('ship', 'receive') AND done_at >= %(before)s
                """,
                since=since,
                before=since - timedelta(days=MEASURE_DAYS),
                warehouse=warehouse.id,
            )
        )
        return {
            "days": MEASURE_DAYS,
            **{name: value if isinstance(value, int) else _or_false(value) for name, value in row.items()},
        }

    # Backlog

    @api.model
    def _backlog(self, warehouse, zone, now, today):
        """Deliveries that are open, by promise and by age, in one query."""
        ends = [utc_moment(_midnight(today + timedelta(days=days)), zone) for days in (1, 2)]
        age = SQL("extract(epoch FROM %s::timestamp - ordered_at) / 3600", now)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN promised_at IS NULL THEN 'none' WHEN promised_at < %(now)s THEN 'late'
                            WHEN promised_at < %(today)s THEN 'today' WHEN promised_at < %(tomorrow)s THEN 'tomorrow'
                            ELSE 'later' END AS promise,
                       CASE WHEN %(age)s < 4 THEN '4h' WHEN %(age)s < 24 THEN '1d' WHEN %(age)s < 48 THEN '2d'
                            WHEN %(age)s < 168 THEN '7d' ELSE 'old' END AS age,
                       state, count(*), sum(line_count), sum(value)
                  FROM scm_flow_fact
                 WHERE warehouse_id = %(warehouse)s AND state != 'done' AND stage = 'ship' AND NOT is_return
                 GROUP BY 1, 2, 3
                """,
                now=now,
                today=ends[0],
                tomorrow=ends[1],
                age=age,
                warehouse=warehouse.id,
            )
        )
        codes = [code for code, _from, _to in AGES]
        waiting = [row for row in rows if row[2] == "waiting"]
        return {
            "total": _sums(rows),
            "ready": _sums([row for row in rows if row[2] != "waiting"]),
            "waiting": _sums(waiting),
            "promises": [{"code": code, **_sums([row for row in rows if row[0] == code])} for code in PROMISES],
            "ages": [{"code": code, **_sums([row for row in rows if row[1] == code])} for code in codes],
            "receipts": self._receipts_waiting(warehouse),
        }

    @api.model
    def _receipts_waiting(self, warehouse):
        """Receipts whose goods are here and not put away."""
        return self.env["scm.flow.fact"].search_count(self._waiting_domain(warehouse))

    @api.model
    def _waiting_domain(self, warehouse):
        return [
            ("warehouse_id", "=", warehouse.id),
            ("stage", "=", "receive"),
            ("stored_at", "=", False),
            ("state", "in", ("started", "done")),
            ("stored_source", "!=", "elsewhere"),
        ]

    @api.model
    def _rows(self, warehouse, zone, now):
        """The open deliveries that are due first."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT fact.picking_id, picking.name, picking.origin, partner.complete_name AS partner, fact.state,
                       fact.line_count, fact.value, fact.ordered_at, fact.promised_at, batch.name AS batch
                  FROM scm_flow_fact fact
                  JOIN stock_picking picking ON picking.id = fact.picking_id
                  LEFT JOIN res_partner partner ON partner.id = fact.partner_id
                  LEFT JOIN stock_picking_batch batch ON batch.id = fact.batch_id
                 WHERE fact.warehouse_id = %s AND fact.state != 'done' AND fact.stage = 'ship' AND NOT fact.is_return
                 ORDER BY fact.promised_at NULLS LAST, fact.ordered_at, fact.id LIMIT %s
                """,
                warehouse.id,
                ROWS,
            )
        )
        return [
            {
                "id": row["picking_id"],
                "name": row["name"],
                "origin": row["origin"] or "",
                "partner": row["partner"] or "",
                "batch": row["batch"] or "",
                "state": row["state"],
                "lines": row["line_count"],
                "value": float(row["value"] or 0.0),
                "age_hours": max(0.0, (now - row["ordered_at"]).total_seconds() / 3600),
                "promised": local_moment(row["promised_at"], zone).strftime("%Y-%m-%d %H:%M")
                if row["promised_at"]
                else False,
                "late_hours": max(0.0, (now - row["promised_at"]).total_seconds() / 3600)
                if row["promised_at"]
                else 0.0,
            }
            for row in rows
        ]

    @api.model
    def action_open_backlog(self, warehouse_id, bucket=False):
        """The deliveries behind a tile or a bucket of the backlog, else the receipts that wait.

        :param bucket: a promise (late, today, tomorrow, later, none), an age (4h, 1d, 2d, 7d, old), ready, waiting,
            receipts; by default all deliveries that are open
        :return: the action
        :raise AccessError: for who may not read transfers
        """
        self.env["stock.picking"].check_access("read")
        warehouse = self._checked_warehouse(warehouse_id)
        facts = self.env["scm.flow.fact"].search(self._bucket_domain(warehouse, bucket), limit=10000)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipts that wait") if bucket == "receipts" else self.env._("Backlog"),
            "res_model": "stock.picking",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", facts.picking_id.ids)],
            "context": {"create": False},
        }

    @api.model
    def _bucket_domain(self, warehouse, bucket):
        if bucket == "receipts":
            return self._waiting_domain(warehouse)
        now = fields.Datetime.now()
        domain = [
            ("warehouse_id", "=", warehouse.id),
            ("state", "!=", "done"),
            ("stage", "=", "ship"),
            ("is_return", "=", False),
        ]
        if bucket in ("ready", "waiting"):
            return [*domain, ("state", "=" if bucket == "waiting" else "!=", "waiting")]
        for code, from_hours, to_hours in AGES:
            if bucket == code:
                older = [("ordered_at", ">", now - timedelta(hours=to_hours))] if to_hours else []
                return [*domain, ("ordered_at", "<=", now - timedelta(hours=from_hours)), *older]
        if bucket in PROMISES:
            return domain + self._promise_domain(warehouse, bucket, now)
        if bucket:
            raise UserError(self.env._("The backlog has no part “%(bucket)s”.", bucket=bucket))
        return domain

    @api.model
    def _promise_domain(self, warehouse, bucket, now):
        if bucket == "none":
            return [("promised_at", "=", False)]
        zone = zone_name(warehouse.company_id, warehouse)
        today = local_today(warehouse.company_id, warehouse)
        today_end, tomorrow_end = (utc_moment(_midnight(today + timedelta(days=days)), zone) for days in (1, 2))
        edges = {
            "late": (None, now),
            "today": (now, today_end),
            "tomorrow": (max(now, today_end), tomorrow_end),
            "later": (tomorrow_end, None),
        }
        first, last = edges[bucket]
        domain = [("promised_at", ">=", first)] if first else [("promised_at", "!=", False)]
        return [*domain, ("promised_at", "<", last)] if last else domain


def _midnight(day):
    return fields.Datetime.to_datetime(day)


def _or_false(value):
    return False if value is None else float(value)


def _sums(rows):
    """Count, lines and value of rows whose last three columns these are."""
    return {
        "count": sum(row[3] for row in rows),
        "lines": int(sum(row[4] or 0 for row in rows)),
        "value": float(sum(row[5] or 0 for row in rows)),
    }
