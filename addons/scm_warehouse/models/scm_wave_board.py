from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day, local_moment, local_today, zone_name

from .scm_wave_input import READY

#: orders in no wave that the page names; the list behind it has all
NAMED = 12


class ScmWaveBoard(models.Model):
    """What the wave board shows."""

    _inherit = "scm.wave.plan"

    @api.model
    @api.readonly
    def get_board(self, warehouse_id=False, date=False):
        """Departures of a day with their tours, load and room; orders in no wave; pick faces to fill before.

        Times are those of the warehouse.

        :return: ``{'date', 'is_today', 'warehouse_id', 'warehouses': [{'id', 'name'}], 'may_plan', 'has_cutoffs',
            'planned_at', 'new': orders ready since then, 'sums', 'waves': [...], 'unplanned': [...],
            'reasons': [...], 'refills': {'now', 'soon', 'empty'}}``
        """
        self.check_access("read")
        warehouse = self._checked_warehouse(warehouse_id)
        # sudo: role and company are checked above; whoever may read plans sees names and sizes of orders, no prices
        board, warehouse = self.sudo(), warehouse.sudo()
        warehouses = board.env["stock.warehouse"].search([("company_id", "in", self.env.companies.ids)])
        cutoffs = board._cutoffs(warehouse)
        day = self._checked_day(warehouse, date) if date else board._next_day(warehouse, cutoffs)
        return {
            "date": day.isoformat(),
            "is_today": day == local_today(warehouse.company_id, warehouse),
            "warehouse_id": warehouse.id or False,
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "may_plan": self.env.user.has_group("stock.group_stock_user")
            or self.env.user.has_group("scm_base.scm_group_manager"),
            "has_cutoffs": bool(cutoffs),
            **board._board(warehouse, day, cutoffs),
        }

    @api.model
    def _board(self, warehouse, day, cutoffs):
        first, last = self._day_ends(warehouse, day)
        zone = zone_name(warehouse.company_id, warehouse)
        plan = self.search([("warehouse_id", "=", warehouse.id), ("date", "=", day)], limit=1)
        tours = self._board_tours(cutoffs, first, last)
        waves = self._board_waves(cutoffs, day, tours, zone)
        orders = self._read_orders(cutoffs, last) if cutoffs else []
        unplanned, reasons = self._board_unplanned(plan, orders, zone, day)
        known = {row["picking_id"] for row in plan.unplanned or []}
        return {
            "planned_at": self._clock(plan.planned_at, zone) if plan else "",
            "new": sum(not one["batch_id"] and one["state"] in READY and one["id"] not in known for one in orders),
            "waves": waves,
            "unplanned": unplanned,
            "reasons": reasons,
            "sums": self._board_sums(warehouse, waves, sum(row["count"] for row in reasons)),
            "refills": self._board_refills(warehouse),
        }

    @api.model
    def _clock(self, moment, zone):
        return local_moment(moment, zone).strftime("%H:%M")

    @api.model
    def _board_tours(self, cutoffs, first, last):
        """``{cutoff_id: [tour]}`` of all tours of a day."""
        self.env["stock.move.line"].flush_model()
        self.env["stock.picking.batch"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT b.id, b.name, b.state, b.scm_cutoff_id, COALESCE(b.scm_is_fixed, FALSE) AS fixed,
                       COALESCE(b.scm_metres, 0)::float8 AS metres,
                       COALESCE(b.scm_metres_before, 0)::float8 AS before, b.scm_why AS why,
                       COALESCE(u.name, '') AS picker, s.*
                  FROM stock_picking_batch b
             LEFT JOIN res_users r ON r.id = b.user_id
             LEFT JOIN res_partner u ON u.id = r.partner_id
          JOIN LATERAL (SELECT count(DISTINCT p.id) AS orders, count(l.id) AS lines,
                               count(l.id) FILTER (WHERE l.picked OR l.state = 'done') AS picked,
                               COALESCE(sum(l.quantity_product_uom * COALESCE(pp.weight, 0)), 0)::float8 AS kg,
                               count(DISTINCT p.id) FILTER (WHERE COALESCE(p.date_deadline, p.scheduled_date) < %s
                                                              AND p.state != 'done') AS late
                          FROM stock_picking p
                     LEFT JOIN stock_move_line l ON l.picking_id = p.id AND l.state != 'cancel'
                     LEFT JOIN product_product pp ON pp.id = l.product_id
                         WHERE p.batch_id = b.id AND p.state != 'cancel') s ON TRUE
                 WHERE b.scm_cutoff_id = ANY(%s) AND b.scm_cutoff_at >= %s AND b.scm_cutoff_at < %s
                   AND b.state != 'cancel'
              ORDER BY b.state = 'done', b.id
                """,
                first,
                cutoffs.ids,
                first,
                last,
            )
        )
        tours = defaultdict(list)
        for row in rows:
            tours[row.pop("scm_cutoff_id")].append(row | {"why": row["why"] or False})
        return tours

    @api.model
    def _board_waves(self, cutoffs, day, tours, zone):
        now = fields.Datetime.now()
        leaving = cutoffs._on(day)
        waves = []
        for cutoff in cutoffs.filtered(lambda one: one in leaving or tours.get(one.id)):
            begins, over, leaves = cutoff._moments(day)
            mine = tours.get(cutoff.id, [])
            load = {name: sum(tour[name] for tour in mine) for name in ("orders", "lines", "kg", "picked", "late")}
            waves.append(
                {
                    "id": cutoff.id,
                    "name": cutoff.name,
                    "takes": cutoff._takes(),
                    "leaves": self._clock(leaves, zone),
                    "over": self._clock(over, zone),
                    "minutes": round((over - now).total_seconds() / 60),
                    "state": "over" if over <= now else "running" if begins <= now else "coming",
                    "limits": self._board_limits(cutoff, begins, over),
                    "tours": mine,
                    **load,
                }
            )
        return sorted(waves, key=lambda wave: (wave["leaves"], wave["id"]))

    @api.model
    def _board_limits(self, cutoff, begins, over):
        """Room of the whole wave, False without a limit; per hour: of all hours in which it is picked."""
        hours = (over - begins).total_seconds() / 3600.0 if cutoff.capacity_per == "hour" else 1.0
        return {
            name: cutoff[f"max_{name}"] * hours if cutoff[f"max_{name}"] else False
            for name in ("orders", "lines", "kg")
        }

    @api.model
    def _board_unplanned(self, plan, orders, zone, day):
        """Those of the last plan that are still in no wave: the first by name, and how many for each reason."""
        still = {order["id"]: order for order in orders if not order["batch_id"]}
        rows = [row for row in plan.unplanned or [] if row["picking_id"] in still]
        words, counts = self._reason_words(), self._count_reasons(rows)
        pickings = self.env["stock.picking"].browse([row["picking_id"] for row in rows[:NAMED]])
        partners = {one.id: one.partner_id.display_name or "" for one in pickings}
        named = [
            {
                "id": row["picking_id"],
                "name": still[row["picking_id"]]["name"],
                "partner": partners[row["picking_id"]],
                "reason": words[row["code"]],
                "due": local_day(still[row["picking_id"]]["due"], zone).isoformat(),
                "late": local_day(still[row["picking_id"]]["due"], zone) < day,
            }
            for row in rows[:NAMED]
        ]
        reasons = [
            {
                "code": code,
                "reason": words[code],
                "count": count,
                "ids": [r["picking_id"] for r in rows if r["code"] == code],
            }
            for code, count in sorted(counts.items(), key=lambda item: -item[1])
        ]
        return named, reasons

    @api.model
    def _board_sums(self, warehouse, waves, unplanned):
        tours = [tour for wave in waves for tour in wave["tours"]]
        metres, before = sum(tour["metres"] for tour in tours), sum(tour["before"] for tour in tours)
        return {
            "orders": sum(wave["orders"] for wave in waves),
            "lines": sum(wave["lines"] for wave in waves),
            "picked": sum(wave["picked"] for wave in waves),
            "tours": len(tours),
            "drafts": [tour["id"] for tour in tours if tour["state"] == "draft" and tour["orders"]],
            "late": sum(wave["late"] for wave in waves),
            "unplanned": unplanned,
            "metres": round(metres),
            "before": round(before),
            "minutes": round(max(before - metres, 0.0) / (warehouse.scm_walk_speed or 1.0) / 60.0),
        }

    @api.model
    def _board_refills(self, warehouse):
        faces = dict(
            self.env["scm.pick.face"]._read_group(
                [("warehouse_id", "=", warehouse.id), ("status", "in", ("now", "soon", "empty"))],
                ["status"],
                ["__count"],
            )
        )
        open_now = dict(
            self.env["scm.pick.face.proposal"]._read_group(
                [("warehouse_id", "=", warehouse.id), ("state", "=", "proposed")], ["urgency"], ["__count"]
            )
        )
        return {"now": open_now.get("now", 0), "soon": open_now.get("soon", 0), "empty": faces.get("empty", 0)}

    # Buttons of a plan

    def action_open_board(self):
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("scm_warehouse.scm_wave_board_action")
        return action | {"params": {"warehouse_id": self.warehouse_id.id, "date": fields.Date.to_string(self.date)}}

    def action_show_unplanned(self):
        """Orders that were in no wave when the day was planned."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("In no Wave"),
            "res_model": "stock.picking",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [row["picking_id"] for row in self.unplanned or []])],
        }

    # By itself

    @api.model
    def _cron_plan(self):
        """Plan the day again in each warehouse that wants it."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.env["stock.warehouse"].search_count([("scm_wave_auto", "=", True)]))
        self._plan_all(commit=cron._commit_progress)

    @api.model
    def _plan_all(self, commit=None):
        """:param commit: called as ``commit(1)`` after each warehouse, returns the seconds that are left."""
        for warehouse in self.env["stock.warehouse"].search([("scm_wave_auto", "=", True)]):
            if cutoffs := self._cutoffs(warehouse):
                plans = self.with_company(warehouse.company_id)
                plans._plan(warehouse, plans._next_day(warehouse, cutoffs), cutoffs)
            if commit and not commit(1):
                break
