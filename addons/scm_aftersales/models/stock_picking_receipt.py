from odoo import models


class StockPicking(models.Model):
    """A transfer that brings goods of a return tells the return what came."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        # sudo: who books the receipt need not be allowed to write on returns; only quantities of his transfer go there
        pickings = self.sudo().filtered(lambda picking: picking.state == "done")
        returns = pickings.scm_return_id | pickings.move_ids.scm_return_line_id.return_id
        if returns:
            returns._goods_came(pickings)
        return result
