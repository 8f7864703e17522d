from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..kernel.tokens import clauses, surface
from ..kernel.words import standing_out

#: newest texts that are compared; more would not change what stands out
MOST_TEXTS = 200_000
#: products and categories with fewer texts are not looked at by themselves
GROUP_TEXTS = 10
#: texts that are looked through for how people write a word
SAMPLES = 30
#: stars: up to so many are few, from so many on are many
FEW_STARS, MANY_STARS = 2.5, 4.0

_TEXTS = """
    SELECT feedback.text, feedback.terms, feedback.language, feedback.reason_id AS reason, feedback.cause_id AS cause,
           feedback.product_id AS product, template.categ_id AS category, feedback.rating AS rating
      FROM scm_feedback feedback
      LEFT JOIN product_product product ON product.id = feedback.product_id
      LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE (feedback.company_id = %(company)s OR feedback.company_id IS NULL)
       AND feedback.date >= %(since)s AND btrim(feedback.terms) <> ''
     ORDER BY feedback.date DESC, feedback.id DESC
     LIMIT %(limit)s
"""
_FIELDS = {"reason": "reason_id", "cause": "cause_id", "product": "product_id", "category": "categ_id"}


class ScmFeedbackWord(models.Model):
    """Comparing the words of each group with those of all other texts, in one go."""

    _inherit = "scm.feedback.word"

    @api.model
    def _rebuild(self, company):
        """Find the words that stand out in a company's latest texts; returns how many."""
        rows = self._texts(company)
        found = [values for dimension in self._dimensions() for values in self._compare(company, dimension, rows)]
        self.search([("company_id", "=", company.id)]).unlink()
        self.create(found)
        return len(found)

    @api.model
    def _texts(self, company):
        self.env["scm.feedback"].flush_model()
        since = fields.Datetime.now() - timedelta(days=company.scm_feedback_days)
        return self.env.execute_query_dict(SQL(_TEXTS, company=company.id, since=since, limit=MOST_TEXTS))

    @api.model
    def _dimensions(self):
        return [name for name, _label in self._fields["dimension"].selection]

    @api.model
    def _compare(self, company, dimension, rows):
        """Values of the words that stand out in the groups of one dimension."""
        groups = self._groups(dimension, rows)
        found = standing_out([row["terms"] for row in rows], groups, [_script(row["language"]) for row in rows])
        names = self._own_names(dimension, {row.group for row in found})
        found = [row for row in found if not set(row.term.split("_")) & names.get(row.group, set())]
        samples = _samples(rows, groups, found)
        return [
            {
                "company_id": company.id,
                "dimension": dimension,
                "group_key": row.group,
                **({_FIELDS[dimension]: row.group} if dimension in _FIELDS else {}),
                "term": row.term,
                "word": surface(row.term, samples.get((row.group, row.term), [])),
                "texts": row.texts,
                "group_texts": row.group_texts,
                "rest_texts": row.rest_texts,
                "share": row.texts / row.group_texts,
                "rest_share": row.rest_texts / row.other_texts if row.other_texts else 0.0,
                "z": row.z,
                "q": row.q,
            }
            for row in found
        ]

    @api.model
    def _groups(self, dimension, rows):
        """The group of each text; -1 for none."""
        if dimension == "rating":
            return [_stars(row["rating"]) for row in rows]
        keys = [row[dimension] or -1 for row in rows]
        if dimension in ("product", "category"):
            counts = Counter(keys)
            keys = [key if counts[key] >= GROUP_TEXTS else -1 for key in keys]
        return keys

    @api.model
    def _own_names(self, dimension, keys):
        """{group: words of its own name}: that a lamp is called a lamp tells nothing."""
        if dimension not in ("product", "category"):
            return {}
        model = self.env["product.product" if dimension == "product" else "product.category"]
        return {
            record.id: {word for part in clauses(record.name) for word in part} for record in model.browse(sorted(keys))
        }


def _script(language):
    """Both Chinese scripts are one language here."""
    return "zh" if language in ("zh_hant", "zh_hans") else language


def _stars(rating):
    """1 few, 2 many, -1 neither."""
    if not rating:
        return -1
    return 1 if rating <= FEW_STARS else 2 if rating >= MANY_STARS else -1


def _samples(rows, groups, found):
    """{(group, Chinese term): some texts of the group that have it}"""
    wanted = {}
    for row in found:
        if "\u3400" <= row.term[0] <= "\u9fff":
            wanted.setdefault(row.group, set()).add(row.term)
    samples = {}
    for row, group in zip(rows, groups, strict=True):
        for term in wanted.get(group, set()) & set(row["terms"].split()) if group in wanted else ():
            texts = samples.setdefault((group, term), [])
            if len(texts) < SAMPLES:
                texts.append(row["text"])
    return samples
