from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnPolicy(ReturnCase):
    """The first row that fits decides, by the version that the order keeps; and it says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.scm_return_automatic = True
        cls.germany, cls.taiwan = cls.env.ref("base.de"), cls.env.ref("base.tw")
        cls.customer.country_id = cls.germany
        cls.broken = cls.env.ref("scm_aftersales.scm_return_reason_group_broken")
        cls.policy = cls.env["scm.return.policy"].create({"name": "Shop", "company_id": cls.company_a.id})
        cls.version = cls._version(
            {"name": "Broken", "reason_ids": cls.broken.ids, "decision": "approve", "evidence": "photo"},
            {"name": "Clearance", "final_sale": "yes", "decision": "refuse", "text": "Sold as it was."},
            {"name": "14 days", "days_to": 14, "decision": "approve", "text": "In time.", "fee_percent": 10.0},
            {"name": "30 days", "days_to": 30, "decision": "review", "allow_refund": False},
            {"name": "Too late", "decision": "refuse", "text": "More than 30 days ago."},
        )

    @classmethod
    def _version(cls, *rows, activate=True):
        """A version of company A's policy, in force from a day long ago."""
        with cls._at(cls.TODAY - timedelta(days=100)):
            version = cls.env["scm.return.policy.version"].create(
                {
                    "policy_id": cls.policy.id,
                    "number": len(cls.policy.version_ids) + 1,
                    "row_ids": [
                        Command.create(
                            {"sequence": place, **row, "reason_ids": [Command.set(row.get("reason_ids", []))]}
                        )
                        for place, row in enumerate(rows)
                    ],
                }
            )
            if activate:
                version.action_activate()
        return version

    def _explain(self, order, user=None, **values):
        policies = self._as(user or self.agent, self.env["scm.return.policy"])
        with self._at(self.TODAY):
            return policies.explain(order.id, [self._row(order, **values)])[0]

    def test_the_first_row_that_fits(self):
        for days, reason, decision, row in (
            (5, "not_liked", "approve", "14 days"),
            (14, "not_liked", "approve", "14 days"),
            (15, "not_liked", "review", "30 days"),
            (31, "not_liked", "refuse", "Too late"),
            (31, "defective", "review", "Broken"),
        ):
            with self.subTest(days=days, reason=reason):
                told = self._explain(self._sold(days=days), reason=reason)
                self.assertEqual((told["decision"], told["row"]), (decision, row))

    def test_approved_at_once_with_fee_and_reason(self):
        order = self._sold()
        request = self._ask(order, self._row(order, 2.0))
        self.assertEqual(request.state, "approved")
        line = request.line_ids
        self.assertAlmostEqual(line.fee_amount, order.currency_id.round(line.value * 0.1))
        self.assertEqual((line.outcome, line.freight_payer), ("refund", "customer"))
        self.assertIn("In time.", line.decision_text)
        self.assertIn("You pay the way back.", line.decision_text)
        self.assertEqual(line.why["value"], "policy_approve")
        self.assertEqual([note["code"] for note in line.why["notes"]], ["policy_skip_reason", "policy_skip_final_sale"])
        labels = self.env["scm.why"].labels()
        self.assertLessEqual({note["code"] for note in line.why["notes"]}, set(labels))

    def test_refused_in_plain_words_frees_the_units(self):
        order = self._sold(days=40)
        request = self._ask(order, self._row(order, 10.0))
        self.assertRecordValues(request, [{"state": "refused", "refusal": "More than 30 days ago."}])
        self.assertEqual(self.env["scm.return"]._returnable(order)[order.order_line.id, self.product.id]["free"], 10.0)

    def test_a_refused_line_among_others(self):
        clearance = self._create_product("Last one", scm_final_sale=True)
        order = self._sold([(self.product, 2.0), (clearance, 1.0)])
        request = self._ask(order, self._row(order), self._row(order, line=1))
        self.assertEqual(request.state, "approved")
        self.assertEqual(request.line_ids.mapped("decision"), ["approve", "refuse"])
        free = self.env["scm.return"]._returnable(order)
        self.assertEqual(free[order.order_line[1].id, clearance.id]["free"], 1.0)

    def test_a_photo_that_comes_later(self):
        order = self._sold()
        told = self._explain(order, reason="defective")
        self.assertEqual((told["decision"], told["policy_decision"]), ("review", "approve"))
        self.assertIn("Please add a photo.", told["text"])
        self.assertEqual(self._explain(order, reason="defective", photos=True)["decision"], "approve")
        request = self._ask(order, self._row(order, reason="defective"))
        self.assertRecordValues(request.line_ids, [{"decision": "review", "evidence_missing": True}])
        photo = self.env["ir.attachment"].create({"name": "photo.png", "raw": b"x"})
        with self._at(self.TODAY):
            request.line_ids.attachment_ids = photo
        self.assertEqual(request.state, "approved")

    def test_a_wish_that_is_not_allowed_is_looked_at(self):
        order = self._sold(days=20)
        request = self._ask(order, self._row(order, wish="refund"))
        self.assertRecordValues(request.line_ids, [{"decision": "review", "outcome": "exchange"}])
        self.assertIn("Possible: Exchange, Store Credit.", request.line_ids.decision_text)

    def test_off_until_the_company_wants_it(self):
        self.company_a.scm_return_automatic = False
        order = self._sold(user_id=self.agent.id)
        request = self._ask(order)
        self.assertRecordValues(request.line_ids, [{"decision": "review", "policy_decision": "approve"}])
        self.assertEqual(request.activity_ids.user_id, self.agent)
        self._as(self.agent, request).action_approve()
        self.assertEqual(request.state, "approved")
        self.assertIn("In time.", request.line_ids.decision_text)
        self.assertFalse(request.activity_ids)

    def test_a_person_overrules(self):
        order = self._sold(days=40)
        request = self._as(self.agent, self._ask(order))
        request.action_reopen()
        self.assertEqual(request.line_ids.decision, "review")
        request.action_approve()
        self.assertRecordValues(request.line_ids, [{"decision": "approve", "outcome": "refund"}])

    def test_an_order_keeps_its_version(self):
        order = self._sold()
        self.assertEqual(order.scm_return_version_id, self.version)
        with self._at(self.TODAY):
            new = self._as(self.manager, self.policy).action_new_version()
            new = self.env["scm.return.policy.version"].browse(new["res_id"])
            self.assertEqual((new.number, new.row_ids.mapped("name")), (2, self.version.row_ids.mapped("name")))
            new.row_ids[2].write({"days_to": 3})
            self._as(self.manager, new).action_activate()
        self.assertEqual((self.version.state, new.state), ("retired", "active"))
        self.assertEqual(self._explain(order)["row"], "14 days")
        later = self._sold(days=0)
        later.scm_return_version_id = new
        order.scm_return_version_id = False
        told = self._explain(order)
        self.assertEqual(told["row"], "30 days")
        self.assertIn("policy_version_today", told["why"]["notes"])

    def test_a_version_for_a_later_day(self):
        with self._at(self.TODAY):
            new = self.version.copy()
            new.write({"valid_from": self.TODAY + timedelta(days=3)})
            new.action_activate()
            self.assertEqual(self.policy.current_version_id, self.version)
        with self._at(self.TODAY + timedelta(days=3)):
            self.policy.invalidate_recordset()
            self.assertEqual(self.policy.current_version_id, new)

    def test_what_is_in_force_stays(self):
        for change in (
            lambda: self.version.row_ids[0].write({"days_to": 99}),
            lambda: self.version.row_ids[0].unlink(),
            lambda: self.version.write({"valid_from": "2020-01-01"}),
            lambda: self.version.row_ids.create({"version_id": self.version.id, "name": "More"}),
            lambda: self.version.unlink(),
        ):
            with self._refused("make a new version"):
                change()

    def test_days_are_local_and_end_with_the_carrier(self):
        order = self._sold(days=20)
        [picking] = order.picking_ids
        parcel = self.env["scm.parcel"].create(
            {"name": "P1", "picking_ids": picking.ids, "company_id": picking.company_id.id}
        )
        # 23:30 UTC is the next day in Berlin
        late = self._moment(self.TODAY - timedelta(days=14), hour=0)
        parcel._write({"date_delivered": late + timedelta(minutes=30), "is_final": True})
        parcel.invalidate_recordset()
        self.assertEqual(self._explain(order)["row"], "14 days")

    def test_shared_statutory_policy(self):
        self.policy.active = False
        germany, taiwan = self._sold(days=10), self._sold(days=10)
        taiwan.partner_shipping_id = self.customer.create({"name": "Chen", "country_id": self.taiwan.id})
        statutory = self.env.ref("scm_aftersales.scm_return_policy_statutory_1")
        (germany + taiwan).scm_return_version_id = statutory
        self.assertEqual(self._explain(germany)["row"], "European Union, 14 days without reason")
        told = self._explain(taiwan)
        self.assertEqual((told["row"], told["decision"]), ("Everything else", "review"))
        skipped = {one["row"]: one["text"] for one in told["earlier"]}
        self.assertEqual(
            skipped["Taiwan, 7 days without reason"],
            "Days: asks for day 0 to 7 after delivery, here it is day 10.",
        )

    def test_money_of_another_currency_and_of_the_whole_return(self):
        self.version = self._version({"name": "Small", "value_to": 30.0, "decision": "approve", "fee_fixed": 4.0})
        order = self._sold(days=5)
        order.write({"scm_return_version_id": self.version.id})
        self.env.cr.execute("UPDATE sale_order SET currency_rate = 2.0 WHERE id = %s", [order.id])
        order.invalidate_recordset()
        told = self._explain(order)  # 25 in the order's currency and tax, half of it in the company's
        self.assertEqual(told["row"], "Small")
        self.assertAlmostEqual(told["fee"], 8.0)
        self.assertEqual(self._explain(order, quantity=5.0)["row"], "")

    def test_the_bench_says_what_the_desk_would(self):
        versions = self._as(self.agent, self.version)
        order = self._sold(days=20)
        with self._at(self.TODAY):
            told = versions.bench_order(order.id, {"reason": "not_liked"})
            typed = versions.bench_facts(told["facts"])
        for answer in (told, typed):
            self.assertEqual([row["status"] for row in answer["rows"]], ["skipped"] * 3 + ["match", "after"])
            self.assertEqual(answer["match"], self.version.row_ids[3].id)
        days = [cell for cell in typed["rows"][2]["cells"] if cell["code"] == "days"]
        self.assertEqual([(cell["holds"], cell["have"]) for cell in days], [(False, "day 20")])
        start = versions.bench_start()
        self.assertEqual(start["version_id"], self.version.id)
        with self._refused("no number"):
            versions.bench_facts({"days_delivery": "soon"})

    def test_rows_that_never_decide_are_named(self):
        version = self._version({"name": "All"}, {"name": "Some", "days_to": 5}, activate=False)
        self.assertEqual(version.never_text, "“Some”")

    def test_rights(self):
        order = self._sold()
        with self._refused("", AccessError):
            self._explain(order, user=self.outsider)
        with self._refused("", AccessError):
            self._explain(order, user=self.planner_b)
        for record in (self.policy, self.version):
            with self._refused("", AccessError):
                self._as(self.agent, record).action_new_version()
        with self._refused("", AccessError):
            self._as(self.agent, self.version).action_retire()
        with self._refused("", AccessError):
            self._as(self.outsider, self.version).bench_facts({})
        self.assertFalse(self._as(self.planner_b, self.env["scm.return.policy"]).search([("id", "=", self.policy.id)]))
        with self._refused("no order"):
            self._as(self.agent, self.policy).explain(0, [])
        with self.assertRaises(UserError):
            self._as(self.agent, self.policy).explain(order.id, [])

    def test_as_many_queries_for_many_lines_as_for_one(self):
        products = [self._create_product(f"Lamp {number}") for number in range(8)]
        few, many = self._sold([(products[0], 1.0)]), self._sold([(product, 1.0) for product in products])
        policies = self.env["scm.return.policy"]
        rows = {order: [self._row(order, line=place) for place in range(len(order.order_line))] for order in few + many}
        policies._explain(few, rows[few])
        count = lambda order: self._query_count(policies._explain, order, rows[order])  # noqa: E731
        self.assertLessEqual(count(many), count(few))
