from odoo import models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        self.env["scm.policy.curve"]._refresh(self.company_id)
        return result
