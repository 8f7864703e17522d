from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """How fast the vendor answers: moments that are stored once, when they happen, and stay."""

    _inherit = "purchase.order"

    scm_rfq_sent_at = fields.Datetime("RFQ Sent at", copy=False, readonly=True, help="First time it was sent.")
    scm_answered_at = fields.Datetime("Answered at", copy=False, readonly=True, help="First answer of the vendor.")
    scm_answer_channel = fields.Selection(
        [("mail", "Message"), ("portal", "Portal"), ("buyer", "Entered by us"), ("order", "Order confirmed")],
        "Answered by",
        copy=False,
        readonly=True,
    )
    scm_acknowledged_at = fields.Datetime(
        "Acknowledged at",
        copy=False,
        readonly=True,
        help="When the vendor acknowledged the confirmed order. Empty when the goods came without a word.",
    )
    scm_is_rush = fields.Boolean(
        "Rush Order", copy=False, tracking=True, help="We asked for it sooner than the vendor's usual lead time."
    )
    scm_rush_answer = fields.Selection(
        [("accepted", "Accepted"), ("declined", "Declined")], "Rush Answer", copy=False, readonly=True, tracking=True
    )

    # Sent

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._scm_note_once("scm_rfq_sent_at")
        elif vals.get("state") == "purchase":
            # an order that was asked for and is confirmed has been answered, on whatever way
            self.filtered("scm_rfq_sent_at")._scm_note_answer("order")
        return result

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sent")._scm_note_once("scm_rfq_sent_at")
        return orders

    # Answered

    def _message_post_after_hook(self, message, msg_values):
        """A message of the vendor, by mail or on the portal, is an answer once the quotation was sent."""
        result = super()._message_post_after_hook(message, msg_values)
        vendor = self.partner_id.commercial_partner_id
        if message.message_type in ("comment", "email") and message.author_id.commercial_partner_id == vendor:
            self._scm_note_answer("mail" if message.message_type == "email" else "portal")
        return result

    def _update_date_planned_for_lines(self, updated_dates):
        """The vendor states his dates in the portal."""
        result = super()._update_date_planned_for_lines(updated_dates)
        self._scm_note_answer("portal")
        return result

    def _scm_note_answer(self, channel):
        """Remember the first answer after sending; later ones change nothing."""
        waiting = self.filtered(lambda order: order.scm_rfq_sent_at and not order.scm_answered_at)
        if waiting:
            # sudo: who may post on the order, confirm it or change its dates (checked there) leaves only a time here
            waiting.sudo().write({"scm_answered_at": fields.Datetime.now(), "scm_answer_channel": channel})

    def _scm_note_once(self, field):
        missing = self.filtered(lambda order: not order[field])
        if missing:
            # sudo: as above
            missing.sudo().write({field: fields.Datetime.now()})

    def action_scm_vendor_answered(self, answered_at=False):
        """Note that the vendor answered, by telephone say.

        :param answered_at: moment in UTC (``YYYY-MM-DD HH:MM:SS``); now when left out
        :return: True
        """
        self.check_access("write")
        moment = self._scm_parse_moment(answered_at)
        for order in self:
            if not order.scm_rfq_sent_at:
                raise UserError(self.env._("%(order)s was not sent yet: there is nothing to answer.", order=order.name))
            if moment < order.scm_rfq_sent_at:
                raise UserError(self.env._("%(order)s cannot be answered before it was sent.", order=order.name))
        # sudo: the right to write the order is checked above; the fields are read-only for everybody
        self.filtered(lambda order: not order.scm_answered_at).sudo().write(
            {"scm_answered_at": moment, "scm_answer_channel": "buyer"}
        )
        return True

    def _scm_parse_moment(self, moment):
        try:
            parsed = fields.Datetime.to_datetime(moment) if moment else fields.Datetime.now()
        except (ValueError, TypeError):
            parsed = None
        if not parsed:
            raise UserError(self.env._("'%(moment)s' is not a time: write YYYY-MM-DD HH:MM:SS.", moment=moment))
        if parsed > fields.Datetime.now():
            raise UserError(self.env._("An answer cannot come in the future."))
        return parsed

    # Acknowledged

    def action_acknowledge(self):
        """The vendor's link or our button; a receipt that acknowledges by itself is no word of the vendor."""
        result = super().action_acknowledge()
        if not self.env.context.get("scm_acknowledged_by_receipt"):
            self._scm_note_once("scm_acknowledged_at")
            self._scm_note_answer("portal" if self.env.user.share else "buyer")
        return result

    # Rush

    def scm_answer_rush(self, accepted):
        """Note whether the vendor takes a rush order.

        :param accepted: True or False
        :return: True
        """
        self.check_access("write")
        for order in self:
            if not order.scm_is_rush:
                raise UserError(self.env._("%(order)s is no rush order: mark it as one first.", order=order.name))
        # sudo: the right to write the order is checked above; the answer is read-only for everybody
        self.sudo().write({"scm_rush_answer": "accepted" if accepted else "declined"})
        self._scm_note_answer("portal" if self.env.user.share else "buyer")
        return True

    def action_scm_rush_accepted(self):
        """The vendor takes the rush order."""
        return self.scm_answer_rush(True)

    def action_scm_rush_declined(self):
        """The vendor does not take the rush order."""
        return self.scm_answer_rush(False)
