from odoo import fields, models


class SaleOrder(models.Model):
    """The choice of carrier and warehouse on an order."""

    _inherit = "sale.order"

    scm_choice_ids = fields.One2many("scm.carrier.choice", "order_id", "Choices of Carriers")
    scm_ship_from_ids = fields.One2many("scm.ship.from", "order_id", "Where to Ship from")

    def action_scm_choose_carrier(self):
        """Compare the carriers, and the warehouses where there are several."""
        self.env["scm.carrier.choice"].propose_for("sale.order", self.ids)
        self.env["scm.ship.from"].propose_for(self.ids)
        return True
