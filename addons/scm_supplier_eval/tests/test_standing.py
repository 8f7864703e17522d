from contextlib import ExitStack
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.scm_base.tests.common import ScmCase

QUARTER_1, QUARTER_2, QUARTER_3 = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)


class StandingCase(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)
        cls.scheme = cls.env["scm.grade.scheme"].create({"name": "Ours", "company_id": cls.company_a.id})
        cls.a, cls.b, cls.c, cls.d = cls.scheme.grade_ids.sorted("score_from", reverse=True)
        cls.company_a.scm_grade_gate = "block"
        cls.standings = cls.env["scm.supplier.standing"]

    @classmethod
    def _apply(cls, score, date_to, day="2026-10-05", partner=None, kind="card", **row):
        partner = partner or cls.vendor
        row = {"partner_id": partner.id, "score": score, "date_to": date_to, "enough": True} | row
        with cls._at(day):
            return cls.standings._apply_cards(cls.company_a, [row], kind)

    @classmethod
    def _standing(cls, partner=None):
        return cls.standings.search(
            [("partner_id", "=", (partner or cls.vendor).id), ("company_id", "=", cls.company_a.id)]
        )

    @classmethod
    def _rfq(cls, partner=None):
        product = cls._create_product()
        return cls._create_purchase(
            [(product, 5)], "2026-10-06", planned="2026-10-20", vendor=partner or cls.vendor, confirm=False
        )


@tagged("post_install", "-at_install")
class TestGradeScheme(StandingCase):
    def test_the_shipped_scheme_covers(self):
        self.env.ref("scm_supplier_eval.scm_grade_scheme_standard")._check_cover()
        self.assertEqual(self.env["scm.grade.scheme"]._of_company(self.company_a), self.scheme)
        self.assertFalse(self.env["scm.grade.scheme"]._of_company(self.company_b).company_id)

    def _refused(self, words):
        """``with self._refused(...)``: an error with these words, and what led to it undone."""
        stack = ExitStack()
        stack.enter_context(self.assertRaisesRegex(ValidationError, words))
        stack.enter_context(self.cr.savepoint())
        return stack

    def test_gaps_and_overlaps_are_named(self):
        with self._refused("“B” and “A” overlap from 80 to 85"):
            self.a.score_from = 80
        with self._refused("No grade from 85 to 90, at “B” and “A”"):
            self.scheme.write({"grade_ids": [Command.update(self.a.id, {"score_from": 90})]})
        with self._refused("No grade from 0 to 50"):
            self.d.unlink()
        with self._refused("It has no grades"):
            self.env["scm.grade.scheme"].create({"name": "Empty", "grade_ids": []})
        with self._refused("overlap from 20 to 40"):
            self.env["scm.grade"].create({"scheme_id": self.scheme.id, "name": "E", "score_from": 20, "score_to": 40})

    def test_a_border_moves_in_one_save(self):
        with Form(self._as(self.manager, self.scheme)) as form:
            with form.grade_ids.edit(0) as grade:
                grade.score_from = 90
            with form.grade_ids.edit(1) as grade:
                grade.score_to = 90
        self.assertEqual((self.a.score_from, self.b.score_to), (90, 90))
        self.scheme.action_standard()
        self.assertEqual((self.a.score_from, self.b.score_to), (85, 85))
        with self.assertRaises(AccessError):
            self._as(self.planner, self.scheme).margin = 5


@tagged("post_install", "-at_install")
class TestStanding(StandingCase):
    def test_a_supplier_does_not_flip_at_the_border(self):
        self.assertEqual(self._apply(86, QUARTER_1)[self.vendor.id], self.a)
        self.assertEqual(self._apply(84, QUARTER_2)[self.vendor.id], self.a)
        standing = self._standing()
        self.assertIn("grade_kept", standing.why["notes"])
        self.assertEqual(self._apply(82.9, QUARTER_3)[self.vendor.id], self.b)
        self.assertRecordValues(
            standing, [{"grade_id": self.b.id, "previous_grade_id": self.a.id, "state": "normal", "share_limit": 100}]
        )
        self.assertEqual(len(standing.log_ids), 2)

    def test_twice_is_once_and_old_cards_change_nothing(self):
        self._apply(60, QUARTER_2)
        standing = self._standing()
        before = standing.read(["grade_id", "previous_grade_id", "state", "improvement_id", "date_since"])
        self._apply(60, QUARTER_2)
        self.assertEqual(self._apply(95, QUARTER_1)[self.vendor.id], self.a)
        self.assertEqual(
            standing.read(["grade_id", "previous_grade_id", "state", "improvement_id", "date_since"]), before
        )
        self.assertEqual(len(standing.log_ids), 1)
        # restated: judged again from the grade before the card
        self._apply(90, QUARTER_2, kind="restated")
        self.assertRecordValues(standing, [{"grade_id": self.a.id, "previous_grade_id": False, "state": "normal"}])

    def test_too_little_data_is_no_grade(self):
        self.assertFalse(self._apply(0, QUARTER_1, enough=False)[self.vendor.id])
        self.assertRecordValues(self._standing(), [{"state": "unrated", "consequence": "normal", "share_limit": 100}])
        self._apply(95, QUARTER_2)
        self._apply(10, QUARTER_3, enough=False)
        self.assertEqual(self._standing().grade_id, self.a)

    def test_a_bad_grade_asks_for_an_answer_before_it_blocks(self):
        self._apply(30, QUARTER_1, day="2026-04-02", problem="Late and faulty")
        standing = self._standing()
        improvement = standing.improvement_id
        self.assertRecordValues(
            improvement,
            [
                {
                    "partner_id": self.vendor.id,
                    "area": "supplier",
                    "problem": "Late and faulty",
                    "date_answer_due": date(2026, 4, 16),
                    "date_due": date(2026, 6, 1),
                    "state": "open",
                }
            ],
        )
        self.assertRecordValues(
            standing,
            [{"state": "probation", "consequence": "warn", "date_probation": date(2026, 7, 1), "share_limit": 20}],
        )
        order = self._rfq()
        self.assertEqual(order.scm_gate_level, "warn")
        self.assertIn("on probation", order.scm_gate_message)
        # the next bad card opens no second one, and does not lengthen the probation
        self._apply(35, QUARTER_2, day="2026-06-30")
        self.assertEqual(standing.improvement_id, improvement)
        self.assertEqual(standing.date_probation, date(2026, 7, 1))
        self.standings._pass_day(self.company_a, date(2026, 7, 1))
        self.assertEqual(standing.state, "probation")
        self.standings._pass_day(self.company_a, date(2026, 7, 2))
        self.standings._pass_day(self.company_a, date(2026, 7, 2))
        self.assertRecordValues(standing, [{"state": "blocked", "consequence": "block", "share_limit": 0}])
        self.assertEqual(standing.log_ids.mapped("kind").count("probation_over"), 1)
        with self.assertRaisesRegex(UserError, "is blocked: grade D"):
            self._as(self.buyer, order).button_confirm()
        with self.assertRaisesRegex(UserError, "is blocked"):
            order.action_rfq_send()
        self.company_a.scm_grade_gate = "warn"
        order.invalidate_recordset()
        self.assertEqual(order.scm_gate_level, "warn")
        self.company_a.scm_grade_gate = "off"
        order.invalidate_recordset()
        self.assertFalse(order.scm_gate_level)
        # better cards open the door again
        self._apply(75, QUARTER_3)
        self.assertRecordValues(standing, [{"state": "normal", "consequence": "normal", "date_probation": False}])

    def test_decisions_of_managers(self):
        self._apply(30, QUARTER_1, day="2026-04-02")
        standing = self._standing()
        self.standings._pass_day(self.company_a, date(2026, 7, 2))
        theirs = self._as(self.manager, standing)
        with self._at("2026-07-03"):
            for user in (self.planner, self.buyer):
                for call in (
                    lambda one: one.set_override(self.b.id, "because"),
                    lambda one: one.end_override("because"),
                    lambda one: one.eliminate("because"),
                    lambda one: one.readmit("because"),
                ):
                    with self.assertRaisesRegex(AccessError, "Only supply chain managers"):
                        call(self._as(user, standing))
                with self.assertRaises(AccessError):
                    self._as(user, standing).write({"state": "normal"})
            with self.assertRaisesRegex(UserError, "Say why"):
                theirs.set_override(self.b.id, " ")
            with self.assertRaisesRegex(UserError, "is over"):
                theirs.set_override(self.b.id, "New owner", "2026-07-02")
            with self.assertRaisesRegex(UserError, "is not a day"):
                theirs.set_override(self.b.id, "New owner", "soon")
            with self.assertRaisesRegex(UserError, "Choose a grade of “Ours”"):
                theirs.set_override(self.env.ref("scm_supplier_eval.scm_grade_b").id, "New owner")
            theirs.set_override(self.b.id, "New owner", "2026-08-31")
        self.assertRecordValues(
            standing,
            [
                {
                    "effective_grade_id": self.b.id,
                    "grade_id": self.d.id,
                    "consequence": "normal",
                    "share_limit": 100,
                    "override_user_id": self.manager.id,
                }
            ],
        )
        self._as(self.buyer, self._rfq()).button_confirm()
        self.standings._pass_day(self.company_a, date(2026, 9, 1))
        self.assertRecordValues(standing, [{"effective_grade_id": self.d.id, "consequence": "block"}])
        with self._at("2026-09-02"):
            theirs.eliminate("Closed its plant")
            self._apply(99, QUARTER_3)
            self.assertRecordValues(standing, [{"state": "eliminated", "consequence": "block", "share_limit": 0}])
            self.assertIn("eliminated", self._rfq().scm_gate_message)
            theirs.readmit("New plant")
            self.assertEqual(standing.state, "normal")
            with self.assertRaisesRegex(UserError, "neither blocked nor eliminated"):
                theirs.readmit("Again")
        kinds = set(standing.log_ids.mapped("kind"))
        self.assertLessEqual({"override", "override_ended", "eliminated", "readmitted", "probation_over"}, kinds)

    def test_wizard(self):
        self._apply(60, QUARTER_1)
        action = self._as(self.manager, self._standing()).action_ask_decision()
        with Form(self._as(self.manager, self.env[action["res_model"]]).with_context(**action["context"])) as form:
            form.kind = "override"
            form.grade_id = self.a
            form.reason = "Only source of this fabric"
        form.record.action_decide()
        self.assertEqual(self._standing().effective_grade_id, self.a)

    def test_standing_of(self):
        contact = self.env["res.partner"].create({"name": "Sales desk", "parent_id": self.vendor.id})
        self._apply(60, QUARTER_1)
        found = self._as(self.buyer, self.standings)._standing_of(
            self.company_a, [self.vendor.id, contact.id, self.customer.id]
        )
        self.assertEqual(set(found), {self.vendor.id, contact.id})
        self.assertEqual(
            {name: found[contact.id][name] for name in ("grade", "consequence", "share_limit", "override", "state")},
            {"grade": "C", "consequence": "warn", "share_limit": 0.4, "override": False, "state": "watch"},
        )
        self.assertFalse(self.standings._standing_of(self.company_b, [self.vendor.id]))

    def test_a_merged_partner_keeps_one_standing(self):
        other = self.env["res.partner"].create({"name": "The same vendor"})
        self._apply(90, QUARTER_1)
        self._apply(40, QUARTER_1, partner=other)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.vendor + other).ids, self.vendor)
        self.env.invalidate_all()
        self.assertEqual(self._standing().grade_id, self.a)
        self.assertEqual(
            self.env["scm.improvement"].search([("source_key", "=", f"grade,{other.id}")]).partner_id, self.vendor
        )

    def test_other_companies_do_not_see_it(self):
        self._apply(60, QUARTER_1)
        standing = self._standing()
        self._as(self.buyer, standing).read(["score"])
        for user in (self.buyer_b, self.planner_b, self.outsider):
            with self.assertRaises(AccessError):
                self._as(user, standing).read(["score"])
        manager_b = self._create_user("manager_b", "scm_base.scm_group_manager", companies=self.company_b)
        with self.assertRaises(AccessError):
            self._as(manager_b, standing).eliminate("not ours")

    def test_alerts(self):
        self._apply(30, QUARTER_1, day="2026-04-02")
        alerts = self.env["scm.alert"].search([("company_id", "=", self.company_a.id)])
        self.standings._pass_day(self.company_a, date(2026, 4, 17))
        overdue = self.env["scm.alert"].search([("company_id", "=", self.company_a.id)]) - alerts
        self.assertEqual(overdue.mapped("type_id.code"), ["supplier_action_overdue"])
        improvement = self._standing().improvement_id
        improvement.write({"cause": "Old machine", "state": "running"})
        improvement.action_answered()
        self.standings._pass_day(self.company_a, date(2026, 6, 20))
        self.assertEqual(
            sorted(
                self.env["scm.alert"]
                .search([("company_id", "=", self.company_a.id), ("state", "=", "open")])
                .mapped(lambda alert: (alert.type_id.code, alert.severity))
            ),
            [("supplier_action_overdue", "critical"), ("supplier_probation_ends", "warning")],
        )

    def test_same_number_of_queries_for_few_and_many(self):
        partners = self.env["res.partner"].create([{"name": f"Vendor {number}"} for number in range(40)])

        def apply(some, day, score):
            rows = [
                {"partner_id": one.id, "score": score, "date_to": day, "enough": True, "problem": "Late"}
                for one in some
            ]
            self.standings._apply_cards(self.company_a, rows)

        with self._at("2026-10-05"):
            apply(partners, QUARTER_1, 90)
            few = self._query_count(apply, partners[:5], QUARTER_2, 75)
            many = self._query_count(apply, partners[5:], QUARTER_2, 75)
            self.assertEqual(few, many)
            few = self._query_count(apply, partners[:5], QUARTER_3, 60)
            many = self._query_count(apply, partners[5:], QUARTER_3, 60)
        # corrective actions with their chatter are made in one go too
        self.assertLessEqual(many, few + 3)
