from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """The choice of the carrier on a delivery."""

    _inherit = "stock.picking"

    scm_choice_ids = fields.One2many("scm.carrier.choice", "picking_id", "Choice of the Carrier")

    def write(self, vals):
        result = super().write(vals)
        if "carrier_id" in vals and not self.env.context.get("scm_carrier_decided"):
            self._scm_note_carrier()
        return result

    def _scm_note_carrier(self):
        """A carrier that a person sets is a decision about the proposal that stands."""
        # sudo: nobody writes choices by hand; this only notes what the user was allowed to write on the delivery
        choices = (
            self.env["scm.carrier.choice"]
            .sudo()
            .search([("picking_id", "in", self.ids), ("state", "in", ("proposed", "agreed", "applied"))])
        )
        for carrier, ones in choices.grouped(lambda one: one.picking_id.carrier_id).items():
            followed = ones.filtered(lambda one, carrier=carrier: one.suggested_id == carrier)
            followed.filtered(lambda one: one.state == "proposed")._decide("applied")
            if carrier:
                (ones - followed)._decide("overridden", carrier, self.env._("Changed on the delivery"))

    def action_scm_choose_carrier(self):
        """Compare the carriers of this delivery."""
        self.env["scm.carrier.choice"].propose_for("stock.picking", self.ids)
        return True

    def _scm_check_open_delivery(self):
        for picking in self:
            if picking.picking_type_code != "outgoing":
                raise UserError(self.env._("“%s” is no delivery to a customer: it needs no carrier.", picking.name))
            if picking.state in ("done", "cancel"):
                raise UserError(self.env._("“%s” has left or was cancelled: its carrier stays.", picking.display_name))
            if not picking.partner_id:
                raise UserError(
                    self.env._("“%s” has no delivery address. Enter one to compare carriers.", picking.display_name)
                )
