from odoo import fields, models


class ScmParcelReschedule(models.TransientModel):
    """A person moves the day on which parcels are expected."""

    _name = "scm.parcel.reschedule"
    _description = "New Day for Parcels"

    parcel_ids = fields.Many2many("scm.parcel", string="Parcels", required=True)
    date_expected = fields.Date("Expected on", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.parcel_ids.action_set_expected(self.date_expected, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
