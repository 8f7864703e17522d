from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestCare(ReturnCase):
    """Late orders are taken care of once, within a budget, and a share is left alone to see what it brings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "chen@example.com", "name": "Chen"})
        cls.company_a.write({"scm_quiet_from": 0.0, "scm_quiet_to": 0.0, "email": "shop@example.com"})
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Sorry",
                "program_type": "gift_card",
                "company_id": cls.company_a.id,
                "currency_id": cls.company_a.currency_id.id,
            }
        )
        cls.rule = cls.env["scm.care.rule"].create(
            {
                "name": "Two days late",
                "company_id": cls.company_a.id,
                "is_on": True,
                "days_from": 2,
                "program_id": cls.program.id,
                "amount": 5.0,
                "approve_above": 5.0,
                "holdout_percent": 0.0,
            }
        )

    @classmethod
    def _late(cls, days=3, count=1, predicted=0, **sale):
        """Orders whose parcels are late by days, or expected to be."""
        orders = cls.env["sale.order"]
        for _number in range(count):
            orders += cls._create_sale([(cls.product, 1.0)], cls.TODAY - timedelta(days=10), **sale)
        parcels = cls.env["scm.parcel"].create(
            [
                {
                    "name": f"P{order.id}",
                    "sale_ids": order.ids,
                    "company_id": order.company_id.id,
                    "partner_id": order.partner_id.id,
                }
                for order in orders
            ]
        )
        promised = cls.TODAY - timedelta(days=days)
        parcels._write(
            {
                "date_promised": promised,
                "days_late": days,
                "is_late": days > 0,
                "date_expected": max(promised, cls.TODAY) + timedelta(days=predicted),
                "status": "in_transit",
                "date_handed": cls._moment(promised - timedelta(days=3)),
            }
        )
        parcels.invalidate_recordset()
        return orders

    def _run(self, day=None):
        with self._at(day or self.TODAY):
            return self.env["scm.care.rule"]._run_rules(self.company_a)

    def test_once_per_order_with_card_and_message(self):
        order = self._late()
        case = self._run()
        self.assertRecordValues(
            case, [{"order_id": order.id, "state": "approved", "days_late": 3, "fault": "carrier", "amount": 5.0}]
        )
        self.assertRecordValues(case.card_id, [{"points": 5.0, "partner_id": self.customer.id}])
        self.assertEqual((case.message_id.kind, case.message_id.state), ("care", "scheduled"))
        self.assertFalse(self._run())
        with self._at(self.TODAY):
            case.message_id._send()
        self.assertEqual(case.state, "sent")
        self.assertIn(case.card_id.code, case.message_id.body)
        self.assertIn("Chen", case.message_id.body)
        self.assertLessEqual({term["code"] for term in case.why["terms"]}, set(self.env["scm.why"].labels()))

    def test_which_orders_a_rule_takes(self):
        self.rule.basis = "actual"
        expected_only = self._late(days=0, predicted=4)
        slightly, very = self._late(days=1), self._late(days=6)
        self.assertEqual(self._run().order_id, very)
        self.rule.basis = "either"
        case = self._run()
        self.assertRecordValues(case, [{"order_id": expected_only.id, "is_predicted": True, "days_late": 4}])
        self.rule.days_from = 1
        self.rule.value_from = 1e6
        self.assertFalse(self._run())
        self.rule.value_from = 0.0
        self.rule.fault_carrier = False
        self.assertFalse(self._run())
        self.rule.fault_carrier = True
        self.assertEqual(self._run().order_id, slightly)

    def test_off_and_stopped(self):
        self._late()
        self.rule.is_on = False
        self.assertFalse(self._run())
        with self._at(self.TODAY):
            [shown] = self._as(self.planner, self.rule).preview()
        self.assertEqual((shown["state"], shown["amount"]), ("approved", 5.0))
        self.assertFalse(self.env["scm.care.case"].search_count([("company_id", "=", self.company_a.id)]))
        self.rule.is_on = True
        case = self._run()
        self.company_a.scm_care_stop = True
        with self._at(self.TODAY):
            case.message_id._send()
        self.assertEqual((case.state, case.message_id.state), ("approved", "scheduled"))
        self._late()
        self.assertFalse(self._run())

    def test_approval_above_an_amount(self):
        self.rule.approve_above = 4.0
        self._late()
        case = self._run()
        self.assertRecordValues(case, [{"state": "proposed", "card_id": False, "message_id": False}])
        with self._refused("", AccessError):
            self._as(self.agent, case).action_approve()
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.manager, case).action_approve(), 1)
        self.assertRecordValues(case, [{"state": "approved", "user_id": self.manager.id}])
        self.assertTrue(case.card_id)
        with self._refused("decided already"):
            self._as(self.manager, case).action_approve()

    def test_the_budget_of_a_month(self):
        self.rule.budget_month = 12.0
        self._late(count=3)
        cases = self._run()
        self.assertEqual(sorted(cases.mapped("state")), ["approved", "approved", "over_budget"])
        self.assertEqual(self._spent(), 10.0)
        over = cases.filtered(lambda case: case.state == "over_budget")
        with self._refused("2.00.* left of"), self._at(self.TODAY):
            self._as(self.manager, over).action_approve()
        with self._at(self.TODAY + timedelta(days=20)):
            self._as(self.manager, over).action_approve()
        self.assertEqual(over.state, "approved")
        self.assertEqual(self._spent(), 10.0)

    def _spent(self):
        with self._at(self.TODAY):
            self.rule.invalidate_recordset()
            return self.rule.spent_month

    def test_who_does_not_want_mail_gets_no_voucher(self):
        self.customer.scm_delivery_messages = "none"
        self._late()
        case = self._run()
        self.assertRecordValues(case, [{"state": "refused", "amount": 0.0, "card_id": False}])
        self.assertIn("does not want", case.reason)

    def test_a_message_held_back_takes_the_voucher_back(self):
        self._late()
        case = self._run()
        self._as(self.packer, case.message_id).action_hold_back()
        self.assertRecordValues(case, [{"state": "refused", "amount": 0.0}])
        self.assertFalse(case.card_id.active)
        with self._refused("decided on at their case"):
            self._as(self.packer, case.message_id).action_approve()

    def test_left_alone_and_the_effect(self):
        self.rule.holdout_percent = 50.0
        orders = self._late(count=20)
        first = self._run()
        held = first.filtered(lambda case: case.state == "held_out")
        self.assertTrue(0 < len(held) < 20)
        self.assertFalse(held.card_id or held.message_id)
        self.assertEqual(sum(held.mapped("amount")), 0.0)
        self.env["scm.return"].sudo().flush_model()
        with self._at(self.TODAY + timedelta(days=20)):
            self.assertEqual(self.rule.effect()[0]["verdict"], "no_data")
        again = self._create_sale([(self.product, 1.0)], self.TODAY + timedelta(days=5))
        with self._at(self.TODAY + timedelta(days=40)):
            found = {(one["measure"], one["days"]): one for one in self._as(self.planner, self.rule).effect()}
        repeat = found["repeat", 30]
        self.assertEqual((repeat["treated"], repeat["held_out"]), (20 - len(held), len(held)))
        # one customer: his further order counts for all of them
        self.assertEqual((repeat["share_treated"], repeat["difference"], repeat["verdict"]), (1.0, 0.0, "open"))
        self.assertEqual(found["returns", 30]["share_treated"], 0.0)
        self.assertEqual(found["repeat", 90]["verdict"], "no_data")
        self.assertNotIn(again, orders)

    def test_another_company_and_bad_rules(self):
        self._late()
        self.env["scm.care.rule"].create({"name": "B", "company_id": self.company_b.id, "is_on": True})
        self.assertFalse(self.env["scm.care.rule"]._run_rules(self.company_b))
        self.assertFalse(self._as(self.planner_b, self.env["scm.care.rule"]).search([("id", "=", self.rule.id)]))
        with self._refused("", AccessError):
            self._as(self.planner, self.rule).action_run()
        with self._refused("worth", ValidationError):
            self.rule.amount = 0.0
        with self._refused("vouchers of", ValidationError):
            self.program.currency_id = self.env.ref("base.USD")
            self.rule.amount = 6.0

    def test_as_many_queries_for_many_orders_as_for_one(self):
        self.rule.program_id = False
        self._late()
        with self._at(self.TODAY):
            self.rule._prepare_cases(self.company_a)
            one = self._query_count(self.rule._prepare_cases, self.company_a)
            self._late(count=9)
            self.assertLessEqual(self._query_count(self.rule._prepare_cases, self.company_a), one)
