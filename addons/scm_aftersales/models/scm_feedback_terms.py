from odoo import api, models
from odoo.tools import SQL

from ..kernel.chinese import language
from ..kernel.tokens import terms

BATCH = 2_000


class ScmFeedback(models.Model):
    """Texts cut into words once, so that whatever counts words later reads them as they are."""

    _inherit = "scm.feedback"

    @api.model
    def _cut(self, company, limit=BATCH):
        """Cut texts that are not cut yet; returns how many were."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, text FROM scm_feedback WHERE terms IS NULL AND (company_id = %s OR company_id IS NULL)"
                " ORDER BY id LIMIT %s",
                company.id,
                limit,
            )
        )
        # a blank at each end, so that a term is found between two blanks
        cut = [(row, language(text), f" {' '.join(terms(text))} ") for row, text in rows]
        if cut:
            ids, languages, texts = (list(column) for column in zip(*cut, strict=True))
            self.env.cr.execute(
                SQL(
                    "UPDATE scm_feedback SET language = cut.language, terms = cut.terms"
                    " FROM unnest(%s::int[], %s::text[], %s::text[]) cut (id, language, terms)"
                    " WHERE scm_feedback.id = cut.id",
                    ids,
                    languages,
                    texts,
                )
            )
            self.browse(ids).invalidate_recordset(["language", "terms"])
        return len(cut)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("reason_id"):
                vals.setdefault("reason_source", "person")
        return super().create(vals_list)

    def write(self, vals):
        if "text" in vals:
            vals = vals | {"terms": False, "language": False, "model_id": False}
        if "reason_id" in vals and "reason_source" not in vals:
            vals = vals | {"reason_source": "person" if vals["reason_id"] else False}
        return super().write(vals)
