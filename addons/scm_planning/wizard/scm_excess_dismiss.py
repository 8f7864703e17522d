from odoo import fields, models


class ScmExcessDismiss(models.TransientModel):
    _name = "scm.excess.dismiss"
    _description = "Dismiss Excess"

    excess_ids = fields.Many2many("scm.excess", readonly=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.excess_ids.dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
