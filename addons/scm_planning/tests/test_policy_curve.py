"""Policy curve: what service costs, per class, and proposals that a manager confirms."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .simulation_common import SimulationCase
from .test_simulation import has_none


@tagged("post_install", "-at_install")
class TestPolicyCurve(SimulationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["scm.product.class"].search([("product_id", "=", cls.products[3].id)]).write(
            {"abc_value": "C", "xyz": "Z"}
        )
        cls._refresh()
        cls._compute_curves()
        find = cls.env["scm.inventory.policy"].search
        cls.policy = find([("company_id", "=", cls.company_a.id), ("abc", "=", "A"), ("xyz", "=", "Y")])

    @classmethod
    def _compute_curves(cls, company=None):
        with cls._at(cls.TODAY):
            return cls.env["scm.policy.curve"]._refresh(company or cls.company_a)

    def _curves(self, user=None):
        return self._as(user or self.planner, self.env["scm.policy.curve"]).get_curves()

    def _propose(self, levels, user=None):
        model = self._as(user or self.manager, self.env["scm.policy.curve"])
        return self._as(user or self.manager, self.env["scm.policy.adopt"]).browse(
            model.propose_levels({str(policy.id): level for policy, level in levels.items()})["res_id"]
        )

    def test_a_curve_per_policy(self):
        data = self._curves()
        self.assertEqual([(row["name"], row["items"]) for row in data["classes"]], [("AY", 3), ("CZ", 1)])
        row = data["classes"][0]
        self.assertAlmostEqual(row["now"]["level"], 0.97)
        stock = [point["stock"] for point in row["points"]]
        lost = [point["lost"] for point in row["points"]]
        self.assertEqual((stock, lost), (sorted(stock), sorted(lost, reverse=True)))
        self.assertTrue(stock[0] < row["now"]["stock"] < stock[-1])
        at_98 = next(point for point in row["points"] if point["level"] == 0.98)
        self.assertAlmostEqual(row["point"]["stock"], at_98["stock"] - row["now"]["stock"], 1)
        self.assertAlmostEqual(data["total"]["stock"], sum(one["now"]["stock"] for one in data["classes"]))

    def test_the_present_stock_is_that_of_the_plan(self):
        """At the present level the curve says what the proposals' own levels would keep."""
        [row, _other] = self._curves()["classes"]
        at_97 = next(point for point in row["points"] if point["level"] == 0.97)
        self.assertAlmostEqual(at_97["stock"], row["now"]["stock"], 1)
        self.assertAlmostEqual(at_97["lost"], row["now"]["lost"], 1)

    def test_a_changed_policy_moves_along_the_curve(self):
        self.policy.service_level = 0.9
        [row, _other] = self._curves()["classes"]
        at_90 = next(point for point in row["points"] if point["level"] == 0.9)
        self.assertEqual((row["now"]["level"], row["now"]["stock"]), (0.9, at_90["stock"]))

    def test_exchange_between_classes(self):
        exchange = self._curves()["exchange"]
        stocks = [mix["stock"] for mix in exchange["mixes"]]
        self.assertEqual(stocks, sorted(stocks))
        total = self._curves()["total"]
        for offer in filter(None, (exchange["same_service"], exchange["same_stock"])):
            self.assertTrue(offer["stock"] <= total["stock"] * 1.0001 or offer["lost"] <= total["lost"] * 1.0001)
            self.assertEqual(len(offer["levels"]), 2)

    def test_answers_can_be_carried_by_xmlrpc(self):
        self.assertFalse(has_none(json.loads(json.dumps(self._curves()))))
        empty = self._curves(self.planner_b)
        self.assertEqual((empty["classes"], empty["date"]), ([], False))
        self.assertFalse(has_none(json.loads(json.dumps(empty))))

    def test_the_nightly_run_computes_curves(self):
        curves = self.env["scm.policy.curve"].search([("company_id", "=", self.company_a.id)])
        curves.unlink()
        run = self.env["scm.forecast.run"].search([("company_id", "=", self.company_a.id)], limit=1)
        with self._at(self.TODAY):
            run._after_plan()
        self.assertEqual(len(self._curves()["classes"]), 2)

    def test_policies_that_keep_no_stock_have_no_curve(self):
        self.policy.stocked = False
        self._refresh()
        self._compute_curves()
        self.assertEqual([row["name"] for row in self._curves()["classes"]], ["CZ"])

    def test_a_manager_proposes_confirms_and_undoes(self):
        dialog = self._propose({self.policy: 0.98})
        self.assertGreater(dialog.line_ids.stock_after, dialog.line_ids.stock_before)
        self.assertEqual(self.policy.service_level, 0.97)
        dialog.reason = "Meeting"
        dialog.action_confirm()
        self.assertAlmostEqual(self.policy.service_level, 0.98)
        change = self.env["scm.inventory.policy.change"].search([("policy_id", "=", self.policy.id)])
        self.assertEqual((change.source, change.reason, change.user_id), ("curve", "Meeting", self.manager))
        self.assertEqual(change.why["value"], 0.98)
        self.policy.service_level = 0.92
        with self.assertRaisesRegex(UserError, "was changed after"):
            self._as(self.manager, change).action_undo()
        self.policy.service_level = 0.98
        self._as(self.manager, change).action_undo()
        self.assertAlmostEqual(self.policy.service_level, 0.97)

    def test_the_same_twice_changes_once(self):
        self._propose({self.policy: 0.98}).action_confirm()
        with self.assertRaisesRegex(UserError, "have already"):
            self._propose({self.policy: 0.98}).action_confirm()

    def test_bad_levels(self):
        model = self._as(self.manager, self.env["scm.policy.curve"])
        for levels in ({str(self.policy.id): 1.5}, {str(self.policy.id): float("nan")}, {"x": 0.9}, {"999999": 0.9}, 7):
            with self.assertRaises(UserError):
                model.propose_levels(levels)
        dialog = self._propose({self.policy: 0.98})
        dialog.line_ids.service_level = 0.2
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            dialog.action_confirm()

    def test_rights(self):
        for user in (self.planner, self.outsider):
            with self.assertRaises(AccessError):
                self._propose({self.policy: 0.98}, user)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.policy.curve"]).refresh_curves()
        with self.assertRaises(AccessError):
            self._curves(self.outsider)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.policy.curve"]).get_curves(self.company_b.id)
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.manager, self.env["scm.policy.curve"]).refresh_curves(), 2)

    def test_each_company_has_its_own(self):
        self._create_shop(self.warehouse_b, 2, "B")
        self._compute_curves(self.company_b)
        self.assertEqual([row["items"] for row in self._curves(self.planner_b)["classes"]], [2])
        self.assertEqual([row["items"] for row in self._curves()["classes"]], [3, 1])
        other = self.env["scm.inventory.policy"].search([("company_id", "=", self.company_b.id)], limit=1)
        with self.assertRaisesRegex(UserError, "has no inventory policy"):
            self._propose({other: 0.9})

    def test_as_many_queries_for_many_as_for_few(self):
        with self._at(self.TODAY):
            self._query_count(self.env["scm.policy.curve"]._refresh, self.company_a)
            few = self._query_count(self.env["scm.policy.curve"]._refresh, self.company_a)
            more = self._create_product("More", self.vendor, delay=9)
            keys = [*self.products, more]
            history = {product: [10 + place] * 104 for place, product in enumerate(keys)}
            self._create_forecast(history)
            self._set_class(more, "A", "Y")
            self._refresh()
            self._query_count(self.env["scm.policy.curve"]._refresh, self.company_a)
            self.assertEqual(self._query_count(self.env["scm.policy.curve"]._refresh, self.company_a), few)
