from odoo import fields, models


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    poll_at = fields.Datetime("Asked at", readonly=True, copy=False)
    poll_next_at = fields.Datetime("Asked again at", readonly=True, copy=False)
    poll_failures = fields.Integer("Questions without an Answer", readonly=True, copy=False)

    _poll_idx = models.Index("(carrier_id, poll_next_at NULLS FIRST) WHERE is_final IS NOT TRUE")
