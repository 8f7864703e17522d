from odoo import models


class ScmForecastRun(models.Model):
    """Excess follows from the plan."""

    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        self.env["scm.excess"]._refresh(self.company_id)
        return result
