from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ScmCarrierChoice(models.Model):
    """What people make of a proposal; each decision keeps who, when and why."""

    _inherit = "scm.carrier.choice"

    @api.model
    def propose_for(self, res_model, res_ids):
        """Propose a carrier for some deliveries or orders now, providers asked; also over RPC.

        :param res_model: ``stock.picking`` or ``sale.order``
        :param res_ids: ids of deliveries that are not done, or of quotations and orders
        :return: ids of the choices
        """
        self.check_access("read")
        if res_model not in ("stock.picking", "sale.order"):
            raise UserError(self.env._("Carriers are chosen for deliveries and orders, not for “%s”.", res_model))
        records = self.env[res_model].browse(res_ids).exists()
        records.check_access("read")
        self._check_role(records)
        choices = self.browse()
        for company, ones in records.grouped("company_id").items():
            if res_model == "stock.picking":
                ones._scm_check_open_delivery()
                choices += self.with_company(company)._propose(company, pickings=ones, live=True)
            else:
                choices += self.with_company(company)._propose(company, orders=ones, live=True)
        return choices.ids

    def apply(self):
        """Give the delivery (or the order and its open deliveries) the suggested carrier; also over RPC.

        What the customer pays for shipping stays as it is.
        :return: number of choices that were applied; those decided before are left alone
        """
        self.check_access("read")
        self._check_role(self)
        todo = self.filtered(lambda one: one.state == "proposed")
        todo._set_carriers()
        todo._decide("applied")
        return len(todo)

    def override(self, carrier_id, reason):
        """Take another carrier than the suggested one, or keep the present one; also over RPC.

        :param carrier_id: the carrier to take
        :param reason: words for the report that shows later what it cost
        """
        self.check_access("read")
        self._check_role(self)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why another carrier is better, so that all can learn from it."))
        carrier = self.env["delivery.carrier"].browse(carrier_id).exists()
        if not carrier:
            raise UserError(self.env._("Choose the carrier that the delivery should go with."))
        for choice in self:
            if choice.state not in ("proposed", "agreed", "applied"):
                raise UserError(self.env._("“%s” was decided already, or its delivery has left.", choice.display_name))
            if carrier.id not in {one["carrier_id"] for one in choice._allowed_options()}:
                raise UserError(
                    self.env._(
                        "%(carrier)s does not take “%(delivery)s”. Choose one of the carriers in the comparison.",
                        carrier=carrier.name,
                        delivery=choice.display_name,
                    )
                )
            choice._set_carriers(carrier)
            choice._decide("overridden", carrier, reason.strip())
        return True

    def action_apply(self):
        self.apply()
        return True

    def action_open_document(self):
        self.ensure_one()
        record = self.picking_id or self.order_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _allowed_options(self):
        return [one for one in (self.candidates or {}).get("options", []) if one.get("allowed")]

    def _set_carriers(self, carrier=None):
        """Write the carrier on deliveries and orders, with the rights of the user."""
        self._check_not_left()
        for suggested, choices in self.grouped(lambda one: carrier or one.suggested_id).items():
            orders = choices.filtered(lambda one: not one.picking_id).order_id
            pickings = choices.picking_id + orders.picking_ids.filtered(
                lambda one: one.state not in ("done", "cancel") and one.picking_type_code == "outgoing"
            )
            pickings.with_context(scm_carrier_decided=True).write({"carrier_id": suggested.id})
            orders.write({"carrier_id": suggested.id})

    def _check_not_left(self):
        for choice in self:
            if choice.picking_id.state in ("done", "cancel"):
                raise UserError(
                    self.env._("“%s” has left or was cancelled: its carrier stays.", choice.picking_id.name)
                )

    def _decide(self, state, carrier=None, reason=False):
        # sudo: the role of the user was checked by each caller; nobody writes choices by hand
        for chosen, choices in self.sudo().grouped(lambda one: carrier or one.suggested_id).items():
            choices.write(
                {
                    "state": state,
                    "chosen_id": chosen.id,
                    "user_id": self.env.uid,
                    "date_decided": fields.Datetime.now(),
                    "reason": reason,
                }
            )

    def _apply_by_rule(self):
        """Apply what a rule says is applied at once."""
        todo = self.filtered(
            lambda one: (
                one.state == "proposed"
                and one.rule_id.mode == "automatic"
                and one.picking_id.state not in ("done", "cancel")
            )
        )
        if todo:
            # sudo: a manager made the rule that applies these proposals
            todo.sudo()._set_carriers()
            todo._decide("applied")
            todo.sudo().write({"is_automatic": True})  # sudo: as above

    @api.model
    def _check_role(self, records):
        """Deliveries are decided by who ships, orders also by who sells."""
        groups = ["stock.group_stock_user", "scm_base.scm_group_manager"]
        if records._name == "sale.order" or (records._name == self._name and not records.picking_id):
            groups.append("sales_team.group_sale_salesman")
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._("Carriers are chosen by who ships or sells. Ask your warehouse to choose for you.")
            )
