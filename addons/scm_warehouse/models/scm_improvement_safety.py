from odoo import api, models
from odoo.fields import Domain


class ScmImprovement(models.Model):
    """What improvements of safety should move: the share of questions that inspections find not OK."""

    _inherit = "scm.improvement"

    @api.model
    def _metrics(self):
        return {
            **super()._metrics(),
            "inspection_failed_rate": {
                "label": self.env._("Not OK in safety inspections"),
                "unit": "percent",
                "kind": "rate",
                "better": -1,
                "smallest": 0.01,
                "source": "safety_inspections",
            },
        }

    def _observe_safety_inspections(self):
        """``{improvement id: (before, after)}``, each ``(not OK, asked)`` per inspection, by one query for all.

        Of an improvement that was opened for an incident only the inspections of its warehouse count, and where an
        inspection found it, those about the same subject.
        """
        days = [
            day for one in self for day in (one.baseline_from, one.baseline_to, one.after_from, one.after_to) if day
        ]
        # sudo: sums of answers for whoever may measure the improvement, of its own company
        inspections = self.env["scm.safety.inspection"].sudo()
        rows = inspections.search_fetch(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "=", "done")
            & Domain("date_due", ">=", min(days))
            & Domain("date_due", "<=", max(days)),
            ["company_id", "warehouse_id", "subject", "date_due", "failed_count", "answer_count"],
        )
        scopes = self._safety_scopes()
        return {
            one.id: tuple(
                one._inspected(rows, scopes[one.id], first, last)
                for first, last in (
                    (one.baseline_from, one.baseline_to),
                    (one.after_from or one.baseline_to, one.after_to or one.baseline_to),
                )
            )
            for one in self
        }

    def _safety_scopes(self):
        """``{improvement id: (warehouse or none, subject or none)}``."""
        own = self.filtered(lambda one: one.res_model == "scm.safety.incident" and one.res_id)
        # sudo: which inspections count, for whoever may measure the improvement
        found = self.env["scm.safety.incident"].sudo().browse(own.mapped("res_id")).exists()
        incidents = {incident.id: incident for incident in found}
        scopes = dict.fromkeys(self.ids, (False, False))
        for one in own:
            if incident := incidents.get(one.res_id):
                scopes[one.id] = (incident.warehouse_id, incident.inspection_id.subject)
        return scopes

    def _inspected(self, rows, scope, first, last):
        warehouse, subject = scope
        mine = [
            row
            for row in rows
            if row.company_id == self.company_id
            and first <= row.date_due <= last
            and row.answer_count
            and (not warehouse or row.warehouse_id == warehouse)
            and (not subject or row.subject == subject)
        ]
        return [row.failed_count for row in mine], [row.answer_count for row in mine]
