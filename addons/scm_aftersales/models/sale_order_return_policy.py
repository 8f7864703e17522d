from odoo import fields, models


class SaleOrder(models.Model):
    """The return policy of the day of purchase stays with the order."""

    _inherit = "sale.order"

    scm_return_version_id = fields.Many2one(
        "scm.return.policy.version",
        "Return Policy",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="In force when the order was confirmed; later versions do not change it.",
    )

    def _action_confirm(self):
        result = super()._action_confirm()
        versions = self.env["scm.return.policy"]._in_force(self.company_id)
        for company, orders in self.filtered(lambda one: not one.scm_return_version_id).grouped("company_id").items():
            if versions[company]:
                orders.scm_return_version_id = versions[company]
        return result

    def _scm_return_versions(self):
        """``{order: (version, whether it was kept at confirmation)}``; orders of before policies take today's."""
        without = self.filtered(lambda order: not order.scm_return_version_id)
        today = self.env["scm.return.policy"]._in_force(without.company_id) if without else {}
        # sudo: the version decides, whoever asks; the order has been let see
        return {
            order: (order.sudo().scm_return_version_id, True)
            if order.scm_return_version_id
            else (today[order.company_id], False)
            for order in self
        }
