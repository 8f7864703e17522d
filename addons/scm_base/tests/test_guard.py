from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import ScmCase


@tagged("post_install", "-at_install")
class TestGuard(ScmCase):
    """What every public method of ours is kept from when a program calls it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["scm.alert.type"].create({"code": "test_guard", "name": "Guarded", "area": "planning"})
        rows = [{"subject_key": "guarded", "name": "Guarded"}]
        cls.env["scm.alert"]._sync("test_guard", cls.company_a, rows)
        cls.alert = cls.env["scm.alert"].search([("subject_key", "=", "guarded")])

    def call(self, user, model, method, args, **named):
        return call_kw(self.env[model].with_user(user), method, args, named)

    def test_rights_come_before_arguments(self):
        for args in ([self.alert.ids], [[]], [["x"]], [[-1]]):
            with self.subTest(args=args), self.assertRaises(AccessError):
                self.call(self.outsider, "scm.alert", "action_snooze", args, until={}, reason=[])

    def test_arguments_are_what_their_names_say(self):
        for named in ({"until": -1}, {"until": "2026-02-30"}, {"until": None}, {"reason": ["a"]}, {"until": True}):
            given = {"until": "2030-01-01", "reason": "Later"} | named
            with self.subTest(named=named), self.assertRaises(UserError) as told:
                self.call(self.planner, "scm.alert", "action_snooze", [self.alert.ids], **given)
            self.assertIn(next(iter(named)), str(told.exception))

    def test_ids_are_numbers(self):
        with self.assertRaisesRegex(UserError, "whole numbers"):
            self.call(self.planner, "scm.alert", "action_wake", [["1 OR 1=1"]])

    def test_one_record_is_asked_for_in_words(self):
        with self.assertRaisesRegex(UserError, "choose one record"):
            self.call(self.planner, "scm.alert", "action_open_subject", [[]])
        with self.assertRaisesRegex(ValueError, "choose one record"):
            self.env["scm.alert"].ensure_one()

    def test_our_own_calls_are_not_looked_at(self):
        self.assertTrue(hasattr(type(self.alert).action_wake, "scm_guarded"))
        self.assertFalse(hasattr(type(self.alert).write, "scm_guarded"), "what Odoo has too stays as it is")

    def test_our_fields_are_closed_to_portal_users(self):
        visitor = new_test_user(self.env, "guard_portal", groups="base.group_portal")
        partner = visitor.partner_id.with_user(visitor)
        ours = [name for name in partner._fields if name.startswith("scm_")]
        self.assertFalse(set(ours) & set(partner.fields_get(attributes=["type"])) - partner._scm_portal_fields)
        company = self.env["res.company"].with_user(visitor).browse(visitor.company_id.id)
        with self.assertRaises(AccessError):
            company.read(["scm_abc_cut_a"])
        self.assertTrue(company.read(["name"]))
