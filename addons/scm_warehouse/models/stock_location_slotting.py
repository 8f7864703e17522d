from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    scm_storage_tag_ids = fields.Many2many(
        "scm.storage.tag",
        "scm_location_storage_tag_rel",
        "location_id",
        "tag_id",
        "Storage Classes Offered",
        help="Offered here and in all places below, besides what the storage category offers.",
    )
