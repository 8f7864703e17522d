from odoo import api, fields, models

#: what customers are told, in the order in which it usually happens
MESSAGE_KINDS = [
    ("dispatched", "Dispatched"),
    ("out_for_delivery", "Out for Delivery"),
    ("delivered", "Delivered"),
    ("delayed", "Delayed, with New Date"),
    ("earlier", "Earlier than Said"),
    ("attempt_failed", "Attempt Failed"),
    ("pickup", "Ready for Pickup"),
]
CHANNELS = [("mail", "Mail"), ("sms", "SMS")]


class ScmParcelMessage(models.Model):
    """One message to the customer about a parcel or open delivery: drafted, held back or sent, and why."""

    _name = "scm.parcel.message"
    _description = "Message to the Customer"
    _order = "id DESC"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    parcel_id = fields.Many2one("scm.parcel", readonly=True, ondelete="cascade", index="btree_not_null")
    picking_id = fields.Many2one(
        "stock.picking", "Open Delivery", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="cascade", index=True)
    disruption_id = fields.Many2one("scm.disruption", readonly=True, ondelete="set null", index="btree_not_null")
    kind = fields.Selection(MESSAGE_KINDS, required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True, default="mail")
    subject_key = fields.Char(required=True, readonly=True, help="What it is about; nothing is told twice.")
    state = fields.Selection(
        [
            ("draft", "To Approve"),
            ("scheduled", "Scheduled"),
            ("sent", "Sent"),
            ("suppressed", "Held Back"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    reason = fields.Selection(
        [
            ("consent", "The customer does not want it"),
            ("blacklist", "The address is on the list of those who get no mail"),
            ("address", "There is no address to send it to"),
            ("person", "A person has already written"),
            ("newer", "Newer news made it pointless"),
            ("ended", "The disruption ended"),
            ("hand", "Held back by hand"),
            ("error", "It could not be sent"),
        ],
        "Why Not",
        readonly=True,
    )
    error = fields.Char(readonly=True)
    date_scheduled = fields.Datetime("Send at", readonly=True, help="Not in the customer's quiet hours.")
    date_sent = fields.Datetime("Sent on", readonly=True)
    date_before = fields.Date("Said before", readonly=True)
    date_told = fields.Date("Day Told", readonly=True, help="The day of delivery that the message names.")
    news_at = fields.Datetime("News of", readonly=True, help="When that happened of which the message tells.")
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)
    recipient = fields.Char(readonly=True, help="Address or number to which it was sent.")
    user_id = fields.Many2one("res.users", "Approved by", readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", index="btree_not_null")
    why = fields.Json(readonly=True)

    _told_once = models.UniqueIndex("(parcel_id, kind, channel, subject_key) WHERE parcel_id IS NOT NULL")
    _told_once_picking = models.UniqueIndex("(picking_id, kind, channel, subject_key) WHERE picking_id IS NOT NULL")
    _queue_idx = models.Index("(date_scheduled) WHERE state = 'scheduled'")

    @api.model
    def _open(self, messages):
        """Action that shows these messages: the form of a single one, else the list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_parcel_message_action")
        if len(messages) == 1:
            return action | {"views": [(False, "form")], "res_id": messages.id, "context": {}}
        return action | {"domain": [("id", "in", messages.ids)], "context": {}}
