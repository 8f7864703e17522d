from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    scm_return_id = fields.Many2one("scm.return", "Customer Return")

    def _prepare_picking_default_values_based_on(self, picking):
        """The transfer belongs to the return, and comes back to the warehouse that the return names."""
        values = super()._prepare_picking_default_values_based_on(picking)
        values |= {"scm_return_id": self.scm_return_id.id, "scm_exchange_id": False}
        warehouse = self.scm_return_id.warehouse_id
        if warehouse and warehouse != picking.picking_type_id.warehouse_id:
            arrival = warehouse.in_type_id
            values |= {
                "picking_type_id": arrival.id,
                "location_dest_id": (arrival.default_location_dest_id or warehouse.lot_stock_id).id,
            }
        return values


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    scm_return_line_id = fields.Many2one("scm.return.line", "Return Line")

    def _prepare_move_default_values(self, new_picking):
        values = super()._prepare_move_default_values(new_picking)
        return {**values, "scm_return_line_id": self.scm_return_line_id.id, "scm_exchange_line_id": False}
