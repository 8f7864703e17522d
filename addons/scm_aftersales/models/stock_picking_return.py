from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    scm_return_id = fields.Many2one(
        "scm.return", "Customer Return", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
    scm_exchange_id = fields.Many2one(
        "scm.return", "Exchange of Return", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _create_backorder_picking(self):
        """The rest of a partial receipt or exchange belongs to the same return."""
        backorder = super()._create_backorder_picking()
        if self.scm_return_id or self.scm_exchange_id:
            backorder.write({"scm_return_id": self.scm_return_id.id, "scm_exchange_id": self.scm_exchange_id.id})
        return backorder

    def action_scm_return(self):
        """Open the return of this transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_action")
        return action | {
            "views": [(False, "form")],
            "res_id": (self.scm_return_id or self.scm_exchange_id).id,
            "context": {},
        }
