import time

from odoo import api, models

from ..kernel import aftership, kuaidi100, seventeen_track
from ..kernel.pacing import Gate
from ..kernel.tracking_payload import PayloadError, load, read_json, same_number
from ..kernel.webhook_signature import check_17track, check_aftership, check_kuaidi100, check_own
from .scm_parcel import STATUSES

#: header names of our own signature
TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-SCM-Timestamp", "X-SCM-Signature"
#: AfterShip has used both names
AFTERSHIP_HEADERS = ("as-signature-hmac-sha256", "aftership-hmac-sha256")
#: refusals that are listed per minute, provider and kind: who sends rubbish all day must not fill the table
REFUSALS_LISTED = 6
_listed = Gate()

#: a JSON sender without codes of its own may name our statuses
_OWN_CODES = frozenset(dict(STATUSES))
STATUS = {"ok": 200, "partly": 200, "signature": 401, "stale": 401, "malformed": 400, "large": 413, "rate": 429}


class ScmTrackingProvider(models.Model):
    """The webhook's side of a provider: is it he, what does he say, and what came of it."""

    _inherit = "scm.tracking.provider"

    @api.private
    def _receive(self, body, param, signature, headers, now, ready=None):
        """Take one message; the caller has found the provider by the address, which is secret too.

        :param body: raw bytes; param, signature: the form fields of Kuaidi100
        :param now: seconds since 1970
        :param ready: called once the message is known to be good, before anything is looked up or written
        :return: (HTTP status, dict of the answer)
        """
        self.ensure_one()
        started = time.monotonic()
        outcome = self._verify(body, param, signature, headers, now)
        if outcome != "ok":
            return self._refuse(outcome)
        try:
            reading = self._read(body, param)
        except PayloadError as error:
            return self._refuse("large" if error.code == "too_many" else "malformed", error.code)
        if ready:
            ready()
        with self.env.cr.savepoint():
            counts = self._take(reading)
            self._list_request("webhook", "partly" if reading.skipped else "ok", reading, counts, started)
        return 200, self._answer(reading, counts)

    def _verify(self, body, param, signature, headers, now):
        """``ok``, ``signature`` or ``stale``; our own signature is good for every kind."""
        secret = self.secret
        if headers.get(SIGNATURE_HEADER):
            stamp = headers.get(TIMESTAMP_HEADER)
            return check_own(secret, stamp, headers[SIGNATURE_HEADER], body, now, self.replay_seconds)
        good = False
        if self.kind == "aftership":
            given = next((headers[name] for name in AFTERSHIP_HEADERS if headers.get(name)), "")
            good = check_aftership(secret, given, body)
        elif self.kind == "kuaidi100":
            good = check_kuaidi100(secret, signature, param)
        elif self.kind == "17track":
            good = check_17track(secret, headers.get("sign"), body)
        return "ok" if good else "signature"

    def _read(self, body, param):
        """What the message says, by the kind of the provider."""
        if self.kind == "kuaidi100":
            return kuaidi100.read_push(param or body, self._to_utc())
        document = load(body)
        if self.kind == "aftership":
            return aftership.read_push(document, self._to_utc())
        if self.kind == "17track":
            return seventeen_track.read_push(document, self._to_utc())
        return read_json(document, self._paths(), self._to_utc())

    def _take(self, reading, parcels_by_ref=None):
        """Give the events to the one intake; its counts.

        :param parcels_by_ref: {number as of same_number: parcel ids} where we know whom we asked for; others are left
            out
        """
        carriers = self._carriers_by_code() if not parcels_by_ref else {}
        rows = []
        for event in reading.events:
            row = self._prepare_row(event, carriers)
            if parcels_by_ref is None:
                rows.append(row)
            else:
                parcels = parcels_by_ref.get(same_number(event.tracking_ref), ())
                rows += [row | {"parcel_id": parcel} for parcel in parcels]
        if not rows:
            return {"stored": 0, "repeated": 0, "orphans": 0, "unknown_codes": 0, "parcel_ids": []}
        events = self.env["scm.parcel.event"].with_company(self.company_id)
        return events._ingest(self.company_id, rows)

    def _prepare_row(self, event, carriers):
        row = {
            "tracking_ref": event.tracking_ref,
            "source": self._source(),
            "provider": self._code_set(),
            "time": event.time,
            "raw_code": event.raw_code,
            "text": event.text,
            "place": event.place,
        }
        if self.kind == "json" and not self.code_set and event.raw_code.lower() in _OWN_CODES:
            row["status"] = event.raw_code.lower()
        if event.expected:
            row["expected"] = event.expected
        if carrier := carriers.get(event.carrier.casefold()):
            row["carrier_id"] = carrier
        return row

    # Answers and the list of messages

    def _refuse(self, outcome, detail=False):
        if _listed.passes((self.env.cr.dbname, self.id, outcome), REFUSALS_LISTED, time.monotonic()):
            self._list_request("webhook", outcome, detail=detail)
        return STATUS[outcome], {"error": outcome, "detail": detail or outcome}

    def _list_request(self, way, outcome, reading=None, counts=None, started=None, detail=False):
        counts = counts or {}
        self.env["scm.tracking.request"].create(
            {
                "provider_id": self.id,
                "company_id": self.company_id.id,
                "way": way,
                "outcome": outcome,
                "event_count": len(reading.events) if reading else 0,
                "stored_count": counts.get("stored", 0),
                "repeated_count": counts.get("repeated", 0),
                "orphan_count": counts.get("orphans", 0),
                "unknown_count": counts.get("unknown_codes", 0),
                "skipped_count": len(reading.skipped) if reading else 0,
                "milliseconds": round((time.monotonic() - started) * 1000) if started else 0,
                "detail": detail or self._skipped_words(reading),
            }
        )

    def _skipped_words(self, reading):
        """Which entries were left out, and why; codes, for who looks for the fault."""
        if not reading or not reading.skipped:
            return False
        return ", ".join(f"#{position + 1}: {reason}" for position, reason in reading.skipped[:10])

    def _answer(self, reading, counts):
        """What the sender reads; Kuaidi100 wants an answer in its own form."""
        answer = {
            "ok": True,
            "events": len(reading.events),
            "stored": counts["stored"],
            "repeated": counts["repeated"],
            "unknown_parcels": counts["orphans"],
            "unknown_codes": counts["unknown_codes"],
            "skipped": [{"position": position, "reason": reason} for position, reason in reading.skipped[:100]],
        }
        if self.kind == "kuaidi100":
            return {"result": True, "returnCode": "200", "message": "ok"} | answer
        return answer
