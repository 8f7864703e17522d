from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.feedback.rating": "stars",
            "scm.reason.model.log_loss": "ratio",
            "scm.return.finding.delivered": "number",
            "scm.return.finding.factor": "ratio",
            "scm.return.finding.factor_low": "ratio",
            "scm.return.finding.q_value": "probability",
            "scm.return.finding.returned": "number",
        }

    @api.model
    def _words(self):
        return {**super()._words(), "stars": self.env._("stars, 1 to 5")}
