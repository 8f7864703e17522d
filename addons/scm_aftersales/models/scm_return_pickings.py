from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..kernel.settlement import allocate

#: outcomes for which the order counts the goods as taken back; a repaired unit returns to the customer
_TAKEN_BACK = ("refund", "exchange", "credit")


class ScmReturn(models.Model):
    """Approved: the transfers that bring the goods back, made by Odoo's own way of returning deliveries."""

    _inherit = "scm.return"

    def _after_state(self, state):
        result = super()._after_state(state)
        if state == "approved":
            self._make_pickings()
        elif state in ("refused", "cancelled"):
            self._drop_pickings()
        return result

    def _make_pickings(self):
        """One transfer per delivery that brought the goods. What has its transfer already is left alone."""
        # sudo: who may approve a return need not be allowed to make transfers; the way here was checked
        for request in self.sudo():
            lines = request.line_ids.filtered(lambda line: line._comes_back() and not line.move_ids)
            given, short = allocate(lines._wanted(), lines._sources())
            if short:
                line = request.env["scm.return.line"].browse(next(iter(short)))
                raise UserError(
                    self.env._(
                        "%(request)s: of %(product)s, %(quantity)g %(unit)s are in no delivery that could be returned. "
                        "Look at the transfers of order %(order)s.",
                        request=request.name,
                        product=line.product_id.display_name,
                        quantity=short[line.id],
                        unit=line.uom_id.name,
                        order=request.order_id.name,
                    )
                )
            by_picking = defaultdict(list)
            for line, move, lot, quantity in given:
                by_picking[request.env["stock.move"].browse(move).picking_id].append((line, move, lot, quantity))
            for picking, parts in by_picking.items():
                request._return_picking(picking, parts)
        self.invalidate_recordset(["picking_ids"])

    def _return_picking(self, picking, parts):
        """Return parts [(line id, delivered move id, lot id or None, quantity)] of one delivery."""
        units = defaultdict(float)
        for line, move, _lot, quantity in parts:
            units[line, move] += quantity
        wizard = (
            self.env["stock.return.picking"]
            .with_company(self.company_id)
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create(
                {
                    "picking_id": picking.id,
                    "scm_return_id": self.id,
                    "product_return_moves": [
                        Command.create(self._wizard_line(line, move, quantity))
                        for (line, move), quantity in units.items()
                    ],
                }
            )
        )
        new = wizard._create_return()
        for move in new.move_ids:
            move.scm_return_line_id._put_lots(move)
        return new

    def _wizard_line(self, line, move, quantity):
        line, move = self.env["scm.return.line"].browse(line), self.env["stock.move"].browse(move)
        return {
            "product_id": line.product_id.id,
            "move_id": move.id,
            "quantity": line.uom_id._compute_quantity(quantity, move.product_uom, rounding_method="HALF-UP"),
            "to_refund": line._is_taken_back(),
            "scm_return_line_id": line.id,
        }

    def _drop_pickings(self):
        """Nothing is expected any more."""
        pickings = self.sudo().picking_ids  # sudo: as above
        done = pickings.filtered(lambda picking: picking.state == "done")
        if done:
            raise UserError(
                self.env._(
                    "%(request)s: %(transfer)s has brought goods back already. Inspect and settle the return instead.",
                    request=done[0].scm_return_id.name,
                    transfer=done[0].name,
                )
            )
        pickings.filtered(lambda picking: picking.state != "cancel").action_cancel()


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _comes_back(self):
        """Whether goods of this line are to come back."""
        return bool(
            self.sale_line_id
            and self.quantity > 0
            and self.decision != "refuse"
            and not self.is_unexpected
            and (self.outcome or self.wish) != "keep"
        )

    def _is_taken_back(self):
        """Whether the order counts the units as returned. A kit counts whole kits only: its components do not."""
        outcome = self.outcome or self.wish
        return outcome in _TAKEN_BACK and self.product_id == self.sale_line_id.product_id

    def _wanted(self):
        """What is asked for, as :func:`allocate` takes it."""
        return [
            (line.id, (line.sale_line_id.id, line.product_id.id), line.lot_id.id or None, line.quantity)
            for line in self
        ]

    def _sources(self):
        """Deliveries of the order lines that are not returned yet, newest first, as :func:`allocate` takes them."""
        moves = self.sale_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.location_dest_usage == "customer" and move.location_usage != "customer"
            )
        )
        sources = []
        for move in moves.sorted(lambda move: (move.date, move.id), reverse=True):
            lots = defaultdict(float)
            for line in move.move_line_ids:
                lots[line.lot_id.id or None] += line.quantity_product_uom
            for back in move.returned_move_ids.filtered(lambda back: back.state != "cancel"):
                _take_back(lots, back)
            sources.append((move.id, (move.sale_line_id.id, move.product_id.id), dict(lots)))
        return sources

    def _put_lots(self, move):
        """The transfer expects the lot that the customer named, and not another one of the same delivery."""
        for line in self.filtered("lot_id"):
            move.move_line_ids.filtered(lambda one, lot=line.lot_id: one.lot_id != lot).lot_id = line.lot_id


def _take_back(lots, move):
    """Subtract a return of a delivered move from its free lots: by its own lots, else from any."""
    product, left = move.product_id, 0.0
    for line in move.move_line_ids:
        lot = line.lot_id.id or None
        take = min(lots.get(lot, 0.0), line.quantity_product_uom)
        lots[lot] -= take
        left += line.quantity_product_uom - take
    if move.state != "done":
        planned = move.product_uom._compute_quantity(move.product_uom_qty, product.uom_id, rounding_method="HALF-UP")
        left += max(planned - sum(line.quantity_product_uom for line in move.move_line_ids), 0.0)
    for lot in lots:
        take = min(max(lots[lot], 0.0), left)
        lots[lot] -= take
        left -= take
