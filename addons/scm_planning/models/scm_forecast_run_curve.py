from odoo import models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        curves = self.env["scm.policy.curve"]
        # what service costs hardly moves within a week
        if self.whole or not curves.search_count([("company_id", "=", self.company_id.id)], limit=1):
            curves._refresh(self.company_id)
        return result
