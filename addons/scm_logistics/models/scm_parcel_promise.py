from odoo import fields, models

#: why an expected day moved
CAUSES = [
    ("order", "Promised with the order"),
    ("carrier", "The carrier says so"),
    ("lane", "Usual time of the lane"),
    ("disruption", "Disruption"),
    ("customer", "Asked by the customer"),
    ("hand", "By hand"),
]


class ScmParcelPromise(models.Model):
    """One row per change of the day on which a parcel is expected. Rows stay as they are."""

    _name = "scm.parcel.promise"
    _description = "Change of a Delivery Date"
    _order = "date_changed DESC, id DESC"
    _rec_name = "parcel_id"

    parcel_id = fields.Many2one("scm.parcel", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date_from = fields.Date("Expected before", readonly=True)
    date_to = fields.Date("Expected now", readonly=True)
    date_changed = fields.Datetime("Changed on", required=True, readonly=True)
    cause = fields.Selection(
        CAUSES,
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Entered by", readonly=True)
    reason = fields.Char(readonly=True)
