from odoo import models


class StockPutawayRule(models.Model):
    _inherit = "stock.putaway.rule"

    def _get_putaway_location(self, product, quantity=0, package=None, packaging=None, qty_by_location=None):
        """The closest location is the one with the shortest way to the dock, where the warehouse knows its ways.

        Odoo takes the first place by its full name that has room; here the same places are tried in the order of their
        distances. Rules that name a fixed or the last used place, and places without a way, stay as they are.
        """
        rules = self
        if self.location_out_id.warehouse_id.filtered(lambda w: w.scm_putaway_nearest and w.scm_travel_at):
            rules = self.with_context(scm_nearest_first=True)
        place = super(StockPutawayRule, rules)._get_putaway_location(
            product, quantity, package, packaging, qty_by_location
        )
        return place and place.with_env(self.env)
