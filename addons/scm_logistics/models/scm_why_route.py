from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "km": self.env._("km"),
            "route_search": self.env._("Search for the cheapest routes that serve all stops"),
            "route_objective": self.env._("cost per km x way + cost per hour x time; windows and capacities are kept"),
            "route_stops": self.env._("Stops"),
            "route_load": self.env._("Load"),
            "route_before": self.env._("All stops in the order listed, one vehicle"),
            "route_unserved": self.env._("Stops that no vehicle can take"),
            "route_seconds": self.env._("Seconds of search"),
            "route_estimated_roads": self.env._("Ways are estimated: straight line times 1.3."),
        }
