from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scm_return import OPEN_STATES

#: what came out to customers less what came back, by lot; the units are those of the product
_DELIVERED = """
    SELECT move.sale_line_id, move.product_id, line.lot_id,
           SUM(CASE WHEN target.usage = 'customer' THEN line.quantity_product_uom
                    ELSE -line.quantity_product_uom END) AS quantity
      FROM stock_move_line line
      JOIN stock_move move ON move.id = line.move_id
      JOIN stock_location source ON source.id = line.location_id
      JOIN stock_location target ON target.id = line.location_dest_id
     WHERE move.sale_line_id IN %(lines)s AND move.state = 'done'
       AND (source.usage = 'customer') <> (target.usage = 'customer')
     GROUP BY move.sale_line_id, move.product_id, line.lot_id
"""
#: what is bespoken: asked and not yet here, or paid for and kept by the customer
_BESPOKEN = """
    SELECT sale_line_id, product_id, lot_id,
           SUM(CASE WHEN outcome = 'keep' THEN quantity
                    ELSE GREATEST(quantity - COALESCE(quantity_received, 0), 0) END) AS quantity
      FROM scm_return_line
     WHERE sale_line_id IN %(lines)s AND id NOT IN %(without)s AND is_unexpected IS NOT TRUE
       AND decision IS DISTINCT FROM 'refuse'
       AND (state IN %(open)s OR (outcome = 'keep' AND state IN ('settled', 'closed')))
     GROUP BY sale_line_id, product_id, lot_id
"""


class ScmReturn(models.Model):
    """Never more than was delivered, less what came back, less what other requests have bespoken."""

    _inherit = "scm.return"

    @api.model
    def _returnable(self, orders, without=None):
        """Units that may still be asked back of these orders.

        :param without: return lines that are not counted, because they are the ones being checked
        :return: ``{(sale line id, product id): {"free": float, "delivered": float, "lots": {lot id: free}}}``, in the
            product's unit; only goods that were delivered are in it
        """
        lines = tuple(orders.order_line.ids) or (0,)
        self.env["stock.move.line"].flush_model()
        self.env["stock.move"].flush_model(["sale_line_id", "state", "product_id"])
        self.env["scm.return.line"].flush_model()
        values = {"lines": lines, "without": tuple(without.ids if without else ()) or (0,), "open": OPEN_STATES}
        free = defaultdict(lambda: {"free": 0.0, "delivered": 0.0, "lots": defaultdict(float)})
        for sale_line, product, lot, quantity in self.env.execute_query(SQL(_DELIVERED, **values)):
            cell = free[sale_line, product]
            cell["free"] += quantity
            cell["delivered"] += quantity
            if lot:
                cell["lots"][lot] += quantity
        for sale_line, product, lot, quantity in self.env.execute_query(SQL(_BESPOKEN, **values)):
            cell = free[sale_line, product]
            cell["free"] -= quantity
            if lot:
                cell["lots"][lot] -= quantity
        return {key: {**cell, "lots": dict(cell["lots"])} for key, cell in free.items() if cell["delivered"] > 0}

    def _check_quantities(self):
        """Raise where a return asks for more than is free. Two requests for one order at once cannot both pass."""
        orders = self.order_id
        orders._scm_touch_returns()
        free = self._returnable(orders, without=self.line_ids)
        asked, by_lot = defaultdict(float), defaultdict(float)
        for line in self.line_ids.filtered(lambda line: not line.is_unexpected):
            line._check_sense()
            asked[line.sale_line_id.id, line.product_id.id] += line.quantity
            by_lot[line.sale_line_id.id, line.product_id.id, line.lot_id.id] += line.quantity
        for (sale_line, product, lot), quantity in by_lot.items():
            cell = free.get((sale_line, product), {"free": 0.0, "lots": {}})
            self._check_free(sale_line, product, asked[sale_line, product], cell["free"])
            if lot:
                self._check_lot(sale_line, product, lot, quantity, cell["lots"])

    def _check_free(self, sale_line, product, asked, free):
        product = self.env["product.product"].browse(product)
        if product.uom_id.compare(asked, max(free, 0.0)) > 0:
            order = self.env["sale.order.line"].browse(sale_line).order_id
            raise UserError(
                self.env._(
                    "%(product)s of order %(order)s: %(asked)g %(unit)s cannot be returned, %(free)g can. The rest was "
                    "not delivered, has come back, or is in another return.",
                    product=product.display_name,
                    order=order.name,
                    asked=asked,
                    free=max(free, 0.0),
                    unit=product.uom_id.name,
                )
            )

    def _check_lot(self, sale_line, product, lot, asked, lots):
        # sudo: only the number of the lot is named
        lot, product = self.env["stock.lot"].sudo().browse(lot), self.env["product.product"].browse(product)
        if product.uom_id.compare(asked, max(lots.get(lot.id, 0.0), 0.0)) > 0:
            raise UserError(
                self.env._(
                    "%(lot)s of %(product)s: this lot or serial number was not delivered with order %(order)s, or is "
                    "already being returned.",
                    lot=lot.name,
                    product=product.display_name,
                    order=self.env["sale.order.line"].browse(sale_line).order_id.name,
                )
            )
