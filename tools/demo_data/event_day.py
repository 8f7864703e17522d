"""The event page: what the forecast would have said of Double 11, and an event that runs now."""

from datetime import datetime, time, timedelta

import numpy as np
from odoo import fields
from odoo.fields import Command

from odoo.addons.scm_base.tools.zones import local_moment, local_today, utc_moment, zone_name

#: share of the orders in each hour of the day: quiet night, noon, and the evening rush
HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 8, 6, 5, 5, 5, 5, 6, 8, 10, 10, 8, 5)
#: orders of a day of the event, and how many at least come on top of what the replay made (it ends yesterday)
ORDERS, EXTRA = 220, 60
#: days that the event has run before today, and runs on after it
BEFORE, AFTER = 1, 1
#: what is taken over from an order that was delivered lately; the copy is open
ORDER = {
    "effective_date": "NULL",
    "delivery_status": "'pending'",
    "invoice_status": "'to invoice'",
    "access_token": "NULL",
    "date_order": "m.at",
    "create_date": "m.at",
    "write_date": "m.at",
    "name": "m.name",
    "scm_date_promised": "m.at::date + 3",
}
LINE = {"qty_delivered": "0", "qty_invoiced": "0", "create_date": "m.at", "write_date": "m.at"}
PICKING = {
    "state": "'confirmed'",
    "date_done": "NULL",
    "scheduled_date": "m.due",
    "date_deadline": "m.due",
    "create_date": "m.at",
    "write_date": "m.at",
    "origin": "m.name",
    "name": "m.picking_name",
    "sale_id": "m.new",
}
MOVE = {
    "state": "'confirmed'",
    "picked": "FALSE",
    "quantity": "0",
    "value": "NULL",
    "date": "m.due",
    "date_deadline": "m.due",
    "create_date": "m.at",
    "write_date": "m.at",
    "origin": "m.name",
    "reference": "m.picking_name",
}


def start_event(env, company) -> int:
    """Let an event run now, before anybody counts the orders of yesterday; how many came in it."""
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    return _running_event(env, company) if _double_11(env, company) else 0


def follow_event(env, company):
    """Make the last Double 11 ready for its replay, and read the event that runs."""
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    if double_11 := _double_11(env, company):
        env["scm.event.page"].rework_forecast(double_11.id)
        env["scm.event.watch"]._follow(company)


def _double_11(env, company):
    """The last one, of a company that has sold something."""
    if "scm.event.watch" not in env or not env["sale.order"].search_count([("company_id", "=", company.id)], limit=1):
        return None
    return env["scm.event.occurrence"].search(
        [("event_id.name", "=like", "Double 11%"), ("date_end", "<", local_today(company))], limit=1
    )


def _running_event(env, company):
    zone = zone_name(company)
    now = local_moment(fields.Datetime.now(), zone)
    first = now.date() - timedelta(days=BEFORE)
    env["scm.event"].create(
        {
            "name": "Thank-You Days",
            "kind": "festival",
            "source": "manual",
            "company_id": company.id,
            "expected_uplift": 0.3,
            "occurrence_ids": [Command.create({"date_start": first, "date_end": now.date() + timedelta(days=AFTER)})],
        }
    )
    midnight = utc_moment(datetime.combine(first, time()), zone)
    there = env["sale.order"].search_count([("company_id", "=", company.id), ("date_order", ">=", midnight)])
    moments = [utc_moment(moment, zone) for moment in _moments(first, now, max(ORDERS - there, EXTRA))]
    return _copy_orders(env, company, moments)


def _moments(first, now, yesterday):
    """Local moments of the new orders, in order; ``yesterday``: how many of them."""
    rng = np.random.default_rng(11)
    shares = np.array(HOURS) / sum(HOURS)
    found = []
    for day in range(BEFORE + 1):
        midnight = datetime.combine(first + timedelta(days=day), time())
        hours = rng.choice(24, ORDERS if day == BEFORE else yesterday, p=shares)
        seconds = hours * 3600 + rng.integers(0, 3600, len(hours))
        found += [midnight + timedelta(seconds=int(second)) for second in seconds]
    return sorted(moment for moment in found if moment < now)


def _copy_orders(env, company, moments):
    """Open orders at these moments: what was ordered lately is ordered again, with a delivery that waits."""
    cr = env.cr
    env.flush_all()
    cr.execute(
        """
        SELECT sale.id, min(picking.id), min(picking.picking_type_id)
          FROM sale_order sale JOIN stock_picking picking ON picking.sale_id = sale.id
          JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
         WHERE sale.company_id = %s AND sale.state = 'sale' AND picking.state = 'done' AND sale.amount_untaxed < 8000
           AND sale.date_order >= %s
      GROUP BY sale.id HAVING count(*) = 1 ORDER BY md5(sale.id::text) LIMIT %s
        """,
        [company.id, fields.Datetime.now() - timedelta(days=60), len(moments)],
    )
    sources = cr.fetchall()
    sales, kinds = env["ir.sequence"], env["stock.picking.type"]
    rows = []
    for index, (moment, (order, picking, kind)) in enumerate(zip(moments, sources, strict=False)):
        # every seventh customer paid for express: it should leave within eight hours
        due = moment + timedelta(hours=8 if index % 7 == 0 else 36)
        names = sales.next_by_code("sale.order"), kinds.browse(kind).sequence_id.next_by_id()
        rows.append((order, picking, moment, due, *names))
    if not rows:
        return 0
    cr.execute(
        "CREATE TEMP TABLE demo_order (old int, picking int, at timestamp, due timestamp, name varchar,"
        " picking_name varchar, new int DEFAULT nextval('sale_order_id_seq'),"
        " new_picking int DEFAULT nextval('stock_picking_id_seq'),"
        " reference int DEFAULT nextval('stock_reference_id_seq')) ON COMMIT DROP"
    )
    cr.execute_values("INSERT INTO demo_order (old, picking, at, due, name, picking_name) VALUES %s", rows)
    cr.execute(
        """
        CREATE TEMP TABLE demo_line ON COMMIT DROP AS
        SELECT line.id AS old_line, nextval('sale_order_line_id_seq')::int AS id, m.*
          FROM demo_order m JOIN sale_order_line line ON line.order_id = m.old;
        CREATE TEMP TABLE demo_move ON COMMIT DROP AS
        SELECT move.id AS old_move, nextval('stock_move_id_seq')::int AS id, line.id AS line, m.*
          FROM demo_order m JOIN stock_move move ON move.picking_id = m.picking
          JOIN demo_line line ON line.old_line = move.sale_line_id
        """
    )
    _copy(cr, "sale_order", "demo_order", "m.old", ORDER | {"id": "m.new"})
    _copy(cr, "sale_order_line", "demo_line", "m.old_line", LINE | {"id": "m.id", "order_id": "m.new"})
    _copy(cr, "stock_picking", "demo_order", "m.picking", PICKING | {"id": "m.new_picking"})
    ids = {"id": "m.id", "picking_id": "m.new_picking", "sale_line_id": "m.line"}
    _copy(cr, "stock_move", "demo_move", "m.old_move", MOVE | ids)
    cr.execute(
        """
        INSERT INTO stock_reference (id, name, create_date, write_date) SELECT reference, name, at, at FROM demo_order;
        INSERT INTO stock_reference_sale_rel (sale_id, reference_id) SELECT new, reference FROM demo_order;
        INSERT INTO stock_reference_move_rel (move_id, reference_id) SELECT id, reference FROM demo_move
        """
    )
    env.invalidate_all()
    return len(rows)


def _copy(cr, table, mapping, old, values):
    """Copy the rows of a table that a mapping names; ``values`` are SQL over the mapping ``m``."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [column for (column,) in cr.fetchall()]
    values = {column: value for column, value in values.items() if column in columns}
    names = ", ".join(f'"{column}"' for column in columns)
    terms = ", ".join(values.get(column, f't."{column}"') for column in columns)
    cr.execute(f'INSERT INTO "{table}" ({names}) SELECT {terms} FROM {mapping} m JOIN "{table}" t ON t.id = {old}')
