import numpy as np
from odoo import api, models

from ..kernel.wave import sweep_metres


class ScmWaveWalk(models.Model):
    """How far a tour is."""

    _inherit = "scm.wave.plan"

    @api.model
    def _measure(self, warehouse, tours, places, aisles):
        """Set ``metres``, ``metres_before`` and ``has_way`` of each tour."""
        for tour in tours:
            sets = [order["places"] for order in tour["orders"]]
            tour["metres_before"] = sum(self._way(one, places, aisles) for one in sets)
            tour["metres"] = self._way([place for one in sets for place in one], places, aisles)
            tour["has_way"] = all(places[place]["aisle"] in aisles for one in sets for place in one)

    @api.model
    def _way(self, location_ids, places, aisles):
        known = sorted({places[place]["aisle"] for place in location_ids} & set(aisles))
        if not known:
            return 0.0
        x, length = zip(*(aisles[key] for key in known), strict=True)
        return float(sweep_metres(np.ones((1, len(known)), bool), x, length, min(x for x, _ in aisles.values()))[0])
