from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    scm_inspection_ids = fields.One2many("scm.receipt.inspection", "picking_id", "Inspections")
    scm_inspection_count = fields.Integer(compute="_compute_scm_inspection_count")
    scm_can_inspect = fields.Boolean(compute="_compute_scm_can_inspect")

    def _compute_scm_inspection_count(self):
        counts = dict(
            self.env["scm.receipt.inspection"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.scm_inspection_count = counts.get(picking._origin, 0)

    def _compute_scm_can_inspect(self):
        for picking in self:
            picking.scm_can_inspect = picking.state in ("assigned", "done") and bool(picking._scm_moves_to_inspect())

    def _scm_moves_to_inspect(self):
        """Moves that bring goods from a vendor; not what goes back to him, and not what is exchanged."""
        return self.move_ids.filtered(
            lambda move: (
                move.purchase_line_id
                and move.location_id.usage in ("supplier", "transit")
                and move.state != "cancel"
                and not move.origin_returned_move_id
            )
        )

    def _action_done(self):
        # purchase_stock acknowledges the order of each receipt, which the vendor did not do
        return super(StockPicking, self.with_context(scm_acknowledged_by_receipt=True))._action_done()

    def action_scm_inspect(self):
        """Open the inspections of this receipt, one per product, made where they are missing.

        :return: an action: the form when there is one product, else cards
        """
        self.ensure_one()
        inspections = self.env["scm.receipt.inspection"]
        inspections.check_access("create")
        if not self.scm_can_inspect:
            raise UserError(
                self.env._("%(receipt)s brings nothing from a vendor that could be inspected.", receipt=self.name)
            )
        known = inspections.search([("picking_id", "=", self.id)])
        moves = defaultdict(self.env["stock.move"].browse)
        for move in self._scm_moves_to_inspect():
            moves[move.product_id, move.purchase_line_id] |= move
        fresh = [group for group in moves.values() if not group & known.move_id]
        known |= inspections.create([{"move_id": group[0].id} for group in fresh])
        return known._action_open()
