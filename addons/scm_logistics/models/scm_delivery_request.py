from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MAX_LENGTH = 500


class ScmDeliveryRequest(models.Model):
    """What a customer asks for a delivery on its page: leave it somewhere, or bring it elsewhere."""

    _name = "scm.delivery.request"
    _description = "Request for a Delivery"
    _inherit = ["mail.thread"]
    _order = "id DESC"
    _rec_name = "kind"

    kind = fields.Selection(
        [("safe_drop", "Leave it at a safe place"), ("address", "Deliver to another address")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("new", "To do"), ("applied", "Applied"), ("done", "Told the carrier"), ("refused", "Not possible")],
        required=True,
        default="new",
        readonly=True,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    parcel_id = fields.Many2one("scm.parcel", readonly=True, ondelete="cascade", index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, ondelete="cascade", index="btree_not_null")
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    text = fields.Char("Wish", readonly=True)
    street = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    answer = fields.Char(readonly=True, tracking=True, help="Words for the customer.")

    @api.model
    def _problems(self):
        """Kinds of problems that a customer can report."""
        return [
            ("not_arrived", self.env._("It has not arrived")),
            ("damaged", self.env._("It arrived damaged")),
            ("incomplete", self.env._("Something is missing")),
            ("wrong", self.env._("It is the wrong article")),
            ("other", self.env._("Something else")),
        ]

    @api.model
    def _ask(self, kind, values, parcel=None, picking=None):
        """Store a wish, and fulfil it at once where the goods have not left us.

        The caller has checked token or partner. A wish that stands is replaced, not repeated.

        :param values: text, street, zip, city, phone as typed
        :raises UserError: where nothing can change any more, or the wish says nothing
        """
        if parcel and parcel.is_final:
            raise UserError(self.env._("This delivery is finished; nothing can change any more."))
        clean = {
            name: (values.get(name) or "").strip()[:MAX_LENGTH] for name in ("text", "street", "zip", "city", "phone")
        }
        if kind == "address" and not (clean["street"] and clean["city"]):
            raise ValidationError(self.env._("Please give the street and the city of the new address."))
        if kind == "safe_drop" and not clean["text"]:
            raise ValidationError(self.env._("Please say where the parcel may be left."))
        subject = {"parcel_id": parcel.id} if parcel else {"picking_id": picking.id}
        standing = self.search(
            [*((name, "=", id_) for name, id_ in subject.items()), ("kind", "=", kind), ("state", "=", "new")]
        )
        standing._close("refused", self.env._("Replaced by a later wish."))
        source = parcel or picking
        order = parcel.sale_ids[:1] if parcel else picking.sale_id
        request = self.create(
            {"kind": kind, "company_id": source.company_id.id, "partner_id": source.partner_id.id, "order_id": order.id}
            | subject
            | clean
        )
        if picking and not parcel:
            request._apply()
        else:
            request._ask_person()
        return request

    def _apply(self):
        """Before the goods leave: the transfer carries the wish."""
        picking = self.picking_id
        if picking.state in ("done", "cancel"):
            return self._ask_person()
        if self.kind == "safe_drop":
            wish = self.env._("Leave at: %s", self.text)
            picking.note = Markup("%s<p>%s</p>") % (picking.note or "", wish)
        else:
            picking.partner_id = self._new_address(picking.partner_id)
        self.state = "applied"
        picking.message_post(body=self.env._("Asked by the customer on the tracking page: %s", self._as_text()))
        return self

    def _new_address(self, partner):
        """A delivery address below the customer, in the same country: the goods were priced for that."""
        return self.env["res.partner"].create(
            {
                "type": "delivery",
                "parent_id": partner.commercial_partner_id.id,
                "name": partner.name,
                "street": self.street,
                "zip": self.zip,
                "city": self.city,
                "country_id": partner.country_id.id,
                "phone": self.phone or partner.phone,
                "email": partner.email,
                "lang": partner.lang,
            }
        )

    def _ask_person(self):
        """After they left: a person asks the carrier."""
        record = self.parcel_id or self.picking_id
        owner = self.order_id.user_id or self.env.ref("base.user_admin")
        record.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=owner.id,
            summary=self.env._("Ask the carrier: %s", self._as_text()),
        )
        return self

    def _as_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        rest = self.text if self.kind == "safe_drop" else ", ".join(filter(None, (self.street, self.zip, self.city)))
        return f"{kinds[self.kind]}: {rest}"

    def action_done(self):
        """The carrier was told."""
        self.check_access("write")
        self._close("done", self.env._("We told the carrier."))
        return True

    def action_refuse(self):
        """It is not possible any more."""
        self.check_access("write")
        self._close("refused", self.env._("The carrier cannot do that any more."))
        return True

    def _close(self, state, answer):
        for request in self:
            if request.state == "new":
                request.write({"state": state, "answer": answer})
