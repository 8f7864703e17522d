from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    scm_storage_tag_ids = fields.Many2many(
        "scm.storage.tag",
        "scm_product_category_storage_tag_rel",
        "categ_id",
        "tag_id",
        "Storage Classes",
        help="What products of this category, and of those below it, ask of their place.",
    )
