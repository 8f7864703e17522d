import base64
import io
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from openpyxl import Workbook

from odoo.addons.scm_base.models import scm_import, scm_import_work

from .common import ScmCase


@tagged("post_install", "-at_install")
class TestImport(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user", "scm_base.scm_group_user")
        cls.first, cls.second = (
            cls._create_product(name, vendor=cls.vendor, default_code=code, barcode=barcode)
            for name, code, barcode in (("First", "SKU-1", "4006381333931"), ("Second", "SKU-2", False))
        )
        cls.order = cls._create_purchase([(cls.first, 10), (cls.second, 5)], "2026-03-02", "2026-03-10")

    def _import(self, data, user=None, filename="dates.csv", **values):
        content = data.encode() if isinstance(data, str) else data
        return (
            self.env["scm.import"]
            .with_user(user or self.buyer)
            .create({"importer": "promise", "file": base64.b64encode(content), "filename": filename, **values})
        )

    def _checked(self, data, **values):
        job = self._import(data, **values)
        job.action_check()
        return job

    def _csv(self, *rows, heading="Order;Product;New date;Asked by;Reason"):
        return "\n".join([heading, *(row.replace("ORDER", self.order.name) for row in rows)])

    def _xlsx(self, rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def _lines(self):
        return self.order.order_line

    # The way of a file

    def test_upload_preview_check_confirm(self):
        job = self._import(self._csv("ORDER;SKU-1;2026-03-20;us;Dock is full", "ORDER;SKU-2;2026-03-21;;"))
        job.action_preview()
        self.assertRecordValues(job, [{"state": "preview", "kind": "csv", "delimiter": False, "heading_row": 1}])
        self.assertIn("Semicolon", job.detected)
        self.assertEqual(job.column_ids.mapped("field_id.name"), ["order", "product", "date", "requested_by", "reason"])
        self.assertEqual(job.column_ids[1].sample, "SKU-1, SKU-2")
        self.assertIn("Dock is full", job.first_rows_html)
        job.action_check()
        self.assertRecordValues(job, [{"state": "checked", "row_count": 2, "valid_count": 2, "error_count": 0}])
        self.assertEqual(self._lines().mapped("scm_promise_date"), [date(2026, 3, 10)] * 2)
        job.action_confirm()
        self.assertEqual(job.state, "done")
        self.assertEqual(self._lines().mapped("scm_promise_date"), [date(2026, 3, 20), date(2026, 3, 10)])
        self.assertRecordValues(
            self.order.scm_promise_ids.sorted("product_id"),
            [
                {"channel": "import", "requested_by": "us", "reason": "Dock is full", "date_to": date(2026, 3, 20)},
                {"channel": "import", "requested_by": "vendor", "reason": False, "date_to": date(2026, 3, 21)},
            ],
        )
        self.assertEqual(job.action_show()["res_model"], "scm.purchase.promise")
        self.assertFalse(self._staged(job))

    def _staged(self, job):
        self.env.cr.execute("SELECT count(*) FROM scm_import_row WHERE import_id = %s", job.ids)
        return self.env.cr.fetchone()[0]

    def test_barcode_and_order_alone(self):
        job = self._checked(self._csv("ORDER;4006381333931;2026-03-20;;", "ORDER;;2026-03-22;;"))
        self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
        job.action_confirm()
        self.assertEqual(len(self.order.scm_promise_ids), 3)

    def test_workbook_with_title_dates_and_float_codes(self):
        self.first.default_code = "12345"
        data = self._xlsx(
            [
                ["Open orders of March"],
                [],
                ["Purchase order", "SKU", "ETA"],
                [self.order.name, 12345.0, date(2026, 3, 20)],
                [self.order.name, "SKU-2", "20 Mar 2026"],
            ]
        )
        job = self._checked(data, filename="dates.xlsx")
        self.assertRecordValues(job, [{"heading_row": 3, "kind": "xlsx", "valid_count": 2, "error_count": 0}])

    # Mapping

    def test_mapping_is_remembered(self):
        heading = "Beleg;Artikel;Termin;x;y"
        job = self._import(self._csv("ORDER;SKU-1;20.03.2026;;", heading=heading), date_order="dmy")
        job.action_preview()
        self.assertFalse(job.column_ids.field_id)
        with self.assertRaisesRegex(UserError, "Order, New date"):
            job.action_check()
        fields_by_name = self.env["scm.import.field"]._of_importer("promise")
        for column, name in zip(job.column_ids, ("order", "product", "date"), strict=False):
            column.field_id = fields_by_name[name]
        job.action_check()
        self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
        again = self._import(self._csv("ORDER;SKU-1;21.03.2026;;", heading=heading))
        again.action_preview()
        self.assertEqual(again.column_ids.mapped("field_id.name"), ["order", "product", "date"])
        self.assertEqual(again.date_order, "dmy")

    def test_one_field_twice(self):
        job = self._import(self._csv("ORDER;SKU-1;2026-03-20;;"))
        job.action_preview()
        job.column_ids[4].field_id = job.column_ids[3].field_id
        with self.assertRaisesRegex(UserError, "Asked by"):
            job.action_check()

    def test_other_file_starts_anew(self):
        job = self._import(self._csv("ORDER;SKU-1;2026-03-20;;"))
        job.action_preview()
        job.file = base64.b64encode(self._csv("ORDER;SKU-2;2026-03-20;;").encode())
        self.assertRecordValues(job, [{"state": "draft", "column_ids": []}])

    def test_corrected_file_takes_the_place_of_a_checked_one(self):
        job = self._checked(self._csv("NO;SKU-1;2026-03-20;;"))
        self.assertEqual(job.error_count, 1)
        job.file = base64.b64encode(self._csv("ORDER;SKU-1;2026-03-20;;").encode())
        self.assertRecordValues(job, [{"state": "draft", "error_count": 0, "finding_ids": []}])
        job.action_check()
        self.assertRecordValues(job, [{"state": "checked", "error_count": 0, "valid_count": 1}])

    def test_template_names_every_field(self):
        job = self._import(self._csv("ORDER;SKU-1;2026-03-20;;"))
        text = base64.b64decode(job.template_file).decode("utf-8-sig")
        self.assertEqual(text.splitlines()[0], "Order,Product,New date,Asked by,Reason")
        self.assertIn(f"/scm.import/{job.id}/template_file/", job.action_download_template()["url"])

    # All or nothing

    def test_every_error_is_listed_and_nothing_is_written(self):
        job = self._checked(
            self._csv(
                "ORDER;SKU-1;2026-03-20;;",
                "P-UNKNOWN;SKU-1;2026-03-20;;",
                "ORDER;SKU-9;2026-03-20;;",
                "ORDER;SKU-1;soon;;",
                "ORDER;SKU-1;;;",
                "ORDER;SKU-1;2026-03-20;them;",
            )
        )
        self.assertRecordValues(job, [{"state": "checked", "error_count": 5, "valid_count": 0, "row_count": 6}])
        self.assertRecordValues(
            job.finding_ids.sorted("row"),
            [
                {"row": 3, "column": "A Order", "value": "P-UNKNOWN"},
                {"row": 4, "column": "B Product", "value": "SKU-9"},
                {"row": 5, "column": "C New date", "value": "soon"},
                {"row": 6, "column": "C New date", "value": ""},
                {"row": 7, "column": "D Asked by", "value": "them"},
            ],
        )
        with self.assertRaisesRegex(UserError, "5 errors"):
            job.action_confirm()
        self.assertFalse(self._staged(job))
        self.assertFalse(self.order.scm_promise_ids)
        listing = base64.b64decode(job.findings_file).decode("utf-8-sig")
        self.assertEqual(len(listing.splitlines()), 6)
        job.action_back()
        self.assertRecordValues(job, [{"state": "preview", "error_count": 0, "finding_ids": []}])

    def test_failure_while_writing_writes_nothing(self):
        job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;", "ORDER;SKU-2;2026-03-21;;"))
        self.order.button_cancel()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            job.action_confirm()
        self.assertFalse(self.order.scm_promise_ids)
        self.assertEqual(job.state, "checked")

    def test_options_are_closed_after_the_check(self):
        job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;"))
        with self.assertRaisesRegex(UserError, "already checked"):
            job.date_order = "dmy"
        with self.assertRaisesRegex(UserError, "already checked"):
            job.column_ids[0].field_id = False

    def test_findings_are_bounded_and_counted(self):
        with patch.object(scm_import_work, "MAX_FINDINGS", 3):
            job = self._checked(self._csv(*["NO;SKU-1;2026-03-20;;"] * 10))
        self.assertEqual((job.error_count, len(job.finding_ids)), (10, 3))

    def test_listing_starts_no_formula(self):
        job = self._checked(self._csv("=cmd();SKU-1;2026-03-20;;"))
        self.assertIn("'=cmd()", base64.b64decode(job.findings_file).decode("utf-8-sig"))

    # Files that are wrong

    def test_clear_words_for_bad_files(self):
        protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        for data, words in (
            (b"  \n ", "empty"),
            (b"%PDF-1.7 ...", "no table"),
            (self._xlsx([["a"]])[:200], "damaged"),
            (protected, "damaged|protected"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._import(data).action_preview()

    def test_heading_only(self):
        job = self._checked(self._csv())
        self.assertRecordValues(job, [{"state": "checked", "error_count": 1, "valid_count": 0}])

    def test_wrong_encoding_and_sheet(self):
        job = self._import("Order;New date;Reason\nÄ;2026-03-20;é".encode("cp1252"))
        job.encoding = "utf-8-sig"
        with self.assertRaises(UserError):
            job.action_preview()
            job.action_check()
        job = self._import(self._xlsx([["Order", "New date"], ["P1", "2026-03-20"]]), sheet="Nope")
        with self.assertRaisesRegex(UserError, "Nope.*Sheet"):
            job.action_preview()

    # In the background

    def test_large_file_goes_on_where_it_stopped(self):
        rows = [f"ORDER;SKU-1;2026-03-{20 + number % 5};;{number}" for number in range(25)]
        with patch.object(scm_import, "BACKGROUND_BYTES", 10), patch.object(scm_import_work, "BATCH_ROWS", 10):
            job = self._checked(self._csv(*rows))
            self.assertRecordValues(job, [{"state": "checking", "row_count": 0}])
            with self.assertRaisesRegex(UserError, "already checked"):
                job.action_check()
            with self.assertRaisesRegex(UserError, "being imported"):
                job.sudo().unlink()
            self.assertFalse(job.sudo()._proceed(lambda read: False))
            self.assertRecordValues(job, [{"state": "checking", "row_count": 10}])
            self.assertEqual(self._staged(job), 10)
            self.assertTrue(job.sudo()._proceed(lambda read: True))
            self.assertRecordValues(job, [{"state": "checked", "row_count": 25, "valid_count": 25}])
            job.action_confirm()
            self.assertEqual(job.state, "writing")
            job.sudo()._proceed(lambda read: True)
        self.assertEqual(job.state, "done")
        self.assertEqual(set(self.order.scm_promise_ids.mapped("user_id")), {self.buyer})

    def test_cron(self):
        with patch.object(scm_import, "BACKGROUND_BYTES", 10):
            job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;"))
            with self.enter_registry_test_mode():
                self.env.ref("scm_base.scm_import_cron").method_direct_trigger()
        self.assertEqual(job.state, "checked")

    def test_cron_without_time_left_asks_to_be_called_again(self):
        cron = self.env.ref("scm_base.scm_import_cron")
        with patch.object(scm_import, "BACKGROUND_BYTES", 10):
            job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;"))
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        with patch.object(type(cron), "_commit_progress", lambda *_args, **_values: 0):
            self.env["scm.import"]._cron_process()
        self.assertEqual((job.state, job.row_count), ("checking", 0))
        self.assertEqual(len(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - triggers), 1)

    def test_failure_in_the_background_goes_back_to_its_user(self):
        with patch.object(scm_import, "BACKGROUND_BYTES", 10):
            job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;", "ORDER;SKU-2;2026-03-21;;"))
            job.sudo()._proceed(lambda read: True)
            job.action_confirm()
            self.order.button_cancel()
            with self.enter_registry_test_mode(), mute_logger("odoo.addons.scm_base.models.scm_import_work"):
                self.env.ref("scm_base.scm_import_cron").method_direct_trigger()
        self.assertEqual(job.state, "checked")
        self.assertRegex(job.message, f"Nothing was imported.*{self.order.name}")
        self.assertFalse(self.order.scm_promise_ids)

    def test_old_staged_rows_are_dropped(self):
        job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;"))
        self.env.flush_all()
        self.env.cr.execute("UPDATE scm_import SET write_date = write_date - interval '8 days'")
        self.env.invalidate_all()
        self.env["scm.import"]._gc_staged_rows()
        self.assertEqual((job.state, self._staged(job)), ("preview", 0))

    # Who may

    def test_access(self):
        with self.assertRaises(AccessError):
            self._import("x", user=self.planner)
        with self.assertRaises(AccessError):
            self._import("x", user=self.outsider)
        job = self._checked(self._csv("ORDER;SKU-1;2026-03-20;;"))
        there = {"allowed_company_ids": self.company_b.ids}
        self.assertFalse(self.env["scm.import"].with_user(self.planner_b).with_context(**there).search([]))
        with self.assertRaises(AccessError):
            job.with_user(self.planner).action_confirm()
        with self.assertRaises(AccessError):
            self.env["scm.import.row"].with_user(self.manager).search([])

    def test_other_companys_order_is_unknown(self):
        order = self._create_purchase([(self.first, 1)], "2026-03-02", "2026-03-10", company=self.company_b)
        job = self._checked(f"Order;New date\n{order.name};2026-03-20".replace(self.order.name, "X"))
        self.assertEqual(job.error_count, 0 if order.name == self.order.name else 1)

    def test_query_count_does_not_grow(self):
        def check(count):
            job = self._import(self._csv(*["ORDER;SKU-1;2026-03-20;;"] * count))
            job.action_preview()
            return self._query_count(self.env["scm.import"].with_user(self.buyer).browse(job.id).action_check)

        check(1)
        self.assertEqual(check(10), check(1000))
