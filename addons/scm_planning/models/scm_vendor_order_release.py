"""Quotations from vendor orders: made by Odoo's own computations, and exactly once."""

from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, groupby

from odoo.addons.scm_base.tools.zones import local_noon

OPEN = ("proposed", "firm")


class ScmVendorOrder(models.Model):
    _inherit = "scm.vendor.order"

    def create_rfqs(self):
        """Make the quotations of these vendor orders; what was ordered before is left alone. Public.

        Needs the role supply-chain manager and Odoo's right to create purchase orders. Lines that the budget leaves
        out are not ordered and wait for the next plan.

        :return: ``{'purchase_order_ids': [ids of the new quotations], 'released': number of planned orders,
            'skipped': those that somebody else had released or that are left out}``
        """
        return self.line_ids._release()

    def action_create_rfqs(self):
        return self.line_ids.action_release()

    def _close_released(self):
        """Released; what was left out goes back to the plan."""
        for order in self:
            order.write({"state": "released", "purchase_order_id": order.purchase_order_ids[:1].id})
        self.line_ids.filtered(lambda line: line.state in OPEN).write({"vendor_order_id": False})


class ScmPlannedOrder(models.Model):
    _inherit = "scm.planned.order"

    def action_release(self):
        """Make quotations of these planned orders and open them."""
        result = self._release()
        if not result["purchase_order_ids"]:
            message = self.env._("Nothing was ordered: these lines are released already, left out, or no purchases.")
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {"message": message, "type": "warning"},
            }
        action = self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq")
        action |= {"domain": [("id", "in", result["purchase_order_ids"])], "context": {}}
        if len(result["purchase_order_ids"]) == 1:
            action |= {"res_id": result["purchase_order_ids"][0], "view_mode": "form", "views": [(False, "form")]}
        return action

    def release(self):
        """Make quotations of these planned purchases, once. Public; returns as ``scm.vendor.order.create_rfqs``."""
        return self._release()

    def _release(self):
        self._check_release_rights()
        self._lock_for_release()
        todo = self.filtered(
            lambda line: (
                line.state in OPEN
                and line.kind == "buy"
                and line.quantity > 0
                and line.budget_action in (False, "keep")
            )
        )
        todo._check_releasable()
        orders = self.env["purchase.order"]
        for company, lines in groupby(todo, lambda line: line.company_id):
            orders += self.browse(line.id for line in lines).with_company(company)._release_company()
        todo.vendor_order_id.sudo()._close_released()  # sudo: vendor orders are read-only; rights were checked above
        return {"purchase_order_ids": orders.ids, "released": len(todo), "skipped": len(self) - len(todo)}

    def _check_release_rights(self):
        self.env["scm.vendor.order"]._check_manager()
        self.check_access("read")
        if not self.env["purchase.order"].has_access("create"):
            raise AccessError(
                self.env._(
                    "You need Odoo's own right to create purchase orders (Purchase: User). Ask an administrator for "
                    "it, or let a colleague who has it create the RFQ."
                )
            )

    def _lock_for_release(self):
        """Two people at once: the second waits, finds that the rows changed, and Odoo lets him start again."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE scm_planned_order SET write_date = write_date WHERE id = ANY(%s)", sorted(self.ids))
        )
        self.invalidate_recordset(["state", "purchase_line_id"])

    def _check_releasable(self):
        for line in self:
            seller, names = line.supplierinfo_id, {"product": line.product_id.display_name}
            if not line.vendor_id:
                raise UserError(
                    self.env._("%(product)s has no vendor: add one on its Purchase page and plan again.", **names)
                )
            names["vendor"] = line.vendor_id.display_name
            if not line.vendor_id.active:
                raise UserError(
                    self.env._(
                        "%(vendor)s is archived, so %(product)s cannot be ordered there. Unarchive the vendor, or give "
                        "the product another one and plan again.",
                        **names,
                    )
                )
            if not line.product_id.active or not line.product_id.purchase_ok:
                raise UserError(
                    self.env._("%(product)s is archived or not to be purchased. Correct it, or plan again.", **names)
                )
            if seller and not seller.product_uom_id._has_common_reference(line.product_id.uom_id):
                raise UserError(
                    self.env._(
                        "The unit of %(vendor)s for %(product)s cannot be converted into the product's: correct it in "
                        "the price list.",
                        **names,
                    )
                )

    # One company

    def _release_company(self):
        """Quotations of these lines of one company: per vendor order, vendor, warehouse and currency."""
        groups = groupby(
            self, lambda line: (line.vendor_order_id, line.vendor_id, line.warehouse_id, line._rfq_currency())
        )
        groups = [(key, self.browse(line.id for line in lines)) for key, lines in groups]
        model = self.env["purchase.order"]
        orders = model.create([lines._prepare_rfq_vals(*key) for key, lines in groups])
        for order in orders:
            # Odoo's own: fiscal position, payment terms and buyer of the vendor
            order.onchange_partner_id()
        noon = self._rfq_noons()
        values, parts = [], []
        for order, (_key, lines) in zip(orders, groups, strict=True):
            for _product, same in groupby(lines, lambda line: (line.product_id, line.supplierinfo_id)):
                part = self.browse(line.id for line in same)
                values.append(part._prepare_rfq_line_vals(order, noon))
                parts.append(part)
        for part, line in zip(parts, self.env["purchase.order.line"].create(values), strict=True):
            # sudo: planned orders of the plan are read-only for most; role and rights were checked
            part.sudo().write({"purchase_line_id": line.id, "state": "released"})
        return orders

    def _rfq_currency(self):
        vendor = self.vendor_id.with_company(self.company_id)
        return self.supplierinfo_id.currency_id or vendor.property_purchase_currency_id or self.company_id.currency_id

    def _prepare_rfq_vals(self, vendor_order, vendor, warehouse, currency):
        now = fields.Datetime.now()
        day = vendor_order.date_order or min(self.mapped("date_order"), default=now.date())
        return {
            "partner_id": vendor.id,
            "company_id": self.company_id.id,
            "picking_type_id": warehouse.in_type_id.id,
            "currency_id": currency.id,
            "date_order": max(now, datetime.combine(day or now.date(), time(12))),
            "origin": self.env._("Order plan %(day)s", day=fields.Date.to_string(day or now.date())),
            "scm_vendor_order_id": vendor_order.id,
        }

    def _prepare_rfq_line_vals(self, order, noon):
        """One line of these planned orders of one product, in the vendor's unit; never less than planned."""
        first = self[:1]
        product, seller = first.product_id, first.supplierinfo_id
        unit = seller.product_uom_id or product.uom_id
        quantity = product.uom_id._compute_quantity(sum(self.mapped("quantity")), unit, rounding_method="UP")
        # as Odoo's own procurement does: price list line of the quantity, taxes of the fiscal position, text
        values = self.env["purchase.order.line"]._prepare_purchase_order_line(
            product, quantity, unit, order.company_id, order.partner_id, order
        )
        if not values["price_unit"]:
            # no price list line holds any more: the cost of the product, as Odoo takes it for a line typed by hand
            del values["price_unit"], values["discount"]
        day = min(line._receipt_together(order) for line in self)
        return values | {"order_id": order.id, "date_planned": noon(first.warehouse_id, day)}

    def _receipt_together(self, order):
        """Receipt when ordered with the others: as many days after the order as planned, not before."""
        today = fields.Datetime.now().date()
        own = self.date_order or today
        receipt = self.date_receipt or own
        placed = max(order.date_order.date(), today)
        return fields.Date.add(placed, days=max((receipt - own).days, 0))

    def _rfq_noons(self):
        """Function (warehouse, day) -> noon of that day there, as UTC."""
        zones = self.env["stock.warehouse"]._scm_zones(self.company_id)
        return lambda warehouse, day: local_noon(day, zones[warehouse.id])

    # Taken back

    @api.model
    def _reopen_lost(self, companies):
        """Planned orders whose quotation was cancelled or deleted are open again; their vendor order is closed."""
        domain = [("company_id", "in", companies.ids), ("kind", "=", "buy"), ("state", "=", "released")]
        # sudo: planning looks after quotations that its user need not be allowed to see
        lost = self.sudo().search(
            [*domain, "|", ("purchase_line_id", "=", False), ("purchase_line_id.order_id.state", "=", "cancel")]
        )
        orders = lost.vendor_order_id
        lost.write({"state": "proposed", "purchase_line_id": False, "vendor_order_id": False})
        gone = orders.filtered(lambda order: all(rfq.state == "cancel" for rfq in order.purchase_order_ids))
        gone.write({"state": "cancelled"})
        return len(lost)
