import secrets
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq

from odoo.addons.scm_base.tools.zones import local_day, local_today, zone_name

from ..kernel.late_reason import Facts, is_late, late_reason

#: steps that a customer sees, with the statuses that they stand for
STEPS = (
    ("packed", ("info_received",)),
    ("way", ("in_transit", "exception", "expired")),
    ("near", ("out_for_delivery", "attempt_failed", "available_for_pickup")),
    ("done", ("delivered", "returned")),
)
MAX_EVENTS = 60
ETA_MINUTES = 30


class ScmParcel(models.Model):
    """What the customer sees of a parcel: the same truth in plain words, nothing of prices or other people."""

    _inherit = "scm.parcel"

    def _tracking_url(self):
        """Address of the parcel's page, for mails; whoever has it sees this parcel and no other."""
        self.ensure_one()
        return f"{self.get_base_url()}/track/{self.id}/{self._public_token()}"

    def _public_token(self):
        """The parcel's secret, made when it has none."""
        self.ensure_one()
        # sudo: the token is for those whom the caller lets see this parcel; nobody reads the field itself
        parcel = self.sudo()
        if not parcel.access_token:
            parcel.access_token = secrets.token_urlsafe(24)
        return parcel.access_token

    def _is_token(self, token):
        """Whether a text is the parcel's secret, compared in constant time."""
        # sudo: compares only, and in constant time
        known = self.sudo().access_token if self else ""
        return consteq(known or secrets.token_urlsafe(24), token or "") and bool(known)

    def _public_view(self):
        """All that the page of one parcel shows, as plain values in the reader's language.

        The caller has checked the token or the partner.
        """
        self.ensure_one()
        zone = zone_name(self.company_id, self.warehouse_id)
        facts = self._late_facts(zone)
        if is_late(facts):
            facts = replace(facts, ready_by=self._leave_by())
        reason = late_reason(facts)
        labels = dict(self._fields["status"]._description_selection(self.env))
        return {
            "parcel": self,
            "reference": self.tracking_ref or self.name,
            "carrier": self.carrier_id.name or "",
            "carrier_url": self._carrier_url(),
            "status": self.status,
            "label": labels[self.status],
            "headline": self._headline(facts, reason),
            "tone": self._tone(reason),
            "steps": self._steps(),
            "promised": self.date_promised,
            "expected": not self.is_final and facts.expected and facts.expected >= facts.today and facts.expected,
            "delivered": facts.delivered,
            "eta": self._public_eta(zone),
            "late": bool(reason),
            "reason": self._reasons().get(reason, ""),
            "place": self.last_place or "",
            "events": self._public_events(zone),
            "orders": ", ".join(self.sale_ids.mapped("name")),
            "may_change": not self.is_final,
        }

    def _late_facts(self, zone):
        day = lambda moment: local_day(moment, zone) if moment else None  # noqa: E731
        return Facts(
            today=local_today(self.company_id, self.warehouse_id),
            promised=self.date_promised or None,
            expected=self.date_expected or None,
            delivered=day(self.date_delivered),
            handed=day(self.date_handed),
            last_news=day(self.last_event_at),
            status=self.status,
            sub_status=self.sub_status or "",
            disrupted="disruption" in self.promise_ids.mapped("cause"),
            attempts=self.attempts,
            is_lost=self.is_lost,
            is_damaged=self.is_damaged,
        )

    def _leave_by(self):
        """Day by which it had to leave: the promised day less what half of the lane's parcels need."""
        if not self.date_promised or not self.carrier_id:
            return None
        key = (self.carrier_id.id, self.warehouse_id.id or False, self.zone_id.id or False, self.band_id.id or False)
        # sudo: the customer's page names a cause, not the figures of the lane
        lane = self.env["scm.lane"].sudo()._lookup(self.company_id, [key])[key]
        return fields.Date.subtract(self.date_promised, days=int(lane["median"])) if lane["pmf"] else None

    def _public_eta(self, zone):
        """Hours between which the own van comes, of a route that is on the road: half an hour before and after."""
        if self.is_final:
            return ""
        stop = self.env["scm.route.stop"].search(
            [("parcel_ids", "in", self.ids), ("state", "=", "todo"), ("route_id.state", "=", "running")], limit=1
        )
        if not stop.eta:
            return ""
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), stop.eta)
        return " – ".join((local + timedelta(minutes=m)).strftime("%H:%M") for m in (-ETA_MINUTES, ETA_MINUTES))

    def _headline(self, facts, reason):
        """One sentence: what is going on."""
        if self.status == "delivered":
            return self.env._("Delivered")
        if self.status == "returned":
            return self.env._("On its way back to us")
        if self.is_lost:
            return self.env._("We cannot find your parcel")
        if self.status == "available_for_pickup":
            return self.env._("Ready for you to pick up")
        if self.status == "out_for_delivery" and not reason:
            return self.env._("Arrives today")
        if self.status == "attempt_failed":
            return self.env._("Nobody could take it. The carrier comes again")
        if reason:
            return self.env._("Later than promised")
        if facts.expected and facts.expected == facts.today:
            return self.env._("Expected today")
        if self.status == "info_received":
            return self.env._("Packed and waiting for the carrier")
        return self.env._("On its way")

    @api.model
    def _reasons(self):
        """Why it is late, in words for customers."""
        return {
            "disruption": self.env._("Bad weather or a blocked road holds parcels up on this way."),
            "customs": self.env._("Customs is still checking the parcel."),
            "attempt_failed": self.env._("The carrier came, but nobody could take the parcel."),
            "damaged": self.env._("The parcel was damaged on its way."),
            "lost": self.env._("The carrier has lost it. We are on it and will write to you."),
            "warehouse": self.env._("We packed it later than planned. We are sorry."),
            "silence": self.env._("The carrier has not told us anything for some days. We are asking."),
            "carrier": self.env._("The carrier needs longer than usual."),
        }

    def _tone(self, reason):
        if self.status == "delivered":
            return "success"
        if self.is_lost or self.status in ("exception", "returned"):
            return "danger"
        return "warning" if reason or self.status == "attempt_failed" else "primary"

    def _steps(self):
        names = {
            "packed": self.env._("Packed"),
            "way": self.env._("On its way"),
            "near": self.env._("Near you"),
            "done": self.env._("Delivered"),
        }
        reached = next((k for k, (_name, statuses) in enumerate(STEPS) if self.status in statuses), 0)
        return [
            {"key": key, "label": names[key], "done": k <= reached, "now": k == reached}
            for k, (key, _statuses) in enumerate(STEPS)
        ]

    def _public_events(self, zone):
        """Events with a known status, newest first, in the warehouse's time; repeats of several sources once."""
        labels = dict(self._fields["status"]._description_selection(self.env))
        rows, seen = [], set()
        for event in self.event_ids.filtered("status").sorted(lambda event: (event.time, event.id), reverse=True):
            local = fields.Datetime.context_timestamp(self.with_context(tz=zone), event.time)
            key = (event.status, local.strftime("%Y-%m-%d %H:%M"), event.place or "")
            if key not in seen:
                seen.add(key)
                rows.append(
                    {
                        "label": labels[event.status],
                        "text": event.text,
                        "place": event.place or "",
                        "day": local.date(),
                        "hour": local.strftime("%H:%M"),
                        "status": event.status,
                    }
                )
        return rows[:MAX_EVENTS]

    def _carrier_url(self):
        """The carrier's own page, where the delivery method has a link."""
        pattern = self.carrier_id.tracking_url or ""
        if not pattern.startswith(("http://", "https://")) or not self.tracking_ref:
            return ""
        return pattern.replace("<shipmenttrackingnumber>", self.tracking_ref)

    def _report_problem(self, kind, text, author=None):
        """What a customer says is wrong: a message on parcel and orders, and somebody's task. Bridges make a ticket.

        :param kind: a code of ``scm.delivery.request.PROBLEMS``
        :return: the record on which the conversation goes on
        """
        self.ensure_one()
        labels = dict(self.env["scm.delivery.request"]._problems())
        body = f"{labels[kind]}: {text}" if text else labels[kind]
        author = author or self.partner_id
        for record in (self, *self.sale_ids):
            record.message_post(body=body, author_id=author.id, message_type="comment", subtype_xmlid="mail.mt_note")
        owner = self.sale_ids.user_id[:1] or self.env.ref("base.user_admin")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=owner.id,
            summary=self.env._("Customer: %s", labels[kind]),
            note=text or "",
        )
        return self
