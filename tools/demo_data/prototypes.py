"""One order of every kind, made by Odoo's own buttons and read back as raw rows, then rolled back.

`capture` plays a sale, a delivery, a return, a purchase, a receipt and an inventory in one warehouse. What comes back
are the rows that Odoo stores for them, the models for millions like them.
"""

from __future__ import annotations

from datetime import timedelta

from odoo import fields
from odoo.fields import Command


class _UndoError(Exception):
    """Leaves the savepoint without keeping what was made in it."""


def capture(env, master, warehouse) -> dict[str, dict]:
    """Rows by kind: `sale`, `sale_line`, `sale_pick`, `sale_move`, `sale_detail` and so on, see `_play`."""
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True, mail_notrack=True))
    return rows_of(env, lambda: _play(env, master, warehouse))


def rows_of(env, play) -> dict[str, dict]:
    """Raw rows by kind of the records that ``play()`` returns by kind; all that it did is undone."""
    found = {}
    try:
        with env.cr.savepoint():
            for kind, record in play().items():
                env.flush_all()
                env.cr.execute(f"SELECT * FROM {record._table} WHERE id = %s", [record.id])
                found[kind] = dict(zip([d.name for d in env.cr.description], env.cr.fetchone(), strict=False))
            raise _UndoError
    except _UndoError:
        env.invalidate_all()
    return found


def _play(env, master, warehouse):
    product, vendor = master.products[0], master.vendors[0]
    customer = env["res.partner"].create({"name": "Prototype"})
    kinds = {}
    stock = (
        env["stock.quant"]
        .with_context(inventory_mode=True)
        .create({"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "inventory_quantity": 10})
    )
    stock.action_apply_inventory()
    move = env["stock.move"].search([("product_id", "=", product.id), ("is_inventory", "=", True)], limit=1)
    kinds.update(inventory_move=move, inventory_detail=move.move_line_ids, quant=stock)
    kinds.update(_purchases(env, master, warehouse, product, vendor))
    kinds.update(_sales(env, warehouse, product, customer))
    return kinds


def _purchases(env, master, warehouse, product, vendor):
    kinds = {}
    # far from now: a second that passes while this runs must not make the prototype a late one
    planned = fields.Datetime.now() + timedelta(days=7)
    line = {"product_id": product.id, "product_qty": 100.0, "price_unit": 5.0, "date_planned": planned}
    for name, received in (("buy", True), ("buy_open", False)):
        order = env["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "picking_type_id": warehouse.in_type_id.id,
                "user_id": master.buyer_id,
                "order_line": [Command.create(line)],
            }
        )
        order.button_confirm()
        pick = order.picking_ids
        if received:
            _validate(pick)
        kinds.update(_five(name, order, pick))
    return kinds


def _sales(env, warehouse, product, customer):
    def order(quantity):
        return env["sale.order"].create(
            {
                "partner_id": customer.id,
                "warehouse_id": warehouse.id,
                "user_id": False,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
            }
        )

    kinds = {}
    for name, quantity in (("sale", 1.0), ("sale_open", 1.0), ("sale_waiting", 100000.0)):
        sale = order(quantity)
        sale.action_confirm()
        if name == "sale":
            _validate(sale.picking_ids)
            kinds.update(_back(env, sale.picking_ids))
        if name == "sale_waiting":
            sale.picking_ids.move_ids._do_unreserve()
        kinds.update(_five(name, sale, sale.picking_ids.filtered(lambda p: p.picking_type_id == warehouse.out_type_id)))
    cancelled, draft = order(1.0), order(1.0)
    cancelled._action_cancel()
    kinds.update(
        sale_cancelled=cancelled,
        sale_cancelled_line=cancelled.order_line,
        sale_draft=draft,
        sale_draft_line=draft.order_line,
    )
    return kinds


def _back(env, picking):
    wizard = env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking").create({})
    wizard.product_return_moves.quantity = 1
    back = wizard._create_return()
    _validate(back)
    return {"back_pick": back, "back_move": back.move_ids, "back_detail": back.move_line_ids}


def _validate(picking):
    for move in picking.move_ids:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    picking.with_context(skip_backorder=True, skip_sms=True).button_validate()


def _five(name, order, picking):
    kinds = {
        name: order,
        f"{name}_line": order.order_line,
        f"{name}_pick": picking,
        f"{name}_move": picking.move_ids,
        f"{name}_reference": picking.move_ids.reference_ids,
    }
    if picking.move_ids.move_line_ids:
        kinds[f"{name}_detail"] = picking.move_ids.move_line_ids
    return kinds
