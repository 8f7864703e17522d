import io
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from openpyxl import load_workbook

from .metric_common import MetricCase


@tagged("post_install", "-at_install")
class TestTowerMail(MetricCase, HttpCase):
    """The morning page by mail and as a workbook, with the reader's rights and language."""

    def _ready(self):
        self._sell(self.day, price=1234)
        self._freeze("orders", "order_value")
        self.planner.write({"scm_tower_mail": True, "email": "planner@example.com", "company_id": self.company_a.id})

    def _mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.planner.partner_id.ids)])

    def test_once_a_day_and_only_when_the_day_is_frozen(self):
        self._ready()
        with self._at(self.TODAY + timedelta(days=1)):
            self.assertFalse(self.planner._send_scm_tower_mail(), "that yesterday is not frozen")
        with self._at(self.TODAY):
            self.assertTrue(self.planner._send_scm_tower_mail())
            self.assertFalse(self.planner._send_scm_tower_mail())
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("Order Value", mail.body_html)
        self.assertIn("1,234", mail.body_html)
        self.assertIn("Company A", mail.subject)
        self.assertTrue(mail.attachment_ids.filtered(lambda file: file.name.endswith(".xlsx")))

    def test_the_page_on_paper(self):
        self._ready()
        reader = self._as(self.planner, self.planner).with_context(force_report_rendering=True)
        with self._at(self.TODAY):
            tower = reader.env["scm.control.tower"].get_tower(str(self.day))
            page = reader.env["scm.control.tower"]._page(tower)
        report = reader.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("scm_analytics.scm_tower_report", reader.ids, {"page": page})
        self.assertIn("1,234", html.decode())
        if report.get_wkhtmltopdf_state() not in ("ok", "workers"):
            self.skipTest("wkhtmltopdf is not installed: the mail goes without a PDF")
        # it says there which of Odoo's switches this build of it does not know
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            files = reader._scm_tower_attachments(tower, page)
        paper = files.filtered(lambda file: file.name.endswith(".pdf"))
        self.assertTrue(paper.raw.startswith(b"%PDF"))

    def test_the_workbook_has_numbers_units_and_meanings(self):
        self._ready()
        note = self._as(self.planner, self.env["scm.metric.note"])
        note.write_note("orders", str(self.day), "=HYPERLINK(1)")
        with self._at(self.TODAY):
            tower = self._as(self.planner, self.env["scm.control.tower"])
            content = tower._workbook(tower.get_tower(str(self.day)))
        book = load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.worksheets), 4)
        rows = {row[1].value: row for row in book.worksheets[0].iter_rows(min_row=2)}
        self.assertEqual((rows["Orders"][2].value, rows["Order Value"][2].value), (1, 1234))
        self.assertEqual(rows["Order Value"][5].value, "EUR")
        self.assertEqual(rows["Orders"][7].data_type, "s", "a note is text, not a formula")
        meanings = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows(min_row=2)}
        self.assertIn("placed on the day", meanings["Orders"])
        days = book.worksheets[1]
        self.assertEqual(days.cell(29, 1).value.date(), self.day)

    def test_who_may_have_it(self):
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.control.tower"]).get_tower()
        self.assertIn(self.url_open("/scm_analytics/control_tower.xlsx", allow_redirects=False).status_code, (302, 303))
        self.planner.password = "planner-secret-1"
        self.authenticate(self.planner.login, "planner-secret-1")
        answer = self.url_open(f"/scm_analytics/control_tower.xlsx?date={self.day}&warehouse_id=nonsense")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
        foreign = self.url_open(f"/scm_analytics/control_tower.xlsx?date={self.day}&warehouse_id={self.warehouse_b.id}")
        self.assertEqual(foreign.status_code, 200)
        names = load_workbook(io.BytesIO(foreign.content)).worksheets[0]
        self.assertFalse([row for row in names.iter_rows(min_row=2) if row[2].value and row[1].value != "Orders"])
