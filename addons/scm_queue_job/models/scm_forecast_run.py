from odoo import models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _finish(self, state, message=False):
        """What is due tonight behind this run is queued as soon as it has ended, as no cron waits for its end."""
        result = super()._finish(state, message)
        if state == "done" and self._due_kind(self.company_id):
            # sudo: calling its cron is part of the run
            self.env.ref("scm_planning.scm_forecast_nightly_cron").sudo()._trigger()
        return result
