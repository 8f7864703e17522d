from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.mail import email_normalize, html2plaintext

from odoo.addons.scm_logistics.models.scm_tracking_key import tracking_key, tracking_key_sql

from ..kernel.references import references

#: orders and parcels of a number, read in one go for all tickets of a call
_ORDERS = """
    SELECT id, company_id, upper(name) FROM sale_order
     WHERE company_id = ANY(%(companies)s) AND state != 'cancel' AND upper(name) = ANY(%(words)s)
"""
_RETURNS = """
    SELECT order_id, company_id, upper(name) FROM scm_return
     WHERE company_id = ANY(%(companies)s) AND upper(name) = ANY(%(words)s)
"""


class HelpdeskTicket(models.Model):
    """Which order or parcel a customer writes about: numbers in the subject and text, if they are his own."""

    _inherit = "helpdesk.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._scm_link()
        return tickets

    def action_scm_link(self):
        """Look for order and parcel numbers in the texts of these tickets.

        :return: number of tickets that were linked
        """
        self.check_access("write")
        return self._scm_link()

    def action_scm_link_order(self, order_id):
        """Link the ticket with one of its customer's orders."""
        self.ensure_one()
        self.check_access("write")
        # sudo: whether the order is the customer's is checked by the ticket; nothing of the order is given back
        order = self.env["sale.order"].sudo().browse(order_id).exists()
        if not order or order.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(ticket)s: there is no such order in %(company)s.",
                    ticket=self.number,
                    company=self.company_id.name,
                )
            )
        self.write({"scm_order_id": order.id, "scm_parcel_id": False})
        return True

    def _scm_link(self):
        """Link those that have no order yet. A number counts only where the sender is the order's customer."""
        # sudo: numbers of the ticket's own customer are looked up; who writes tickets need not read sales
        todo = self.sudo().filtered(lambda ticket: not ticket.scm_order_id and not ticket.scm_parcel_id)
        words = {ticket: references(ticket.name, html2plaintext(ticket.description or "")) for ticket in todo}
        wanted = sorted({word for found in words.values() for word in found})
        if not wanted:
            return 0
        orders = self._scm_orders_by_word(todo.company_id, wanted)
        parcels = self._scm_parcels_by_word(todo.company_id, wanted)
        linked = 0
        for ticket, found in words.items():
            linked += bool(ticket._scm_take(found, orders, parcels))
        return linked

    @api.model
    def _scm_orders_by_word(self, companies, words):
        """``{(company id, number): order}``, by order and return numbers."""
        self.env["sale.order"].flush_model(["name", "company_id", "state"])
        self.env["scm.return"].flush_model(["name", "company_id", "order_id"])
        found = {}
        for query in (_RETURNS, _ORDERS):
            for order, company, name in self.env.execute_query(SQL(query, companies=companies.ids, words=words)):
                found[company, name] = order
        orders = self.env["sale.order"].sudo().browse(found.values())  # sudo: as the caller says
        orders.fetch(["partner_id", "partner_invoice_id", "partner_shipping_id"])
        return {key: orders.browse(id_) for key, id_ in found.items()}

    @api.model
    def _scm_parcels_by_word(self, companies, words):
        """``{(company id, number): parcels, newest first}``."""
        self.env["scm.parcel"].flush_model(["tracking_ref", "company_id"])
        keys = sorted({tracking_key(word) for word in words})
        rows = self.env.execute_query(
            SQL(
                """SELECT id, company_id, %(key)s FROM scm_parcel
                    WHERE company_id = ANY(%(companies)s) AND %(key)s = ANY(%(keys)s) ORDER BY id DESC""",
                key=tracking_key_sql("tracking_ref"),
                companies=companies.ids,
                keys=keys,
            )
        )
        parcels, found = self.env["scm.parcel"].sudo(), {}  # sudo: as the caller says
        for id_, company, key in rows:
            found[company, key] = found.get((company, key), parcels) | parcels.browse(id_)
        return found

    def _scm_take(self, words, orders, parcels):
        """Take the first order or parcel that is the sender's. Returns the values that were written."""
        for word in words:
            for parcel in parcels.get((self.company_id.id, tracking_key(word)), ()):
                order = parcel.sale_ids.filtered(self._scm_is_senders)[:1]
                if order:
                    return self._scm_set_link(order, parcel)
            order = orders.get((self.company_id.id, word))
            if order and self._scm_is_senders(order):
                return self._scm_set_link(order)
        return {}

    def _scm_set_link(self, order, parcel=None):
        values = {"scm_order_id": order.id}
        if parcel:
            values["scm_parcel_id"] = parcel.id
        if not self.partner_id:
            values["partner_id"] = order.partner_id.id
        self.write(values)
        return values

    def _scm_is_senders(self, order):
        """Whether the ticket's customer, or the address that it came from, is that of the order."""
        if self.partner_id:
            return self.partner_id.commercial_partner_id in self._scm_customers(order)
        sender = email_normalize(self.partner_email)
        people = order.partner_id | order.partner_invoice_id | order.partner_shipping_id
        return bool(sender) and sender in people.mapped("email_normalized")
