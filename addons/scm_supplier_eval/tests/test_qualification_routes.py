import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .qualification_common import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationRoutes(QualificationCase, HttpCase):
    """No route of the survey shows one supplier another's questionnaire, or a link's holder more than his own form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.env["res.partner"].create({"name": "Rival", "is_company": True, "email": "rival@scm.example"})
        colleague = cls.env["res.partner"].create({"name": "Colleague", "parent_id": cls.vendor.id})
        cls.portal = cls._portal("vendor_portal", cls.contact)
        cls.colleague = cls._portal("colleague_portal", colleague)
        cls.stranger = cls._portal("rival_portal", cls.rival)
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)
        cls.one = cls._create_qualification(contact_id=cls.contact.id)
        with cls._at("2026-11-26"):
            cls.one.scm_ask(send_mail=False)
        cls.form = cls.one._open_forms("supplier")[cls.one.id]
        # links are open now, whatever the day of the machine
        cls.form.deadline = False
        cls.survey = cls.template.survey_id

    @classmethod
    def _portal(cls, login, partner):
        return new_test_user(
            cls.env, f"scm_{login}", "base.group_portal", partner_id=partner.id, email=f"{login}@x.example"
        )

    def _get(self, path, user=None):
        self.authenticate(user.login if user else None, user.login if user else None)
        return self.url_open(path)

    def _post(self, path, params, user=None):
        self.authenticate(user.login if user else None, user.login if user else None)
        body = json.dumps({"jsonrpc": "2.0", "params": params})
        answer = self.url_open(path, data=body, headers={"Content-Type": "application/json"}).json()
        return json.dumps(answer.get("result", answer))

    def _path(self, route, form=None):
        form = form or self.form
        return f"/survey/{route}/{self.survey.access_token}/{form.access_token}"

    @property
    def start(self):
        return f"/survey/start/{self.survey.access_token}?answer_token={self.form.access_token}"

    @property
    def fill(self):
        return f"/survey/{self.survey.access_token}/{self.form.access_token}"

    @property
    def printed(self):
        return f"/survey/print/{self.survey.access_token}?answer_token={self.form.access_token}"

    def test_start_and_fill(self):
        for user, allowed in (
            (None, True),
            (self.portal, True),
            (self.colleague, True),
            (self.stranger, False),
            (self.buyer, False),
            (self.outsider, False),
            (self.buyer_b, False),
        ):
            for path in (self.start, self.fill):
                with self.subTest(user=user and user.login, path=path):
                    self.assertEqual("Short Check" in self._get(path, user).text, allowed)

    def test_no_form_without_its_link(self):
        path = f"/survey/start/{self.survey.access_token}"
        before = self.env["survey.user_input"].search_count([])
        for user in (None, self.portal, self.stranger):
            self.assertNotIn("Do you plan?", self._get(path, user).text)
        self.assertEqual(self.env["survey.user_input"].search_count([]), before)

    def test_begin_submit_and_next(self):
        choice = self.q["C-1"].suggested_answer_ids[2]
        page = self.q["C-1"].page_id
        answers = {"page_id": page.id, str(self.q["C-1"].id): str(choice.id), str(self.q["C-2"].id): str(choice.id)}
        self.assertIn("answer_wrong_user", self._post(self._path("begin"), {}, self.stranger))
        self.assertIn("Do you plan?", self._post(self._path("begin"), {}))
        self.assertIn("answer_wrong_user", self._post(self._path("submit"), answers, self.stranger))
        self.assertIn("answer_wrong_user", self._post(self._path("next_question"), {}, self.stranger))
        self.assertFalse(self.form.user_input_line_ids)

    def test_reading_again_takes_a_login_of_the_supplier_or_of_a_buyer_of_the_company(self):
        for code, words in self.GOOD.items():
            question = self.q[code]
            choice = question.suggested_answer_ids.filtered(lambda one, words=words: one.value == words)
            self.form._save_lines(question, str(choice.id))
        self.form._mark_done()
        self.assertEqual(self.one.state, "review")
        for user, allowed in (
            (None, False),
            (self.portal, True),
            (self.colleague, True),
            (self.stranger, False),
            (self.buyer, True),
            (self.planner, True),
            (self.outsider, False),
            (self.buyer_b, False),
        ):
            with self.subTest(user=user and user.login):
                self.assertEqual("Do you plan?" in self._get(self.printed, user).text, allowed)
        done = self._get(self.fill).text
        self.assertIn("Thank you!", done)
        for words in ("Do you plan?", "scored", "Congratulations", "/survey/retry/"):
            self.assertNotIn(words, done)

    def test_no_second_form(self):
        self.form._mark_done()
        before = self.env["survey.user_input"].search_count([])
        for user in (None, self.portal, self.stranger):
            self._get(self._path("retry"), user)
        self.assertEqual(self.env["survey.user_input"].search_count([]), before)

    def test_the_form_of_our_auditor(self):
        self.one.with_user(self.buyer).action_site_visit()
        form = self.one._open_forms("auditor")[self.one.id]
        path = f"/survey/{self.survey.access_token}/{form.access_token}"
        for user, allowed in ((None, False), (self.portal, False), (self.buyer, True), (self.buyer_b, False)):
            with self.subTest(user=user and user.login):
                self.assertEqual("Short Check" in self._get(path, user).text, allowed)

    def test_link_ends_with_its_deadline(self):
        self.form.deadline = "2020-01-01 00:00:00"
        self.assertNotIn("Do you plan?", self._get(self.fill).text)

    def test_other_routes_show_no_answers(self):
        paths = (
            f"/survey/test/{self.survey.access_token}",
            f"/survey/results/{self.survey.id}",
            f"/survey/print/{self.survey.access_token}",
            self._path("get_question_image") + f"/{self.q['C-1'].id}/{self.q['C-1'].suggested_answer_ids[0].id}",
        )
        for path in paths:
            with self.subTest(path=path), mute_logger("odoo.http"):
                self.assertNotIn("Do you plan?", self._get(path, self.stranger).text)

    def test_no_rights_for_portal_users(self):
        for model in (
            "scm.supplier.qualification",
            "scm.supplier.qualification.answer",
            "scm.supplier.evidence",
            "survey.user_input",
        ):
            self.assertFalse(self.env[model].with_user(self.portal).has_access("read"), model)

    def test_managers_of_other_companies_see_no_answers(self):
        manager_b = self._create_user("manager_b", "scm_base.scm_group_manager", companies=self.company_b)
        forms = self._as(manager_b, self.env["survey.user_input"])
        self.assertFalse(forms.search([("id", "=", self.form.id)]))
        own = self._as(self.manager, self.env["survey.user_input"])
        self.assertTrue(own.search([("id", "=", self.form.id)]))
