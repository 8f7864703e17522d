from odoo import fields, models


class ScmReturnTracking(models.TransientModel):
    """Asks for the number under which a return travels."""

    _name = "scm.return.tracking"
    _description = "Tracking Number of a Return"

    return_id = fields.Many2one("scm.return", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="return_id.company_id")
    ref = fields.Char("Tracking Number", required=True)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: the carrier that delivered.",
    )

    def action_save(self):
        """Add the parcel."""
        self.ensure_one()
        self.env["scm.return"].add_tracking(self.return_id.ids, self.ref, self.carrier_id.id)
        return {"type": "ir.actions.act_window_close"}
