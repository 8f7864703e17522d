import json
from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from ..kernel.plan_risk import EXPEDITE, SUBSTITUTE, TRANSFER
from .scm_order_plan_input import MOVES_TO_COME

MOST_NAMED = 3
LEAST = 0.005


class ScmOrderPlanWrite(models.AbstractModel):
    """What could save an order that comes too late is named: orders to expedite, warehouse, product."""

    _inherit = "scm.order.plan.write"

    @api.model
    def _facts(self, data):
        return super()._facts(data) | {"named": self._read_remedies(data)}

    @api.model
    def _remedy_terms(self, facts, index, unit):
        terms = super()._remedy_terms(facts, index, unit)
        if unit.startswith('"'):
            # the record is written as JSON text
            return terms + [(code, json.dumps(text), '""') for code, text in facts["named"].get(index, ())]
        return terms + [(code, text, "") for code, text in facts["named"].get(index, ())]

    @api.model
    def _read_remedies(self, data):
        """Dict item -> list of (code, names) of what could save it; only of items that are late."""
        late = np.flatnonzero(data.risk.late)
        covered, partner = data.risk.covered, data.risk.partner
        named = {index: [] for index in late.tolist()}
        for index, text in self._name_orders(data, late[covered[late, EXPEDITE] > LEAST]).items():
            named[index].append(("plan_expedite_orders", text))
        for column, code, name, model in (
            (TRANSFER, "plan_transfer_from", "warehouse_id", "stock.warehouse"),
            (SUBSTITUTE, "plan_substitute_by", "product_id", "product.product"),
        ):
            rows = late[(covered[late, column] > LEAST) & (partner[late, column] >= 0)]
            ids = data.items[name].to_numpy(int)[partner[rows, column]].tolist()
            records = self.env[model].browse(set(ids))
            texts = {record.id: record.display_name for record in records}
            for index, record_id in zip(rows.tolist(), ids, strict=True):
                named[index].append((code, texts[record_id]))
        return named

    @api.model
    def _name_orders(self, data, rows):
        """Dict item -> its purchase orders that come after its stock has run out, with quantity and day."""
        if not len(rows):
            return {}
        found = self._read_purchases(data.company, data.items["product_id"].to_numpy(int)[rows].tolist())
        keys = data.items[["product_id", "warehouse_id"]].to_numpy(int)[rows].tolist()
        named = {}
        for index, key in zip(rows.tolist(), keys, strict=True):
            out = data.monday + timedelta(weeks=int(data.risk.stock_out_week[index]))
            coming = found.get(tuple(key), [])
            # the plan expects the order later than its date says when the vendor usually is late
            later = [one for one in coming if one[0] >= out] or coming
            if later:
                named[index] = ", ".join(
                    f"{name}: {quantity:,.10g} ({day})" for day, name, quantity in later[:MOST_NAMED]
                )
        return named

    @api.model
    def _read_purchases(self, company, product_ids):
        """Dict (product, warehouse) -> list of (day, order, open quantity), soonest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.product_id, target.warehouse_id, min(m.date)::date AS day, o.name,
                       round(sum(m.product_qty)::numeric, 2)::float8
                  FROM stock_move m
                  JOIN stock_location target ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
                  JOIN purchase_order_line l ON l.id = m.purchase_line_id
                  JOIN purchase_order o ON o.id = l.order_id
                 WHERE m.state IN %s AND m.company_id = %s AND m.product_id = ANY(%s)
              GROUP BY m.product_id, target.warehouse_id, o.id
              ORDER BY day, o.name
                """,
                MOVES_TO_COME,
                company.id,
                product_ids,
            )
        )
        found = {}
        for product_id, warehouse_id, *order in rows:
            found.setdefault((product_id, warehouse_id), []).append(order)
        return found
