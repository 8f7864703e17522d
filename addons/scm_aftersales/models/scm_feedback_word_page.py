from odoo import api, fields, models
from odoo.fields import Domain

from .scm_feedback_word_build import FEW_STARS, MANY_STARS

EXAMPLES = 6
GROUPS = 30
FIELDS = {"reason": "reason_id", "cause": "cause_id", "product": "product_id", "category": "categ_id"}


class ScmFeedbackWord(models.Model):
    """How words are shown, and the texts behind them."""

    _inherit = "scm.feedback.word"

    @api.model
    def _voice_groups(self, company, dimension):
        """The groups with most texts, each with its words, clearest first."""
        rows = self.search([("company_id", "=", company.id), ("dimension", "=", dimension)])
        groups = {}
        for row in rows:
            groups.setdefault(row.group_key, self.browse())
            groups[row.group_key] |= row
        shown = sorted(groups.values(), key=lambda words: -max(words.mapped("group_texts")))[:GROUPS]
        return [
            {
                "key": words[0].group_key,
                "name": words[0]._group_name(),
                "texts": max(words.mapped("group_texts")),
                "words": [word._voice_word() for word in words],
            }
            for words in shown
        ]

    def _group_name(self):
        self.ensure_one()
        if self.dimension == "rating":
            return self.env._("Few stars (1 and 2)") if self.group_key == 1 else self.env._("Many stars (4 and 5)")
        # sudo: the name only; who reads feedback may know what it is about
        record = self.sudo().reason_id or self.sudo().cause_id or self.sudo().product_id or self.sudo().categ_id
        return record.display_name

    def _voice_word(self):
        self.ensure_one()
        # half a text more on both sides: a word that nobody else uses has a factor, too
        rest = max(self.rest_share, 0.5 / max(self.group_texts, 1))
        return {
            "id": self.id,
            "word": self.word,
            "texts": self.texts,
            "rest": self.rest_texts,
            "share": self.share,
            "rest_share": self.rest_share,
            "factor": self.share / rest,
            "z": self.z,
            "q": self.q,
        }

    def _texts_domain(self):
        """The texts of the group that hold the word."""
        self.ensure_one()
        # “_” joins the words of a phrase and would mean any character
        pattern = "% " + self.term.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%") + " %"
        domain = self.env["scm.feedback"]._voice_domain(self.company_id) & Domain("terms", "=like", pattern)
        if self.dimension == "rating":
            low, high = (0.1, FEW_STARS) if self.group_key == 1 else (MANY_STARS, 5.0)
            return domain & Domain("rating", ">=", low) & Domain("rating", "<=", high)
        return domain & Domain(FIELDS[self.dimension], "=", self.group_key)

    @api.readonly
    def get_examples(self):
        """Some of the latest texts behind a word.

        :return: list of ``{"id", "text", "date", "source", "product"}``
        """
        self.ensure_one()
        self.check_access("read")
        labels = dict(self.env["scm.feedback"]._fields["source"]._description_selection(self.env))
        found = self.env["scm.feedback"].search(self._texts_domain(), limit=20 * EXAMPLES)
        # the same words of many customers are one example
        found = self.env["scm.feedback"].union(*(same[:1] for same in found.grouped("text").values()))[:EXAMPLES]
        return [
            {
                "id": feedback.id,
                "text": feedback.text,
                "date": fields.Datetime.to_string(feedback.date),
                "source": labels[feedback.source],
                # sudo: the name only
                "product": feedback.product_id.sudo().display_name or "",
            }
            for feedback in found
        ]

    def action_open_texts(self):
        """All texts of the group that hold the word."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("“%(word)s” in %(group)s", word=self.word, group=self._group_name()),
            "res_model": "scm.feedback",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._texts_domain()),
        }
