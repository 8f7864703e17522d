from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..kernel.tracking_payload import PayloadError, same_number


class ScmTrackingProvider(models.Model):
    _inherit = "scm.tracking.provider"

    @api.model
    def try_message(self, provider_id, message):
        """What would be read from a message, without storing anything; public, also over RPC. For managers.

        :param message: the body as text; of Kuaidi100, the text of the field ``param``
        :return: dict: count, known (events of known parcels), events (list of dicts), skipped (list of dicts)
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can try messages of a provider."))
        provider = self.browse(provider_id)
        provider.check_access("read")
        try:
            reading = provider._read((message or "").encode("utf-8", "replace"), "")
        except PayloadError as error:
            raise UserError(self._payload_words().get(error.code, error.code)) from error
        events = [provider._prepare_try_vals(event) for event in reading.events]
        provider._fill_known(events)
        return {
            "count": len(events),
            "known": sum(1 for event in events if event["parcel_id"]),
            "events": events,
            "skipped": [{"position": position, "reason": reason} for position, reason in reading.skipped],
        }

    def _payload_words(self):
        """Words for the codes of what cannot be read."""
        return {
            "not_json": self.env._(
                "This is not JSON. Paste the whole body of a message, from the first { to the last }."
            ),
            "not_object": self.env._("This is JSON, but neither an object nor a list."),
            "too_many": self.env._("These are more events than one message may hold."),
            "no_number": self.env._("no tracking number"),
            "empty": self.env._("neither code nor text"),
            "refused": self.env._("The provider says no in this message."),
            "refused_parcel": self.env._("The provider says no in this message."),
        }

    def _prepare_try_vals(self, event):
        row = self._prepare_row(event, {})
        return {
            "tracking_ref": event.tracking_ref,
            "time": fields.Datetime.to_string(event.time) if event.time else False,
            "code": event.raw_code,
            "text": event.text,
            "place": event.place,
            "expected": fields.Date.to_string(event.expected) if event.expected else False,
            "status": row.get("status", False),
            "parcel_id": False,
        }

    def _fill_known(self, events):
        """Which parcels and which codes are known, in two queries."""
        numbers = {event["tracking_ref"] for event in events}
        parcels = self.env["scm.parcel"].sudo()  # sudo: the role was checked; only whether the number is known is shown
        found = parcels._find_by_tracking(self.company_id, {(number, None, None) for number in numbers})
        known = {same_number(number): parcel for (number, _carrier, _time), parcel in found.items()}
        codes = self.env["scm.tracking.code"].sudo()  # sudo: as above
        pairs = {(self._code_set(), event["code"]) for event in events if event["code"]}
        meanings = codes._meanings(pairs)
        for event in events:
            event["parcel_id"] = known.get(same_number(event["tracking_ref"]), False)
            if event["code"] and not event["status"]:
                event["status"] = meanings[self._code_set(), event["code"]][0] or False
