from odoo import fields, models


class StockPicking(models.Model):
    """Boxes of a transfer: asked for by button, noted when it leaves."""

    _inherit = "stock.picking"

    scm_box_choice_ids = fields.One2many("scm.box.choice", "picking_id", "Choice of Boxes")
    scm_box_state = fields.Selection(related="scm_box_choice_ids.state", string="Boxes")
    scm_box_names = fields.Char(related="scm_box_choice_ids.box_names", string="Proposed Boxes")

    def action_scm_choose_box(self):
        """Propose the boxes of these transfers."""
        self.env["scm.box.choice"].choose_box(self.ids)
        return True

    def action_scm_open_packing(self):
        """Open the packing table with this transfer."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("scm_warehouse.scm_packing_action")
        return action | {"params": {"picking_id": self.id}}

    def _action_done(self):
        result = super()._action_done()
        # sudo: facts and choices are written by the system only, about deliveries that the user has just sent off
        left = self.sudo().filtered(lambda one: one.picking_type_id.code == "outgoing" and one.state == "done")
        if left:
            self.env["scm.box.choice"].sudo()._note_taken(left)
        return result
