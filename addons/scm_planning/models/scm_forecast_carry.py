from odoo import api, models


class ScmForecast(models.Model):
    """Overrides over runs."""

    _inherit = "scm.forecast"

    @api.model
    def _carry_overrides(self, previous, run):
        """Carry what was typed by hand, and spread the overrides of all levels to the new forecast."""
        result = super()._carry_overrides(previous, run)
        if run.freq == "W":
            self.env["scm.forecast.override"]._apply_run(run)
        return result
