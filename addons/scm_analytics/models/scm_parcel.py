from odoo import models


class ScmParcel(models.Model):
    _inherit = "scm.parcel"

    # the expression is that of the source of parcels: when a parcel came to its end
    _ended_idx = models.Index(
        "(company_id, (COALESCE(date_delivered, status_at))) WHERE direction = 'out' AND is_final"
    )
