from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel.inspection import left

#: units of each line that came from the customer
_CAME = """
    SELECT move.scm_return_line_id, SUM(line.quantity_product_uom)
      FROM stock_move_line line
      JOIN stock_move move ON move.id = line.move_id
      JOIN stock_location source ON source.id = line.location_id
      JOIN stock_location target ON target.id = line.location_dest_id
     WHERE move.scm_return_line_id IN %s AND move.state = 'done'
       AND source.usage = 'customer' AND target.usage <> 'customer'
     GROUP BY move.scm_return_line_id
"""


class ScmReturn(models.Model):
    """Receipt: what the transfers of a return brought, more or less than was asked for."""

    _inherit = "scm.return"

    def _goods_came(self, pickings):
        """Take over what these transfers brought; called in sudo when they are done."""
        self._adopt_moves(pickings)
        self._count_received()
        self.filtered(lambda request: request.state in ("approved", "in_transit"))._move_to("received")
        late = self.filtered(lambda request: request.state in ("inspected", "settled", "closed"))
        for request in late.filtered(lambda request: request.line_ids._left_to_grade()):
            request._note_late_goods()

    def _adopt_moves(self, pickings):
        """Give each move that belongs to no line one: the line of its product, else a new one, not announced."""
        values, moves = [], self.env["stock.move"]
        for move in pickings.move_ids.filtered(
            lambda move: move.state == "done" and not move.scm_return_line_id and move.location_id.usage == "customer"
        ):
            request = move.picking_id.scm_return_id
            line = request.line_ids.filtered(lambda line, move=move: line.product_id == move.product_id)[:1]
            if line:
                move.scm_return_line_id = line
            elif request:
                values.append(request._prepare_unexpected(move.product_id))
                moves |= move
        for move, line in zip(moves, self.env["scm.return.line"].create(values), strict=True):
            move.scm_return_line_id = line

    def _prepare_unexpected(self, product):
        """Values of a line for goods that nobody announced; of an order line of the order if it sold them."""
        sale_line = self.order_id.order_line.filtered(lambda line: line.product_id == product)[:1]
        return {
            "return_id": self.id,
            "sale_line_id": sale_line.id,
            "product_id": product.id,
            "quantity": 0.0,
            "is_unexpected": True,
            "decision": "review",
            "decision_text": self.env._("Came back without having been announced."),
        }

    def _count_received(self):
        """Received units per line from the moves; what exceeds the asked ones stands on a line of its own."""
        lines = self.line_ids
        came, extra = lines._came(), []
        own = lines.filtered(lambda line: not line.excess_of_id)
        excess_lines = {line.excess_of_id: line for line in lines - own}
        for line in own:
            units = came.get(line.id, 0.0)
            if line.is_unexpected:
                line.write({"quantity": units, "quantity_received": units})
                continue
            over = max(line.uom_id.round(units - line.quantity), 0.0)
            line.quantity_received = units - over
            if line in excess_lines:
                excess_lines[line].write({"quantity": over, "quantity_received": over})
            elif over:
                extra.append(line._prepare_excess(over))
        fresh = lines.filtered("is_unexpected") | self.env["scm.return.line"].create(extra)
        fresh.filtered(lambda line: not line.price_unit)._fill_prices()
        lines._drop_untrue_missing()

    def _note_late_goods(self):
        """Goods came after the inspection: back to it, or, where the money is out, a word to who is in charge."""
        self.ensure_one()
        if self.state == "inspected":
            self._back_to_received()
            return
        self.message_post(
            body=self.env._("More goods of this return came after it was settled. Inspect them, and settle by hand."),
            partner_ids=self.user_id.partner_id.ids,
        )

    def _back_to_received(self):
        """From inspected back to received; the time of the receipt stays."""
        # sudo: it follows from a receipt that the user was let book
        self.sudo().write({"state": "received", "date_inspected": False})


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    quantity_left = fields.Float(
        "To Inspect",
        digits="Product Unit",
        compute="_compute_quantity_left",
        compute_sudo=True,
        help="Units that came and are not graded yet.",
    )

    def _compute_quantity_left(self):
        graded = self._graded()
        for line in self:
            line.quantity_left = line._left_of(graded.get(line.id, {}))[0]

    def _came(self):
        """Units that came from the customer: ``{line id: quantity}``."""
        self.env["stock.move.line"].flush_model()
        self.env["stock.move"].flush_model(["scm_return_line_id", "state"])
        return dict(self.env.execute_query(SQL(_CAME, tuple(self.ids) or (0,))))

    def _expected(self):
        """Units that should come: none of what was refused or may be kept."""
        self.ensure_one()
        return 0.0 if self.decision == "refuse" or self.outcome == "keep" else self.quantity

    def _left_of(self, graded):
        """Units to grade and units that have not come, rounded to the unit; see the kernel."""
        self.ensure_one()
        return tuple(self.uom_id.round(part) for part in left(self._expected(), self.quantity_received, graded))

    def _left_to_grade(self):
        """Whether any unit that came is not graded."""
        graded = self._graded()
        return any(line.uom_id.compare(line._left_of(graded[line.id])[0], 0.0) > 0 for line in self)

    def _prepare_excess(self, units):
        self.ensure_one()
        return {
            "return_id": self.return_id.id,
            "sale_line_id": self.sale_line_id.id,
            "product_id": self.product_id.id,
            "quantity": units,
            "quantity_received": units,
            "is_unexpected": True,
            "excess_of_id": self.id,
            "price_unit": self.price_unit,
            "reason_id": self.reason_id.id,
            "wish": self.wish,
            "decision": "review",
            "decision_text": self.env._("More came back than was asked for."),
        }

    def _drop_untrue_missing(self):
        """What was said never to have come, and came after all, is no longer missing."""
        for line in self:
            never = line.inspection_ids.filtered(lambda one: one.grade == "missing" and not one.is_booked)
            short = max(line._expected() - line.quantity_received, 0.0)
            line._take_back_missing(never, sum(never.mapped("quantity")) - short)

    def _take_back_missing(self, inspections, units):
        for one in inspections:
            if self.uom_id.compare(units, 0.0) <= 0:
                break
            if self.uom_id.compare(units, one.quantity) >= 0:
                units -= one.quantity
                one.unlink()
            else:
                one.quantity -= units
                break

    # Goods that nobody asked about

    def action_accept(self):
        """Accept goods that came without having been announced: they are settled as their wish says. For agents.

        :return: True
        """
        self.return_id._check_agent()
        for line in self:
            if not line.is_unexpected or line.return_id.state not in ("received", "inspected"):
                raise UserError(
                    self.env._(
                        "%(product)s: only goods that came unasked are accepted here, until the return is settled.",
                        product=line.product_id.display_name,
                    )
                )
            if not line.sale_line_id:
                raise UserError(
                    self.env._(
                        "%(product)s was not sold with order %(order)s, so there is nothing to give back for it.",
                        product=line.product_id.display_name,
                        order=line.order_id.name,
                    )
                )
            line.write({"decision": "approve", "outcome": line.wish})
        return True
