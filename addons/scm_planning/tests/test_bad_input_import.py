import base64
import io
from datetime import date

import openpyxl
import xlwt
from odoo.tests import tagged

from .test_demand_import import DemandImportCase

HEADING = "Product,Date,Quantity,Price"


@tagged("post_install", "-at_install")
class TestBadHistory(DemandImportCase):
    """Cells of a history file that mean something else than they say."""

    def _said(self, *rows, **values):
        job = self._import(*rows, heading=HEADING, **values)
        self.assertFalse(job.valid_count if job.error_count else 0)
        return self._errors(job)

    def test_amounts_that_cannot_be_meant(self):
        for cells, words in (
            ("1e300,", "too large"),
            ("1.7e308,", "too large"),
            ("4006381333931,", "too large"),
            ("-1e300,", "too large"),
            ("1e10,1e10", "too large"),
            ("1e200,1e200", "too large"),
            ("2,-5", "below zero"),
            ("NaN,", "not a number"),
            ("inf,", "not a number"),
            ("1e400,", "not a number"),
            ("9" * 400 + ",", "not a number"),
            ("=1+2,", "not a number"),
            ("#REF!,", "gives an error"),
            ("twelve,", "not a number"),
        ):
            with self.subTest(cells=cells[:20]):
                [(row, message)] = self._said(f"LAMP,2024-05-01,{cells}")
                self.assertEqual(row, 2)
                self.assertIn(words, message)
        self.assertEqual(self._days(), {})

    def test_days_that_cannot_be_meant(self):
        found = self._said("LAMP,1900-01-01,3,", "LAMP,2999-01-01,3,", "LAMP,0001-01-01,3,", "LAMP,2024-02-30,3,")
        self.assertEqual([row for row, _message in found], [2, 3, 4, 5])
        for (_row, message), words in zip(found, ("before 1970", "to come", "before 1970", "not a date"), strict=True):
            self.assertIn(words, message)

    def test_mixed_forms_of_dates(self):
        found = self._said("LAMP,2024-05-01,3,", "LAMP,13/05/2024,3,", "LAMP,05/14/2024,3,", "LAMP,20240506,3,")
        self.assertEqual(len(found), 1, "one of the two must be wrong, whichever order is chosen")

    def test_characters_that_a_database_cannot_keep(self):
        rows = ["LAMP\0,2024-05-01,3,"] + ["LAMP,2024-05-02,1,"] * 200
        self._confirmed(*rows, heading="Product,Date,Quantity,No\0te")
        self.assertEqual(self._days(), {"2024-05-01": 3, "2024-05-02": 200})
        [(row, _message)] = self._said(*["LAMP,2024-05-03,1,"] * 200, "LA\0X,2024-05-03,3,")
        self.assertEqual(row, 202)

    def test_same_heading_twice_and_again(self):
        for day in ("2024-05-01", "2024-05-02"):
            self._confirmed(f"LAMP,{day},3,4", heading="Product,Date,Quantity,Quantity")
        self.assertEqual(self._days(), {"2024-05-01": 3, "2024-05-02": 3})

    def test_code_of_one_product_is_barcode_of_another(self):
        self.product.default_code = "4006381333931"
        self._confirmed("4006381333931,2024-05-01,3")
        self.assertEqual((self._days(), self._days(self.other)), ({"2024-05-01": 3}, {}))

    def test_300_columns(self):
        extra = "".join(f",c{number}" for number in range(297))
        self._confirmed("LAMP,2024-05-01,3" + ",x" * 297, heading="Product,Date,Quantity" + extra)
        self.assertEqual(self._days(), {"2024-05-01": 3})

    def test_warehouse_of_another_company(self):
        self.warehouse_b.code = "THERE"
        job = self._import("LAMP,2024-05-01,3,THERE", heading="Product,Date,Quantity,Warehouse")
        self.assertEqual(self._errors(job), [(2, "No warehouse has this short name or name.")])

    def test_company_without_warehouse(self):
        self.warehouse_a.active = False
        [(_row, message)] = self._said("LAMP,2024-05-01,3,")
        self.assertIn("no warehouse yet", message)


@tagged("post_install", "-at_install")
class TestWholeWorkbooks(DemandImportCase):
    """Workbooks at their limits, from upload to demand."""

    def _confirm_file(self, content, filename):
        job = self._import_file(content, filename)
        self.assertFalse(job.error_count, job.finding_ids[:3].mapped("message"))
        with self._at(self.TODAY):
            job.action_confirm()
            if job.state == "writing":
                job.sudo()._proceed(lambda _rows: True)
        self.assertEqual(job.state, "done", job.message)
        self.env.invalidate_all()
        return job

    def _import_file(self, content, filename):
        job = (
            self.env["scm.import"]
            .with_user(self.manager)
            .create({"importer": "demand", "file": base64.b64encode(content), "filename": filename})
        )
        with self._at(self.TODAY):
            job.action_check()
            if job.state == "checking":
                job.sudo()._proceed(lambda _rows: True)
        return job

    def test_xls_with_all_its_rows(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("Sales")
        style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for column, text in enumerate(("Product", "Date", "Quantity")):
            sheet.write(0, column, text)
        for row in range(1, 65_536):
            sheet.write(row, 0, "LAMP" if row % 2 else 4006381333931)
            sheet.write(row, 1, date(2024, 1, 1 + row % 28), style)
            sheet.write(row, 2, 2)
        buffer = io.BytesIO()
        book.save(buffer)
        job = self._confirm_file(buffer.getvalue(), "sales.xls")
        self.assertEqual((job.kind, job.row_count), ("xls", 65_535))
        self.assertEqual(sum(self._days().values()) + sum(self._days(self.other).values()), 2 * 65_535)

    def test_kind_is_seen_in_the_file_not_in_its_name(self):
        book = openpyxl.Workbook()
        for row in (("Product", "Date", "Quantity"), ("LAMP", date(2024, 5, 1), 3)):
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        self.assertEqual(self._confirm_file(buffer.getvalue(), "sales.csv").kind, "xlsx")
        self.assertEqual(self._confirm_file(b"Product;Date;Quantity\nLAMP;2024-05-02;1,5\n", "sales.xlsx").kind, "csv")
        self.assertEqual(self._days(), {"2024-05-01": 3, "2024-05-02": 1.5})

    def test_formulas_and_dates_as_text(self):
        book = openpyxl.Workbook()
        for row in (
            ("Product", "Date", "Quantity"),
            ("LAMP", "2024-05-01", "3"),
            ("LAMP", date(2024, 5, 2), "=1+2"),
            ("LAMP", 45_000, 3),
            ("LAMP", 0, 3),
        ):
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        job = self._import_file(buffer.getvalue(), "sales.xlsx")
        found = self._errors(job)
        self.assertEqual([row for row, _message in found], [3, 5])
        self.assertIn("never calculated", found[0][1])
        self.assertIn("a date is wanted", found[1][1])
