from odoo import models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _step_demand(self):
        """Promotions first: a planner who looks in the morning finds those of yesterday."""
        self.env["scm.event.proposal"]._refresh(self.company_id)
        return super()._step_demand()
