from odoo import api, models
from odoo.exceptions import UserError


class ScmCarrierChoice(models.Model):
    """What the panel on a delivery or an order shows, in one read."""

    _inherit = "scm.carrier.choice"

    @api.model
    @api.readonly
    def get_panel(self, res_model, res_id):
        """Candidates of a delivery or an order with their expected costs, best first; public, also over RPC.

        :return: ``{"choice": {...} or False, "ship_from": {...} or False, "currency_id", "can_decide", "can_ask"}``
        """
        if res_model not in ("stock.picking", "sale.order"):
            self.check_access("read")
            raise UserError(self.env._("Carriers are chosen for deliveries and orders, not for “%s”.", res_model))
        record = self.env[res_model].browse(res_id)
        record.check_access("read")
        if not self.has_access("read"):
            nothing = {"choice": False, "ship_from": False, "can_decide": False, "can_ask": False}
            return nothing | {"currency_id": record.company_id.currency_id.id}
        field = "picking_id" if res_model == "stock.picking" else "order_id"
        domain = [(field, "=", res_id), ("state", "!=", "obsolete")]
        if field == "order_id":
            domain.append(("picking_id", "=", False))
        choice = self.search(domain, limit=1, order="id DESC")
        allowed = self.env.user.has_groups("stock.group_stock_user,scm_base.scm_group_manager") or (
            field == "order_id" and self.env.user.has_group("sales_team.group_sale_salesman")
        )
        return {
            "choice": choice._panel_values() if choice else False,
            "ship_from": self.env["scm.ship.from"]._panel_of(record) if field == "order_id" else False,
            "currency_id": record.company_id.currency_id.id,
            "can_decide": allowed,
            "can_ask": allowed and record.state not in ("done", "cancel"),
        }

    def _panel_values(self):
        self.ensure_one()
        # sudo: the user may read the choice; its candidates are named, nothing else of them is shown
        names = {one.id: one.name for one in self.env["delivery.carrier"].sudo().browse(self._option_ids()).exists()}
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "state": self.state,
            "state_label": states[self.state],
            "carrier_id": self.carrier_id.id,
            "suggested_id": self.suggested_id.id,
            "chosen_id": self.chosen_id.id,
            "suggested": self.suggested_id.name or "",
            "saving": self.saving,
            "date_ship": self.date_ship.isoformat() if self.date_ship else False,
            "date_promised": self.date_promised.isoformat() if self.date_promised else False,
            "zone": self.zone_id.name or "",
            "class": self.class_id.name or "",
            "reason": self.reason or "",
            "user": self.sudo().user_id.name or "",  # sudo: the name of a colleague is no secret
            "why": self.why or False,
            "options": [
                one | {"carrier": names[one["carrier_id"]]}
                for one in (self.candidates or {}).get("options", [])
                if one["carrier_id"] in names
            ],
        }

    def _option_ids(self):
        return [one["carrier_id"] for one in (self.candidates or {}).get("options", [])]
