from odoo import api, models
from odoo.tools import SQL

#: columns that a source gives, in this order
COLUMNS = (
    "source",
    "source_key",
    "res_model",
    "res_id",
    "company_id",
    "date",
    "text",
    "rating",
    "partner_id",
    "order_id",
    "product_id",
    "return_line_id",
    "reason_id",
    "cause_id",
)
# a line's own comment; the comment of the whole return counts for its line where there is only one
_RETURN_LINES = """
    SELECT 'return', 'scm.return.line,' || line.id, 'scm.return', request.id, request.company_id,
           COALESCE(request.date_requested, request.create_date), said.text, 0, request.partner_id, request.order_id,
           line.product_id, line.id, line.reason_id, line.cause_id
      FROM scm_return request
      JOIN scm_return_line line ON line.return_id = request.id
      JOIN LATERAL (SELECT count(*) AS lines FROM scm_return_line other WHERE other.return_id = request.id) counted
        ON TRUE
      JOIN LATERAL (SELECT COALESCE(
               NULLIF(btrim(line.comment), ''), CASE WHEN counted.lines = 1 THEN NULLIF(btrim(request.comment), '') END
           ) AS text) said ON said.text IS NOT NULL
     WHERE request.company_id = %(company)s
"""
_RETURNS = """
    SELECT 'return', 'scm.return,' || request.id, 'scm.return', request.id, request.company_id,
           COALESCE(request.date_requested, request.create_date), btrim(request.comment), 0, request.partner_id,
           request.order_id, NULL::int, NULL::int, NULL::int, NULL::int
      FROM scm_return request
     WHERE request.company_id = %(company)s AND btrim(request.comment) <> ''
       AND (SELECT count(*) FROM scm_return_line line WHERE line.return_id = request.id) <> 1
"""
_RATINGS = """
    SELECT 'rating', 'rating.rating,' || rating.id, rating.res_model, rating.res_id, origin.company_id,
           COALESCE(rating.rated_on, rating.write_date), COALESCE(btrim(rating.feedback), ''), rating.rating,
           rating.partner_id, origin.order_id, origin.product_id, NULL::int, NULL::int, NULL::int
      FROM rating_rating rating
      JOIN (%(origin)s) origin ON origin.id = rating.res_id
     WHERE rating.res_model = %(model)s AND rating.consumed
       AND (rating.rating > 0 OR btrim(rating.feedback) <> '')
"""
# reason by hand stays until the origin names one; words that changed are cut and looked at again
_UPSERT = """
    INSERT INTO scm_feedback (%(columns)s, reason_source, create_uid, create_date, write_uid, write_date)
    SELECT source.*, CASE WHEN source.reason_id IS NOT NULL THEN 'customer' END, %(uid)s, now() AT TIME ZONE 'UTC',
           %(uid)s, now() AT TIME ZONE 'UTC'
      FROM (%(source)s) source (%(columns)s)
        ON CONFLICT (source_key) WHERE source_key IS NOT NULL DO UPDATE
       SET text = EXCLUDED.text, rating = EXCLUDED.rating, product_id = EXCLUDED.product_id,
           cause_id = EXCLUDED.cause_id,
           reason_id = COALESCE(EXCLUDED.reason_id, scm_feedback.reason_id),
           reason_source = CASE WHEN EXCLUDED.reason_id IS NULL OR EXCLUDED.reason_id = scm_feedback.reason_id
                                THEN scm_feedback.reason_source ELSE 'customer' END,
           terms = CASE WHEN EXCLUDED.text = scm_feedback.text THEN scm_feedback.terms END,
           model_id = CASE WHEN EXCLUDED.text = scm_feedback.text THEN scm_feedback.model_id END,
           write_date = EXCLUDED.write_date
     WHERE (scm_feedback.text, scm_feedback.rating, scm_feedback.product_id, scm_feedback.cause_id,
            scm_feedback.reason_id)
           IS DISTINCT FROM (EXCLUDED.text, EXCLUDED.rating, EXCLUDED.product_id, EXCLUDED.cause_id,
                             COALESCE(EXCLUDED.reason_id, scm_feedback.reason_id))
"""


class ScmFeedback(models.Model):
    """Where the stream comes from: set-based, and each word once however often it is asked for."""

    _inherit = "scm.feedback"

    @api.model
    def _collect(self, company):
        """Take in what was said since the last time, for a company; returns the number of new and changed rows."""
        self.env.flush_all()
        count = 0
        for source in self._sources(company):
            columns = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
            values = {"columns": columns, "source": source, "uid": self.env.uid}
            self.env.cr.execute(SQL(_UPSERT, **values))
            count += self.env.cr.rowcount
        self.invalidate_model()
        return count

    @api.model
    def _sources(self, company):
        """Hook: SQL queries with :data:`COLUMNS`, one row per thing that was said to this company.

        ``source_key`` names the origin for ever. Other addons append theirs, such as the texts of tickets.
        """
        lines = SQL(_RETURN_LINES, company=company.id)
        ratings = [SQL(_RATINGS, origin=origin, model=model) for model, origin in self._rating_origins(company).items()]
        return [lines, SQL(_RETURNS, company=company.id), *ratings]

    @api.model
    def _rating_origins(self, company):
        """Hook: ``{model: SQL with id, company_id, order_id, product_id}`` of what customers rate in this company."""
        columns = {
            "scm.return": ("scm_return", "order_id"),
            "sale.order": ("sale_order", "id"),
            "stock.picking": ("stock_picking", "sale_id"),
        }
        origins = {
            model: SQL(
                "SELECT id, company_id, %s AS order_id, NULL::int AS product_id FROM %s WHERE company_id = %s",
                SQL.identifier(order),
                SQL.identifier(table),
                company.id,
            )
            for model, (table, order) in columns.items()
        }
        # what is said about a product that all companies sell belongs to all of them
        origins["product.template"] = SQL(
            "SELECT template.id, template.company_id, NULL::int AS order_id, min(product.id) AS product_id"
            " FROM product_template template LEFT JOIN product_product product"
            " ON product.product_tmpl_id = template.id AND product.active"
            " WHERE template.company_id = %s OR template.company_id IS NULL GROUP BY template.id",
            company.id,
        )
        return origins
