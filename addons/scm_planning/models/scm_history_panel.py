"""The forecast reads the history that stands corrected."""

from odoo import models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _compute_forecast(self):
        return super(ScmForecastRun, self.with_context(scm_detect_outliers=self.freq == "W"))._compute_forecast()

    def _read_panel(self):
        keys, panel = super()._read_panel()
        if not keys:
            return keys, panel
        corrections = self.env["scm.history.correction"]
        if self.env.context.get("scm_detect_outliers"):
            corrections._detect(self.company_id, keys, panel)
        corrections._apply_to(self.company_id, keys, panel)
        return keys, panel

    def _kept_weeks(self, keys, panel):
        rows, periods = self.env["scm.history.correction"]._decided_to_keep(self.company_id, keys, panel)
        return (rows, periods) if len(rows) else super()._kept_weeks(keys, panel)

    def _shape_result(self, keys, panel, result):
        result = super()._shape_result(keys, panel, result)
        if self.env.context.get("scm_detect_outliers"):
            self.env["scm.history.correction"]._keep_spikes(self.company_id, keys, panel, result.spikes)
        return result
