from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .portal_common import SupplierPortalCase

PDF = b"%PDF-1.7 signed delivery note"


class PortalHttpCase(SupplierPortalCase, HttpCase):
    """Requests of the vendor's login."""

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _post(self, url, data=None, files=None, token=True):
        data = dict(data or {})
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data or {"x": "1"}, files=files, allow_redirects=False)

    @staticmethod
    def _get_urls(own):
        card, line, action = own["card"].id, own["line"].id, own["action"].id
        return [
            f"/my/scorecards/{card}",
            f"/my/scorecards/{card}/measures/{line}",
            f"/my/scorecards/{card}/measures/{line}/page/2",
            f"/my/scorecards/{card}/measures/{line}/contest",
            f"/my/scorecards/contests/{own['contest'].id}/files/{own['file'].id}",
            f"/my/corrective-actions/{action}",
            f"/my/qualifications/documents/{own['evidence'].id}/file",
        ]

    @staticmethod
    def _post_urls(own):
        card, line, action = own["card"].id, own["line"].id, own["action"].id
        return [
            f"/my/scorecards/{card}/accept",
            f"/my/scorecards/{card}/measures/{line}/contest",
            f"/my/promises/{own['order'].order_line.id}",
            f"/my/promises/orders/{own['order'].id}/confirm",
            f"/my/corrective-actions/{action}/answer",
            f"/my/corrective-actions/{action}/steps/{own['step'].id}",
        ]


LISTS = ["/my/scorecards", "/my/promises", "/my/corrective-actions", "/my/qualifications"]


@tagged("post_install", "-at_install")
class TestSupplierPortalSecurity(PortalHttpCase):
    def test_not_logged_in(self):
        self.authenticate(None, None)
        for url in LISTS + self._get_urls(self.own):
            answer = self.url_open(url, allow_redirects=False)
            self.assertIn("/web/login", answer.headers.get("Location", ""), url)
        for url in [*self._post_urls(self.own), "/my/qualifications/documents"]:
            answer = self._post(url, {"text": "x"})
            self.assertIn("/web/login", answer.headers.get("Location", ""), url)

    def test_own_pages(self):
        self._login(self.anna)
        for url in LISTS + self._get_urls(self.own):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
            self.assertNotIn("Other Vendor", answer.text, url)
            self.assertNotIn("Company B", answer.text, url)
            self.assertEqual(answer.headers["Cache-Control"].split(",")[-1].strip(), "no-store", url)

    def test_what_belongs_to_others_is_not_there(self):
        """Another vendor's, another company's and unknown ids answer the same; nothing of it is shown or changed."""
        self._login(self.anna)
        unknown = {name: record.browse(99999999) for name, record in self.own.items()}
        for owner in (self.foreign, self.elsewhere):
            for url in self._get_urls(owner):
                self.assertEqual(self.url_open(url).status_code, 404, url)
            for url in self._post_urls(owner):
                answer = self._post(url, {"text": "x", "date": "2030-01-01", "quantity": "1", "d4_cause": "x"})
                self.assertEqual(answer.status_code, 404, url)
            self.assertEqual(owner["card"].supplier_answer, "open")
            self.assertFalse(owner["order"].order_line.scm_answer_date)
            self.assertFalse(owner["action"].date_answered or owner["step"].date_done)
            self.assertEqual(len(owner["card"].contest_ids), 1)
        self.assertEqual(self.url_open(f"/my/scorecards/{unknown['card'].id}").status_code, 404)

    def test_mixed_ids(self):
        """One's own card with another's measure, action with another's step or file."""
        self._login(self.anna)
        card, action = self.own["card"].id, self.own["action"].id
        for other in (self.foreign, self.elsewhere):
            for url in (
                f"/my/scorecards/{card}/measures/{other['line'].id}",
                f"/my/scorecards/{card}/measures/{other['line'].id}/contest",
                f"/my/scorecards/contests/{self.own['contest'].id}/files/{other['file'].id}",
                f"/my/corrective-actions/{action}/files/{other['file'].id}",
            ):
                self.assertEqual(self.url_open(url).status_code, 404, url)
            answer = self._post(f"/my/corrective-actions/{action}/steps/{other['step'].id}")
            self.assertEqual(answer.status_code, 404)
        line = self.own["line"].id
        foreign_fact = self.foreign["line"].get_fact_ids()["ids"][0]
        url = f"/my/scorecards/{card}/measures/{line}/contest"
        self.assertEqual(self.url_open(f"{url}?fact={foreign_fact}").status_code, 404)
        self.assertEqual(self._post(url, {"text": "mine?", "fact": str(foreign_fact)}).status_code, 404)
        self.assertEqual(self._post(url, {"text": "mine?", "fact": "1 OR 1=1"}).status_code, 404)

    def test_drafts_and_what_was_not_asked_are_hidden(self):
        self.own["card"].sudo().state = "draft"
        self.own["action"].date_answer_due = False
        self._login(self.anna)
        for url in (f"/my/scorecards/{self.card.id}", f"/my/corrective-actions/{self.own['action'].id}"):
            self.assertEqual(self.url_open(url).status_code, 404, url)
        self.assertNotIn("Chips", self.url_open("/my/corrective-actions").text)

    def test_changes_need_post(self):
        self._login(self.anna)
        for url in self._post_urls(self.own):
            if url.endswith("/contest"):
                continue  # its form has the same address
            self.assertEqual(self.url_open(url, allow_redirects=False).status_code, 405, url)
        self.assertEqual(self.url_open("/my/qualifications/documents", allow_redirects=False).status_code, 405)
        self.assertEqual(self.card.supplier_answer, "open")

    @mute_logger("odoo.http")
    def test_changes_need_the_token(self):
        self._login(self.anna)
        for url in [*self._post_urls(self.own), "/my/qualifications/documents"]:
            self.assertEqual(self._post(url, {"text": "x"}, token=False).status_code, 400, url)
        self.assertEqual(self.card.supplier_answer, "open")
        self.assertFalse(self.open_line.scm_answer_date)

    def test_no_rights_on_the_models(self):
        """Portal users reach our models through the pages only."""
        for name in (
            "scm.scorecard",
            "scm.scorecard.line",
            "scm.scorecard.contest",
            "scm.improvement",
            "scm.supplier.evidence",
            "scm.supplier.qualification",
            "scm.supplier.digest",
            "scm.receipt.fact",
        ):
            with self.assertRaises(AccessError, msg=name):
                self.env[name].with_user(self.anna).search([], limit=1).read(["id"])
        order = self.open_order.with_user(self.anna)
        self.assertEqual(order.read(["name"])[0]["name"], order.name, "Odoo's own portal right")
        with self.assertRaises(AccessError):
            order.read(["scm_gate_message"])
        for call in (
            lambda env: env["scm.supplier.page"].get_page(self.vendor.id),
            lambda env: env["scm.supplier.page"].get_suppliers(),
            lambda env: env["scm.supplier.digest"].prepare_mail(self.vendor.id),
            lambda env: env["scm.scorecard"].browse(self.card.id).scm_accept(),
            lambda env: env["scm.scorecard"].browse(self.card.id).scm_contest("x", self.line_late.id),
            lambda env: env["scm.scorecard.contest"].browse(self.own["contest"].id).scm_answer(True, "x"),
            lambda env: env["purchase.order.line"].browse(self.open_line.id).scm_confirm_promise(),
            lambda env: env["scm.improvement"].browse(self.own["action"].id).scm_answer_supplier({"d4_cause": "x"}),
        ):
            with self.assertRaises(AccessError):
                call(self.env(user=self.anna))

    def test_files_are_judged_by_content(self):
        self._login(self.anna)
        url = f"/my/scorecards/{self.card.id}/measures/{self.line_late.id}/contest"
        before = len(self.card.contest_ids)
        for name, content, said in (
            ("note.pdf", b"<html><script>alert(1)</script>", "is not what its name says"),
            ("note.html", b"<html>", "this kind of file"),
            ("note.exe", b"MZ", "this kind of file"),
            ("photo.svg", b"<svg onload='alert(1)'/>", "this kind of file"),
            ("empty.pdf", b"", "is empty"),
            ("huge.pdf", PDF + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
        ):
            answer = self._post(url, {"text": "see file"}, files=[("files", (name, content))])
            self.assertEqual(answer.status_code, 303, name)
            self.assertIn(said, self.url_open(answer.headers["Location"]).text, name)
            self.card.invalidate_recordset()
            self.assertEqual(len(self.card.contest_ids), before, name)
        answer = self._post(url, {"text": "x"}, files=[("files", ("big.pdf", PDF + b"x" * (52 * 1024 * 1024)))])
        self.assertEqual(answer.status_code, 413)

    def test_files_are_downloads(self):
        self._login(self.anna)
        for url in (
            f"/my/scorecards/contests/{self.own['contest'].id}/files/{self.own['file'].id}",
            f"/my/qualifications/documents/{self.own['evidence'].id}/file",
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.content[:5], b"%PDF-")
            self.assertIn("attachment", answer.headers["Content-Disposition"], url)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff", url)


@tagged("post_install", "-at_install")
class TestSupplierPortal(PortalHttpCase):
    def setUp(self):
        super().setUp()
        self._login(self.anna)

    def _notice(self, answer):
        self.assertEqual(answer.status_code, 303)
        return self.url_open(answer.headers["Location"]).text

    def test_move_and_split(self):
        url, line = f"/my/promises/{self.open_line.id}", self.open_line
        promise = line.scm_promise_original
        later = self.today + timedelta(days=20)
        text = self._notice(self._post(url, {"date": later.isoformat(), "quantity": "100", "note": "Kiln repair"}))
        self.assertIn("We have noted", text)
        line.invalidate_recordset()
        self.assertEqual(line._scm_planned_days()[line], later)
        self.assertEqual(line.scm_promise_date, promise, "the vendor is judged by what it promised first")
        log = self.env["scm.purchase.promise"].search([("line_id", "=", line.id)], limit=1)
        self.assertRecordValues(log, [{"requested_by": "vendor", "channel": "portal", "reason": "Kiln repair"}])
        self.assertTrue(self.open_order.acknowledged)
        split = [later.isoformat(), (later + timedelta(days=7)).isoformat()]
        self._notice(self._post(url, {"date": split, "quantity": ["40", "59,5"]}))
        line.invalidate_recordset()
        parts = line._scm_open_parts(line._scm_open_quantities())[line]
        self.assertEqual([(day.isoformat(), quantity) for day, quantity in parts], [(split[0], 40), (split[1], 59.5)])
        self.assertEqual((line.scm_answer_qty, line.scm_answer_missing), (99.5, 0.5))
        message = self.open_order.message_ids[0]
        self.assertEqual(message.author_id, self.anna.partner_id)
        self.assertIn("will not come", message.body)

    def test_refused_answers(self):
        url = f"/my/promises/{self.open_line.id}"
        later = (self.today + timedelta(days=3)).isoformat()
        for date, quantity, said in (
            ((self.today - timedelta(days=3)).isoformat(), "100", "in the past"),
            (later, "101", "are open"),
            (later, "-5", "above zero"),
            (later, "nan", "above zero"),
            (later, "many", "is not a quantity"),
            ("2030-99-99", "1", "is not a day"),
            ("", "", "at least one day"),
        ):
            self.assertIn(said, self._notice(self._post(url, {"date": date, "quantity": quantity})), (date, quantity))
        self.open_line.invalidate_recordset()
        self.assertFalse(self.open_line.scm_answer_date)

    def test_confirm_order_and_ask_anew(self):
        self.assertIn(
            "1 lines are confirmed", self._notice(self._post(f"/my/promises/orders/{self.open_order.id}/confirm"))
        )
        self.open_line.invalidate_recordset()
        self.assertEqual(self.open_line.scm_answer_qty, 100)
        self.open_line.product_qty = 120
        self.assertFalse(self.open_line.scm_answer_date, "another quantity has to be confirmed again")

    def test_accept(self):
        self.own["contest"].unlink()
        self._notice(self._post(f"/my/scorecards/{self.card.id}/accept"))
        self.card.invalidate_recordset()
        self.assertEqual(self.card.supplier_answer, "accepted")
        self.assertEqual(self.card.supplier_answer_by_id, self.anna.partner_id)

    def test_contest_to_restatement(self):
        """The vendor contests a late line with a file, the buyer accepts, the line is left out, the card restated."""
        url = f"/my/scorecards/{self.card.id}/measures/{self.line_late.id}"
        late_line = self.late_order.order_line
        page = self.url_open(url).text
        self.assertIn(self.late_order.name, page)
        before, value = (self.card.total, self.line_late.sample), self.line_late.value
        files = [("files", ("note.pdf", PDF))]
        text = self._notice(
            self._post(f"{url}/contest", {"text": "It waited at your dock.", "fact": str(late_line.id)}, files)
        )
        self.assertIn("answer here", text)
        contest = self.env["scm.scorecard.contest"].search([("card_id", "=", self.card.id)], limit=1)
        self.assertRecordValues(
            contest, [{"author_id": self.anna.partner_id.id, "state": "open", "res_id": late_line.id}]
        )
        self.assertEqual(contest.attachment_ids.raw, PDF)
        again = self._notice(self._post(f"{url}/contest", {"text": "Again", "fact": str(late_line.id)}))
        self.assertIn("contested already", again)
        contest.with_user(self.buyer).scm_answer(True, "You are right: we had no forklift.")
        self.card.invalidate_recordset()
        line = self._measure(self.card, "otif_line")
        self.assertEqual((self.card.state, line.sample, line.excluded_count), ("restated", before[1] - 1, 1))
        self.assertGreater(line.value, value)
        self.assertRecordValues(
            contest, [{"state": "accepted", "total_before": before[0], "total_after": self.card.total}]
        )
        exclusion = contest.exclusion_ids
        self.assertEqual((exclusion.res_model, exclusion.res_id), ("purchase.order.line", late_line.id))
        self.assertEqual(exclusion.criterion_ids, contest.criterion_id)
        self.assertIn("forklift", self.card.restatement_ids[:1].reason)
        self.assertIn("You were right", self.url_open(f"/my/scorecards/{self.card.id}").text)

    def test_contest_needs_words_and_time(self):
        url = f"/my/scorecards/{self.card.id}/measures/{self.line_late.id}/contest"
        self.assertIn("say why", self._notice(self._post(url, {"text": "  "})))
        self.card.sudo().answer_until = self.today - timedelta(days=1)
        self.assertIn("the time for it has passed", self._notice(self._post(url, {"text": "late"})))
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_corrective_action(self):
        action, url = self.own["action"], f"/my/corrective-actions/{self.own['action'].id}"
        self.assertIn("please fill in", self._notice(self._post(f"{url}/answer", {"d4_cause": "No inserts"})))
        values = {"d3_containment": "Sorted", "d4_cause": "No inserts", "d5_correction": "Inserts in the BOM"}
        values |= {"state": "done", "problem": "Nothing", "date_due": "2030-01-01"}
        self._notice(self._post(f"{url}/answer", values, files=[("files", ("photo.png", b"\x89PNG\r\n\x1a\n..."))]))
        self._notice(self._post(f"{url}/steps/{self.own['step'].id}"))
        action.invalidate_recordset()
        self.assertRecordValues(
            action, [{"cause": "No inserts", "state": "running", "problem": False, "date_due": False}]
        )
        self.assertTrue(action.date_answered)
        self.assertTrue(self.own["step"].date_done)
        self.assertIn("photo.png", self.url_open(url).text)
        action.sudo().write({"state": "done"})
        self.assertIn("is closed", self._notice(self._post(f"{url}/answer", {"d4_cause": "Changed"})))

    def test_document(self):
        values = {"kind_id": str(self._kind().id), "number": "CN-1", "date_expiry": "2030-01-01"}
        url, file = "/my/qualifications/documents", [("files", ("iso.pdf", PDF))]
        self.assertIn("Choose the file", self._notice(self._post(url, values)))
        self.assertIn("until when", self._notice(self._post(url, values | {"date_expiry": ""}, file)))
        self.assertIn("not valid any more", self._notice(self._post(url, values | {"date_expiry": "2020-01-01"}, file)))
        self.assertIn("kind of document", self._notice(self._post(url, values | {"kind_id": "99999999"}, file)))
        self.assertIn(
            "Choose the company", self._notice(self._post(url, values | {"company_id": str(self.company_b.id)}, file))
        )
        self.assertEqual(self.env["scm.supplier.evidence"].search_count([("number", "=", "CN-1")]), 0)
        self.assertIn(
            "We check the document", self._notice(self._post(url, values | {"partner_id": str(self.other.id)}, file))
        )
        evidence = self.env["scm.supplier.evidence"].search([("number", "=", "CN-1")])
        self.assertRecordValues(
            evidence,
            [{"partner_id": self.vendor.id, "company_id": self.company_a.id, "state": "to_check", "source": "portal"}],
        )
        self.assertFalse(evidence.user_id.share)
        self.assertEqual(evidence.file and evidence.filename, "iso.pdf")

    def test_home_counts(self):
        self._login(self.anna)
        answer = self.make_jsonrpc_request(
            "/my/counters",
            {"counters": ["scm_promise_count", "scm_scorecard_count", "scm_action_count", "scm_qualification_count"]},
        )
        self.assertEqual(
            answer,
            {"scm_promise_count": 1, "scm_scorecard_count": 1, "scm_action_count": 1, "scm_qualification_count": 1},
        )
