import base64
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers import tracking_webhook
from ..kernel.webhook_signature import sign
from .parcel_common import ParcelCase

SECRET = "a secret of the test"


@tagged("post_install", "-at_install")
class TestTrackingWebhook(ParcelCase, HttpCase):
    """The webhook over HTTP, as carriers call it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._create_provider("json")
        cls.parcel = cls._create_parcel("JJ 1")

    @classmethod
    def _create_provider(cls, kind, **values):
        return cls.env["scm.tracking.provider"].create(
            {"name": kind, "kind": kind, "company_id": cls.company_a.id, "secret": SECRET, **values}
        )

    def _send(self, body, provider=None, headers=None, seconds=None, secret=SECRET, token=None):
        """POST a body (or a document) with our signature."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        seconds = int(time.time()) if seconds is None else seconds
        own = {"X-SCM-Timestamp": str(seconds), "X-SCM-Signature": sign(secret, seconds, body)}
        headers = own | {"Content-Type": "application/json"} if headers is None else headers
        return self._post(token or (provider or self.provider).url_token, body, headers)

    def _post(self, token, body, headers):
        self.authenticate(None, None)
        self.env.flush_all()
        answer = self.opener.post(f"{self.base_url()}/scm/tracking/{token}", data=body, headers=headers, timeout=30)
        self.env.invalidate_all()
        return answer

    def _message(self, *events, ref="jj1"):
        return {"parcels": [{"tracking_ref": ref, "events": list(events)}]}

    def _delivered(self, **values):
        return {"time": "2026-11-23T09:00:00+01:00", "code": "delivered", "text": "At the door"} | values

    def _outcomes(self, provider=None):
        return (provider or self.provider).request_ids.mapped("outcome")

    # What it takes

    def test_events_arrive_and_repeats_change_nothing(self):
        message = self._message({"time": "2026-11-22 08:00", "code": "in_transit"}, self._delivered())
        first, again = self._send(message), self._send(message)
        self.assertEqual((first.status_code, again.status_code), (200, 200))
        self.assertEqual((first.json()["stored"], again.json()["stored"], again.json()["repeated"]), (2, 0, 2))
        self.assertEqual(self.parcel.status, "delivered")
        self.assertEqual(
            sorted(str(event.time) for event in self.parcel.event_ids),
            ["2026-11-22 07:00:00", "2026-11-23 08:00:00"],
            "without a zone it is the company's, Berlin",
        )
        self.assertEqual(self._outcomes(), ["ok", "ok"])

    def test_one_request_has_as_many_queries_for_many_events(self):
        counts = []
        for size in (1, 2, 200):  # the first one fills caches
            refs = [f"Q{size}-{n}" for n in range(size)]
            for ref in refs:
                self._create_parcel(ref)
            body = json.dumps([self._delivered(tracking_ref=ref) for ref in refs]).encode()
            self.env.flush_all()
            stamp = str(int(time.time()))
            headers = {"X-SCM-Timestamp": stamp, "X-SCM-Signature": sign(SECRET, stamp, body)}
            counts.append(self._query_count(self.provider._receive, body, "", "", headers, time.time()))
        self.assertEqual(counts[1], counts[2])

    def test_unknown_parcels_and_codes_are_kept_and_named(self):
        answer = self._send(self._message(self._delivered(code="XX-1"), ref="NOBODY")).json()
        self.assertEqual((answer["stored"], answer["unknown_parcels"], answer["unknown_codes"]), (0, 1, 1))
        parcel = self._create_parcel("NOBODY")
        self.assertEqual(parcel.event_ids.raw_code, "XX-1")

    def test_the_carriers_day_is_taken(self):
        message = self._message(self._delivered(code="in_transit"))
        message["parcels"][0]["expected"] = "2026-11-24"
        self._send(message)
        self.assertEqual(str(self.parcel.date_expected), "2026-11-24")
        self.assertEqual(self.parcel.promise_ids[0].cause, "carrier")

    def test_html_is_text(self):
        self._send(self._message(self._delivered(text="<script>alert(1)</script>\u0000 bye")))
        self.assertEqual(self.parcel.event_ids.text, "<script>alert(1)</script> bye")
        wizard = self.env["scm.tracking.sample"].with_user(self.manager).create(
            {
                "provider_id": self.provider.id,
                "sample": json.dumps(self._message(self._delivered(text="<img src=x onerror=alert(1)>"))),
            }
        )
        self.assertIn("&lt;img src=x", wizard.result_html)
        self.assertNotIn("<img", wizard.result_html)

    def test_times_in_1970_in_the_future_or_unreadable_do_not_hurt(self):
        events = [self._delivered(time=time, code="in_transit") for time in (0, "2199-01-01T00:00:00Z", "soon", None)]
        answer = self._send(self._message(*events))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.parcel.status, "in_transit")

    # What it refuses

    def test_forged_is_refused_and_says_nothing(self):
        bad = [
            self._send(self._message(self._delivered()), secret="another"),
            self._send(self._message(self._delivered()), headers={"Content-Type": "application/json"}),
            self._send(self._message(self._delivered()), token="no-such-address"),
        ]
        self.assertEqual({answer.status_code for answer in bad}, {401})
        self.assertEqual({answer.json()["error"] for answer in bad}, {"signature"})
        self.assertFalse(self.parcel.event_ids)

    def test_changed_body_is_refused(self):
        body = json.dumps(self._message(self._delivered())).encode()
        stamp = str(int(time.time()))
        headers = {"X-SCM-Timestamp": stamp, "X-SCM-Signature": sign(SECRET, stamp, body)}
        headers["Content-Type"] = "application/json"
        answer = self._post(self.provider.url_token, body.replace(b"delivered", b"returned!"), headers)
        self.assertEqual(answer.status_code, 401)

    def test_replay_after_the_window_is_refused(self):
        for seconds in (int(time.time()) - 301, int(time.time()) + 900):
            answer = self._send(self._message(self._delivered()), seconds=seconds)
            self.assertEqual((answer.status_code, answer.json()["error"]), (401, "stale"))
        self.assertFalse(self.parcel.event_ids)
        self.assertEqual(set(self._outcomes()), {"stale"})

    def test_without_secret_or_archived_nothing_is_accepted(self):
        self.provider.secret = False
        self.assertEqual(self._send(self._message(self._delivered()), secret="").status_code, 401)
        self.provider.write({"secret": SECRET, "active": False})
        self.assertEqual(self._send(self._message(self._delivered())).status_code, 401)

    def test_oversized_is_refused(self):
        answer = self._send(b'["' + b"x" * tracking_webhook.MAX_BYTES + b'"]')
        self.assertEqual(answer.status_code, 413)
        many = [self._delivered(tracking_ref="A", text=str(n)) for n in range(5001)]
        self.assertEqual(self._send(many).status_code, 413)

    def test_malformed_is_refused_without_a_traceback(self):
        bodies = [b"{", b"\xff\xfe", b"null", b"12", b'"x"', b"[" * 100000, b"[NaN]", b'{"a": ' * 50000]
        for body in bodies:
            answer = self._send(body)
            self.assertEqual((answer.status_code, answer.json()["error"]), (400, "malformed"), body[:20])
            self.assertNotIn("Traceback", answer.text)
        self.assertEqual(self._send(b"").status_code, 400)
        odd = [b"[]", b"{}", b"[[], 1, null]", b'{"parcels": {"a": 1}}', b'[{"tracking_ref": {"a": []}, "time": []}]']
        for body in odd:
            self.assertEqual((self._send(body).status_code, self.parcel.event_ids.ids), (200, []), body)

    def test_form_instead_of_json_gets_a_hint(self):
        body = urlencode({"a": "{}"}).encode()
        answer = self._send(body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual((answer.status_code, answer.json()["detail"]), (400, "content_type"))

    def test_only_post(self):
        answer = self.opener.get(f"{self.base_url()}/scm/tracking/{self.provider.url_token}", timeout=30)
        self.assertEqual(answer.status_code, 405)

    def test_too_many_calls_come_later(self):
        provider = self._create_provider("json", calls_per_minute=2)
        answers = [self._send([], provider) for _call in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
        self.assertEqual(answers[2].headers["Retry-After"], "60")

    def test_a_fault_of_ours_stores_nothing_and_shows_nothing(self):
        def fail(*_args):
            raise KeyError("secret detail")

        self.patch(type(self.env["scm.parcel.event"]), "_ingest", fail)
        with mute_logger("odoo.addons.scm_logistics.controllers.tracking_webhook"):
            answer = self._send(self._message(self._delivered()))
        self.assertEqual((answer.status_code, answer.json()), (500, {"error": "failed"}))

    def test_another_companys_parcel_stays_as_it_is(self):
        theirs = self._create_parcel("THEIRS", company=self.company_b, carrier_id=False)
        self._send(self._message(self._delivered(), ref="THEIRS"))
        self.assertFalse(theirs.event_ids)

    # Those who sign in their own way

    def test_aftership(self):
        provider = self._create_provider("aftership")
        message = {
            "event": "tracking_update",
            "msg": {
                "tracking_number": "JJ1",
                "slug": "dhl",
                "tag": "Delivered",
                "expected_delivery": "2026-11-24",
                "checkpoints": [
                    {
                        "checkpoint_time": "2026-11-22T08:00:00+01:00",
                        "tag": "InTransit",
                        "subtag": "InTransit_003",
                        "message": "Hub",
                        "city": "Ghent",
                    },
                    {"checkpoint_time": "2026-11-23T08:00:00", "tag": "Delivered", "subtag": "Delivered_001"},
                ],
            },
        }
        body = json.dumps(message).encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        for name in ("aftership-hmac-sha256", "as-signature-hmac-sha256"):
            answer = self._post(provider.url_token, body, {name: signature, "Content-Type": "application/json"})
            self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.parcel.event_ids.mapped("raw_code"), ["Delivered_001", "InTransit_003"])
        self.assertEqual(self.parcel.event_ids[1].place, "Ghent")
        self.assertEqual(self.parcel.status, "delivered")
        headers = {"aftership-hmac-sha256": "bm8=", "Content-Type": "application/json"}
        wrong = self._post(provider.url_token, body, headers)
        self.assertEqual(wrong.status_code, 401)

    def test_kuaidi100(self):
        provider = self._create_provider("kuaidi100")
        entries = [
            {"context": "已签收", "ftime": "2026-11-23 16:00:00", "statusCode": "3", "areaName": "上海"},
            {"context": "到达", "ftime": "2026-11-22 16:00:00", "statusCode": "0"},
        ]
        result = {"nu": "JJ1", "com": "yunda", "state": "3", "data": entries}
        param = json.dumps({"status": "shutdown", "lastResult": result}, ensure_ascii=False)
        good = hashlib.md5((param + SECRET).encode()).hexdigest().upper()
        answers = [
            self._post(provider.url_token, urlencode({"param": param, "sign": one}), {
                "Content-Type": "application/x-www-form-urlencoded"
            })
            for one in (good, "0" * 32)
        ]
        self.assertEqual([answer.status_code for answer in answers], [200, 401])
        self.assertEqual((answers[0].json()["result"], answers[0].json()["returnCode"]), (True, "200"))
        self.assertEqual(self.parcel.event_ids.mapped("raw_code"), ["3", "0"])
        self.assertEqual((self.parcel.status, self.parcel.last_place), ("delivered", "上海"))
        self.assertEqual(str(self.parcel.event_ids[0].time), "2026-11-23 08:00:00", "its times are Shanghai's")

    def test_17track(self):
        provider = self._create_provider("17track")
        events = [{"time_utc": "2026-11-23T08:00:00Z", "description": "Door", "sub_status": "Delivered_Other"}]
        info = {"latest_status": {"status": "Delivered"}, "tracking": {"providers": [{"events": events}]}}
        data = {"number": "JJ1", "carrier": 3011, "track_info": info}
        body = json.dumps({"event": "TRACKING_UPDATED", "data": data}).encode()
        signature = hashlib.sha256(body + b"/" + SECRET.encode()).hexdigest()
        headers = {"sign": signature, "Content-Type": "application/json"}
        self.assertEqual(self._post(provider.url_token, body, headers).status_code, 200)
        self.assertEqual(self.parcel.event_ids.raw_code, "Delivered_Other")
