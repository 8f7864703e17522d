from odoo import api, models


class ScmUnits(models.AbstractModel):
    _inherit = "scm.units"

    @api.model
    def _field_units(self):
        return {
            **super()._field_units(),
            "scm.metric.snapshot.denominator": "of_metric",
            "scm.metric.snapshot.known_value": "of_metric",
            "scm.metric.snapshot.numerator": "of_metric",
            "scm.metric.snapshot.value": "of_metric",
            "scm.metric.target.limit": "of_metric",
            "scm.metric.target.target": "of_metric",
        }

    @api.model
    def _words(self):
        return {**super()._words(), "of_metric": self.env._("unit of the metric")}
