from odoo import fields, models


class ScmForecastLine(models.Model):
    """Which override set a period; empty beside a quantity that was typed by hand on this very period."""

    _inherit = "scm.forecast.line"

    override_id = fields.Many2one("scm.forecast.override", "Set by", readonly=True, ondelete="set null")

    _override_id_idx = models.Index("(override_id) WHERE override_id IS NOT NULL")

    def _write_override(self, quantity, reason):
        result = super()._write_override(quantity, reason)
        self.env.cr.execute("UPDATE scm_forecast_line SET override_id = NULL WHERE id = ANY(%s)", [self.ids])
        self.invalidate_recordset(["override_id"])
        for run in self.forecast_id.run_id:
            if quantity is None:
                # what stands at higher levels holds again
                self.env["scm.forecast.override"]._apply_run(run)
            elif run.freq == "W":
                self.env["scm.forecast.node"]._renew_changes(run)
        return result
