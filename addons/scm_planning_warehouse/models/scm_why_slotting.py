from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "slot_method_forecast": self.env._("Forecast by units per pick x way, all products weighed together"),
            "slot_ahead": self.env._("Picks a day are those that the forecast means for %(from)s to %(to)s."),
        }
