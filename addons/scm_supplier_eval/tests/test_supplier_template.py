import base64
import io

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from openpyxl import load_workbook

from .qualification_common import QualificationCase


@tagged("post_install", "-at_install")
class TestSupplierTemplate(QualificationCase):
    def test_standard_template(self):
        standard = self.env.ref("scm_supplier_eval.scm_supplier_template_standard")
        self.assertRecordValues(
            standard, [{"state": "active", "question_count": 46, "critical_count": 5, "weight_total": 100.0}]
        )
        self.assertEqual(len(standard.section_ids), 5)
        scored = standard.survey_id.question_ids.filtered(lambda question: question._scm_best() > 0)
        self.assertEqual(len(scored), 40)
        self.assertFalse(standard._problems())
        self.assertFalse((standard + self.template).survey_id.lang_ids)
        self.assertEqual(len(set(standard.survey_id.question_ids.mapped("scm_code"))), 46)

    def test_without_questions(self):
        empty = self.env["scm.supplier.template"].with_user(self.manager).create({"name": "Empty"})
        with self.assertRaisesRegex(ValidationError, "(?s)Empty, version 1.*no questions"):
            empty.action_activate()
        with self.assertRaisesRegex(UserError, "no questions yet"):
            empty.action_preview()

    def test_weights_sum_to_100(self):
        draft = self._create_template(active=False)
        draft.section_ids[0].weight = 40.0
        with self.assertRaisesRegex(ValidationError, "sum to 90, not to 100"):
            draft.action_activate()

    def test_critical_questions_can_decide(self):
        draft = self._create_template(active=False)
        question = draft.survey_id.question_ids.filtered(lambda one: one.scm_code == "Q-2")
        question.write({"scm_critical": True, "constr_mandatory": False})
        with self.assertRaisesRegex(ValidationError, "(?s)“Q-2” must not offer.*“Q-2” must be mandatory"):
            draft.action_activate()

    def test_in_use_it_does_not_change(self):
        survey = self.template.survey_id
        for change in (
            lambda: self.template.write({"pass_mark": 10.0}),
            lambda: self.template.section_ids[0].write({"weight": 1.0}),
            lambda: self.q["C-1"].write({"scm_weight": 3.0}),
            lambda: self.q["C-1"].suggested_answer_ids[0].write({"answer_score": 9.0}),
            lambda: self.q["C-1"].unlink(),
            lambda: self.env["survey.question"].create({"survey_id": survey.id, "title": "New?"}),
            self.template.unlink,
        ):
            with self.assertRaisesRegex(UserError, "(?i)new version"):
                change()
        self.q["C-1"].title = "Do you plan your capacity?"

    def test_new_version_replaces_the_old(self):
        manager = self.template.with_user(self.manager)
        draft = self.env["scm.supplier.template"].browse(manager.action_new_version()["res_id"])
        self.assertRecordValues(draft, [{"version": 2, "state": "draft", "previous_id": self.template.id}])
        self.assertEqual(draft.section_ids.mapped("weight"), [50.0, 50.0])
        copied = {question.scm_code: question for question in draft.survey_id.question_ids}
        self.assertEqual(set(copied), set(self.q))
        self.assertTrue(copied["Q-1"].scm_critical)
        self.assertTrue(copied["Q-2"].suggested_answer_ids[-1].scm_not_applicable)
        draft.with_user(self.manager).action_activate()
        self.assertRecordValues(self.template + draft, [{"state": "retired"}, {"state": "active"}])

    def test_only_managers(self):
        with self.assertRaisesRegex(UserError, "Only supply chain managers"):
            self.template.with_user(self.buyer).action_retire()

    def test_names_are_no_formulas_in_the_workbook(self):
        content = self.template._workbook_bytes(supplier='=HYPERLINK("http://scm.example","Win")', category="=1+1")
        sheet = load_workbook(io.BytesIO(content)).active
        self.assertEqual({cell.data_type for cell in sheet["A"][1:] + sheet["B"][1:]}, {"s"})

    def test_workbook_comes_back_through_the_import(self):
        one = self._create_qualification(categ=self.fabrics)
        book = load_workbook(io.BytesIO(base64.b64decode(one.with_user(self.buyer).workbook)))
        sheet = book.active
        self.assertEqual(sheet.max_row, 6)
        for row in sheet.iter_rows(min_row=2):
            row[7].value = 120 if row[3].value == "Q-N" else "Partly"
        buffer = io.BytesIO()
        book.save(buffer)
        job = (
            self.env["scm.import"]
            .with_user(self.importer)
            .create(
                {
                    "importer": "questionnaire",
                    "file": base64.b64encode(buffer.getvalue()),
                    "filename": "filled.xlsx",
                }
            )
        )
        job.action_check()
        self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
        job.action_confirm()
        self.assertRecordValues(one, [{"state": "review", "score": 50.0, "proposed_state": "rejected"}])
        self.assertEqual(one.answer_ids[0].source, "import")
