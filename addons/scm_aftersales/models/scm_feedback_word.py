from odoo import fields, models

DIMENSIONS = [
    ("reason", "Reason"),
    ("cause", "Cause"),
    ("product", "Product"),
    ("category", "Category"),
    ("rating", "Stars"),
]


class ScmFeedbackWord(models.Model):
    """A word or phrase that stands out in one group of texts against all others of its company."""

    _name = "scm.feedback.word"
    _description = "Word That Stands out"
    _order = "z DESC, id"
    _rec_name = "word"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    group_key = fields.Integer(
        "Group", required=True, readonly=True, aggregator=None, help="Id, or 1 few, 2 many stars."
    )
    reason_id = fields.Many2one("scm.return.reason", readonly=True, index="btree_not_null", ondelete="cascade")
    cause_id = fields.Many2one("scm.return.cause", readonly=True, index="btree_not_null", ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True, index="btree_not_null", ondelete="cascade")
    categ_id = fields.Many2one(
        "product.category", "Category", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    word = fields.Char(required=True, readonly=True)
    term = fields.Char(required=True, readonly=True, export_string_translation=False)
    texts = fields.Integer("Texts with It", readonly=True, aggregator=None)
    group_texts = fields.Integer("Texts of the Group", readonly=True, aggregator=None)
    rest_texts = fields.Integer("Other Texts with It", readonly=True, aggregator=None)
    share = fields.Float(readonly=True, aggregator=None, help="Of the group's texts.")
    rest_share = fields.Float("Share Elsewhere", readonly=True, aggregator=None)
    z = fields.Float("z", readonly=True, aggregator=None, help="Log-odds over their standard error.")
    q = fields.Float("q", readonly=True, aggregator=None, help="Share of false ones expected among words as clear.")

    _group_idx = models.Index("(company_id, dimension, group_key, z DESC)")
