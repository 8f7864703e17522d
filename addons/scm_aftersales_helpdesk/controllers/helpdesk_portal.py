from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from ..kernel.references import references

#: what a customer chooses on the form; the others are for staff
PORTAL_KINDS = ("presale", "where", "return", "complaint", "other")


class HelpdeskPortal(HelpdeskTicketController):
    """Tickets are closed by those whose they are, and by a form: the module's own page closed anyone's by a link."""

    @http.route("/ticket/close", type="http", auth="user", methods=["POST"], website=True, csrf=True)
    def support_ticket_close(self, ticket_id="", stage_id="", **_kw):
        """Close one's own ticket into a stage that customers may choose."""
        ticket = self._closable(_number(ticket_id))
        stage = ticket and ticket.team_id._get_applicable_stages().filtered(
            lambda one: one.id == _number(stage_id) and one.close_from_portal
        )
        if not ticket or not stage:
            raise request.not_found()
        if not ticket.closed:
            ticket.stage_id = stage
        return request.redirect(f"/my/ticket/{ticket.id}", local=True)

    def _closable(self, ticket_id):
        """The ticket as superuser, if it is the user's or his company's, or if he may write tickets."""
        ticket = request.env["helpdesk.ticket"].browse(ticket_id)
        user = request.env.user
        try:
            ticket.check_access("read")
            if user._is_internal():
                ticket.check_access("write")
        except (AccessError, MissingError):
            return None
        # sudo: read above; followers may read a ticket too, so whose it is is compared here
        ticket = ticket.sudo()
        if not user._is_internal() and ticket.commercial_partner_id != user.partner_id.commercial_partner_id:
            return None
        return ticket.with_company(ticket.company_id)

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        labels = dict(request.env["helpdesk.ticket"]._fields["scm_kind"]._description_selection(request.env))
        product = self._sellable(_number(kw.get("product")))
        return values | {
            "scm_kinds": [(kind, labels[kind]) for kind in PORTAL_KINDS],
            "scm_kind": "presale" if product else "other",
            "scm_product": product,
        }

    def _prepare_submit_ticket_vals(self, **kw):
        values = super()._prepare_submit_ticket_vals(**kw)
        if kw.get("scm_kind") in PORTAL_KINDS:
            values["scm_kind"] = kw["scm_kind"]
        product = self._sellable(_number(kw.get("scm_product")))
        if product:
            values["scm_product_id"] = product.id
        order = self._own_order(kw.get("scm_order"))
        if order:
            values |= {"scm_order_id": order.id, "company_id": order.company_id.id}
        return values

    def _own_order(self, name):
        """The order of this number, if it is the user's."""
        words = references(name or "")
        if not words:
            return None
        # sudo: only orders of the user's own company are looked at
        orders = (
            request.env["sale.order"]
            .sudo()
            .search(
                [("name", "=ilike", words[0]), ("partner_id", "child_of", request.env.user.commercial_partner_id.id)]
            )
        )
        return orders[:1] if len(orders) == 1 else None

    def _sellable(self, product_id):
        # sudo: what is for sale may be asked about; only its name is shown
        product = request.env["product.product"].sudo().browse(product_id).exists()
        fits = (
            product.sale_ok
            and product.active
            and product.company_id in (request.env.company, product.company_id.browse())
        )
        return product if product and fits else None


def _number(text):
    return int(text) if str(text or "").isascii() and str(text or "").isdigit() and len(str(text)) < 10 else 0
