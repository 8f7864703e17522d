from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_inventory_move_values(self, qty, location_id, location_dest_id, package_id=False, package_dest_id=False):
        """The move remembers the line of the count that it corrects."""
        values = super()._get_inventory_move_values(
            qty, location_id, location_dest_id, package_id=package_id, package_dest_id=package_dest_id
        )
        line = (self.env.context.get("scm_count_lines") or {}).get(self.id)
        return values | {"scm_count_line_id": line} if line else values
