import math

from odoo import models
from odoo.exceptions import AccessError, UserError

MAX_UNITS = 1e9
MAX_ROWS = 500
#: states in which goods may come
COMING = ("approved", "in_transit", "received")


class ScmReturn(models.Model):
    """Receipt by program and from the inspection page."""

    _inherit = "scm.return"

    def receive(self, rows=None, final=False):
        """Book what came back of one return, by validating its receipt.

        :param list rows: dicts with ``line_id``, or ``product`` (barcode, internal reference or id) for goods that
            nobody announced, ``quantity`` (product's unit, 0 for nothing) and optional ``lot`` (name); without rows
            all that was approved has come
        :param bool final: the rest will not come: no backorder. With quantities of 0 only: the parcel was empty
        :return: see :meth:`inspection_data`
        :raise UserError: where a row cannot be meant; nothing is booked then
        """
        self._check_warehouse_user()
        request = self._one_to_handle()
        if request.state not in COMING:
            raise UserError(
                self.env._(
                    "%(request)s is “%(state)s”: goods are received between approval and inspection.",
                    request=request.name,
                    state=request._state_label(request.state),
                )
            )
        wanted = request._receipt_rows(rows or [])
        # sudo: the right to receive was checked, and the rows are of this return; orders are not the warehouse's
        request.sudo()._book_receipt(wanted, bool(final))
        return request.inspection_data()

    def _check_warehouse_user(self):
        """Raise unless the user works in the warehouse."""
        if not (self.env.su or self.env.user.has_group("stock.group_stock_user")):
            raise AccessError(self.env._("Goods are received and inspected by users of the inventory app."))
        self.check_access("write")

    def _one_to_handle(self):
        """The one return that is meant, which no other transaction may change meanwhile."""
        request = self.exists()
        if len(request) != 1:
            raise UserError(self.env._("Name one return that exists."))
        # sudo: a counter that makes two inspections at once wait for each other; the right was checked before
        request.order_id.sudo()._scm_touch_returns()
        return request

    def _row_quantity(self, row, name, default=None):
        """The quantity of a row, at least 0 and a number."""
        value = row.get("quantity", default)
        try:
            quantity = float(value)
        except (TypeError, ValueError):
            quantity = math.nan
        if not 0 <= quantity <= MAX_UNITS or isinstance(value, bool):
            raise UserError(
                self.env._(
                    "%(item)s: “%(quantity)s” is no quantity. Say a number, 0 or more.", item=name, quantity=value
                )
            )
        return quantity

    def _check_countable(self, product, quantity):
        """Raise on fractions that the product's unit does not have."""
        if not self.env["scm.return.line"].new({"product_id": product.id})._is_countable(quantity):
            raise UserError(
                self.env._(
                    "%(product)s is counted in whole %(unit)s only.",
                    product=product.display_name,
                    unit=product.uom_id.name,
                )
            )

    def _row_line(self, row):
        """The line that a row names; lines of other returns are not found."""
        line = self.line_ids.filtered(lambda line: line.id == row.get("line_id"))
        if not line:
            raise UserError(self.env._("%(request)s has no such item.", request=self.name))
        return line

    def _check_rows(self, rows):
        if not isinstance(rows, list | tuple) or len(rows) > MAX_ROWS or not all(isinstance(row, dict) for row in rows):
            raise UserError(self.env._("Rows are a list of at most %(count)s dictionaries.", count=MAX_ROWS))

    def _receipt_rows(self, rows):
        """Rows of :meth:`receive` as ``(line or None, product, quantity, lot)``."""
        self._check_rows(rows)
        wanted = []
        for row in rows:
            line = self._row_line(row) if row.get("line_id") else self.env["scm.return.line"]
            product = line.product_id or self._find_product(row.get("product"))
            if not line:
                line = self.line_ids.filtered(lambda line, product=product: line.product_id == product)[:1]
            quantity = self._row_quantity(row, product.display_name)
            self._check_countable(product, quantity)
            wanted.append((line, product, quantity, self._find_lot(product, row.get("lot"))))
        return wanted

    def _find_product(self, code):
        """The product with this barcode, internal reference or id."""
        products = self.env["product.product"].with_company(self.company_id)
        if isinstance(code, int) and not isinstance(code, bool):
            found = products.browse(code).exists()
        else:
            code = str(code or "").strip()
            found = code and (
                products.search([("barcode", "=", code)], limit=1)
                or products.search([("default_code", "=", code)], limit=1)
            )
        if not found or found.type != "consu":
            raise UserError(self.env._("“%(code)s” is no product that is kept in stock.", code=code))
        if found.company_id and found.company_id != self.company_id:
            raise UserError(self.env._("“%(code)s” is no product that is kept in stock.", code=code))
        return found

    def _find_lot(self, product, name):
        lots = self.env["stock.lot"]
        if not name:
            return lots
        found = lots.search([("product_id", "=", product.id), ("name", "=", str(name).strip())], limit=1)
        if not found:
            raise UserError(
                self.env._(
                    "%(lot)s is not a lot or serial number of %(product)s.", lot=name, product=product.display_name
                )
            )
        return found

    # Booking

    def _book_receipt(self, wanted, final):
        """Validate the open receipts with these quantities; in sudo."""
        opened = self._open_receipt_moves()
        if wanted:
            parts = self._receipt_parts(wanted, opened)
        else:
            parts = [(move, self.env["stock.lot"], move.product_uom_qty) for move in opened]
        parts = [part for part in parts if part[2] > 0]
        if not parts and not final:
            raise UserError(
                self.env._(
                    "%(request)s: no goods are on their way that could be received. If the parcel was empty, say that "
                    "the rest will not come.",
                    request=self.name,
                )
            )
        moves = self.env["stock.move"].union(*(move for move, _lot, _units in parts)) if parts else opened.browse()
        (opened | moves).write({"picked": False})
        for move in moves:
            move._scm_fill([(lot, units) for one, lot, units in parts if one == move])
        self._validate_receipts(moves.picking_id, final)
        if final:
            self._open_receipt_moves().picking_id.action_cancel()
            self.filtered(lambda request: request.state in ("approved", "in_transit"))._move_to("received")

    def _open_receipt_moves(self):
        """Moves of these returns whose goods have not come."""
        return self.line_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.location_id.usage == "customer"
        )

    def _receipt_parts(self, wanted, opened):
        """``[(move, lot, quantity in the move's unit)]`` for the rows; goods without a move get one."""
        parts, taken = [], {}
        for line, product, quantity, lot in wanted:
            moves = opened.filtered(lambda move, line=line: line and move.scm_return_line_id == line)
            if not moves and quantity:
                moves = self._add_receipt_move(line, product, quantity)
            for number, move in enumerate(moves):
                free = move.product_qty - taken.get(move, 0.0)
                part = quantity if number == len(moves) - 1 else min(free, quantity)
                quantity -= part
                taken[move] = taken.get(move, 0.0) + part
                parts.append((move, lot, product.uom_id._compute_quantity(part, move.product_uom)))
        return parts

    def _add_receipt_move(self, line, product, quantity):
        """A move for goods that none of the open ones brings, in an open receipt of the return or a new one."""
        pickings = self.picking_ids
        if not pickings:
            raise UserError(
                self.env._("%(request)s has no receipt. Approve it again, then its receipt is made.", request=self.name)
            )
        picking = pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        if not picking:
            picking = pickings[:1].copy({"move_ids": [], "move_line_ids": [], "scm_return_id": self.id})
        sale_line = line.sale_line_id or self.order_id.order_line.filtered(lambda one: one.product_id == product)[:1]
        return self.env["stock.move"].create(
            {
                "picking_id": picking.id,
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "company_id": picking.company_id.id,
                "scm_return_line_id": line.id,
                "sale_line_id": sale_line.id,
                "to_refund": bool(sale_line),
                "origin_returned_move_id": line.move_ids.origin_returned_move_id[:1].id,
            }
        )

    def _validate_receipts(self, pickings, final):
        for picking in pickings:
            if picking.state == "draft":
                picking.action_confirm()
            context = {"skip_backorder": True, "skip_sms": True}
            if final:
                context["picking_ids_not_to_backorder"] = picking.ids
            picking.with_context(**context).button_validate()
