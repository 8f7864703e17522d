from odoo import models
from odoo.tools import SQL


class StockMove(models.Model):
    """Moves that ask for a count: a pick that empties a place, and one that took less than it should."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        short = self._scm_short_picks()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        rows = moves._scm_emptied_places() + self._scm_unexplained(short)
        if rows:
            self.env["scm.count.task"]._ask(rows)
        return moves

    def _scm_short_picks(self):
        """``{(place, product): (missing in the product's unit, name of the transfer)}`` where warehouses ask for it."""
        missing = {}
        for move in self:
            if move.state in ("done", "cancel") or move.is_inventory or not move.picked or move.scrap_id:
                continue
            left = move.product_uom_qty - move.quantity
            if move.product_uom.compare(left, 0.0) <= 0:
                continue
            left = move.product_uom._compute_quantity(left, move.product_id.uom_id, round=False)
            for place in move.move_line_ids.location_id:
                if place.usage == "internal" and place.warehouse_id.scm_count_short:
                    missing[place.id, move.product_id.id] = (left, move.picking_id.name or move.reference or "")
        return missing

    def _scm_unexplained(self, short):
        """Those of the short picks where the book still holds what was not picked."""
        if not short:
            return []
        self.env["stock.quant"].flush_model()
        places, products = zip(*short, strict=True)
        rows = self.env.execute_query(
            SQL(
                """SELECT location_id, product_id, SUM(quantity) FROM stock_quant
                    WHERE location_id = ANY(%s) AND product_id = ANY(%s) GROUP BY 1, 2""",
                list(places),
                list(products),
            )
        )
        why = self.env["scm.count.task"]._why_asked
        return [
            (
                self.env["stock.location"].browse(place),
                self.env["product.product"].browse(product),
                "demand",
                "short_pick",
                why("short_pick", short[place, product][1]),
            )
            for place, product, book in rows
            if (place, product) in short and book >= short[place, product][0]
        ]

    def _scm_emptied_places(self):
        """Places that a pick of these has emptied, in warehouses that want that confirmed."""
        picked = {}
        for line in self.move_line_ids:
            place, target = line.location_id, line.location_dest_id
            if place.usage != "internal" or not place.warehouse_id.scm_count_zero or line.state != "done":
                continue
            stock = place.warehouse_id.lot_stock_id.parent_path
            # goods that only change their place inside the stock, and corrections, are no picks
            if target.usage != "inventory" and not target.parent_path.startswith(stock):
                picked[place.id] = line.picking_id.name or line.reference or ""
        if not picked:
            return []
        self.env["stock.quant"].flush_model()
        empty = self.env.execute_query(
            SQL(
                """SELECT place.id FROM unnest(%s) AS place (id)
                    WHERE NOT EXISTS (SELECT FROM stock_quant WHERE location_id = place.id AND quantity != 0)
                    ORDER BY 1""",
                list(picked),
            )
        )
        why, nothing = self.env["scm.count.task"]._why_asked, self.env["product.product"]
        return [
            (self.env["stock.location"].browse(place), nothing, "zero", "emptied", why("emptied", picked[place]))
            for (place,) in empty
        ]
