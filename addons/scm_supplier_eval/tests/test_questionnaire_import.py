import base64
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from openpyxl import Workbook

from .qualification_common import QualificationCase

HEADING = ["Supplier", "Product Category", "Template", "Code", "Answer", "Comment"]


@tagged("post_install", "-at_install")
class TestQuestionnaireImport(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor.write({"name": "Lin Textiles", "ref": "V-77", "vat": False})

    def _rows(self, supplier="Lin Textiles", category="Fabrics", **answers):
        words = self.GOOD | {code.replace("_", "-"): answer for code, answer in answers.items()}
        return [[supplier, category, "Short Check", code, answer, ""] for code, answer in words.items()]

    def _checked(self, rows, user=None):
        book = Workbook()
        book.active.title = "Answers"
        for row in [HEADING, *rows]:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        content = base64.b64encode(buffer.getvalue())
        job = self.env["scm.import"].with_user(user or self.importer)
        job = job.create({"importer": "questionnaire", "file": content, "filename": "answers.xlsx"})
        job.action_check()
        return job

    def _found(self, job):
        return [(one.row, one.column, one.message) for one in job.finding_ids.sorted("row")]

    def test_two_suppliers_in_one_file(self):
        self.env["res.partner"].create({"name": "Stahl AG", "ref": "V-78"})
        rows = self._rows("v-77") + self._rows("Stahl AG", "", Q_1="No")
        job = self._checked(rows)
        self.assertFalse(job.error_count, self._found(job))
        job.action_confirm()
        found = self.env["scm.supplier.qualification"].search([("template_id", "=", self.template.id)], order="id")
        self.assertEqual(found.partner_id.mapped("name"), ["Lin Textiles", "Stahl AG"])
        self.assertEqual(found.mapped("state"), ["review", "review"])
        self.assertEqual(found.mapped("proposed_state"), ["qualified", "rejected"])
        self.assertEqual(found.categ_id, self.fabrics)
        self.assertEqual(job.action_show()["res_model"], "scm.supplier.qualification")

    def test_words_points_and_titles(self):
        rows = self._rows()
        rows[0][3], rows[1][4], rows[2][4] = "do you plan?", "2", "PARTLY"
        job = self._checked(rows)
        self.assertFalse(job.error_count, self._found(job))
        job.action_confirm()
        one = self.env["scm.supplier.qualification"].search([("template_id", "=", self.template.id)])
        self.assertEqual(one.answer_ids.mapped("answer"), ["Yes", "Yes", "Partly", "Yes"])

    def test_each_error_by_sheet_row_and_column(self):
        self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        gone = self.env["res.partner"].create({"name": "Merged Ltd", "active": False})
        retired = self._create_template(name="Old Check")
        retired.action_retire()
        rows = [
            *self._rows(C_2="Perhaps", Q_N="many"),
            ["Nobody", "", "", "C-1", "Yes", ""],
            ["Twin", "", "", "C-1", "Yes", ""],
            [gone.name, "", "", "C-1", "Yes", ""],
            ["Lin Textiles", "Glass", "Short Check", "C-1", "Yes", ""],
            ["Lin Textiles", "", "Old Check", "C-1", "Yes", ""],
            ["Lin Textiles", "", "Short Check", "X-9", "Yes", ""],
            ["Lin Textiles", "", "Short Check", "C-1", "", ""],
        ]
        job = self._checked(rows)
        expected = [
            (3, "Choose one of: No; Partly; Yes"),
            (6, "Write a number."),
            (7, "No supplier has this name"),
            (8, "Several suppliers are called so"),
            (9, "archived, perhaps merged"),
            (10, "no product category"),
            (11, "“Old Check, version 1” is retired"),
            (12, "no such question"),
            (13, "must be answered"),
        ]
        found = self._found(job)
        self.assertEqual([row for row, _column, _message in found], [row for row, _message in expected])
        for (_row, column, message), (_number, words) in zip(found, expected, strict=True):
            self.assertIn(words, message)
            self.assertTrue(column)
        self.assertEqual(set(job.finding_ids.mapped("sheet")), {"Answers"})
        with self.assertRaises(UserError):
            job.action_confirm()
        self.assertFalse(self.env["scm.supplier.qualification"].search([("template_id", "=", self.template.id)]))

    def test_missing_and_repeated_answers(self):
        rows = self._rows()
        job = self._checked([*rows[:3], rows[0]])
        self.assertEqual(
            [(row, message) for row, _column, message in self._found(job)],
            [
                (2, "The questionnaire that begins here lacks an answer to Q-2."),
                (5, "Row 2 answers this question already."),
            ],
        )

    def test_three_bad_rows_in_five_thousand(self):
        suppliers = self.env["res.partner"].create([{"name": f"Supplier {n:04d}"} for n in range(125)])
        categories = self.env["product.category"].create([{"name": f"Category {n}"} for n in range(10)])
        rows = [
            row for supplier in suppliers for category in categories for row in self._rows(supplier.name, category.name)
        ]
        self.assertEqual(len(rows), 5000)
        rows[10][4], rows[2500][0], rows[4999][3] = "Perhaps", "Nobody", "X-9"
        job = self._checked(rows)
        self.assertRecordValues(job, [{"error_count": 3, "valid_count": 0}])
        self.assertEqual([row for row, _column, _message in self._found(job)], [12, 2502, 5001])

    def test_running_qualification_is_filled(self):
        one = self._create_qualification(categ=self.fabrics)
        job = self._checked(self._rows())
        job.action_confirm()
        self.assertRecordValues(one, [{"state": "review", "score": 100.0}])

    def test_who_may(self):
        with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"):
            self._checked(self._rows(), user=self.planner)
