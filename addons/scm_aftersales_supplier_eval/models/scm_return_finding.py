from datetime import timedelta

from odoo import models

#: days in which a supplier answers an 8D report that a finding opened
ANSWER_DAYS = 14


class ScmReturnFinding(models.Model):
    """A finding that the supplier can remove asks for an 8D report, which it answers on its portal."""

    _inherit = "scm.return.finding"

    def _prepare_improvement(self, supplier_id):
        values = super()._prepare_improvement(supplier_id)
        if values["area"] == "supplier" and values["partner_id"]:
            values["date_answer_due"] = values["date_open"] + timedelta(days=ANSWER_DAYS)
        return values
