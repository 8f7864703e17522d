from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    scm_storage_tag_ids = fields.Many2many(
        "scm.storage.tag",
        "scm_product_storage_tag_rel",
        "product_tmpl_id",
        "tag_id",
        "Storage Classes",
        help="Besides those of its category: only places that offer all of them take it.",
    )
