"""What cannot be done over RPC with another company's ids, or with fields that only a step may write."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.models import scm_import

from .test_alert import AlertCase


@tagged("post_install", "-at_install")
class TestAlertRights(AlertCase):
    def test_another_companys_alert_cannot_be_snoozed(self):
        self._sync(["1"])
        alert = self.env["scm.alert"].search([("type_id", "=", self.warning_type.id)])
        theirs = self._as(self.planner_b, alert)
        with self._at("2026-03-02"):
            for call in (
                lambda: theirs.action_snooze("2026-03-10", "mine"),
                theirs.action_wake,
                theirs.action_open_subject,
                lambda: theirs.write({"user_id": self.planner_b.id}),
                lambda: theirs.message_post(body="mine"),
            ):
                with self.assertRaises(AccessError):
                    call()
            wizard = self._as(self.planner_b, self.env["scm.alert.snooze"])
            with self.assertRaises(AccessError):
                wizard.create({"alert_ids": [Command.set(alert.ids)], "reason": "mine"}).action_snooze()
        self.assertEqual(alert.state, "open")

    def test_what_a_check_found_stays(self):
        self._sync(["1"])
        alert = self.env["scm.alert"].search([("type_id", "=", self.warning_type.id)])
        for user in (self.planner, self.manager):
            for operation in ("create", "unlink"):
                self.assertFalse(self._as(user, alert).has_access(operation))
            with self.assertRaisesRegex(Exception, "only its owner and due date"):
                self._as(user, alert).write({"state": "resolved"})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.warning_type).active = False
        with self.assertRaises(AccessError):
            self._as(self.manager, self.warning_type).code = "other"


@tagged("post_install", "-at_install")
class TestImportRights(AlertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer, cls.colleague = (
            cls._create_user(login, "purchase.group_purchase_user", "scm_base.scm_group_user")
            for login in ("buyer", "colleague")
        )
        cls.buyer_b = cls._create_user(
            "buyer_b", "purchase.group_purchase_user", "scm_base.scm_group_user", companies=cls.company_b
        )
        cls.product = cls._create_product("First", vendor=cls.vendor, default_code="SKU-1")
        cls.order = cls._create_purchase([(cls.product, 10)], "2026-03-02", "2026-03-10")

    def _import(self, **values):
        content = base64.b64encode(f"Order;New date\n{self.order.name};2026-03-20".encode())
        imports = self._as(self.buyer, self.env["scm.import"])
        return imports.create({"importer": "promise", "file": content, "filename": "dates.csv", **values})

    def test_fields_of_the_steps_are_closed(self):
        job = self._import()
        job.action_check()
        for values in (
            {"state": "writing"},
            {"user_id": self.env.ref("base.user_admin").id},
            {"company_id": self.company_b.id},
            {"error_count": 0},
            {"last_row": 0},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                job.write(values)
            with self.assertRaises(AccessError, msg=str(values)):
                self._import(**values)
        columns = job.column_ids
        for operation in ("create", "unlink"):
            self.assertFalse(columns.has_access(operation))
        with self.assertRaises(AccessError):
            columns[0].position = 1
        for model in ("scm.import.error", "scm.import.mapping", "scm.import.field", "scm.run.error"):
            self.assertFalse(self._as(self.buyer, self.env[model]).has_access("write"), model)

    def test_background_works_as_the_one_who_confirmed(self):
        """A colleague with fewer rights must not have his file written with the rights of the one who uploaded."""
        job = self._import()
        self.assertEqual(job.user_id, self.buyer)
        with patch.object(scm_import, "BACKGROUND_BYTES", 10):
            self._as(self.colleague, job).action_check()
        self.assertRecordValues(job, [{"state": "checking", "user_id": self.colleague.id}])

    def test_import_of_another_company(self):
        job = self._import()
        theirs = self._as(self.buyer_b, job)
        for name in ("action_preview", "action_check", "action_confirm", "action_back", "action_show", "unlink"):
            with self.assertRaises(AccessError, msg=name):
                getattr(theirs, name)()
        job.action_preview()
        with self.assertRaises(AccessError):
            self._as(self.buyer_b, job.column_ids[0]).field_id = False

    def test_order_of_another_company_cannot_be_rescheduled(self):
        line = self.order.order_line
        with self.assertRaises(AccessError):
            self._as(self.buyer_b, line).scm_reschedule("2026-03-20", "us")
        wizard = self._as(self.buyer_b, self.env["scm.reschedule"])
        with self.assertRaises(AccessError):
            wizard.create({"line_ids": [Command.set(line.ids)], "date": "2026-03-20"}).action_apply()
        self.assertEqual(str(line.scm_promise_date), "2026-03-10")
