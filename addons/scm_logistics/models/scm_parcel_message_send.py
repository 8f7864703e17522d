import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, split_every
from odoo.tools.mail import html2plaintext

_logger = logging.getLogger(__name__)

#: messages that are rendered and handed to the mail queue in one transaction
BATCH_MESSAGES = 50


class ScmParcelMessage(models.Model):
    """Sending: what is due is checked once more, rendered in the customer's language and put into Odoo's mail queue.

    A message is marked as sent in the same transaction that puts its mail into the queue, so that a server that dies
    sends neither twice nor not at all.
    """

    _inherit = "scm.parcel.message"

    preview_subject = fields.Char("Subject as Sent", compute="_compute_preview")
    preview_body = fields.Html("Message", compute="_compute_preview", sanitize=False)

    def _compute_preview(self):
        rendered = self.sudo()._render_all()  # sudo: rendering reads templates; who may read the message may see it
        for message in self:
            subject, body, error = rendered.get(message.id) or (message.subject, message.body, False)
            message.preview_subject = error or subject
            message.preview_body = body

    # What a person does

    def action_approve(self):
        """Send these messages, outside the quiet hours of their customers; also those that failed or were held back.

        :return: number of messages that are scheduled now
        """
        self._check_messenger()
        todo = self.filtered(lambda one: one.state in ("draft", "failed", "suppressed"))
        if self and not todo:
            raise UserError(self.env._("“%s” is sent or scheduled already.", self[0].display_name))
        now = fields.Datetime.now()
        for message in todo.sudo():  # sudo: the role was checked above; messages are written by nobody otherwise
            message.write(
                {
                    "state": "scheduled",
                    "reason": False,
                    "error": False,
                    "user_id": self.env.uid,
                    "date_scheduled": self._not_in_quiet_hours(message.company_id, message.partner_id, now),
                }
            )
        return len(todo)

    def action_hold_back(self):
        """Do not send these messages.

        :return: number of messages that were held back
        """
        self._check_messenger()
        todo = self.filtered(lambda one: one.state in ("draft", "scheduled", "failed"))
        # sudo: the role was checked above
        todo.sudo().write({"state": "suppressed", "reason": "hand", "user_id": self.env.uid})
        return len(todo)

    def _check_messenger(self):
        self.check_access("read")
        user = self.env.user
        if not (user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only people of the warehouse and supply chain managers send messages."))

    @api.depends("kind", "parcel_id", "picking_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for message in self:
            record = message.parcel_id or message.picking_id
            message.display_name = f"{record.display_name or ''} · {labels.get(message.kind, '')}"

    # Queue

    @api.model
    def _cron_send(self):
        """Send what is due, in small transactions."""
        self._note_failures()
        due = self.search([("state", "=", "scheduled"), ("date_scheduled", "<=", fields.Datetime.now())], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for ids in split_every(BATCH_MESSAGES, due.ids):
            self.browse(ids)._send()
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _note_failures(self):
        """Mails that Odoo's queue could not deliver."""
        failed = self.search([("state", "=", "sent"), ("mail_id.state", "=", "exception")])
        for message in failed:
            message.write({"state": "failed", "reason": "error", "error": message.mail_id.failure_reason})

    def _send(self):
        """Check once more, render, put into the queue. Returns the messages that were sent."""
        ready = self._lock_scheduled()._hold_back_late()
        rendered = ready._render_all()
        sent = self.browse()
        mails = []
        for message in ready:
            subject, body, error = rendered[message.id]
            if error:
                message.write({"state": "failed", "reason": "error", "error": error})
            elif message.channel == "mail":
                mails.append((message, subject, body))
            else:
                sent += message._send_sms(subject, body)
        return sent + self._send_mails(mails)

    def _lock_scheduled(self):
        """Those that are still scheduled, locked: a second sender leaves them alone."""
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM scm_parcel_message WHERE id = ANY(%s) AND state = 'scheduled' ORDER BY id"
            " FOR UPDATE SKIP LOCKED",
            [self.ids],
        )
        return self.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _hold_back_late(self):
        """Hold back what became pointless between drafting and sending; what a person approved is his decision."""
        rows = [
            {
                "message": message,
                "parcel": message.parcel_id,
                "picking": message.picking_id,
                "kind": message.kind,
                "partner": message.partner_id,
                "news_at": message.news_at or message.create_date,
            }
            for message in self
        ]
        self._prepare_partners(rows)
        written = self._person_wrote(rows)
        kept = self.browse()
        for number, row in enumerate(rows):
            message = row["message"]
            reason = self._held_back(row, message.channel, number in written and not message.user_id)
            if not reason and message.kind != "delivered" and message.parcel_id.status in ("delivered", "returned"):
                reason = "newer"
            if reason and not (message.user_id and reason in ("consent", "newer")):
                message.write({"state": "suppressed", "reason": reason})
            else:
                kept += message
        return kept

    # Rendering

    def _render_all(self):
        """``{id: (subject, body, error)}``; a template that fails for one message does not stop the others."""
        rendered = {}
        for message in self.filtered(lambda one: one.state == "sent"):
            rendered[message.id] = (message.subject, message.body, False)
        todo = self.filtered(lambda one: one.state != "sent")
        templates = todo._templates()
        for template, messages in todo.grouped(lambda one: templates[one.id]).items():
            rendered |= self._render_with(template, messages)
        return rendered

    def _render_with(self, template, messages):
        if not template:
            error = self.env._("The mail template of this kind of message was deleted. Choose another in its rule.")
            return dict.fromkeys(messages.ids, (False, False, error))
        try:
            with self.env.cr.savepoint(flush=False):
                subjects = template._render_field("subject", messages.ids, compute_lang=True)
                bodies = template._render_field("body_html", messages.ids, compute_lang=True)
                return {id_: (subjects[id_], bodies[id_], False) for id_ in messages.ids}
        except Exception as error:  # a template is written by people: anything may be wrong in it
            if len(messages) == 1:
                _logger.warning("Message %s could not be rendered", messages.id, exc_info=True)
                text = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
                return {messages.id: (False, False, text)}
        rendered = {}
        for message in messages:
            rendered |= self._render_with(template, message)
        return rendered

    def _templates(self):
        """``{message id: template}``: that of the company's rule, else the one that comes with the suite."""
        chosen = {(rule.company_id.id, rule.kind): rule.template_id for rule in self._all_rules()}
        own = {kind: self._own_template(kind) for kind in set(self.mapped("kind"))}
        return {one.id: chosen.get((one.company_id.id, one.kind)) or own[one.kind] for one in self}

    def _all_rules(self):
        # sudo: which template a company uses is read to render with it
        return self.env["scm.parcel.message.rule"].sudo().search([("company_id", "in", self.company_id.ids)])

    def _own_template(self, kind):
        found = self.env.ref(f"scm_logistics.scm_message_template_{kind}", raise_if_not_found=False)
        return found or self.env["mail.template"]

    def _send_mails(self, mails):
        """One mail each on the parcel (or transfer), where it stands among its messages."""
        if not mails:
            return self.browse()
        now = fields.Datetime.now()
        created = self.env["mail.mail"].create(
            [
                {
                    "subject": subject,
                    "body": body,
                    "body_html": body,
                    "model": (message.parcel_id or message.picking_id)._name,
                    "res_id": (message.parcel_id or message.picking_id).id,
                    "recipient_ids": [fields.Command.link(message.partner_id.id)],
                    "author_id": message.company_id.partner_id.id,
                    "email_from": message.company_id.email_formatted or self.env.user.email_formatted,
                    "reply_to": message.company_id.email_formatted or False,
                    "message_type": "email_outgoing",
                    # the mail goes away when it is sent, its text stays on the parcel
                    "is_notification": True,
                    "auto_delete": True,
                }
                for message, subject, body in mails
            ]
        )
        for (message, subject, body), mail in zip(mails, created, strict=True):
            message.write(
                {
                    "state": "sent",
                    "date_sent": now,
                    "subject": subject,
                    "body": body,
                    "recipient": message.partner_id.email,
                    "mail_id": mail.id,
                }
            )
        return self.browse(message.id for message, _subject, _body in mails)

    def _send_sms(self, subject, body):
        """Through Odoo's own SMS, if it is installed."""
        if "sms.sms" not in self.env:
            self.write({"state": "failed", "reason": "error", "error": self.env._("SMS is not installed.")})
            return self.browse()
        text = self._sms_text() or html2plaintext(body)[:300]
        number = self.partner_id.phone
        self.env["sms.sms"].create({"number": number, "body": text, "partner_id": self.partner_id.id})
        self.write(
            {
                "state": "sent",
                "date_sent": fields.Datetime.now(),
                "subject": subject,
                "body": text,
                "recipient": number,
            }
        )
        (self.parcel_id or self.picking_id)._message_log(
            body=self.env._("SMS to %(number)s: %(text)s", number=number, text=text)
        )
        return self

    def _sms_text(self):
        """Words of the rule, else our own, with what they name filled in; in the customer's language."""
        message = self.with_context(lang=self.partner_id.lang or self.env.lang)
        rule = message._all_rules().filtered(lambda one: one.kind == self.kind)[:1]
        text = rule.sms_text or message._own_sms_text()
        words = {
            "name": self.parcel_id.name or self.picking_id.name,
            "day": format_date(message.env, self.date_told) if self.date_told else "",
            "company": self.company_id.name,
            "link": self._track_url() or "",
        }
        # not str.format: the text is typed by people, and must not reach into objects
        for word, value in words.items():
            text = text.replace("{" + word + "}", value or "")
        return text.strip()

    def _own_sms_text(self):
        return {
            "dispatched": self.env._("{company}: your parcel {name} is on its way. {link}"),
            "out_for_delivery": self.env._("{company}: your parcel {name} arrives today. {link}"),
            "delivered": self.env._("{company}: your parcel {name} was delivered. {link}"),
            "delayed": self.env._("{company}: your parcel {name} comes later, by {day}. We are sorry. {link}"),
            "earlier": self.env._("{company}: good news, your parcel {name} comes by {day} already. {link}"),
            "attempt_failed": self.env._("{company}: the carrier could not hand over your parcel {name}. {link}"),
            "pickup": self.env._("{company}: your parcel {name} is ready for pickup. {link}"),
        }[self.kind]

    # What templates use

    def _track_url(self):
        """Link to the tracking page of the parcel."""
        return self.parcel_id._tracking_url() if self.parcel_id else False

    def _cause_text(self):
        """Why it comes later, in words for the customer and in his language."""
        disruption = self.disruption_id
        return disruption.customer_text or disruption.kind_id.customer_text or ""

    def _order_names(self):
        """Order numbers as the customer knows them."""
        orders = self.parcel_id.sale_ids or self.picking_id.sale_id
        return ", ".join(orders.mapped("name"))
