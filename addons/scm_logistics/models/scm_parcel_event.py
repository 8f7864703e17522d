from odoo import fields, models

from .scm_parcel import STATUSES


class ScmParcelEvent(models.Model):
    """What somebody said about a parcel. Append-only: an event that is told twice is one event."""

    _name = "scm.parcel.event"
    _description = "Parcel Event"
    _order = "time DESC, id DESC"
    _rec_name = "text"

    parcel_id = fields.Many2one("scm.parcel", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    source = fields.Char(required=True, readonly=True, help="Who told us: the provider's code, file, or hand.")
    provider = fields.Char(readonly=True, help="Whose codes these are; empty: those of the source.")
    time = fields.Datetime(required=True, readonly=True, help="When it happened, as the source says.")
    raw_code = fields.Char("Carrier's Code", required=True, readonly=True, default="")
    text = fields.Char(required=True, readonly=True, default="")
    status = fields.Selection(STATUSES, readonly=True, help="Empty: the code is not known yet.")
    sub_status = fields.Char(readonly=True)
    place = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Entered by", readonly=True)
    signed_by = fields.Char(readonly=True)
    photo = fields.Image(readonly=True, max_width=1920, max_height=1920)
    signature = fields.Image(readonly=True, max_width=1024, max_height=1024)

    _told_once = models.UniqueIndex("(parcel_id, source, time, raw_code, md5(text))")
