from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from psycopg2.extras import Json

from ..kernel.reason_model import NONE
from ..kernel.tokens import surface

BATCH = 1_000
MAX_TEXT = 5_000
#: so many stars or more are no complaint: no reason is looked for
CONTENT = 4.0
NOTHING = {"reason_id": False, "code": "", "name": "", "probability": 0.0, "why": {}}

_OPEN = """
    SELECT id, text FROM scm_feedback
     WHERE reason_id IS NULL AND model_id IS DISTINCT FROM %(model)s AND text <> ''
       AND COALESCE(rating, 0) < %(content)s
       AND (company_id = %(company)s OR (company_id IS NULL AND model_id IS NULL))
     ORDER BY id LIMIT %(limit)s
"""
_WRITE = """
    UPDATE scm_feedback SET suggested_reason_id = found.reason, probability = found.probability,
           why = found.why, model_id = %(model)s
      FROM unnest(%(ids)s::int[], %(reasons)s::int[], %(probabilities)s::float8[], %(whys)s::jsonb[])
        AS found (id, reason, probability, why)
     WHERE scm_feedback.id = found.id
"""


class ScmFeedback(models.Model):
    """The reason that a free text probably gives; a person takes it over or not."""

    _inherit = "scm.feedback"

    @api.model
    def suggest_reason(self, text, company_id=False):
        """The return reason that a free text most probably gives; for staff.

        :param str text: what the customer wrote, in English or Chinese
        :param company_id: whose learnt words are used; by default the user's present company
        :return: ``{"reason_id", "code", "name", "probability", "why"}``; ``reason_id`` False below the company's bar
        :raises AccessError: for who may not read feedback, or does not work for the company
        """
        self.check_access("read")
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You can ask only for companies that you work for."))
        if not isinstance(text, str):
            raise UserError(self.env._("A reason is looked for in a text."))
        return self._suggest(company, [text])[0]

    @api.model
    def _suggest(self, company, texts):
        """One answer of :meth:`suggest_reason` per text, for a company; the caller has checked who may ask."""
        # sudo: how well suggestions do in this company is no secret from who may ask for one
        learnt = self.env["scm.reason.model"].sudo()._current(company)
        bar, _share, right = learnt._speaks(company) if learnt else (2.0, 0.0, 0.0)
        if bar > 1.0:
            return [dict(NOTHING) for _text in texts]
        reasons = self._reasons_by_code()
        model = learnt._loaded(learnt.id)
        return [self._answer(learnt, model, reasons, bar, right, (text or "")[:MAX_TEXT]) for text in texts]

    @api.model
    def _reasons_by_code(self):
        reasons = self.env["scm.return.reason"].sudo().search([("child_ids", "=", False)])  # sudo: names only
        return {reason.code: reason for reason in reasons}

    @api.model
    def _answer(self, learnt, model, reasons, bar, right, text):
        code, probability, words = model.suggest(text)
        if code == NONE or code not in reasons or probability < bar or not words:
            return dict(NOTHING)
        return {
            "reason_id": reasons[code].id,
            "code": code,
            "name": reasons[code].display_name,
            "probability": probability,
            "why": self._suggestion_why(learnt, code, probability, right, [(surface(w, [text]), s) for w, s in words]),
        }

    @api.model
    def _suggestion_why(self, learnt, code, probability, right, words):
        return {
            "value": round(probability, 4),
            "unit": "percent",
            "method": "reason_method",
            "formula": "reason_formula",
            "sample": learnt.own_count + learnt.seed_count,
            "terms": [
                *({"code": word, "value": round(share, 4), "unit": "percent"} for word, share in words),
                {"code": "reason_right", "value": round(right, 4), "unit": "percent"},
                {"code": "reason_tested", "value": learnt.test_count},
            ],
            "notes": ["reason_note_own" if learnt.is_own_test else "reason_note_seed"],
        }

    @api.model
    def _suggest_open(self, company, limit=BATCH):
        """Look for reasons in texts that have none; returns how many texts were looked at."""
        learnt = self.env["scm.reason.model"]._current(company)
        if not learnt:
            return 0
        self.flush_model()
        values = {"model": learnt.id, "company": company.id, "content": CONTENT, "limit": limit}
        rows = self.env.execute_query(SQL(_OPEN, **values))
        if rows:
            answers = self._suggest(company, [text for _id, text in rows])
            self.env.cr.execute(
                SQL(
                    _WRITE,
                    model=learnt.id,
                    ids=[row for row, _text in rows],
                    reasons=[answer["reason_id"] or None for answer in answers],
                    probabilities=[answer["probability"] for answer in answers],
                    whys=[Json(answer["why"]) if answer["why"] else None for answer in answers],
                )
            )
            self.invalidate_model(["suggested_reason_id", "probability", "why", "model_id"])
        return len(rows)

    def action_take_suggestion(self):
        """Give these texts, and the lines of returns that they come from, the reason that was suggested."""
        self.check_access("write")
        for feedback in self.filtered(lambda feedback: feedback.suggested_reason_id and not feedback.reason_id):
            feedback.write({"reason_id": feedback.suggested_reason_id.id, "reason_source": "accepted"})
            line = feedback.return_line_id
            if line and not line.reason_id:
                line.write({"reason_id": feedback.reason_id.id, "is_reason_suggested": True})
        return True

    def action_open_origin(self):
        """Open what the words come from."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("These words were entered by hand; there is nothing behind them."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
