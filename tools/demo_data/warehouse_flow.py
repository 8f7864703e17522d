"""When work on the transfers of the last months began, what waits on the dock, and the facts of the flow."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from .sales import UTC_OFFSET_HOURS

#: stamps were introduced so many days ago; of what was before nobody knows
STAMP_DAYS = 100
#: receipts whose goods came and that nobody has booked as yet, hours before the last midnight
ON_DOCK_HOURS = (5, 31)
IN_WORK = 6


def create_flow(env, master, today) -> int:
    """Stamps as the people on the floor leave them, and the flow read from all transfers; count of transfers."""
    if "scm.flow.fact" not in env:
        return 0
    env.flush_all()
    midnight = datetime.combine(today, time()) - timedelta(hours=UTC_OFFSET_HOURS)
    # minutes by the number of the transfer: the same in each demo, and like chance
    env.cr.execute(
        """
        UPDATE stock_picking picking
           SET scm_started_at = picking.date_done - interval '1 minute' * CASE type.code
                   WHEN 'incoming' THEN 20 + (picking.id * 7919) %% 190
                   ELSE 3 + (picking.id * 7919) %% 11 END
          FROM stock_picking_type type
         WHERE type.id = picking.picking_type_id AND picking.state = 'done' AND picking.company_id = %s
           AND type.code IN ('incoming', 'outgoing') AND picking.date_done >= %s""",
        [master.company.id, midnight - timedelta(days=STAMP_DAYS)],
    )
    env.invalidate_all()
    _on_dock(env, master, midnight)
    _in_work(env, master, midnight)
    facts = env["scm.flow.fact"]
    count = facts._refresh(master.company, full=True)
    facts._check_flow(master.company)
    return count


def _on_dock(env, master, midnight):
    for warehouse in master.warehouses:
        due = env["stock.picking"].search(
            [("picking_type_id", "=", warehouse.in_type_id.id), ("state", "=", "assigned"), ("return_id", "=", False)],
            order="scheduled_date, id",
            limit=len(ON_DOCK_HOURS),
        )
        for receipt, hours in zip(due, ON_DOCK_HOURS, strict=False):
            receipt.scm_started_at = midnight - timedelta(hours=hours)


def _in_work(env, master, midnight):
    """The first of what is ready has been begun in the evening."""
    for warehouse in master.warehouses:
        ready = env["stock.picking"].search(
            [("picking_type_id", "=", warehouse.out_type_id.id), ("state", "=", "assigned")],
            order="date_deadline, id",
            limit=IN_WORK,
        )
        for number, picking in enumerate(ready):
            picking.scm_started_at = midnight - timedelta(minutes=90 - 11 * number)
