from odoo import fields, models
from odoo.fields import Command


class ScmReturnLine(models.Model):
    """Exchange and repair of the units that were granted."""

    _inherit = "scm.return.line"

    def _make_exchange(self, units):
        """Send the same product again by the rules of the order, or another one as a new line of the order."""
        if self._outcome() != "exchange" or self.uom_id.compare(units, 0.0) <= 0 or self.exchange_move_ids:
            return self.env["stock.move"]
        if self._is_other_product():
            self.exchange_sale_line_id = self._exchange_sale_line(units)
            self.exchange_sale_line_id.move_ids.scm_exchange_line_id = self
        else:
            self._procure_again(units)
        self.invalidate_recordset(["exchange_move_ids"])
        pickings = self.exchange_move_ids.picking_id
        pickings.scm_exchange_id = self.return_id
        return self.exchange_move_ids

    def _procure_again(self, units):
        """As Odoo's own exchange does: the order line's procurement, once more. Components go by themselves."""
        sale_line, rules = self.sale_line_id.with_company(self.company_id), self.env["stock.rule"]
        values = sale_line._prepare_procurement_values() | {
            "date_planned": fields.Datetime.now(),
            "date_deadline": False,
            "scm_exchange_line_id": self.id,
        }
        location = self.order_id.partner_shipping_id.property_stock_customer
        rules.run(
            [
                rules.Procurement(
                    self.product_id,
                    units,
                    self.uom_id,
                    location,
                    self.product_id.display_name,
                    f"{self.order_id.name} - {self.return_id.name}",
                    self.company_id,
                    values,
                )
            ]
        )

    def _exchange_sale_line(self, units):
        """The other product on the same order: at the old price if both have the same list price, else at its own."""
        old, new = self.sale_line_id, self.exchange_product_id
        values = {
            "order_id": self.order_id.id,
            "product_id": new.id,
            "product_uom_id": new.uom_id.id,
            "product_uom_qty": units,
            "sequence": old.sequence,
        }
        if not self._is_component() and not self.currency_id.compare_amounts(new.lst_price, old.product_id.lst_price):
            per_unit = old.product_uom_id._compute_quantity(1.0, old.product_id.uom_id, round=False)
            values |= {
                "price_unit": old.price_unit / (per_unit or 1.0),
                "discount": old.discount,
                "tax_ids": [Command.set(old.tax_ids.ids)],
            }
        return self.env["sale.order.line"].with_company(self.company_id).create(values)

    def _make_repair(self, units):
        """A repair order for the goods that the receipt brought."""
        if self._outcome() != "repair" or self.uom_id.compare(units, 0.0) <= 0:
            return None
        picking = self.move_ids.filtered(lambda move: move.state == "done").picking_id[:1]
        warehouse = self.return_id.warehouse_id
        values = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "product_qty": units,
            "product_uom": self.uom_id.id,
            "lot_id": self.lot_id.id,
            "picking_id": picking.id,
            "under_warranty": self._is_our_fault(),
            "internal_notes": self.comment or self.reason_id.display_name or False,
        }
        if warehouse.repair_type_id:
            values["picking_type_id"] = warehouse.repair_type_id.id
        return self.env["repair.order"].with_company(self.company_id).create(values)
