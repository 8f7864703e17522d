import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import scm_reason_model_learn as learn_file
from .return_common import ReturnCase

SMALL = [
    "Too small for me",
    "It is much too small",
    "Small, I need a bigger one",
    "The lamp is too small for the table",
    "Far too small and tight",
]
BROKE = [
    "Broke after a week",
    "The switch broke after two days",
    "It broke quickly",
    "Stopped working after a month, it broke",
    "Cable broke after few uses",
]


@tagged("post_install", "-at_install")
class TestFeedback(ReturnCase):
    """One stream, words that stand out, reasons suggested no louder than they deserve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feedback = cls.env["scm.feedback"]
        cls.models = cls.env["scm.reason.model"]
        cls.models._learn_seed()
        cls.reason = {reason.code: reason for reason in cls.env["scm.return.reason"].search([])}
        cls.order = cls._sold([(cls.product, 50.0)])

    @classmethod
    def _said(cls, text, reason=None, company=None, **values):
        values = {"date": cls._moment(cls.TODAY - timedelta(days=2))} | values
        return cls.feedback.create(
            {
                "text": text,
                "reason_id": cls.reason[reason].id if reason else False,
                "company_id": (company or cls.company_a).id,
                **values,
            }
        )

    def _run(self, company=None):
        with self._at(self.TODAY):
            run = self.env["scm.feedback.run"]._start(company or self.company_a)
            run._process()
        self.assertEqual(run.state, "done", run.message)
        return run

    # The stream

    def test_comments_come_in_once_and_follow_what_changes(self):
        request = self._ask(self.order, self._row(self.order, comment="Zu klein"), comment="Two lamps, both too small")
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("scm.return"),
                "res_id": request.id,
                "rating": 2.0,
                "feedback": "Slow answer",
                "consumed": True,
                "partner_id": self.customer.id,
            }
        )
        self.assertEqual(self.feedback._collect(self.company_a), 2)
        self.assertEqual(self.feedback._collect(self.company_a), 0)
        said = self.feedback.search([("order_id", "=", self.order.id)], order="source")
        self.assertRecordValues(
            said,
            [
                {"source": "rating", "text": "Slow answer", "rating": 2.0, "product_id": False, "reason_id": False},
                {
                    "source": "return",
                    "text": "Zu klein",
                    "rating": 0.0,
                    "product_id": self.product.id,
                    "reason_id": self.reason["not_liked"].id,
                },
            ],
        )
        self.assertEqual(said.mapped("partner_id"), self.customer)
        self.feedback._cut(self.company_a)
        request.line_ids.comment = ""
        rating.feedback = "Slow answer, again"
        self.assertEqual(self.feedback._collect(self.company_a), 2)
        self.assertEqual(said[1].text, "Two lamps, both too small")
        self.assertFalse(said[1].terms)
        self.assertEqual(self.feedback._collect(self.company_b), 0)

    def test_a_reason_by_hand_stays_until_the_origin_names_one(self):
        request = self._ask(self.order, self._row(self.order, reason=False, comment="too small"))
        self.feedback._collect(self.company_a)
        said = self.feedback.search([("return_line_id", "=", request.line_ids.id)])
        said.reason_id = self.reason["too_small"]
        self.feedback._collect(self.company_a)
        self.assertRecordValues(said, [{"reason_id": self.reason["too_small"].id, "reason_source": "person"}])
        request.line_ids.reason_id = self.reason["size_differs"]
        self.feedback._collect(self.company_a)
        self.assertRecordValues(said, [{"reason_id": self.reason["size_differs"].id, "reason_source": "customer"}])

    def test_a_problem_with_a_parcel(self):
        parcel = self.env["scm.parcel"].create(
            {
                "name": "VOICE1",
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "partner_id": self.customer.id,
            }
        )
        with self._at(self.TODAY):
            parcel._report_problem("damaged", "The box was crushed")
            parcel._report_problem("not_arrived", "")
        said = self.feedback.search([("res_model", "=", "scm.parcel"), ("res_id", "=", parcel.id)], order="id")
        self.assertEqual(said.mapped("source"), ["parcel", "parcel"])
        self.assertEqual(said.mapped("reason_id.code"), ["damaged_parcel"])
        self.assertEqual(said[1].text, "It has not arrived")

    # Words

    def test_words_stand_out_in_both_scripts_and_lead_to_their_texts(self):
        for text in SMALL * 3:
            self._said(text, "too_small")
        for text in BROKE * 3:
            self._said(text, "broke_soon", product_id=self.product.id)
        for _count in range(8):
            self._said("拉鍊壞掉了", "broke_soon")
            self._said("太小了穿不下", "too_small")
            self._said("無關的話", company=self.company_b)
        run = self._run()
        voice = self._as(self.planner, self.feedback).get_voice("reason")
        words = {group["name"]: [word["word"] for word in group["words"]] for group in voice["groups"]}
        small, broke = (words[self.reason[code].display_name] for code in ("too_small", "broke_soon"))
        self.assertIn("too small", small)
        self.assertIn("太小", small)
        self.assertIn("拉鍊壞掉", broke)
        self.assertIn("broke", broke)
        self.assertFalse({"the", "it", "lamp", "無關"} & set(small + broke))
        self.assertEqual(
            run.word_count, self.env["scm.feedback.word"].search_count([("company_id", "=", self.company_a.id)])
        )
        word = self.env["scm.feedback.word"].search([("word", "=", "too small")])
        with self._at(self.TODAY):
            found = self.feedback.search(self._as(self.planner, word).action_open_texts()["domain"])
        self.assertEqual((len(found), found.reason_id), (word.texts, self.reason["too_small"]))
        with self._at(self.TODAY):
            self.assertIn("small", self._as(self.planner, word).get_examples()[0]["text"].lower())
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.feedback).get_voice("reason")
        with self.assertRaisesRegex(UserError, "not compared by"):
            self._as(self.planner, self.feedback).get_voice("nonsense")
        self.assertFalse(self._as(self.planner_b, self.env["scm.feedback.word"]).search([]))
        # again: the same words, not twice
        self.assertEqual(self._run().word_count, run.word_count)

    # Suggested reasons

    def test_a_reason_is_suggested_above_the_bar_and_taken_by_a_person(self):
        ask = self._as(self.agent, self.feedback).suggest_reason
        answer = ask("It broke after two days of use")
        self.assertEqual(answer["code"], "broke_soon")
        self.assertGreater(answer["probability"], self.company_a.scm_reason_min_probability)
        self.assertEqual(answer["why"]["terms"][-1]["value"], self.models._current(self.company_a).test_count)
        self.assertEqual(ask("顏色跟照片差很多")["code"], "colour_differs")
        for text in ("", "qwertz", "Thank you, great service", "x" * 50_000):
            self.assertFalse(ask(text)["reason_id"], text[:50])
        request = self._ask(self.order, self._row(self.order, reason=False, comment="It broke after two days of use"))
        self._run()
        said = self.feedback.search([("return_line_id", "=", request.line_ids.id)])
        self.assertEqual(said.suggested_reason_id, self.reason["broke_soon"])
        self._as(self.agent, said).action_take_suggestion()
        self.assertRecordValues(said, [{"reason_id": self.reason["broke_soon"].id, "reason_source": "accepted"}])
        self.assertRecordValues(
            request.line_ids, [{"reason_id": self.reason["broke_soon"].id, "is_reason_suggested": True}]
        )
        self.feedback._collect(self.company_a)
        self.assertEqual(said.reason_source, "accepted")

    def test_below_a_bar_nothing_is_suggested(self):
        text = "It broke after two days of use"
        said = self._said(text)
        self._run()
        self.assertTrue(said.suggested_reason_id)
        self.company_a.scm_reason_min_accuracy = 0.99
        self.assertFalse(self.feedback.suggest_reason(text)["reason_id"])
        self._run()
        self.assertFalse(said.suggested_reason_id)
        self.company_a.write({"scm_reason_min_accuracy": 0.0, "scm_reason_min_probability": 1.0})
        self.assertFalse(self.feedback.suggest_reason(text)["reason_id"])

    def test_on_the_return_form(self):
        request = self._ask(
            self.order,
            self._row(self.order, reason=False, comment="Wrong colour sent, I ordered blue and got green"),
            self._row(self.order, reason=False, comment="hm"),
        )
        self._as(self.agent, request).action_suggest_reasons()
        self.assertEqual(request.line_ids.mapped("reason_id.code"), ["wrong_variant"])
        with self._refused("do not say a reason"):
            self._as(self.agent, request).action_suggest_reasons()
        request.line_ids[0].reason_id = self.reason["colour_differs"]
        self.assertFalse(request.line_ids[0].is_reason_suggested)

    def test_a_company_learns_from_its_own_texts_and_is_tested_on_them(self):
        own = self.env["scm.return.reason"].create({"name": "Wrong plug", "code": "wrong_plug"})
        self.reason["wrong_plug"] = own
        for number in range(15):
            self._said(f"The plug does not go into our socket in room {'abcdefghijklmno'[number]}x", "wrong_plug")
            self._said(f"{SMALL[number % 5]} {'abcdefghijklmno'[number]}y", "too_small")
            self._said(f"{BROKE[number % 5]} {'abcdefghijklmno'[number]}z", "broke_soon")
        with patch.object(learn_file, "OWN_TEXTS", 40):
            self.assertTrue(self._run().is_learnt)
            self.assertFalse(self._run().is_learnt)
        model = self.models._current(self.company_a)
        self.assertEqual((model.company_id, model.own_count, model.test_count), (self.company_a, 45, 45))
        self.assertTrue(model.is_own_test)
        self.assertGreater(model.accuracy, 0.8)
        self.assertEqual(self.feedback.suggest_reason("your plug does not fit the socket")["code"], "wrong_plug")
        self.assertFalse(self.models._current(self.company_b).company_id)
        with self.assertRaises(AccessError):
            self._as(self.planner, model).read(["weights"])
        self.assertFalse(self._as(self.planner_b, self.models).search([("id", "=", model.id)]))

    # Rights and input

    def test_who_may(self):
        with self._refused("", AccessError):
            self._as(self.outsider, self.feedback).suggest_reason("too small")
        with self._refused("companies that you work for", AccessError):
            self._as(self.agent, self.feedback).suggest_reason("too small", self.company_b.id)
        with self._refused("supply chain manager", AccessError):
            self._as(self.agent, self.env["scm.feedback.run"]).run_now()
        with self._refused("looked for in a text"):
            self._as(self.agent, self.feedback).suggest_reason(["too small"])
        said = self._said("Too small")
        with self._refused("", AccessError):
            self._as(self.planner, said).write({"text": "Great"})
        self.assertFalse(self._as(self.planner_b, self.feedback).search([("id", "=", said.id)]))

    def test_as_many_queries_for_many_texts_as_for_few(self):
        def count():
            self.env.invalidate_all()
            return self._query_count(self._one_round)

        self._ask(self.order, self._row(self.order, reason=False, comment="too small 0"))
        count()
        self._ask(self.order, self._row(self.order, reason=False, comment="too small 1"))
        few = count()
        for number in range(12):
            self._ask(self.order, self._row(self.order, reason=False, comment=f"too small {number + 2}"))
        self.assertEqual(count(), few)

    def _one_round(self):
        self.feedback._collect(self.company_a)
        self.feedback._cut(self.company_a)
        self.feedback._suggest_open(self.company_a)

    def _import(self, content, done=True):
        values = {"importer": "feedback", "filename": "reviews.csv", "file": base64.b64encode(content.encode())}
        job = self._as(self.manager, self.env["scm.import"]).create(values)
        job.action_preview()
        job.action_check()
        if done:
            self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
            job.action_confirm()
            self.env.invalidate_all()
        return job

    def test_import(self):
        self.product.default_code = "VOICE-LAMP"
        content = (
            "Date,Review Text,Stars,SKU,Reason,ID\n"
            "2026-11-02,Broke after two days,1,VOICE-LAMP,broke_soon,R1\n"
            "2026-11-03,很喜歡,5,,,R2\n"
        )
        for _again in range(2):
            self._import(content)
        said = self.feedback.search([("source", "=", "import"), ("company_id", "=", self.company_a.id)], order="date")
        self.assertEqual(said.mapped("text"), ["Broke after two days", "很喜歡"])
        self.assertRecordValues(
            said[0], [{"product_id": self.product.id, "rating": 1.0, "reason_id": self.reason["broke_soon"].id}]
        )
        self.assertEqual(fields.Datetime.to_string(said[0].date), "2026-11-02 11:00:00")
        bad = self._import("Date,Text,Stars,SKU,Reason\n2026-11-02,Bad,9,NOWHERE,nonsense\n", done=False)
        self.assertEqual(bad.error_count, 3)
