from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ScmFeedback(models.Model):
    """What the page “Voice of Customers” shows; all from a few aggregate queries."""

    _inherit = "scm.feedback"

    @api.model
    @api.readonly
    def get_voice(self, dimension="reason"):
        """Figures, words that stand out per group, and how good suggestions are, of the present company.

        :param str dimension: ``reason``, ``cause``, ``product``, ``category`` or ``rating``
        :return: ``{"cards", "sources", "groups": [{"key", "name", "texts", "words": [...]}], "dimensions",
            "model", "days", "can_run"}``
        :raises AccessError: for people without the role
        """
        self.check_access("read")
        words = self.env["scm.feedback.word"]
        if dimension not in words._dimensions():
            raise UserError(self.env._("Words are not compared by “%(dimension)s”.", dimension=dimension))
        company = self.env.company
        return {
            "cards": self._voice_cards(company),
            "sources": self._voice_sources(company),
            "groups": words._voice_groups(company, dimension),
            "dimensions": [list(pair) for pair in words._fields["dimension"]._description_selection(self.env)],
            "model": self._voice_model(company),
            "days": company.scm_feedback_days,
            "can_run": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def _voice_domain(self, company):
        since = fields.Datetime.now() - timedelta(days=company.scm_feedback_days)
        return Domain("company_id", "in", (company.id, False)) & Domain("date", ">=", since)

    @api.model
    def _voice_cards(self, company):
        domain = self._voice_domain(company)
        [(texts, labelled, suggested)] = self._read_group(
            domain, [], ["__count", "reason_id:count", "suggested_reason_id:count"]
        )
        open_ = self.search_count(domain & Domain("reason_id", "=", False) & Domain("suggested_reason_id", "!=", False))
        [(stars, rated)] = self._read_group(domain & Domain("rating", ">", 0), [], ["rating:avg", "__count"])
        return {
            "texts": texts,
            "labelled": labelled,
            "suggested": suggested,
            "open": open_,
            "stars": stars or 0.0,
            "rated": rated,
        }

    @api.model
    def _voice_sources(self, company):
        labels = dict(self._fields["source"]._description_selection(self.env))
        rows = self._read_group(self._voice_domain(company), ["source"], ["__count"])
        return [{"key": source, "label": labels[source], "texts": count} for source, count in rows]

    @api.model
    def _voice_model(self, company):
        # sudo: how well suggestions do is shown to whoever may read feedback
        learnt = self.env["scm.reason.model"].sudo()._current(company)
        if not learnt:
            return False
        bar, share, right = learnt._speaks(company)
        report = learnt.report or {}
        names = {code: reason.display_name for code, reason in self._reasons_by_code().items()}
        names[learnt._none_code()] = self.env._("No reason")
        return {
            "id": learnt.id,
            "date": fields.Datetime.to_string(learnt.date),
            "own": learnt.own_count,
            "seed": learnt.seed_count,
            "is_own": bool(learnt.company_id),
            "is_own_test": learnt.is_own_test,
            "tested": learnt.test_count,
            "accuracy": learnt.accuracy,
            "low": learnt.accuracy_low,
            "high": learnt.accuracy_high,
            "base": learnt.base_accuracy,
            "log_loss": learnt.log_loss,
            "bar": company.scm_reason_min_probability,
            "min_accuracy": company.scm_reason_min_accuracy,
            "speaks": bar <= 1.0,
            "share": share,
            "right": right,
            "bars": report.get("bars") or [],
            "calibration": report.get("calibration") or [],
            "classes": [
                row | {"name": names.get(row["code"], row["code"])}
                for row in sorted(report.get("classes") or [], key=lambda row: -row["texts"])
                if row["texts"]
            ],
            "confusions": [
                {"truth": names.get(truth, truth), "said": names.get(said, said), "texts": texts}
                for truth, said, texts in report.get("confusions") or []
            ],
        }
