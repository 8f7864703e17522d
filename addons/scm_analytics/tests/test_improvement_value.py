from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestImprovementValue(ScmCase):
    """What counts, how much, in which months, and who may state it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product()
        cls.start = cls.TODAY - timedelta(days=60)

    def _improvement(self, user=None, company=None, **values):
        """One whose lead time fell from 20 days to 14, measured."""
        company = company or self.company_a
        model = self._as(user or self.manager, self.env["scm.improvement"].with_company(company))
        improvement = model.create(
            {
                "name": "Shorter lead times",
                "area": "supplier",
                "company_id": company.id,
                "metric": "lead_time",
                "baseline_from": self.start - timedelta(days=90),
                "baseline_to": self.start - timedelta(days=1),
                "after_from": self.start,
                "after_to": self.TODAY,
            }
            | values
        )
        improvement.sudo().write(
            {"state": "checking", "effect": -6.0, "effect_low": -8.0, "effect_high": -4.0, "verdict": "worked"}
        )
        return improvement

    def _months(self, improvement):
        return {str(row.month): row.amount for row in improvement.scm_value_ids}

    def _receive_goods(self):
        """365 units of 8.00 in a year, 20 % a year for holding them: 1.60 a day on the way."""
        policies = self.env["scm.inventory.policy"]
        own = policies.search([("company_id", "=", self.company_a.id)])
        own = own or policies.create({"company_id": self.company_a.id, "name": "All"})
        own.holding_rate = 0.2
        self.product.standard_price = 8.0
        order = self._create_purchase([(self.product, 365)], self.TODAY - timedelta(days=100))
        self._receive(order, self.TODAY - timedelta(days=90))

    def test_fewer_days_on_the_way_are_money(self):
        self._receive_goods()
        with self._at(self.TODAY):
            improvement = self._improvement()
        # 365 x 8.00 a year = 8.00 a day, 6 days fewer, 20 % a year
        self.assertRecordValues(
            improvement,
            [{"scm_value_realised": 9.6, "scm_value_low": 6.4, "scm_value_high": 12.8, "scm_value_basis": "measured"}],
        )
        terms = {term["code"]: term["value"] for term in improvement.scm_value_why["terms"]}
        self.assertEqual((terms["value_volume"], terms["value_unit"], terms["value_change"]), (8.0, 0.2, -6.0))
        labels = self.env["scm.why"].labels()
        self.assertFalse(
            {term["code"] for term in improvement.scm_value_why["terms"]} - labels.keys(), "each term has words"
        )
        self.assertAlmostEqual(sum(self._months(improvement).values()), 9.6, places=1)

    def test_only_what_worked_and_is_checked_counts(self):
        self._receive_goods()
        with self._at(self.TODAY):
            improvement = self._improvement()
            for values in ({"verdict": "did_not"}, {"verdict": "worked", "state": "running"}, {"state": "cancelled"}):
                improvement.sudo().write(values)
                self.assertEqual((improvement.scm_value_realised, len(improvement.scm_value_ids)), (0, 0), values)
            improvement.sudo().write({"state": "done"})
            self.assertEqual(improvement.scm_value_realised, 9.6)

    def test_a_scope_counts_once(self):
        with self._at(self.TODAY):
            first = self._improvement(metric=False, source_key="lane,7")
            again = self._improvement(metric=False, after_from=self.start + timedelta(days=30))
            again.sudo().source_key = "other"
            for improvement in (first, again):
                improvement.state_value(improvement.id, 36500.0, "Quoted by the carrier")
            self.assertEqual(sum(self._months(again).values()), 36500)
            first.sudo().state = "done"
            again.sudo().write({"source_key": "lane,7", "state": "done"})
        self.assertEqual(sum(self._months(first).values()), 36500, "who was first keeps the days")
        self.assertAlmostEqual(sum(self._months(again).values()), 30 * 100, places=2)

    def test_a_value_is_stated_by_a_manager_with_a_note_after_it_worked(self):
        with self._at(self.TODAY):
            improvement = self._improvement(metric=False)
            board = self._as(self.planner, improvement)
            with self.assertRaises(AccessError):
                board.state_value(improvement.id, 100.0, "I think so")
            own = self._improvement(metric=False, user_id=self.planner.id)
            with self.assertRaises(AccessError):
                self._as(self.planner, own).write({"scm_value_stated": 100.0, "scm_value_note": "I think so"})
            states = self._as(self.manager, self.env["scm.improvement"]).state_value
            for args, words in (
                ((improvement.id, 100.0, " "), "how you know"),
                ((improvement.id, 100.0, None), "how you know"),
                ((improvement.id, -1.0, "x"), "is no amount"),
                ((improvement.id, float("nan"), "x"), "is no amount"),
                ((improvement.id, "much", "x"), "is no amount"),
                ((2**30, 1.0, "x"), "no improvement"),
                ((None, 1.0, "x"), "no improvement"),
            ):
                with self.assertRaisesRegex(UserError, words):
                    states(*args)
            self.assertEqual(states(improvement.id, 100.0, "Contract of May"), 100.0)
            self.assertEqual(improvement.scm_value_basis, "stated")
            improvement.sudo().verdict = "not_enough_data"
            self.assertFalse(improvement.scm_value_basis)
            with self.assertRaisesRegex(UserError, "not been found to work"):
                states(improvement.id, 200.0, "Contract of May")
            with self.assertRaisesRegex(UserError, "is new"):
                self._as(self.manager, improvement).create({"name": "X", "scm_value_stated": 5.0})
            with self.assertRaisesRegex(UserError, "is measured, not typed"):
                self._as(self.manager, improvement).write({"scm_value_realised": 5.0})

    def test_the_board_adds_up_by_year_area_and_owner(self):
        with self._at(self.TODAY):
            before = self._as(self.planner, self.env["scm.improvement"]).get_board()
            self.env["scm.improvement.target"].create(
                {"company_id": self.company_a.id, "year": 2026, "amount": 10000.0}
            )
            one = self._improvement(metric=False, user_id=self.manager.id, area="logistics")
            one.state_value(one.id, 36500.0, "Contract")
            board = self._as(self.planner, self.env["scm.improvement"]).get_board()
            later = self._as(self.planner, self.env["scm.improvement"]).get_board(2027)
            other = self._as(self.planner_b, self.env["scm.improvement"]).get_board()
        days = (self.TODAY.replace(month=12, day=31) - self.start).days + 1
        self.assertAlmostEqual(board["realised"] - before["realised"], 100 * days, places=2)
        self.assertAlmostEqual(board["so_far"] - before["so_far"], 100 * 60, delta=150)
        self.assertAlmostEqual(later["realised"], 100 * (365 - days), places=2)
        self.assertEqual((board["target"], later["target"], other["realised"]), (10000, 0, 0))
        self.assertEqual(board["areas"][0]["area"], "logistics")
        self.assertEqual(board["owners"][0]["name"], "manager")
        self.assertEqual((board["worked"] - before["worked"], board["judged"] - before["judged"]), (1, 1))

    def test_the_board_is_for_users_of_the_supply_chain(self):
        improvements = self._as(self.outsider, self.env["scm.improvement"])
        for call in (lambda: improvements.get_board("x"), lambda: improvements.state_value(0, "x", None)):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaisesRegex(UserError, "is no year"):
            self._as(self.planner, self.env["scm.improvement"]).get_board("soon")
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.improvement.target"]).create({"year": 2026, "amount": 5})
        targets = self.env["scm.improvement.target"]
        for values in ({"year": 1, "amount": 5}, {"year": 2026, "amount": 0}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                targets.create({"company_id": self.company_a.id, **values})

    def test_companies_do_not_see_each_other(self):
        with self._at(self.TODAY):
            improvement = self._improvement(metric=False)
            improvement.state_value(improvement.id, 100.0, "Contract")
        values = self._as(self.planner_b, self.env["scm.improvement.value"])
        self.assertFalse(values.search([("improvement_id", "=", improvement.id)]))

    def test_as_many_queries_for_many_as_for_few(self):
        self._receive_goods()
        with self._at(self.TODAY):
            many = self.env["scm.improvement"].concat(
                *(self._improvement(product_id=self.product.id if number else False) for number in range(8))
            )
            many[0].sudo()._money_terms()
            few = self._query_count(many[:1].sudo()._money_terms)
            self.assertLessEqual(self._query_count(many.sudo()._money_terms), few + 1)
