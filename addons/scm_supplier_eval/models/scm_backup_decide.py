from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class ScmBackupProposal(models.Model):
    """What a buyer does with a backup."""

    _inherit = "scm.backup.proposal"

    def action_accept(self):
        """Ask the candidates for a quotation: one draft request for each, with all its products.

        :return: action that opens the requests
        """
        self._check_decision()
        orders = self.env["purchase.order"]
        for (company, partner), proposals in self.grouped(lambda one: (one.company_id, one.partner_id)).items():
            order = orders.with_company(company).create(proposals._prepare_request(company, partner))
            proposals._decide("accepted", order_id=order.id)
            orders += order
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests to Backup Suppliers"),
            "res_model": "purchase.order",
        }
        if len(orders) == 1:
            return action | {"res_id": orders.id, "views": [(False, "form")]}
        return action | {"domain": [("id", "in", orders.ids)], "views": [(False, "list"), (False, "form")]}

    def action_reject(self, reason=False):
        """Not this one: it is not proposed again for the product, until it is reopened.

        :param reason: what others should know
        """
        self._check_decision()
        self._decide("rejected", reason=reason or False)
        return True

    def action_reopen(self):
        """Take a decision back; a request that was made stays."""
        self._check_buyer()
        # sudo: the role is checked above; nobody writes proposals by hand
        self.sudo().write(
            {"state": "proposed", "reason": False, "user_id": False, "date_decided": False, "order_id": False}
        )
        return True

    def action_open_request(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    def _prepare_request(self, company, partner):
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "origin": self.env._("Backup supplier"),
            "order_line": [
                Command.create({"product_id": one.product_id.id, "product_qty": one.qty or 1.0}) for one in self
            ],
        }

    def _decide(self, state, **values):
        # sudo: each caller checked the role; nobody writes proposals by hand
        for company, proposals in self.grouped("company_id").items():
            proposals.sudo().write(
                {"state": state, "user_id": self.env.uid, "date_decided": company._scm_local_today(), **values}
            )

    def _check_buyer(self):
        if not self.env.user.has_group("purchase.group_purchase_user"):
            raise AccessError(self.env._("Only buyers decide about backup suppliers. Ask one of them."))
        self.check_access("read")

    def _check_decision(self):
        self._check_buyer()
        for one in self:
            if one.state != "proposed":
                raise UserError(
                    self.env._(
                        "“%(product)s” from %(supplier)s has been decided already. Reopen it to decide anew.",
                        product=one.product_id.display_name,
                        supplier=one.partner_id.display_name,
                    )
                )
