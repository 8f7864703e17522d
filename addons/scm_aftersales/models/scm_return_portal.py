from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import consteq

from odoo.addons.scm_base.tools.zones import local_day, zone_name

#: steps that a customer sees, with the states in which each is reached
STEPS = (
    ("asked", ("requested",)),
    ("agreed", ("approved",)),
    ("way", ("in_transit",)),
    ("here", ("received", "inspected")),
    ("done", ("settled", "closed")),
)
TONES = {"refused": "danger", "cancelled": "muted", "settled": "success", "closed": "success"}
#: states in which the customer may still take it back, tell a tracking number
MAY_CANCEL = ("requested", "approved")
MAY_TRACK = ("approved", "in_transit")
MAX_REFERENCE = 60


class ScmReturn(models.Model):
    """What the customer sees of a return: the same truth in plain words."""

    _inherit = "scm.return"

    request_key = fields.Char(
        readonly=True, copy=False, help="Secret of the form that was sent: the same form sent twice is one return."
    )

    _request_key_uniq = models.UniqueIndex(
        "(order_id, request_key) WHERE request_key IS NOT NULL", "This form has been sent already."
    )

    @api.model
    def _portal_domain(self, user):
        """Returns that a user of the portal may see: his company's, in the companies that his login is for."""
        return Domain("partner_id", "child_of", user.partner_id.commercial_partner_id.ids) & Domain(
            "company_id", "in", user.company_ids.ids
        )

    def _is_token(self, token):
        """Whether a text is the return's secret, compared in constant time."""
        # sudo: compares only
        known = self.sudo().access_token if self else ""
        return bool(known) and consteq(known, token or "")

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        # the secret is ours: long and random
        self._portal_ensure_token()
        return super()._get_share_url(redirect, signup_partner, pid, share_token)

    def _portal_row(self):
        """What the list shows of a return."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "order": self.order_id.name,
            "day": local_day(self.date_requested, zone_name(self.company_id, self.warehouse_id)),
            "label": labels[self.state],
            "tone": TONES.get(self.state, "primary"),
            "value": self.value,
            "currency": self.currency_id,
            "items": ", ".join(self.line_ids[:3].mapped("product_id.name")),
            "more": max(len(self.line_ids) - 3, 0),
        }

    def _portal_view(self):
        """All that the page of a return shows, as plain values in the reader's language.

        The caller has checked the token or the partner.
        """
        self.ensure_one()
        return self._portal_row() | {
            "headline": self._portal_headline(),
            "advice": self._portal_advice(),
            "steps": self._portal_steps(),
            "lines": [line._portal_view() for line in self.line_ids],
            "events": self._portal_events(),
            "comment": self.comment or "",
            "parcels": self._portal_parcels(),
            "address": self._portal_address(),
            "money": self._portal_money(),
            "may_cancel": self.state in MAY_CANCEL,
            "may_track": self.state in MAY_TRACK and any(line.outcome != "keep" for line in self.line_ids),
            "may_rate": self._portal_may_rate(),
            "may_write": self.state not in ("closed", "cancelled"),
        }

    def _portal_headline(self):
        """One sentence: where it stands."""
        keeps = self.line_ids and all(line.outcome == "keep" for line in self.line_ids)
        return {
            "requested": self.env._("We have got your request"),
            "approved": self.env._("You may keep it") if keeps else self.env._("Approved: please send it to us"),
            "refused": self.env._("We cannot take this back"),
            "in_transit": self.env._("On its way to us"),
            "received": self.env._("It has arrived and we look at it"),
            "inspected": self.env._("Looked at: you get your answer now"),
            "settled": self.env._("Done"),
            "closed": self.env._("Done"),
            "cancelled": self.env._("You have cancelled this return"),
        }[self.state]

    def _portal_advice(self):
        """What happens next, or what the customer does next."""
        if self.state == "refused":
            return self.refusal or ""
        return {
            "requested": self.env._("A person looks at it and answers you here and by e-mail."),
            "approved": self.env._("Pack it well, and put a note with the number %s into the parcel.", self.name),
            "in_transit": self.env._("We write to you when it has arrived."),
            "received": self.env._("This takes a few days at most."),
        }.get(self.state, "")

    def _portal_steps(self):
        """The steps of the head; none for what was refused or cancelled."""
        if self.state in ("refused", "cancelled"):
            return []
        names = {
            "asked": self.env._("Asked"),
            "agreed": self.env._("Approved"),
            "way": self.env._("Sent"),
            "here": self.env._("Checked"),
            "done": self.env._("Done"),
        }
        reached = next(rank for rank, (_key, states) in enumerate(STEPS) if self.state in states)
        return [
            {"key": key, "label": names[key], "done": rank <= reached, "now": rank == reached}
            for rank, (key, _states) in enumerate(STEPS)
        ]

    def _portal_events(self):
        """What happened on which day, newest first, in the warehouse's time."""
        zone = zone_name(self.company_id, self.warehouse_id)
        words = {
            "requested": self.env._("You asked for this return"),
            "approved": self.env._("Approved"),
            "refused": self.env._("Refused"),
            "in_transit": self.env._("The carrier has it"),
            "received": self.env._("Arrived"),
            "inspected": self.env._("Looked at"),
            "settled": self.env._("Settled"),
            "closed": self.env._("Closed"),
            "cancelled": self.env._("Cancelled"),
        }
        moments = [(self[f"date_{state}"], rank, text) for rank, (state, text) in enumerate(words.items())]
        rows = [
            {"day": local_day(moment, zone), "hour": self._portal_hour(moment, zone), "text": text}
            for moment, _rank, text in sorted((one for one in moments if one[0]), reverse=True)
        ]
        return rows

    def _portal_hour(self, moment, zone):
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).strftime("%H:%M")

    def _portal_parcels(self):
        """Parcels on their way back, with the page of each."""
        labels = dict(self.env["scm.parcel"]._fields["status"]._description_selection(self.env))
        return [
            {
                "reference": parcel.tracking_ref or parcel.name,
                "label": labels[parcel.status],
                "url": f"/track/{parcel.id}/{parcel._public_token()}",
            }
            for parcel in self.parcel_ids
        ]

    def _portal_address(self):
        """Where the parcel goes, as it is written on it."""
        return "\n".join([self.name, *self._mail_address()])

    def _portal_money(self):
        """What the customer got: money, store credit with its code and what is left of it."""
        rows = []
        if self.refund_amount:
            rows.append(
                {
                    "label": self.env._("Money back"),
                    "code": "",
                    "amount": self.refund_amount,
                    "currency": self.currency_id,
                }
            )
        for card in self.credit_card_ids:
            rows.append(
                {
                    "label": self.env._("Store credit left"),
                    "code": card.code,
                    "amount": card.points,
                    "currency": card.program_id.currency_id or self.company_id.currency_id,
                }
            )
        return rows

    def _portal_messages(self):
        """The conversation between customer and seller, without notes among colleagues and mails sent by rule."""
        # sudo: the caller has been let see this return; only messages that go to customers are taken
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("model", "=", self._name)
                & Domain("res_id", "=", self.id)
                & Domain("message_type", "in", ("comment", "email"))
                & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
                & Domain("is_internal", "=", False),
                order="id",
                limit=100,
            )
        )

    def _portal_files(self):
        """Files that the customer may open: his photos, what the conversation holds, labels."""
        return self.line_ids.attachment_ids | self._portal_messages().attachment_ids | self._portal_labels()

    def _portal_labels(self):
        """Hook: labels and instructions to print."""
        return self.env["ir.attachment"]

    def _portal_write(self, text, partner, files=()):
        """The customer writes, with photos if there are any. The caller has checked token or partner."""
        self.ensure_one()
        photos = self._portal_photos(files)
        if not text and not photos:
            raise UserError(self.env._("Please write something, or choose a photo."))
        return self.message_post(
            body=text,
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(f"{self.name}-{number}.jpg", photo) for number, photo in enumerate(photos, start=1)],
        )

    def _portal_cancel(self):
        """The customer takes it back. The caller has checked token or partner."""
        self.ensure_one()
        if self.state not in MAY_CANCEL:
            raise UserError(self.env._("%s has gone too far to be cancelled. Please write to us.", self.name))
        self._move_to("cancelled")

    def _portal_tracking(self, reference):
        """The customer tells the number of the parcel. The caller has checked token or partner."""
        self.ensure_one()
        reference = " ".join((reference or "").split())
        if not 4 <= len(reference) <= MAX_REFERENCE:
            raise UserError(self.env._("Please type the tracking number as it is on your receipt."))
        if self.state not in MAY_TRACK:
            raise UserError(self.env._("%s does not wait for a parcel.", self.name))
        self._portal_parcel(reference)

    def _portal_parcel(self, reference):
        """The parcel with this number comes back to us."""
        self.add_tracking(self.ids, reference)
