from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("presale", "Question before Buying"),
    ("where", "Where Is My Order"),
    ("return", "Return or Exchange"),
    ("complaint", "Complaint"),
    ("other", "Something Else"),
]
#: worst first, as lists and badges show them
CLOCK_STATES = [
    ("breached", "Too Late"),
    ("warned", "Nearly Late"),
    ("running", "In Time"),
    ("paused", "Waits"),
    ("met", "Kept"),
]


class HelpdeskTicket(models.Model):
    """What a ticket is about: an order, a parcel, a product, returns."""

    _inherit = "helpdesk.ticket"

    scm_kind = fields.Selection(KINDS, "About", required=True, default="other", index=True, tracking=True)
    scm_order_id = fields.Many2one(
        "sale.order", "Order", index="btree_not_null", check_company=True, tracking=True, ondelete="set null"
    )
    scm_parcel_id = fields.Many2one(
        "scm.parcel", "Parcel", index="btree_not_null", check_company=True, ondelete="set null"
    )
    scm_product_id = fields.Many2one(
        "product.product", "Product", index="btree_not_null", check_company=True, ondelete="set null"
    )
    scm_return_ids = fields.One2many("scm.return", "scm_ticket_id", "Returns", readonly=True)
    scm_return_count = fields.Integer(compute="_compute_scm_return_count", compute_sudo=True)
    scm_clock_ids = fields.One2many("scm.sla.clock", "ticket_id", "Response Times", readonly=True)
    scm_clock_state = fields.Selection(
        CLOCK_STATES, "In Time", compute="_compute_scm_clock_state", compute_sudo=True, help="The worst of its clocks."
    )
    scm_deadline = fields.Datetime(
        "Due", compute="_compute_scm_clock_state", compute_sudo=True, help="Next deadline of its running clocks."
    )
    scm_breach_reason_id = fields.Many2one("scm.sla.reason", "Why Too Late", tracking=True, copy=False)
    scm_is_breached = fields.Boolean(compute="_compute_scm_clock_state", compute_sudo=True)

    def _compute_scm_return_count(self):
        counts = dict(
            self.env["scm.return"]._read_group([("scm_ticket_id", "in", self.ids)], ["scm_ticket_id"], ["__count"])
        )
        for ticket in self:
            ticket.scm_return_count = counts.get(ticket, 0)

    @api.depends("scm_clock_ids.state", "scm_clock_ids.date_deadline")
    def _compute_scm_clock_state(self):
        rank = [state for state, _label in CLOCK_STATES]
        for ticket in self:
            clocks = ticket.scm_clock_ids
            ticket.scm_is_breached = "breached" in clocks.mapped("state")
            ticket.scm_clock_state = min(clocks.mapped("state"), key=rank.index, default=False)
            due = [clock.date_deadline for clock in clocks if not clock.date_stopped and clock.date_deadline]
            ticket.scm_deadline = min(due, default=False)

    @api.constrains("scm_order_id", "scm_parcel_id", "partner_id")
    def _check_scm_customer(self):
        """A ticket shows the facts of its customer's orders, never those of somebody else's."""
        for ticket in self:
            # sudo: only whose order and parcel it is is compared, by a user who may write the ticket
            known = ticket.sudo()
            order, parcel = known.scm_order_id, known.scm_parcel_id
            if parcel and order and order not in parcel.sale_ids:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s: parcel %(parcel)s does not belong to order %(order)s.",
                        ticket=ticket.number,
                        parcel=parcel.name,
                        order=order.name,
                    )
                )
            for record in filter(None, (order, parcel)):
                ticket._check_scm_owner(record, known.partner_id.commercial_partner_id)

    def _check_scm_owner(self, record, customer):
        """The record is of the ticket's customer; where the ticket has none, the user may read the record anyway."""
        if record._name == "sale.order":
            owners = self._scm_customers(record)
        else:
            owners = self._scm_customers(record.sale_ids) | record.partner_id.commercial_partner_id
        if customer and customer not in owners:
            raise ValidationError(
                self.env._(
                    "Ticket %(ticket)s is of %(customer)s, but %(record)s is of %(other)s. Correct one of them.",
                    ticket=self.number,
                    customer=customer.display_name,
                    record=record.display_name,
                    other=owners[:1].display_name,
                )
            )
        if not customer and owners:
            # constraints run as superuser: the user himself is asked
            record.with_user(self.env.user).check_access("read")

    @api.model
    def _scm_customers(self, order):
        """Who may speak of an order: the customer, and who is invoiced or gets the goods."""
        return (order.partner_id | order.partner_invoice_id | order.partner_shipping_id).commercial_partner_id

    @api.onchange("scm_order_id")
    def _onchange_scm_order_id(self):
        if self.scm_order_id and not self.partner_id:
            self.partner_id = self.scm_order_id.partner_id
        if self.scm_parcel_id and self.scm_order_id not in self.scm_parcel_id.sale_ids:
            self.scm_parcel_id = False

    @api.onchange("scm_parcel_id")
    def _onchange_scm_parcel_id(self):
        if self.scm_parcel_id and not self.scm_order_id:
            self.scm_order_id = self.scm_parcel_id.sale_ids[:1]
