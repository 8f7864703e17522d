from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..kernel.inspection import draw

#: states in which the money may be out already
PAID = ("settled", "closed")


class ScmReturnInspection(models.Model):
    """Where the grade sends the goods, and the way back."""

    _inherit = "scm.return.inspection"

    is_booked = fields.Boolean(
        readonly=True, copy=False, help="The units were booked as received, so that stock moves with the grade."
    )

    def _send_by_grade(self):
        """Move the goods where their grades say: one batch of stock moves; in sudo."""
        booked = self.filtered("is_booked")
        places = booked.line_id._standing_places()
        values = [vals for one in booked for vals in one._prepare_moves(places[one.line_id])]
        self.env["stock.move"].create(values)._action_done()

    def _prepare_moves(self, places):
        """Stock moves of one inspection; what is taken from ``places`` is no longer there for the next."""
        self.ensure_one()
        target, values = self._target_place(), []
        for number, units in draw([(n, self._there(place)) for n, place in enumerate(places)], self.quantity):
            place = places[number]
            place["quantity"] -= units
            if target and place["location"] != target:
                values.append(self._prepare_move(self.product_id, units, place["location"], target, place))
        if self.found_product_id:
            lost = self._lost_place(self.found_product_id)
            kept = self.warehouse_id._scm_refurbish_location()
            values.append(self._prepare_move(self.found_product_id, self.quantity, lost, kept, {}))
        return values

    def _there(self, place):
        return place["quantity"] if not self.lot_id or place["lot"] == self.lot_id else 0.0

    def _target_place(self):
        """Location for the grade; none if the goods stay where the receipt brought them."""
        warehouse = self.warehouse_id
        if self.grade == "A":
            return warehouse.scm_grade_a_location_id
        if self.grade == "B":
            return warehouse._scm_refurbish_location()
        if self.grade == "C":
            return warehouse._scm_scrap_location()
        return self._lost_place(self.product_id)

    def _lost_place(self, product):
        """Where stock differences of a product are booked."""
        return product.with_company(self.company_id).property_stock_inventory

    def _prepare_move(self, product, quantity, source, target, place):
        lot = self.lot_id if product == self.product_id else self.env["stock.lot"]
        common = {"product_id": product.id, "location_id": source.id, "location_dest_id": target.id}
        common["company_id"] = self.company_id.id
        return common | {
            "origin": self.return_id.name,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "scm_inspection_id": self.id,
            "picked": True,
            "move_line_ids": [
                Command.create(
                    common
                    | {
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "lot_id": lot.id,
                        "package_id": place["package"].id if place else False,
                        "owner_id": place["owner"].id if place else False,
                        "picked": True,
                    }
                )
            ],
        }

    # The way back

    def action_undo(self):
        """Take these inspections back, with the stock that they moved. Not once the return is settled.

        :return: True
        """
        returns = self.return_id
        returns._check_warehouse_user()
        self.check_access("read")
        for request in returns:
            if request.state in PAID:
                raise UserError(
                    self.env._(
                        "%(request)s is settled: its inspection can no longer be taken back.", request=request.name
                    )
                )
        # sudo: the right to inspect and the state were checked; nobody writes inspections directly
        self.sudo()._undo()
        return True

    def _undo(self):
        lines, returns = self.line_id, self.return_id
        returns.order_id._scm_touch_returns()
        back = self.env["stock.move"].create(
            [move._scm_prepare_reverse() for move in self.move_ids.filtered(lambda move: move.state == "done")]
        )
        back._action_done()
        self.attachment_ids.unlink()
        self.unlink()
        lines._fill_cause()
        returns.filtered(lambda request: request.state == "inspected")._back_to_received()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _scm_prepare_reverse(self):
        """Values of the move that takes this one back."""
        self.ensure_one()
        lines = [
            {
                "product_id": line.product_id.id,
                "product_uom_id": line.product_uom_id.id,
                "quantity": line.quantity,
                "lot_id": line.lot_id.id,
                "owner_id": line.owner_id.id,
                "package_id": line.result_package_id.id,
                "result_package_id": line.package_id.id,
                "location_id": line.location_dest_id.id,
                "location_dest_id": line.location_id.id,
                "company_id": line.company_id.id,
                "picked": True,
            }
            for line in self.move_line_ids
        ]
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_uom.id,
            "product_uom_qty": self.quantity,
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "company_id": self.company_id.id,
            "origin": self.origin,
            "origin_returned_move_id": self.id,
            "picked": True,
            "move_line_ids": [Command.create(line) for line in lines],
        }


class ScmReturnLine(models.Model):
    """Where the goods of a line are."""

    _inherit = "scm.return.line"

    def _receipt_places(self):
        """What receipts brought of these lines: dicts of line, lot, location, package, owner, quantity."""
        moves = (self | self.excess_of_id).move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        )
        by_line = {line.excess_of_id: line for line in self if line.excess_of_id}
        return [
            {
                "line": owner_line,
                "lot": part.lot_id,
                "location": part.location_dest_id,
                "package": part.result_package_id,
                "owner": part.owner_id,
                "quantity": part.quantity_product_uom,
            }
            for part in moves.move_line_ids
            for owner_line in (
                part.move_id.scm_return_line_id | by_line.get(part.move_id.scm_return_line_id, self.browse())
            )
            if owner_line in self
        ]

    def _standing_places(self):
        """``{line: places}``: where the goods stand now. What was put away since its receipt is in the stock."""
        places, wanted = defaultdict(list), self._receipt_places()
        there = self._on_hand({(place["line"].product_id.id, place["location"].id) for place in wanted})
        for place in wanted:
            line = place["line"]
            if line.uom_id.compare(there.get((line.product_id, place["location"]), 0.0), 0.0) <= 0:
                none = {"package": self.env["stock.package"], "owner": place["owner"]}
                place |= none | {"location": line.return_id.warehouse_id.lot_stock_id}
            places[line].append(place)
        return places

    def _on_hand(self, pairs):
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", [product for product, _location in pairs]),
                ("location_id", "in", [location for _product, location in pairs]),
            ],
            ["product_id", "location_id"],
            ["quantity:sum"],
        )
        return {(product, location): quantity for product, location, quantity in groups}
