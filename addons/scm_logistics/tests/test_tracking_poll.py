import json
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import common

from ..tools import fetch
from .parcel_common import ParcelCase


class Carrier:
    """A carrier's server on this machine; ``answer(path, body)`` gives (status, headers, body) and may be slow."""

    def __init__(self, answer):
        self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler):  # noqa: N805
                length = int(handler.headers.get("Content-Length") or 0)
                body = handler.rfile.read(length).decode()
                self.asked.append((handler.path, body, dict(handler.headers)))
                status, headers, content = answer(handler.path, body)
                with suppress(OSError):  # the other side had enough
                    handler.send_response(status)
                    for name, value in headers.items():
                        handler.send_header(name, value)
                    handler.send_header("Content-Length", str(sum(map(len, content))))
                    handler.end_headers()
                    for part in content:
                        handler.wfile.write(part)
                        handler.wfile.flush()
                        time.sleep(0.2 if len(content) > 1 else 0)

            do_POST = do_GET  # noqa: N815

            def log_message(handler, *_args):  # noqa: N805
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def good(path, _body):
    number = path.rpartition("/")[2]
    event = {"tracking_number": number, "time": "2026-11-22T08:00:00Z", "code": "in_transit", "text": "Hub"}
    return 200, {}, [json.dumps([event]).encode()]


class PollCase(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.providers = cls.env["scm.tracking.provider"]
        cls.polls = cls.env["scm.tracking.poll"]

    @contextmanager
    def _carrier(self, answer, **values):
        """(provider, server): a JSON provider that asks this server for the parcels of the carrier."""
        server = Carrier(answer)
        try:
            provider = self.providers.create(
                {
                    "name": "Server",
                    "company_id": self.company_a.id,
                    "poll": True,
                    "poll_url": f"{server.url}/track/{{tracking}}",
                    "poll_timeout": 20,
                    "poll_per_minute": 600,
                    **values,
                }
            )
            self.carrier.scm_provider_id = provider
            yield provider, server
        finally:
            server.close()

    def _round(self):
        """One round, by the real clock: threads and time-outs need it."""
        run = self.polls.browse(self.polls.run_now(self.company_a.id, wait=True))
        self.env.invalidate_all()
        return run


class TestTrackingPoll(PollCase):
    def test_news_arrive_and_finished_parcels_are_not_asked_for(self):
        parcels = [self._create_parcel(f"P{n}") for n in range(12)]
        self._tell(self._event(parcels[0], "delivered"))
        with self._carrier(good) as (provider, server):
            run = self._round()
            self.assertEqual((run.state, run.done_count, run.stored_count, run.failed_count), ("done", 11, 11, 0))
            self.assertEqual({path for path, _body, _headers in server.asked}, {f"/track/P{n}" for n in range(1, 12)})
            self.assertEqual({parcel.status for parcel in parcels[1:]}, {"in_transit"})
            again = self._round()
            self.assertEqual((again.state, again.done_count), ("done", 0), "their turn has not come again")
        self.assertEqual(provider.request_ids.mapped("outcome"), ["ok"])

    def test_as_many_queries_for_many_as_for_few(self):
        counts = []
        with self._carrier(good) as (provider, _server):
            for size in (1, 2, 40):
                for number in range(size):
                    self._create_parcel(f"Q{size}-{number}")
                self.env.flush_all()
                counts.append(self._query_count(provider._ask, fields.Datetime.now()))
        self.assertEqual(counts[1], counts[2])

    def test_a_server_that_never_answers_costs_the_time_out(self):
        def slow(_path, _body):
            time.sleep(1.5)
            return 200, {}, [b"[]"]

        self._create_parcel("SLOW")
        # Odoo's tests make all time-outs longer; here the one that is set counts
        with (
            patch.object(requests.Session, "send", common._super_send),
            self._carrier(slow, poll_timeout=1) as (provider, _server),
        ):
            self._round()
        self.assertEqual((provider.poll_error, provider.poll_failures), ("timeout", 1))

    def test_bad_servers_back_off_and_lose_nothing(self):
        answers = {
            "http 500": lambda path, body: (500, {}, [b"<html>Traceback"]),
            "http 302": lambda path, body: (302, {"Location": "http://127.0.0.1:1/"}, [b""]),
            "http 401": lambda path, body: (401, {}, [b"{}"]),
            "not_json": lambda path, body: (200, {}, [b"<html>Sorry</html>"]),
            "not_object": lambda path, body: (200, {}, [b"null"]),
            "timeout 200": lambda path, body: (200, {}, [b" "] * 12),
        }
        for trouble, answer in answers.items():
            parcel = self._create_parcel(f"B-{len(trouble)}-{trouble[:3]}")
            seconds = 1 if "timeout" in trouble else 20
            with self.subTest(trouble), self._carrier(answer, poll_timeout=seconds) as (provider, _server):
                run = self._round()
                self.assertEqual((run.state, run.failed_count), ("done", run.done_count))
                self.assertEqual((provider.poll_error, provider.poll_failures), (trouble, 1))
                self.assertGreater(provider.poll_resume_at, provider.poll_failed_at)
                self.assertFalse(parcel.event_ids)
                self.assertIn("No usable answer", run.error_ids.message)
            self.env["scm.parcel"].search([("carrier_id", "=", self.carrier.id)]).unlink()

    def test_nobody_there(self):
        self._create_parcel("N1")
        with self._carrier(good) as (provider, server):
            server.close()
            self._round()
            self.assertEqual(provider.poll_error, "connection")
            server.close = lambda: None

    def test_after_a_failure_nobody_is_asked_until_its_time(self):
        broken = []
        for number in range(20):
            self._create_parcel(f"C{number}")

        def answer(path, body):
            return good(path, body) if not broken else (503, {"Retry-After": "900"}, [b""])

        broken.append(True)
        with self._carrier(answer, poll_per_minute=600) as (provider, server):
            self._round()
            asked = len(server.asked)
            self.assertLess(asked, 20, "it gave up after some failures in a row")
            self.assertEqual(provider.poll_resume_at - provider.poll_failed_at, timedelta(seconds=900))
            self._round()
            self.assertEqual(len(server.asked), asked, "no question while it rests")
            broken.clear()
            provider.poll_resume_at = False
            self.env["scm.parcel"].search([("poll_failures", ">", 0)]).write({"poll_next_at": False})
            self.assertEqual(self._round().stored_count, 20)
            self.assertFalse(provider.poll_failures)

    def test_one_unknown_number_does_not_stop_the_others(self):
        parcels = [self._create_parcel(ref) for ref in ("U1", "GONE", "U2")]

        def answer(path, body):
            return (404, {}, [b"{}"]) if path.endswith("GONE") else good(path, body)

        with self._carrier(answer) as (provider, _server):
            run = self._round()
            self.assertEqual((run.done_count, run.failed_count, run.stored_count), (3, 1, 2))
            self.assertFalse(provider.poll_failures)
            self.assertGreater(parcels[1].poll_next_at, parcels[0].poll_next_at, "it is asked for less often")
            self.assertEqual(provider.request_ids.outcome, "partly")

    def test_rates_of_provider_and_carrier_hold(self):
        for number in range(30):
            self._create_parcel(f"R{number}")
        with self._carrier(good, poll_per_minute=12) as (provider, server):
            self._round()
            self.assertEqual(len(server.asked), 12)
            self._round()
            self.assertEqual(len(server.asked), 12, "the minute is used up")
            self.carrier.scm_poll_per_minute = 5
            now = fields.Datetime.now()
            self.assertFalse(provider._due_parcels(now, 100), "12 of this carrier within the last minute")
            self.assertEqual(len(provider._due_parcels(now + timedelta(minutes=2), 100)), 5)

    def test_many_parcels_in_one_question(self):
        parcels = [self._create_parcel(f"M{n}") for n in range(7)]
        self.carrier.scm_provider_carrier_code = "post"

        def answer(_path, body):
            question = json.loads(body)
            event = {"time": "2026-11-22T08:00:00Z", "code": "delivered"}
            told = [event | {"number": number.lower()} for number in [*question["tracking_numbers"], "ANOTHER"]]
            return 200, {}, [json.dumps({"answer": {"list": told}}).encode()]

        values = {"poll_method": "post", "poll_batch": 5, "path_parcels": "answer.list", "poll_key": "K"}
        with self._carrier(answer, **values, poll_key_header="X-Key") as (provider, server):
            provider.poll_url = server.url
            self.assertEqual(self._round().stored_count, 7)
            self.assertEqual(sorted(len(json.loads(body)["tracking_numbers"]) for _p, body, _h in server.asked), [2, 5])
            self.assertEqual({json.loads(body)["carrier"] for _path, body, _headers in server.asked}, {"post"})
            self.assertEqual({headers["X-Key"] for _path, _body, headers in server.asked}, {"K"})
        self.assertEqual({parcel.status for parcel in parcels}, {"delivered"})
        self.assertFalse(self.env["scm.tracking.orphan"].search([("tracking_ref", "=ilike", "another")]))

    def test_kuaidi100_signs_its_questions(self):
        parcel = self._create_parcel("SF100")
        self.carrier.scm_provider_carrier_code = "shunfeng"
        self.customer.phone = "+86 138-0013-8000"

        def answer(_path, body):
            form = {name: values[0] for name, values in parse_qs(body).items()}
            question = json.loads(form["param"])
            entry = {"context": "派件中", "ftime": "2026-11-22 16:00:00", "statusCode": "5"}
            result = {"status": "200", "state": "5", "nu": question["num"], "com": question["com"], "data": [entry]}
            return 200, {}, [json.dumps(result).encode()]

        values = {"kind": "kuaidi100", "poll_key": "KEY", "poll_customer": "CUST"}
        with self._carrier(answer, **values) as (provider, server):
            provider.poll_url = server.url
            self._round()
            [(_path, body, _headers)] = server.asked
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.assertEqual(form["customer"], "CUST")
        self.assertEqual(json.loads(form["param"])["phone"], "8613800138000")
        self.assertRegex(form["sign"], "^[0-9A-F]{32}$")
        self.assertEqual((parcel.event_ids.raw_code, parcel.event_ids.text), ("5", "派件中"))

    def test_kuaidi100_says_no(self):
        self._create_parcel("SF1")
        answers = {"601": ("refused: key过期", 1), "408": ("", 0), "500": ("", 0)}
        for code, (error, failures) in answers.items():
            refusal = json.dumps({"result": False, "returnCode": code, "message": "key过期"}).encode()

            def answer(_path, _body, refusal=refusal):
                return 200, {}, [refusal]

            with self.subTest(code), self._carrier(answer, kind="kuaidi100") as (provider, server):
                provider.poll_url = server.url
                self.env["scm.parcel"].search([("carrier_id", "=", self.carrier.id)]).write({"poll_next_at": False})
                self._round()
                self.assertEqual((provider.poll_error or "", provider.poll_failures), (error, failures))
            provider.active = False

    def test_the_same_number_in_the_address_cannot_lead_elsewhere(self):
        self._create_parcel("../admin?x=1&y=2#z")
        with self._carrier(good) as (_provider, server):
            self._round()
        [(path, _body, _headers)] = server.asked
        self.assertEqual(urlsplit(path).path, "/track/..%2Fadmin%3Fx%3D1%26y%3D2%23z")

    def test_silent_provider_makes_one_alert(self):
        self._create_parcel("A1")
        alerts = self.env["scm.alert"]
        with self._carrier(lambda path, body: (500, {}, [b""])) as (provider, _server):
            for _round in range(3):
                self.env["scm.parcel"].search([("carrier_id", "=", self.carrier.id)]).write({"poll_next_at": False})
                provider.write({"poll_resume_at": False, "poll_tokens_at": False})
                self._round()
            found = alerts.search([("res_model", "=", provider._name), ("res_id", "=", provider.id)])
            self.assertEqual((found.state, found.area, found.company_id), ("open", "logistics", self.company_a))
            provider.write({"poll_failures": 0, "poll_resume_at": False, "poll_tokens_at": False})
            self._round()
        self.assertEqual(found.state, "resolved")

    def test_too_large_an_answer_is_left(self):
        self._create_parcel("L1")
        with (
            patch.object(fetch, "MAX_ANSWER_BYTES", 10),
            self._carrier(lambda path, body: (200, {}, [b" " * 99999])) as (provider, _server),
        ):
            self._round()
            self.assertEqual(provider.poll_error, "large 200")

    def test_two_companies_ask_for_their_own(self):
        ours, theirs = self._create_parcel("SAME"), self._create_parcel("SAME", company=self.company_b)
        with self._carrier(good):
            self._round()
        self.assertEqual((ours.status, theirs.status), ("in_transit", "info_received"))
        self.assertFalse(self.carrier.with_company(self.company_b).scm_provider_id)


class TestTrackingRights(PollCase):
    def test_who_may_what(self):
        provider = self.providers.create({"name": "P", "company_id": self.company_a.id, "secret": "s", "poll_key": "k"})
        manager, planner = self._as(self.manager, provider), self._as(self.planner, provider)
        for name in ("secret", "poll_key", "poll_url", "poll_customer"):
            with self.assertRaises(AccessError, msg=name):
                manager.read([name])
        with self.assertRaises(AccessError):
            planner.read(["url_token"])
        self.assertTrue(manager.has_secret)
        with self.assertRaises(AccessError):
            manager.action_new_secret()
        with self.assertRaises(AccessError):
            planner.action_new_address()
        old = provider.url_token
        manager.action_new_address()
        self.assertNotEqual(provider.url_token, old)
        for user in (self.planner, self.packer):
            with self.assertRaises(AccessError):
                self._as(user, self.polls).run_now(self.company_a.id)
            with self.assertRaises(AccessError):
                self._as(user, provider).write({"name": "X"})
            with self.assertRaises(AccessError):
                self._as(user, self.providers).try_message(provider.id, "[]")
        with self.assertRaises(AccessError):
            self._as(self.planner_b, provider).read(["name"])
        with self.assertRaises(AccessError):
            self._as(self.manager, self.polls).run_now(self.company_b.id)

    def test_address_to_ask_is_checked(self):
        for url in (False, "ftp://x/{tracking}", "https:///x", "https://u:p@host/{tracking}", "https://host/fixed"):
            with self.assertRaises(ValidationError, msg=url):
                self.providers.create({"name": "P", "company_id": self.company_a.id, "poll": True, "poll_url": url})

    def test_try_message_stores_nothing(self):
        self._create_parcel("T1")
        provider = self.providers.create({"name": "P", "company_id": self.company_a.id})
        message = json.dumps([{"number": "t 1", "time": "2026-11-22 08:00", "status": "delivered"}, {"status": "x"}])
        found = self._as(self.manager, self.providers).try_message(provider.id, message)
        self.assertEqual((found["count"], found["known"]), (1, 1))
        self.assertEqual(found["events"][0]["status"], "delivered")
        self.assertEqual(found["events"][0]["time"], "2026-11-22 07:00:00")
        self.assertEqual(found["skipped"], [{"position": 1, "reason": "no_number"}])
        self.assertFalse(self.env["scm.parcel.event"].search([("source", "=", provider._source())]))

    def test_a_neutralized_copy_neither_asks_nor_takes(self):
        with self._carrier(good, secret="s" * 32, poll_key="key") as (provider, server):
            self._create_parcel("N1")
            token = provider.url_token
            self.env.flush_all()
            for statement in get_neutralization_queries(["scm_logistics"]):
                self.env.cr.execute(statement)
            self.env.invalidate_all()
            self.assertEqual((provider.active, provider.poll, provider.has_secret), (False, False, False))
            self.assertFalse(provider.poll_key)
            self.assertNotEqual(provider.url_token, token)
            self._round()
            self.assertEqual(server.asked, [])
