from odoo import fields, models


class StockStorageCategory(models.Model):
    _inherit = "stock.storage.category"

    scm_storage_tag_ids = fields.Many2many(
        "scm.storage.tag",
        "scm_storage_category_tag_rel",
        "storage_category_id",
        "tag_id",
        "Storage Classes Offered",
    )
