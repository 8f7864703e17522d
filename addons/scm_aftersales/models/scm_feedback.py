from odoo import api, fields, models

SOURCES = [
    ("return", "Return"),
    ("rating", "Rating"),
    ("ticket", "Ticket"),
    ("parcel", "Delivery Problem"),
    ("hand", "By Hand"),
    ("import", "Import"),
]
LANGUAGES = [
    ("en", "English"),
    ("zh_hant", "Chinese (Traditional)"),
    ("zh_hans", "Chinese (Simplified)"),
    ("other", "Other"),
]
#: whose word a reason is; what a person took over from a suggestion proves nothing about suggestions
REASON_SOURCES = [("customer", "Customer"), ("person", "Our People"), ("accepted", "Accepted Suggestion")]
MAX_TEXT = 5_000


class ScmFeedback(models.Model):
    """What customers say, in one stream: comments on returns, ratings, tickets, problems with parcels."""

    _name = "scm.feedback"
    _description = "Feedback"
    _order = "date DESC, id DESC"
    _rec_name = "text"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: said about a product that all companies share.",
    )
    source = fields.Selection(SOURCES, required=True, readonly=True, default="hand", index=True)
    # the record that the words come from, by which they are taken in once
    source_key = fields.Char(readonly=True, copy=False, help="Origin, by which words are taken in only once.")
    res_model = fields.Char("Origin's Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference("Origin", model_field="res_model", readonly=True, copy=False)
    date = fields.Datetime("Said at", required=True, default=fields.Datetime.now)
    text = fields.Text("Words", required=True)
    language = fields.Selection(LANGUAGES, readonly=True, copy=False)
    rating = fields.Float("Stars", digits=(2, 1), help="Stars from 1 to 5; 0 where none were given.", aggregator="avg")
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null", ondelete="set null")
    order_id = fields.Many2one("sale.order", index="btree_not_null", ondelete="set null", check_company=True)
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="set null", check_company=True)
    categ_id = fields.Many2one(related="product_id.categ_id", string="Category")
    return_line_id = fields.Many2one("scm.return.line", readonly=True, index="btree_not_null", ondelete="set null")
    reason_id = fields.Many2one(
        "scm.return.reason", index="btree_not_null", ondelete="restrict", domain="[('child_ids', '=', False)]"
    )
    reason_source = fields.Selection(REASON_SOURCES, "Reason by", readonly=True, copy=False)
    cause_id = fields.Many2one(
        "scm.return.cause",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What inspection of the return found.",
    )
    suggested_reason_id = fields.Many2one(
        "scm.return.reason", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    probability = fields.Float(readonly=True, copy=False, aggregator="avg", help="How sure the suggestion is.")
    why = fields.Json(readonly=True, copy=False)
    model_id = fields.Many2one(
        "scm.reason.model", "Suggested by", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    # words and phrases between blanks, as the kernel cuts them; empty until the nightly run comes by
    terms = fields.Text(readonly=True, copy=False, prefetch=False, export_string_translation=False)

    _source_uniq = models.UniqueIndex("(source_key) WHERE source_key IS NOT NULL", "These words are here already.")
    _stream_idx = models.Index("(company_id, date DESC, id DESC)")
    _raw_idx = models.Index("(id) WHERE terms IS NULL")
    _rating_range = models.Constraint("CHECK(rating BETWEEN 0 AND 5)", "Stars are from 1 to 5; 0 means none.")

    @api.depends("text", "source")
    def _compute_display_name(self):
        labels = dict(self._fields["source"]._description_selection(self.env))
        for feedback in self:
            words = " ".join((feedback.text or "").split())
            feedback.display_name = words if len(words) <= 60 else f"{words[:59]}…"
            feedback.display_name = feedback.display_name or labels.get(feedback.source, "")
