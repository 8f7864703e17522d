from odoo import api, models


class ScmWaveWalk(models.Model):
    """How far a tour is."""

    _inherit = "scm.wave.plan"

    @api.model
    def _measure(self, warehouse, tours):
        """Set ``metres``, ``metres_before`` (each order a tour of its own) and ``has_way`` of each tour.

        Orders that go to the same places are measured once.
        """
        own = {frozenset(order["places"]) for tour in tours for order in tour["orders"]}
        whole = [frozenset().union(*(order["places"] for order in tour["orders"])) for tour in tours]
        found = warehouse._scm_tours({places: sorted(places) for places in own.union(whole)})
        for tour, places in zip(tours, whole, strict=True):
            metres, _order, lost = found[places]
            tour["metres"], tour["has_way"] = metres, not lost
            tour["metres_before"] = sum(found[frozenset(order["places"])][0] for order in tour["orders"])
