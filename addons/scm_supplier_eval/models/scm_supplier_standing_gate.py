from odoo import models
from odoo.tools import format_date


class ScmSupplierStanding(models.Model):
    """How a standing speaks at a purchase order."""

    _inherit = "scm.supplier.standing"

    def _prepare_finding(self, order):
        blocks = self.consequence == "block" and order.company_id.scm_grade_gate == "block"
        return {"order": order, "level": "block" if blocks else "warn", "message": self._gate_message()}

    def _gate_message(self):
        values = {
            "supplier": self.partner_id.display_name,
            "grade": self.effective_grade_id.name or "–",
            "score": f"{self.score:.0f}",
            "day": format_date(self.env, self.date_probation) if self.date_probation else "",
        }
        if self.override_grade_id:
            return self.env._(
                "%(supplier)s has grade %(grade)s by decision: %(reason)s", reason=self.override_reason, **values
            )
        if self.state == "eliminated":
            return self.env._("%(supplier)s was eliminated: nothing is bought there any more.", **values)
        if self.state == "blocked":
            return self.env._(
                "%(supplier)s is blocked: grade %(grade)s, %(score)s points, and its probation is over. A supply "
                "chain manager can decide otherwise, with a reason.",
                **values,
            )
        if self.state == "probation":
            return self.env._(
                "%(supplier)s is on probation until %(day)s: grade %(grade)s, %(score)s points.", **values
            )
        return self.env._("%(supplier)s has grade %(grade)s, %(score)s points.", **values)
