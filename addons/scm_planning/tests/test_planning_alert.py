"""Alerts about stock: opened when they hold, resolved when they do not."""

from datetime import timedelta

import numpy as np
from odoo.tests import tagged

from .policy_common import PolicyCase


@tagged("post_install", "-at_install")
class TestPlanningAlert(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Steady", vendor=cls.vendor, delay=14)

    def _check(self, company=None):
        self._refresh(company)
        with self._at(self.TODAY):
            return self.env["scm.planning.alerts"]._refresh(company or self.company_a)

    def _open(self, code):
        return self.env["scm.alert"].search(
            [("type_id.code", "=", f"planning_{code}"), ("state", "=", "open"), ("product_id", "=", self.product.id)]
        )

    def test_runs_out_before_an_order_can_arrive(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 40)
        self._check()
        alert = self._open("runs_out")
        proposal = self._proposal(self.product)
        # 40 last four of the fourteen days; ten days of ten at 25
        self.assertEqual(proposal.date_run_out, self.TODAY + timedelta(days=4))
        self.assertAlmostEqual(alert.money_at_stake, 100 * 25, delta=200)
        self.assertEqual((alert.severity, alert.res_id), ("critical", proposal.id))
        self.assertEqual(alert.why, proposal.why)
        self.assertFalse(self._open("below_safety"), "the graver alert says it")
        self._set_stock(self.product, 400)
        self._check()
        self.assertFalse(self._open("runs_out"))

    def test_below_safety(self):
        rng = np.random.default_rng(1)
        self._create_forecast({self.product: rng.poisson(70, 104) + rng.integers(-40, 40, 104)})
        proposal_safety = 0.0
        self._check()
        proposal_safety = self._proposal(self.product).safety_stock
        self.assertGreater(proposal_safety, 20)
        self._set_stock(self.product, 10)
        self._create_purchase([(self.product, 900)], self.TODAY, planned=self.TODAY)
        self._check()
        self.assertTrue(self._open("below_safety"))

    def test_open_order_too_late_names_the_order(self):
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 40)
        order = self._create_purchase([(self.product, 500)], self.TODAY, planned=self.TODAY + timedelta(days=10))
        self._check()
        alert = self._open("late_receipt")
        self.assertEqual((alert.res_model, alert.res_id, alert.partner_id), ("purchase.order", order.id, self.vendor))
        self.assertIn(order.name, alert.name)
        order.picking_ids.move_ids.date = self._moment(self.TODAY + timedelta(days=2))
        self._check()
        self.assertFalse(self._open("late_receipt"))

    def test_excess(self):
        self._set_class(self.product, "A", "X")
        self._create_forecast({self.product: 70})
        self._set_stock(self.product, 2000)
        self._check()
        proposal = self._proposal(self.product)
        # sixty days of ten and the safety stock are wanted
        self.assertAlmostEqual(proposal.excess_quantity, 1400 - proposal.safety_stock, delta=15)
        self.assertEqual(self._open("excess").money_at_stake, proposal.excess_value)

    def test_dead(self):
        self._create_forecast({self.product: np.r_[np.full(30, 5.0), np.zeros(74)]})
        self._set_stock(self.product, 12)
        self._check()
        self.assertEqual(self._open("dead").money_at_stake, 120)
        self.assertFalse(self._open("excess"), "dead stock is not listed twice")

    def test_blocked(self):
        self.product.seller_ids.unlink()
        self._create_forecast({self.product: 70})
        self._check()
        self.assertTrue(self._open("blocked"))
        self.assertFalse(self._open("runs_out"))

    def test_twice_touches(self):
        self._create_forecast({self.product: 70})
        first = self._check()
        second = self._check()
        self.assertEqual(first["planning_runs_out"]["opened"], 1)
        self.assertEqual(second["planning_runs_out"], {"opened": 0, "touched": 1, "resolved": 0, "reopened": 0})

    def test_same_number_of_queries_for_many(self):
        few = [self._create_product(f"Few {number}", vendor=self.vendor) for number in range(10)]
        many = [self._create_product(f"Many {number}", vendor=self.vendor) for number in range(60)]
        self._create_forecast(dict.fromkeys(few, 7))
        self._check()
        small = self._query_count(self.env["scm.planning.alerts"]._refresh, self.company_a)
        self._create_forecast(dict.fromkeys(few + many, 7))
        self._check()
        self.assertEqual(self._query_count(self.env["scm.planning.alerts"]._refresh, self.company_a), small)
