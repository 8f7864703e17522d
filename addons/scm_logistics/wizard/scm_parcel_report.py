from odoo import fields, models

from ..models.scm_parcel import STATUSES


class ScmParcelReport(models.TransientModel):
    """A person says what happened to parcels."""

    _name = "scm.parcel.report"
    _description = "Report on Parcels"

    parcel_ids = fields.Many2many("scm.parcel", string="Parcels", required=True)
    status = fields.Selection(STATUSES, "What happened", required=True, default="delivered")
    reason = fields.Selection(
        [
            ("nobody_home", "Nobody at home"),
            ("address", "Wrong address"),
            ("refused", "Refused"),
            ("damaged", "Damaged"),
            ("lost", "Lost"),
            ("customs", "Customs"),
            ("returning", "On its way back"),
        ],
    )
    time = fields.Datetime("When", required=True, default=fields.Datetime.now)
    text = fields.Char("Note")
    place = fields.Char()
    signed_by = fields.Char()
    photo = fields.Image(max_width=1920, max_height=1920)
    signature = fields.Image(max_width=1024, max_height=1024)

    def action_confirm(self):
        self.ensure_one()
        proof = {"photo": self.photo, "signature": self.signature, "signed_by": self.signed_by}
        self.parcel_ids.action_add_event(
            self.status,
            text=self.text or "",
            time=self.time,
            place=self.place or "",
            sub_status=self.reason or "",
            proof={name: value for name, value in proof.items() if value},
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
