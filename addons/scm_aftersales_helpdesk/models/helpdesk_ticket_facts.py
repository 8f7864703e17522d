from odoo import fields, models
from odoo.tools import formatLang

MAX_ORDERS = 5


class HelpdeskTicket(models.Model):
    """What who answers wants to know, at the side of the ticket."""

    _inherit = "helpdesk.ticket"

    scm_facts = fields.Json("Facts", compute="_compute_scm_facts", export_string_translation=False)

    def _compute_scm_facts(self):
        for ticket in self:
            ticket.scm_facts = ticket._scm_all_facts()

    def _scm_all_facts(self):
        """Plain values for the card. They are of the ticket's own order and customer, whom the reader answers."""
        # sudo: who may read the ticket may know what its customer is told; nothing of other customers is in it
        ticket = self.sudo()
        order = ticket.scm_order_id
        parcels = ticket.scm_parcel_id or order.scm_parcel_ids.filtered(lambda one: one.direction == "out")
        return {
            "clocks": [ticket._scm_clock_facts(clock) for clock in ticket.scm_clock_ids.sorted("kind", reverse=True)],
            "order": ticket._scm_order_facts(order) if order else False,
            "parcels": [ticket._scm_parcel_facts(parcel) for parcel in parcels.sorted("id", reverse=True)[:3]],
            "returns": [ticket._scm_return_facts(one) for one in (order.scm_return_ids | ticket.scm_return_ids)[:4]],
            "customer": ticket._scm_customer_facts() if ticket.partner_id else False,
            "product": ticket._scm_product_facts() if ticket.scm_product_id else False,
            "can_sell": self.env["sale.order"].has_access("read"),
            "can_return": self.env["scm.return"].has_access("create"),
            "can_parcel": self.env["scm.parcel"].has_access("read"),
        }

    def _scm_clock_facts(self, clock):
        labels = dict(clock._fields["kind"]._description_selection(self.env))
        return {
            "id": clock.id,
            "label": labels[clock.kind],
            "state": clock.state,
            "deadline": fields.Datetime.to_string(clock.date_deadline) or False,
            "stopped": fields.Datetime.to_string(clock.date_stopped) or False,
            "left": round(clock.hours_left, 2),
            "allowed": clock.hours_allowed,
            "always": not clock.calendar_id,
        }

    def _scm_order_facts(self, order):
        label = dict(order._fields["delivery_status"]._description_selection(self.env)).get(order.delivery_status)
        promised, _source = order._scm_promise()
        return {
            "id": order.id,
            "name": order.name,
            "date": fields.Datetime.to_string(order.date_order),
            "status": label or dict(order._fields["state"]._description_selection(self.env))[order.state],
            "is_delivered": order.delivery_status == "full",
            "total": formatLang(self.env, order.amount_total, currency_obj=order.currency_id),
            "promised": fields.Date.to_string(promised) if promised else False,
        }

    def _scm_parcel_facts(self, parcel):
        return {
            "id": parcel.id,
            "name": parcel.tracking_ref or parcel.name,
            "carrier": parcel.carrier_id.name or "",
            "status": parcel.status,
            "label": dict(parcel._fields["status"]._description_selection(self.env))[parcel.status],
            "news": parcel.last_text or "",
            "expected": fields.Date.to_string(parcel.date_expected) or False,
            "delivered": fields.Datetime.to_string(parcel.date_delivered) or False,
            "days_late": parcel.days_late if parcel.is_late else 0,
            "url": parcel._tracking_url(),
        }

    def _scm_return_facts(self, request):
        return {
            "id": request.id,
            "name": request.name,
            "state": request.state,
            "label": dict(request._fields["state"]._description_selection(self.env))[request.state],
            "date": fields.Datetime.to_string(request.date_requested) or False,
        }

    def _scm_customer_facts(self):
        """Orders, returns and tickets of the customer with this company."""
        orders, returns, tickets = self.env["sale.order"], self.env["scm.return"], self.env["helpdesk.ticket"]
        customer, company = self.commercial_partner_id, self.company_id
        own = [("partner_id", "child_of", customer.id), ("company_id", "=", company.id)]
        sold = [*own, ("state", "=", "sale")]
        ((count, first),) = orders._read_group(sold, [], ["__count", "date_order:min"])
        recent = orders.search([*sold, ("id", "!=", self.scm_order_id.id)], order="date_order DESC", limit=MAX_ORDERS)
        returned = len(returns._read_group([*own, ("state", "not in", ("refused", "cancelled"))], ["order_id"]))
        customer = customer.with_company(company)
        return {
            "id": self.partner_id.id,
            "name": customer.name,
            "class": customer.scm_customer_class_id.name or "",
            "orders": count,
            "since": fields.Datetime.to_string(first) if first else False,
            "returns": returned,
            "return_share": round(100 * returned / count) if count else 0,
            "tickets": tickets.search_count([*own, ("closed", "=", False), ("id", "!=", self.id)]),
            "recent": [
                {"id": order.id, "name": order.name, "date": fields.Datetime.to_string(order.date_order)}
                for order in recent
            ],
        }

    def _scm_product_facts(self):
        product = self.scm_product_id.with_company(self.company_id)
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)])
        free = product.with_context(warehouse_id=warehouses.ids).free_qty
        return {
            "id": product.id,
            "name": product.display_name,
            "price": formatLang(self.env, product.lst_price, currency_obj=product.currency_id),
            "free": product.uom_id.round(free),
            "unit": product.uom_id.name,
            "is_storable": product.is_storable,
        }
