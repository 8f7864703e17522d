from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..kernel.answer import fill, names
from .helpdesk_ticket import KINDS


class ScmAnswer(models.Model):
    """An answer that is given often. Names in braces are filled with the facts of the ticket."""

    _name = "scm.answer"
    _description = "Canned Answer"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    kind = fields.Selection(KINDS, "For Tickets about", help="Empty: for all.")
    body = fields.Html(
        "Text", required=True, translate=True, help="Facts in braces, such as {order} or {expected}; see the list."
    )
    fact_help = fields.Char("Facts", compute="_compute_fact_help")

    def _compute_fact_help(self):
        words = ", ".join(f"{{{name}}}" for name in self._fact_names())
        for answer in self:
            answer.fact_help = words

    @api.model
    def _fact_names(self):
        """Hook: names that an answer may use; :meth:`_facts` gives their values."""
        return [
            "customer", "agent", "company", "ticket", "order", "order_date", "order_status", "product", "promised",
            "expected", "carrier", "parcel", "status", "news", "tracking_link", "return", "return_status",
            "return_link",
        ]  # fmt: skip

    @api.constrains("body")
    def _check_body(self):
        known = set(self._fact_names())
        for answer in self:
            unknown = [name for name in names(answer.body) if name not in known]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Answer “%(answer)s”: there is no fact {%(name)s}. There are: %(known)s.",
                        answer=answer.name,
                        name=unknown[0],
                        known=", ".join(sorted(known)),
                    )
                )

    def _filled(self, ticket):
        """(text in the customer's language, names of facts that the ticket does not have)."""
        language = ticket.partner_id.lang or self.env.lang
        body = self.with_context(lang=language).body or ""
        return fill(body, self.with_context(lang=language)._facts(ticket))

    @api.model
    def _facts(self, ticket):
        """``{name: text}`` of a ticket, in the language of the context. The caller has been let see the ticket."""
        # sudo: the order is that of the ticket's customer, to whom the text goes
        ticket = ticket.sudo().with_context(lang=self.env.lang)
        order, request = ticket.scm_order_id, ticket.scm_return_ids[:1]
        parcel = ticket.scm_parcel_id or order.scm_parcel_ids.filtered(lambda one: one.direction == "out")[:1]
        label = lambda record, name: dict(record._fields[name]._description_selection(record.env)).get(record[name], "")  # noqa: E731
        day = lambda date: format_date(self.env, date) if date else ""  # noqa: E731
        expected = parcel.date_expected or (order._scm_promise()[0] if order and not parcel else False)
        return {
            "customer": ticket.partner_id.name or ticket.partner_name or "",
            "agent": self.env.user.name,
            "company": ticket.company_id.name,
            "ticket": ticket.number,
            "order": order.name or "",
            "order_date": day(order.date_order),
            "order_status": label(order, "delivery_status") if order else "",
            "product": ticket.scm_product_id.name or "",
            "promised": day(order.scm_date_promised or parcel.date_promised),
            "expected": day(expected),
            "carrier": parcel.carrier_id.name or "",
            "parcel": parcel.tracking_ref or parcel.name or "",
            "status": label(parcel, "status") if parcel else "",
            "news": parcel.last_text or "",
            "tracking_link": parcel._tracking_url() if parcel else "",
            "return": request.name or "",
            "return_status": label(request, "state") if request else "",
            "return_link": (request and request.get_base_url() + request.access_url) or "",
        }
