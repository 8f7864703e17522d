from datetime import datetime

from odoo import fields, models

from odoo.addons.scm_base.tools.zones import local_day, zone_name


class SaleOrder(models.Model):
    """What was promised when the order was confirmed is kept as it was."""

    _inherit = "sale.order"

    scm_parcel_ids = fields.Many2many(
        "scm.parcel", "scm_parcel_sale_rel", "order_id", "parcel_id", "Parcels", copy=False, readonly=True
    )
    scm_parcel_count = fields.Integer(compute="_compute_scm_parcel_count", compute_sudo=True)
    scm_date_promised = fields.Date(
        "Delivery Promised", copy=False, readonly=True, help="Day promised when the order was confirmed; it stays."
    )
    scm_promise_source = fields.Selection(
        [
            ("commitment", "Day agreed with the customer"),
            ("lane", "Lane and cut-off"),
            ("odoo", "Lead times of products"),
        ],
        "Promise Made from",
        copy=False,
        readonly=True,
    )

    def _compute_scm_parcel_count(self):
        for order in self:
            order.scm_parcel_count = len(order.scm_parcel_ids)

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self.filtered(lambda order: not order.scm_date_promised):
            order.scm_date_promised, order.scm_promise_source = order._scm_promise()
        return result

    def action_draft(self):
        result = super().action_draft()
        # an order that is confirmed again is promised again
        drafts = self.filtered(lambda order: order.state == "draft")
        drafts.write({"scm_date_promised": False, "scm_promise_source": False})
        return result

    def _scm_promise(self):
        """(day, source): as frozen at confirmation, else the day agreed, the lane's, the one by Odoo's lead times."""
        self.ensure_one()
        if self.scm_date_promised:
            return self.scm_date_promised, self.scm_promise_source
        for moment, source in (
            (self.commitment_date, "commitment"),
            (self.scm_promise_date, "lane"),
            (self.expected_date, "odoo"),
        ):
            if isinstance(moment, datetime):
                moment = local_day(moment, zone_name(self.company_id, self.warehouse_id))
            if moment:
                return moment, source
        return False, False

    def action_scm_parcels(self):
        """Open the parcels of these orders."""
        return self.env["scm.parcel"]._open(self.scm_parcel_ids)
