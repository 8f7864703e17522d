import hashlib
from dataclasses import asdict

from odoo import api, models, tools
from odoo.tools import SQL

from ..kernel.reason_examples import examples
from ..kernel.reason_model import NONE, ReasonModel, learn_and_measure

#: fewer own texts with a reason, or of fewer reasons, teach nothing: the shipped examples alone are used
OWN_TEXTS = 50
OWN_REASONS = 3
#: a reason of the company's own needs so many texts
OWN_PER_REASON = 10
MOST_PER_REASON = 400
MOST_TEXTS = 6_000
#: learnt again when so many more texts have a reason
NEW_TEXTS = 10
NEW_SHARE = 0.02
#: no reason at all: everything else
OTHER = "other"

_LABELLED = """
    SELECT text, code, reason_source FROM (
        SELECT feedback.text, reason.code, feedback.reason_source, feedback.date, feedback.id,
               row_number() OVER (PARTITION BY reason.code ORDER BY feedback.date DESC, feedback.id DESC) AS place
          FROM scm_feedback feedback
          JOIN scm_return_reason reason ON reason.id = feedback.reason_id
         WHERE (feedback.company_id = %(company)s OR feedback.company_id IS NULL) AND reason.code <> %(other)s
           AND feedback.language IN ('en', 'zh_hant', 'zh_hans') AND btrim(feedback.terms) <> ''
    ) labelled
     WHERE place <= %(most)s
     ORDER BY date DESC, id DESC
     LIMIT %(limit)s
"""


class ScmReasonModel(models.Model):
    """Learning: from the shipped examples alone until a company has enough texts with a reason."""

    _inherit = "scm.reason.model"

    @api.model
    def _current(self, company):
        """What a company uses: its own, else what was learnt from the shipped examples."""
        domain = [("company_id", "in", (company.id, False))]
        return self.search(domain, order="company_id", limit=1)

    @api.model
    def _learn_seed(self):
        """Learn from the shipped examples, unless these have been learnt already; for all companies."""
        rows = examples()
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        known = self.search([("company_id", "=", False)], limit=1)
        if not known or (known.report or {}).get("digest") != digest:
            learnt = learn_and_measure(
                [row.text for row in rows], [row.reason for row in rows], groups=[row.thought for row in rows]
            )
            self._store(self.env["res.company"], learnt, 0, len(rows), digest)
        return True

    @api.model
    def _learn(self, company):
        """Learn from a company's texts and the examples, if there is enough that is new; returns True if so."""
        own = self._labelled(company)
        known = self.search([("company_id", "=", company.id)], limit=1)
        enough = len(own) >= OWN_TEXTS and len({code for _text, code, _by in own}) >= OWN_REASONS
        changed = abs(len(own) - known.own_count) >= max(NEW_TEXTS, NEW_SHARE * known.own_count)
        if not enough or (known and not changed):
            return False
        self._store(company, *self._learn_own(own))
        return True

    @api.model
    def _labelled(self, company):
        """``[(text, reason code, whose word), ...]`` to learn from, the latest ones first.

        The same words with the same reason are one text, however many customers use them: else the texts that were
        tested would look like more than they are.
        """
        self.env["scm.feedback"].flush_model()
        values = {"company": company.id, "other": OTHER, "most": MOST_PER_REASON, "limit": MOST_TEXTS}
        rows = {}
        for text, code, by in self.env.execute_query(SQL(_LABELLED, **values)):
            rows.setdefault((" ".join(text.lower().split()), code), (text, code, by))
        rows = list(rows.values())
        shipped = {row.reason for row in examples()}
        counts = {}
        for _text, code, _by in rows:
            counts[code] = counts.get(code, 0) + 1
        return [row for row in rows if row[1] in shipped or counts[row[1]] >= OWN_PER_REASON]

    @api.model
    def _learn_own(self, own):
        """``((model, report), own texts, examples)``; tested on own texts that nobody took from a suggestion."""
        shipped = examples()
        # the same words twice are one text: else one half would be learnt to pass the other half's test
        groups = [" ".join(text.lower().split()) for text, _code, _by in own] + [f"\0{row.thought}" for row in shipped]
        tested = [by != "accepted" for _text, _code, by in own]
        if sum(tested) < OWN_TEXTS:
            tested = [False] * len(own) + [True] * len(shipped)
        else:
            tested += [False] * len(shipped)
        learnt = learn_and_measure(
            [text for text, _code, _by in own] + [row.text for row in shipped],
            [code for _text, code, _by in own] + [row.reason for row in shipped],
            groups=groups,
            tested=tested,
        )
        return learnt, len(own), len(shipped)

    @api.model
    def _store(self, company, learnt, own_count, seed_count, digest=""):
        """Put what was learnt to use; what was in use before keeps its figures, but not its weights."""
        model, report = learnt
        before = self.search([("company_id", "=", company.id)])
        before.write({"active": False, "weights": False})
        before.flush_recordset()
        return self.create(
            {
                "name": company.name or self.env._("Shipped examples"),
                "company_id": company.id,
                "own_count": own_count,
                "seed_count": seed_count,
                "test_count": report.texts,
                "is_own_test": bool(own_count) and report.texts <= own_count,
                "accuracy": report.accuracy,
                "accuracy_low": report.low,
                "accuracy_high": report.high,
                "base_accuracy": report.base,
                "log_loss": report.log_loss,
                "report": asdict(report) | {"digest": digest},
                "weights": model.to_json(),
            }
        )

    def _speaks(self, company):
        """``(bar, share of texts, share right)`` at the company's bar; bar 2 where too few would be right."""
        self.ensure_one()
        bars = (self.report or {}).get("bars") or []
        reached = [row for row in bars if row["bar"] <= company.scm_reason_min_probability + 1e-9] or bars[:1]
        row = reached[-1] if reached else {"share": 0.0, "accuracy": 0.0, "texts": 0}
        good = row["texts"] and row["accuracy"] >= company.scm_reason_min_accuracy
        return (company.scm_reason_min_probability if good else 2.0), row["share"], row["accuracy"]

    @api.model
    @tools.ormcache("model_id")
    def _loaded(self, model_id):
        """The kernel's model; weights of a record never change, so a process reads them once."""
        # sudo: weights are numbers that nobody needs to see; what they say about a text is for who may ask
        return ReasonModel.from_json(self.sudo().browse(model_id).weights)

    @api.model
    def _none_code(self):
        return NONE
