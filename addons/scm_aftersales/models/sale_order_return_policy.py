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
