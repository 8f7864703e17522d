"""Does the loaded trade agree with itself? SQL over everything, and Odoo's own formulas over a sample."""

from __future__ import annotations

import random

# Each query counts rows that contradict each other; every count must be 0.
CONTRADICTIONS = {
    "stock on hand that is not the sum of the ledger": """
        SELECT count(*) FROM (
            SELECT product_id, location_id, SUM(quantity) AS quantity FROM (
                SELECT product_id, location_dest_id AS location_id, quantity_product_uom AS quantity
                  FROM stock_move_line WHERE state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity_product_uom FROM stock_move_line WHERE state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity FROM stock_quant) AS rows
             GROUP BY product_id, location_id HAVING abs(SUM(quantity)) > 1e-6) AS wrong""",
    "reserved stock that no open transfer holds": """
        SELECT count(*) FROM (
            SELECT product_id, location_id FROM (
                SELECT product_id, location_id, reserved_quantity AS quantity FROM stock_quant
                UNION ALL
                SELECT line.product_id, line.location_id, -line.quantity_product_uom
                  FROM stock_move_line line JOIN stock_location place ON place.id = line.location_id
                 WHERE line.state IN ('assigned', 'partially_available') AND place.usage = 'internal') AS rows
             GROUP BY product_id, location_id HAVING abs(SUM(quantity)) > 1e-6) AS wrong""",
    "stock below zero at some moment": """
        SELECT count(*) FROM (
            SELECT SUM(quantity) OVER (
                       PARTITION BY product_id, rows.location_id ORDER BY date, quantity DESC) AS balance FROM (
                SELECT product_id, location_dest_id AS location_id, quantity_product_uom AS quantity, date
                  FROM stock_move_line WHERE state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity_product_uom, date
                  FROM stock_move_line WHERE state = 'done') AS rows
              JOIN stock_location place ON place.id = rows.location_id AND place.usage = 'internal') AS balances
         WHERE balance < -1e-6""",
    "sale lines whose delivered quantity is not what the transfers say": """
        SELECT count(*) FROM (
            SELECT line.id FROM sale_order_line line
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
              LEFT JOIN stock_location target ON target.id = move.location_dest_id
             GROUP BY line.id, unit.factor
            HAVING abs(line.qty_delivered * unit.factor - COALESCE(SUM(
                       CASE WHEN target.usage = 'customer' THEN move.quantity ELSE -move.quantity END), 0)) > 1e-6)
            AS wrong""",
    "purchase lines whose received quantity is not what the transfers say": """
        SELECT count(*) FROM (
            SELECT line.id FROM purchase_order_line line
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN stock_move move ON move.purchase_line_id = line.id AND move.state = 'done'
             GROUP BY line.id, unit.factor
            HAVING abs(line.qty_received * unit.factor - COALESCE(SUM(move.quantity), 0)) > 1e-6) AS wrong""",
    "purchase lines whose transfers do not add up to what was ordered": """
        SELECT count(*) FROM (
            SELECT line.id FROM purchase_order_line line
              JOIN purchase_order o ON o.id = line.order_id AND o.state = 'purchase'
              LEFT JOIN stock_move move ON move.purchase_line_id = line.id AND move.state <> 'cancel'
             GROUP BY line.id HAVING abs(line.product_uom_qty - COALESCE(SUM(move.product_uom_qty), 0)) > 1e-6)
            AS wrong""",
    "orders whose total is not the sum of their lines": """
        SELECT count(*) FROM (
            SELECT o.id FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
             GROUP BY o.id HAVING abs(o.amount_total - SUM(l.price_total)) > 0.005
            UNION ALL
            SELECT o.id FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id
             GROUP BY o.id HAVING abs(o.amount_total - SUM(l.price_total)) > 0.005) AS wrong""",
    "moves without their details or with details of another quantity": """
        SELECT count(*) FROM (
            SELECT move.id FROM stock_move move LEFT JOIN stock_move_line detail ON detail.move_id = move.id
             WHERE move.state IN ('done', 'assigned')
             GROUP BY move.id HAVING abs(move.quantity - COALESCE(SUM(detail.quantity), 0)) > 1e-6) AS wrong""",
    "transfers whose state is not that of their moves": """
        SELECT count(DISTINCT pick.id) FROM stock_picking pick JOIN stock_move move ON move.picking_id = pick.id
         WHERE pick.state <> move.state
           -- of a transfer that may go in parts, some moves are reserved and others wait
           AND NOT (pick.state = 'assigned' AND move.state IN ('confirmed', 'partially_available')
                    AND EXISTS (SELECT FROM stock_move other WHERE other.picking_id = pick.id
                                   AND other.state IN ('assigned', 'partially_available')))""",
    "orders or transfers without lines": """
        SELECT (SELECT count(*) FROM sale_order o WHERE NOT EXISTS (SELECT FROM sale_order_line WHERE order_id = o.id))
             + (SELECT count(*) FROM purchase_order o
                WHERE NOT EXISTS (SELECT FROM purchase_order_line WHERE order_id = o.id))
             + (SELECT count(*) FROM stock_picking p
                WHERE NOT EXISTS (SELECT FROM stock_move WHERE picking_id = p.id))""",
    "transfers done before their order": """
        SELECT count(*) FROM stock_picking pick JOIN sale_order o ON o.id = pick.sale_id
         WHERE pick.date_done < o.date_order""",
}
# Stored figures that Odoo must find again when it computes them anew.
FORMULAS = {
    "sale.order": (
        "amount_untaxed",
        "amount_total",
        "delivery_status",
        "effective_date",
        "invoice_status",
        "warehouse_id",
    ),
    "sale.order.line": (
        "price_subtotal",
        "price_total",
        "price_reduce_taxexcl",
        "qty_delivered",
        "qty_to_invoice",
        "invoice_status",
        "untaxed_amount_to_invoice",
        "qty_delivered_method",
        "name",
    ),
    "purchase.order": (
        "amount_total",
        "amount_total_cc",
        "receipt_status",
        "effective_date",
        "invoice_status",
        "date_planned",
        "date_calendar_start",
    ),
    "purchase.order.line": ("price_subtotal", "product_uom_qty", "qty_received", "qty_to_invoice"),
    "stock.picking": ("state", "scheduled_date", "date_deadline", "has_deadline_issue", "sale_id", "location_id"),
    "stock.move": ("product_qty", "quantity", "packaging_uom_id", "packaging_uom_qty", "is_in", "is_out", "reference"),
    "stock.move.line": ("quantity_product_uom", "state"),
}


def problems(env, sample: int = 150, seed: int = 1) -> list[str]:
    """What is wrong, in words; empty when all agrees. Reads only: what it computes anew is rolled back."""
    env.flush_all()
    found = []
    for text, query in CONTRADICTIONS.items():
        env.cr.execute(query)
        count = env.cr.fetchone()[0]
        if count:
            found.append(f"{count} {text}")
    for model, names in FORMULAS.items():
        found += _differences(env, model, names, sample, seed)
    return found


def _differences(env, model, names, sample, seed):
    """Recompute stored fields of a random sample and compare."""
    ids = env[model].search([], order="id").ids
    records = env[model].browse(sorted(random.Random(seed).sample(ids, min(sample, len(ids)))))
    before = {name: {r.id: r[name] for r in records} for name in names}
    found = []
    savepoint = env.cr.savepoint()
    try:
        for name in names:
            env.add_to_compute(records._fields[name], records)
            records._recompute_recordset([name])
            wrong = [r for r in records if not _same(before[name][r.id], r[name])]
            if wrong:
                record = wrong[0]
                found.append(
                    f"{len(wrong)} of {len(records)} {model}: {name} is stored as {before[name][record.id]!r} and "
                    f"computed as {record[name]!r} ({record.display_name}, id {record.id})"
                )
    finally:
        savepoint.rollback()
        savepoint.close(rollback=False)
        env.invalidate_all(flush=False)
    return found


def _same(stored, computed) -> bool:
    if isinstance(stored, float):
        return abs(stored - computed) < 0.005
    return stored == computed
