from odoo import api, fields, models
from odoo.exceptions import UserError

from .scm_ship_from_propose import OPEN


class ScmShipFrom(models.Model):
    """What people make of a proposal, and how it is shown on the order."""

    _inherit = "scm.ship.from"

    def apply(self):
        """Let the orders leave from the suggested warehouse; public, also over RPC.

        Open deliveries of a confirmed order are cancelled and made anew there. Nothing may have left yet.
        :return: number of orders that were changed
        """
        self.check_access("read")
        self._check_role()
        todo = self.filtered(lambda one: one.state == "proposed")
        for proposal in todo:
            proposal._move_order()
        todo._decide("applied")
        return len(todo)

    def action_apply(self):
        self.apply()
        return True

    def reject(self, reason):
        """Leave the orders where they are; the reason is kept. Public, also over RPC."""
        self.check_access("read")
        self._check_role()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the order stays where it is, so that all can learn from it."))
        if decided := self.filtered(lambda one: one.state not in OPEN):
            raise UserError(self.env._("“%s” was decided already.", decided[0].display_name))
        self._decide("rejected", reason.strip())
        return True

    def _move_order(self):
        order = self.order_id
        pickings = order.picking_ids.filtered(lambda one: one.state != "cancel")
        if order.state == "cancel" or any(one.state == "done" for one in pickings):
            raise UserError(
                self.env._("Something of “%s” has left already, or it is cancelled: it stays where it is.", order.name)
            )
        order.write({"warehouse_id": self.suggested_warehouse_id.id})
        if order.state == "sale":
            pickings.action_cancel()
            order.order_line._action_launch_stock_rule()

    def _decide(self, state, reason=False):
        # sudo: the role of the user was checked by each caller; nobody writes proposals by hand
        self.sudo().write(
            {"state": state, "user_id": self.env.uid, "date_decided": fields.Datetime.now(), "reason": reason}
        )

    @api.model
    def _panel_of(self, order):
        """What the panel of an order shows of its proposal."""
        proposal = self.search([("order_id", "=", order.id), ("state", "!=", "obsolete")], limit=1)
        if not proposal:
            return False
        # sudo: the user may read the proposal; warehouses and carriers in it are named, nothing else is shown
        warehouses = self.env["stock.warehouse"].sudo().browse([one["warehouse_id"] for one in proposal.options])
        carriers = (
            self.env["delivery.carrier"]
            .sudo()
            .browse(  # sudo: as above
                [one["carrier_id"] for one in proposal.options if one["carrier_id"]]
            )
        )
        names = {one.id: one.name for one in warehouses.exists()}
        methods = {one.id: one.name for one in carriers.exists()}
        return {
            "id": proposal.id,
            "state": proposal.state,
            "state_label": dict(self._fields["state"]._description_selection(self.env))[proposal.state],
            "warehouse_id": proposal.warehouse_id.id,
            "suggested_id": proposal.suggested_warehouse_id.id,
            "suggested": proposal.suggested_warehouse_id.name or "",
            "saving": proposal.saving,
            "reason": proposal.reason or "",
            "why": proposal.why or False,
            "options": [
                one
                | {
                    "warehouse": names[one["warehouse_id"]],
                    "carrier": methods.get(one["carrier_id"], ""),
                    "from_names": [names.get(warehouse_id, "") for warehouse_id in one["from"]],
                }
                for one in proposal.options
                if one["warehouse_id"] in names
            ],
        }
