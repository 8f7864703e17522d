import json

from odoo import api, fields, models
from odoo.tools import SQL


class ScmWaveWrite(models.Model):
    """Third beat of the planning: tours that stand already are kept, and only what differs is written."""

    _inherit = "scm.wave.plan"

    @api.model
    def _write_plan(self, warehouse, day, inputs, tours, reasons):
        standing = self._standing(inputs)
        matched = _match(tours, standing)
        batches = self.env["stock.picking.batch"].with_context(scm_wave_plan=True, tracking_disable=True)
        new = [tour for tour, batch_id in zip(tours, matched, strict=True) if not batch_id]
        created = batches.create(self._new_batches(warehouse, new, inputs)) if new else batches
        fresh = iter(created.ids)
        ids = [batch_id or next(fresh) for batch_id in matched]
        moved = self._move_orders(inputs, tours, ids)
        changed = self._refresh_batches(tours, ids, created, inputs)
        unused = batches.browse(sorted(set(standing) - set(ids)))
        removed = len(unused)
        unused.unlink()
        named = self._named(inputs, reasons)
        plan = self._store(warehouse, day, inputs, tours, named)
        self._sync_unfit(warehouse.company_id)
        return self._answer(plan, inputs, ids, named, len(created), len(set(changed) | set(moved)), removed)

    @api.model
    def _standing(self, inputs):
        """``{batch_id: (cutoff_id, set of orders)}`` of the tours of this day that planning may change."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.id, b.scm_cutoff_id, array_remove(array_agg(p.id), NULL)
                  FROM stock_picking_batch b
             LEFT JOIN stock_picking p ON p.batch_id = b.id
                 WHERE b.scm_cutoff_id = ANY(%s) AND b.scm_cutoff_at >= %s AND b.scm_cutoff_at < %s
                   AND b.scm_is_planned AND b.state = 'draft' AND b.scm_is_fixed IS NOT TRUE
              GROUP BY b.id ORDER BY b.id
                """,
                inputs["all_cutoffs"].ids,
                inputs["first"],
                inputs["last"],
            )
        )
        return {batch_id: (cutoff_id, set(orders)) for batch_id, cutoff_id, orders in rows}

    @api.model
    def _new_batches(self, warehouse, tours, inputs):
        company = warehouse.company_id
        names = self._batch_names(company, [tour["cutoff"].picking_type_id for tour in tours])
        return [
            {
                "name": name,
                "company_id": company.id,
                "picking_type_id": tour["cutoff"].picking_type_id.id,
                "scm_is_planned": True,
            }
            | self._batch_values(tour, inputs)
            for tour, name in zip(tours, names, strict=True)
        ]

    @api.model
    def _batch_names(self, company, types):
        """Names from Odoo's own sequence, all numbers drawn at once."""
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "picking.batch"), ("company_id", "in", (company.id, False))], order="company_id", limit=1
        )
        batches = self.env["stock.picking.batch"]
        if sequence.implementation != "standard" or sequence.use_date_range or not sequence:
            return [batches._prepare_name(kind, "picking.batch", company.id) for kind in types]
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", len(types))
        )
        pairs = [sequence.get_next_char(number).split("/", 1) for (number,) in rows]
        return [f"{pair[0]}/{kind.sequence_code}/{pair[-1]}" for pair, kind in zip(pairs, types, strict=True)]

    @api.model
    def _batch_values(self, tour, inputs):
        cutoff = tour["cutoff"]
        return {
            "scm_cutoff_id": cutoff.id,
            "scm_cutoff_at": cutoff._moments(inputs["day"])[2],
            "scm_metres": round(tour["metres"], 1),
            "scm_metres_before": round(tour["metres_before"], 1),
            "scm_why": self._tour_why(tour, inputs),
            "description": cutoff.display_name,
        }

    @api.model
    def _move_orders(self, inputs, tours, ids):
        """Put the orders into their tours in one statement; returns the tours that gained or lost some.

        Past the ORM's ``write``: core would search all open transfers once per tour and log a line on each order.
        What it would check (state, operation, company) is how the orders were found.
        """
        target = {order["id"]: batch for tour, batch in zip(tours, ids, strict=True) for order in tour["orders"]}
        before = {order["id"]: order["batch_id"] for order in inputs["orders"] if order["free"]}
        moves = {picking: target.get(picking) for picking in before if before[picking] != target.get(picking)}
        if not moves:
            return []
        pickings = self.env["stock.picking"].browse(moves)
        pickings.modified(["batch_id"], before=True)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_picking p SET batch_id = r.batch_id
                  FROM jsonb_to_recordset(%s::jsonb) AS r(id int, batch_id int)
                 WHERE p.id = r.id
                """,
                json.dumps([{"id": picking, "batch_id": batch} for picking, batch in moves.items()]),
            )
        )
        self.env.invalidate_all(flush=False)
        pickings.modified(["batch_id"])
        return [batch for batch in (*moves.values(), *(before[picking] for picking in moves)) if batch]

    @api.model
    def _refresh_batches(self, tours, ids, created, inputs):
        """Write what differs on the tours that were kept; returns their ids."""
        changed = []
        kept = self.env["stock.picking.batch"].browse(ids) - created
        kept.fetch(["scm_cutoff_id", "scm_cutoff_at", "scm_metres", "scm_metres_before", "scm_why", "description"])
        for tour, batch in zip(tours, self.env["stock.picking.batch"].browse(ids), strict=True):
            if batch not in kept:
                continue
            values = self._batch_values(tour, inputs)
            differs = {
                name: value
                for name, value in values.items()
                if (batch[name].id if name == "scm_cutoff_id" else batch[name]) != value
            }
            if differs:
                batch.with_context(scm_wave_plan=True, tracking_disable=True).write(differs)
                changed.append(batch.id)
        return changed

    @api.model
    def _store(self, warehouse, day, inputs, tours, named):
        """The plan of the day with its figures; the figures are of all tours of this planning."""
        values = {
            "planned_at": inputs["now"],
            "user_id": self.env.uid,
            "order_count": sum(len(tour["orders"]) for tour in tours),
            "line_count": int(sum(order["lines"] for tour in tours for order in tour["orders"])),
            "batch_count": len(tours),
            "unplanned_count": len(named),
            "late_count": sum(self._late(order, inputs) for tour in tours for order in tour["orders"]),
            "metres": sum(tour["metres"] for tour in tours),
            "metres_before": sum(tour["metres_before"] for tour in tours),
            "unplanned": named[:500],
        }
        plan = self.search([("warehouse_id", "=", warehouse.id), ("date", "=", day)], limit=1)
        if plan:
            plan.write(values)
            return plan
        return self.create(values | {"warehouse_id": warehouse.id, "company_id": warehouse.company_id.id, "date": day})

    @api.model
    def _answer(self, plan, inputs, ids, named, created, changed, removed):
        words = self._reason_words()
        names = {order["id"]: order["name"] for order in inputs["orders"]}
        return {
            "plan_id": plan.id,
            "date": fields.Date.to_string(plan.date),
            "orders": plan.order_count,
            "lines": plan.line_count,
            "batches": ids,
            "created": created,
            "changed": changed,
            "removed": removed,
            "metres": round(plan.metres, 1),
            "metres_before": round(plan.metres_before, 1),
            "late": plan.late_count,
            "unplanned": [
                {
                    "picking_id": row["picking_id"],
                    "name": names[row["picking_id"]],
                    "code": row["code"],
                    "reason": words[row["code"]],
                }
                for row in named
            ],
        }

    @api.model
    def _sync_unfit(self, company):
        """Alert: one per warehouse and day that lies ahead, with orders that fit no wave."""
        today = fields.Date.context_today(self.with_context(tz=company.partner_id.tz))
        plans = self.search(
            [("company_id", "=", company.id), ("date", ">=", today), ("unplanned_count", ">", 0)], limit=1000
        )
        rows = [
            {
                "subject_key": f"{plan.warehouse_id.id},{plan.date}",
                "name": self.env._(
                    "%(warehouse)s, %(day)s: %(count)s orders in no wave",
                    warehouse=plan.warehouse_id.name,
                    day=plan.date,
                    count=plan.unplanned_count,
                ),
                "warehouse_id": plan.warehouse_id.id,
                "res_model": self._name,
                "res_id": plan.id,
                "date_due": plan.date,
                "why": {
                    "value": plan.unplanned_count,
                    "method": "wave_unfit",
                    "terms": [
                        {"code": f"wave_{code.replace(':', '_')}", "value": count}
                        for code, count in self._count_reasons(plan.unplanned).items()
                    ],
                },
            }
            for plan in plans
        ]
        self.env["scm.alert"]._sync("wave_unfit", company, rows)


def _match(tours, standing):
    """For each tour the standing one of its cut-off that shares most orders with it, or None; none is taken twice."""
    pairs = []
    for number, tour in enumerate(tours):
        members = {order["id"] for order in tour["orders"]}
        for batch_id, (cutoff_id, orders) in standing.items():
            if cutoff_id == tour["cutoff"].id and (shared := len(members & orders)):
                pairs.append((-shared, len(members ^ orders), number, batch_id))
    matched, used = [None] * len(tours), set()
    for _shared, _other, number, batch_id in sorted(pairs):
        if matched[number] is None and batch_id not in used:
            matched[number] = batch_id
            used.add(batch_id)
    return matched
