import io
import json
from datetime import date, datetime

from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import ScmCase

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x")


@tagged("post_install", "-at_install")
class TestWorkbook(ScmCase):
    """Workbooks that explain themselves."""

    def _book(self, sheets, **kwargs):
        content = self._as(self.planner, self.env["scm.workbook"])._workbook("Things", sheets, **kwargs)
        return load_workbook(io.BytesIO(content))

    def test_cells_are_of_their_kind(self):
        columns = [
            {"label": "Share", "unit": "percent", "definition": "What part"},
            {"label": "Value", "unit": "money"},
            {"label": "Day"},
            {"label": "Moment"},
            {"label": "Count", "unit": "number"},
            {"label": "None"},
            {"label": "Truth"},
        ]
        moment = datetime(2026, 11, 25, 8, 30)
        rows = [[0.25, 12.5, date(2026, 11, 25), moment, 3, False, True], {"values": [1.5] * 7, "units": ["days"] * 7}]
        book = self._book([{"name": "A/B", "columns": columns, "rows": rows}], notes=[("Warehouse", "East")])
        sheet, meaning = book.worksheets
        self.assertEqual([cell.value for cell in sheet[1]][:2], ["Share [%]", "Value [EUR]"])
        self.assertEqual([cell.value for cell in sheet[1]][4], "Count")
        values = [cell.value for cell in sheet[2]]
        self.assertEqual(values[:2] + values[4:], [0.25, 12.5, 3, None, "Yes"])
        self.assertEqual((values[2].date(), values[3]), (date(2026, 11, 25), moment))
        self.assertEqual((sheet["A2"].number_format, sheet["A3"].number_format), ("0.0%", "#,##0.0"))
        texts = [cell.value for row in meaning.iter_rows() for cell in row if cell.value]
        for text in ("Things", "Company A", "Europe/Berlin", "planner", "East", "What part", "%"):
            self.assertIn(text, texts)

    def test_a_text_is_never_a_formula(self):
        columns = [{"label": text, "definition": text} for text in DANGEROUS]
        sheet = {"name": "=x", "columns": columns, "rows": [list(DANGEROUS)]}
        book = self._book([sheet], notes=[(DANGEROUS[0], DANGEROUS[1])])
        for page in book.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f")
                    self.assertFalse(cell.hyperlink)

    def test_names_of_sheets_are_what_excel_takes(self):
        names = ["Lists: [all]/*?", "x" * 40, "x" * 40, "", "X" * 40]
        book = self._book([{"name": name, "columns": [{"label": "A"}], "rows": []} for name in names])
        self.assertEqual(len({name.lower() for name in book.sheetnames}), 6)
        self.assertTrue(all(len(name) <= 31 for name in book.sheetnames))


@tagged("post_install", "-at_install")
class TestExport(ScmCase, HttpCase):
    """Odoo's own export of lists of the suite, as the browser asks for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.improvements = cls.env["scm.improvement"].create(
            [
                {"name": name, "company_id": cls.company_a.id, "value": 100.0, "date_due": "2026-11-25"}
                for name in DANGEROUS
            ]
        )
        cls.foreign = cls.env["scm.improvement"].create({"name": "Foreign", "company_id": cls.company_b.id})

    def _export(self, model, fields, user=None, **params):
        user = user or self.planner
        user.sudo().write({"group_ids": [(4, self.env.ref("base.group_allow_export").id)]})
        self.authenticate(user.login, user.login)
        data = {
            "model": model,
            "fields": [{"name": name, "label": label} | more for name, label, more in fields],
            "ids": False,
            "domain": [],
            "import_compat": False,
            "context": {"allowed_company_ids": user.company_ids.ids},
            "groupby": [],
        } | params
        response = self.url_open("/web/export/xlsx", data={"data": json.dumps(data), "csrf_token": self.csrf_token()})
        self.assertEqual(response.status_code, 200, response.text[:500])
        return load_workbook(io.BytesIO(response.content))

    def csrf_token(self):
        from odoo import http

        return http.Request.csrf_token(self)

    FIELDS = [
        ("name", "Title", {"type": "char"}),
        ("value", "Worth per Year", {"type": "monetary"}),
        ("date_due", "Due", {"type": "date"}),
        ("area", "Area", {"type": "selection"}),
    ]

    def test_a_list_has_units_and_a_sheet_of_definitions(self):
        domain = [("state", "=", "open"), ("company_id", "=", self.company_a.id)]
        sheet, meaning = self._export("scm.improvement", self.FIELDS, domain=domain).worksheets
        self.assertEqual([cell.value for cell in sheet[1]], ["Title", "Worth per Year [EUR]", "Due", "Area"])
        rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
        self.assertEqual(set(rows), set(DANGEROUS))
        self.assertTrue(all(row[0].data_type == "s" for row in rows.values()))
        self.assertEqual(rows["=1+1"][1].value, 100)
        self.assertEqual(rows["=1+1"][2].value.date(), date(2026, 11, 25))
        texts = [cell.value for row in meaning.iter_rows() for cell in row if cell.value]
        self.assertIn("What the improvement is worth in a year, estimated.", texts)
        self.assertIn("value", texts)
        filters = next(text for text in texts if "Open" in text)
        self.assertIn("Company A", filters)

    def test_of_his_company_alone(self):
        sheet = self._export("scm.improvement", self.FIELDS, self.planner_b).worksheets[0]
        self.assertEqual([row[0].value for row in sheet.iter_rows(min_row=2)], ["Foreign"])

    def test_groups_and_import_formats(self):
        grouped = self._export("scm.improvement", self.FIELDS, groupby=["area"]).worksheets
        self.assertEqual(len(grouped), 2)
        self.assertIn("Area", [cell.value for row in grouped[1].iter_rows() for cell in row])
        again = self._export("scm.improvement", self.FIELDS, import_compat=True).worksheets
        self.assertEqual(len(again), 1)
        self.assertEqual([cell.value for cell in again[0][1]], ["name", "value", "date_due", "area"])

    def test_lists_of_others_stay_as_they_are(self):
        book = self._export("res.country", [("name", "Name", {"type": "char"})])
        self.assertEqual(len(book.worksheets), 1)

    def test_as_many_queries_for_many_rows_as_for_few(self):
        export = self._as(self.planner, self.env["scm.export"])
        params = {"model": "scm.improvement", "domain": [["state", "=", "open"]]}
        columns = [{"name": name} for name, _label, _more in self.FIELDS]
        explain = lambda: export._explain(params, columns, ["a", "b", "c", "d"])  # noqa: E731
        explain()
        few = self._query_count(explain)
        params["ids"] = list(range(10000))
        self.assertLessEqual(self._query_count(explain), few)

    def test_conditions_in_words(self):
        words = self._as(self.planner, self.env["scm.export"])._domain_words
        self.assertEqual(words("scm.improvement", []), "All")
        self.assertEqual(words("scm.improvement", [("area", "in", ["supplier"])]), "Area in Suppliers")
        text = words("scm.improvement", ["|", ("name", "ilike", "x"), "!", ("partner_id.name", "=", "y")])
        self.assertIn("or", text)
        self.assertIn("Title ilike x", text)
        self.assertIn("Vendor", words("scm.improvement", [("partner_id", "=", self.vendor.id)]))
