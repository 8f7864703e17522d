"""Simulator: a past period replayed by its users, without touching anything."""

import json
from datetime import timedelta
from unittest.mock import patch

import numpy as np
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models import scm_simulation as definition
from .simulation_common import SimulationCase


def has_none(value):
    if isinstance(value, dict):
        return any(has_none(entry) or not isinstance(key, str) for key, entry in value.items())
    return any(map(has_none, value)) if isinstance(value, list) else value is None


@tagged("post_install", "-at_install")
class TestSimulation(SimulationCase):
    def _figures(self, simulation):
        return {scenario.kind: scenario for scenario in simulation.scenario_ids}

    def _replay(self, simulation, product):
        with self._at(self.TODAY):
            return {row["id"]: row for row in simulation.get_replay(simulation.id, product.id)["scenarios"]}

    def test_planner_replays_a_period(self):
        simulation = self._simulation()
        self.assertEqual((simulation.state, simulation.item_count, simulation.left_out_count), ("done", 4, 0))
        ours = self._figures(simulation)["policy"]
        days = self.env["scm.demand.day"].search(
            [
                ("product_id", "in", self.products.ids),
                ("date", ">=", simulation.date_from),
                ("date", "<=", simulation.date_to),
            ]
        )
        self.assertAlmostEqual(ours.demand, sum(days.mapped("quantity")))
        self.assertGreater(ours.fill_rate, 0.9)
        self.assertAlmostEqual(ours.fill_rate, 1 - ours.lost_quantity / ours.demand, 4)
        self.assertAlmostEqual(ours.total_cost, ours.ordering_cost + ours.holding_cost + ours.lost_margin, 1)
        self.assertEqual(ours.why["method"], "sim_policy")
        more = self._figures(simulation)["what_if"]
        self.assertGreater(more.stock_value, ours.stock_value)
        self.assertGreaterEqual(more.fill_rate, ours.fill_rate)

    def test_totals_are_the_sums_of_products_and_weeks(self):
        simulation = self._simulation()
        for scenario in simulation.scenario_ids:
            rows = self.env["scm.simulation.result"].search([("scenario_id", "=", scenario.id)])
            self.assertEqual(rows.product_id, self.products)
            self.assertAlmostEqual(sum(rows.mapped("total_cost")), scenario.total_cost, 1)
            self.assertAlmostEqual(sum(scenario.weeks["lost"]), scenario.lost_value, 0)
            self.assertEqual(len(scenario.weeks["stock"]), 26)
            self.assertAlmostEqual(sum(rows.mapped("order_count")), scenario.order_count)

    def test_typed_levels_are_replayed_as_they_stand(self):
        simulation = self._simulation()
        row = self._replay(simulation, self.products[0])[self._figures(simulation)["typed"].id]
        self.assertEqual({*row["minimum"]}, {20.0})
        stock = np.array(row["stock"])
        flow = np.array(row["received"]) - np.array(row["demand"]) + np.array(row["missed"])
        np.testing.assert_allclose(np.diff(stock), flow[1:], atol=0.01)
        # Odoo's scheduler looks every day: nothing is ordered while the position is at the minimum or above
        ordered = np.flatnonzero(np.array(row["ordered"]) > 0)
        self.assertGreater(len(ordered), 5)
        self.assertGreater(len(set(ordered % 7)), 1)

    def test_what_comes_later_changes_nothing_before(self):
        first = self._simulation()
        middle = self.TODAY - timedelta(weeks=13)
        later = (
            self.env["scm.demand.day"].sudo().search([("product_id", "in", self.products.ids), ("date", ">=", middle)])
        )
        for day in later:
            day.quantity *= 5
        second = self._simulation()
        for product in self.products:
            one, other = self._replay(first, product), self._replay(second, product)
            for left, right in zip(one.values(), other.values(), strict=True):
                self.assertEqual(left["stock"][:90], right["stock"][:90])
                self.assertEqual(left["maximum"][:85], right["maximum"][:85])
        self.assertGreater(second.scenario_ids[0].lost_quantity, first.scenario_ids[0].lost_quantity)

    def test_nothing_is_ordered_or_changed(self):
        rules = self.env["stock.warehouse.orderpoint"].search([("product_id", "in", self.products.ids)])
        policies = self.env["scm.inventory.policy"].search([])
        before = rules.read(["product_min_qty", "product_max_qty"]), policies.read(["service_level"])
        orders = self.env["purchase.order"].search_count([])
        self._simulation()
        self.assertEqual((rules.read(["product_min_qty", "product_max_qty"]), policies.read(["service_level"])), before)
        self.assertEqual(self.env["purchase.order"].search_count([]), orders)

    def test_same_seed_same_result(self):
        first, again = self._simulation(), self._simulation()
        self.assertEqual(first.scenario_ids.mapped("total_cost"), again.scenario_ids.mapped("total_cost"))

    def test_lost_units_are_demand(self):
        day = self.TODAY - timedelta(weeks=10)
        self.env["scm.stockout"].sudo().create(
            {
                "company_id": self.company_a.id, "warehouse_id": self.warehouse_a.id, "product_id": self.products[0].id,
                "date_from": day, "date_to": day + timedelta(days=3), "days": 4, "lost_quantity": 18, "lost_share": 1,
            }
        )  # fmt: skip
        plain = self._simulation(product_ids=[Command.set(self.products[1:].ids)])
        restored = self._simulation()
        self.assertEqual((plain.lost_repaired, restored.lost_repaired), (0, 18))
        days = np.array(next(iter(self._replay(restored, self.products[0]).values()))["demand"])
        at = (day - restored.date_from).days
        sold = self.env["scm.demand.day"].search(
            [("product_id", "=", self.products[0].id), ("date", ">=", day), ("date", "<=", day + timedelta(days=3))]
        )
        self.assertAlmostEqual(days[at : at + 4].sum(), 18 + sum(sold.mapped("quantity")), 2)

    def test_longer_lead_times_and_more_demand(self):
        scenarios = [
            {"name": "As it was", "kind": "policy"},
            {"name": "Never", "kind": "policy", "lead_time_extra": 400},
            {"name": "At once", "kind": "typed", "lead_time_extra": -400},
            {"name": "Half more", "kind": "typed", "demand_change": 0.5},
            {"name": "None", "kind": "policy", "demand_change": -1},
        ]
        simulation = self._simulation(scenario_ids=[Command.create(values) for values in scenarios])
        self.assertEqual(simulation.state, "done", simulation.message)
        base, late, at_once, more, none = simulation.scenario_ids
        self.assertGreater(late.lost_quantity, base.lost_quantity)
        self.assertGreater(at_once.fill_rate, 0.97)
        self.assertAlmostEqual(more.demand, 1.5 * base.demand, 2)
        self.assertEqual((none.demand, none.lost_quantity, none.fill_rate), (0, 0, 1))

    def test_a_shut_down_makes_orders_late(self):
        plain = self._simulation()
        self.env["scm.event"].create(
            {
                "name": "Closed", "kind": "shutdown", "source": "manual", "company_id": self.company_a.id,
                "occurrence_ids": [
                    Command.create(
                        {
                            "date_start": self.TODAY - timedelta(weeks=12),
                            "date_end": self.TODAY - timedelta(weeks=7),
                        }
                    )
                ],
            }
        )  # fmt: skip
        closed = self._simulation()
        self.assertGreater(closed.scenario_ids[0].lost_quantity, plain.scenario_ids[0].lost_quantity)

    def test_products_without_enough_history_are_left_out(self):
        self.env["scm.demand.item"].sudo().search([("product_id", "=", self.products[0].id)]).date_first_demand = (
            self.TODAY - timedelta(weeks=30)
        )
        simulation = self._simulation()
        self.assertEqual((simulation.item_count, simulation.left_out_count), (3, 1))

    def test_choices_of_products(self):
        create = self._simulation
        self.assertEqual(create(run=False).product_count, 4)
        self.assertEqual(create(run=False, abc="A", xyz="Y").product_count, 4)
        self.assertEqual(create(run=False, abc="B").product_count, 0)
        self.assertEqual(create(run=False, vendor_ids=[Command.set(self.customer.ids)]).product_count, 0)
        saved = self.env["ir.filters"].create(
            {
                "name": "Mine",
                "model_id": "scm.policy.proposal",
                "domain": f"[('product_id', '=', {self.products[0].id})]",
            }
        )
        self.assertEqual(create(run=False, filter_id=saved.id).product_count, 1)
        self.assertEqual(create(product_limit=2).item_count, 2)

    # Bad input

    def test_bad_periods(self):
        with self.assertRaisesRegex(ValidationError, "ends .* before it begins"):
            self._simulation(date_to=self.TODAY - timedelta(weeks=40))
        with self.assertRaisesRegex(ValidationError, "three years"):
            self._simulation(date_from=self.TODAY - timedelta(weeks=400))
        with self.assertRaisesRegex(UserError, "must be over"):
            self._simulation(date_to=self.TODAY)
        early = self._simulation(date_from="2024-12-01", date_to="2024-12-24")
        self.assertEqual(early.state, "failed")
        self.assertIn("too little history", early.message)

    def test_bad_numbers(self):
        many = [Command.create({"name": str(number), "kind": "policy"}) for number in range(2000)]
        with self.assertRaisesRegex(ValidationError, "2000 scenarios; 12"):
            self._simulation(scenario_ids=many)
        with self.assertRaisesRegex(UserError, "at least one scenario"):
            self._simulation(scenario_ids=[])
        for values in ({"product_limit": 0}, {"product_limit": 10**9}, {"refresh_weeks": 0}):
            with self.assertRaises(ValidationError):
                self._simulation(**values)
        for values in ({"service_level": 0.3}, {"lead_time_extra": 5000}, {"demand_change": -2}, {"review_days": -1}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._simulation(scenario_ids=[Command.create({"name": "Bad", **values})])

    def test_nothing_to_replay(self):
        with self.assertRaisesRegex(UserError, "no product fits"):
            self._simulation(abc="C")
        with self.assertRaisesRegex(UserError, "no product fits"):
            self._simulation(self.planner_b)

    def test_company_without_demand(self):
        self.env["scm.demand.day"].sudo().search([]).unlink()
        self.env["scm.demand.item"].sudo().search([]).unlink()
        simulation = self._simulation()
        self.assertEqual(simulation.state, "failed")
        self.assertIn("no demand yet", simulation.message)

    # Rights and companies

    def test_only_supply_chain_users_simulate(self):
        with self.assertRaises(AccessError):
            self._simulation(self.outsider)
        simulation = self._simulation(run=False)
        with self.assertRaises(AccessError):
            simulation.with_user(self.outsider).action_run()
        with self.assertRaises(AccessError):
            self._as(self.planner_b, simulation).action_run()
        with self.assertRaises(AccessError):
            self._as(self.planner_b, simulation).get_result(simulation.id)

    def test_results_cannot_be_typed(self):
        simulation = self._simulation()
        with self.assertRaises(AccessError):
            simulation.write({"state": "draft"})
        with self.assertRaises(AccessError):
            simulation.scenario_ids[0].write({"fill_rate": 1})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.simulation"]).create({"name": "x", "item_count": 5})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.simulation.result"]).search([])[:1].write({"lost": 0})
        with self.assertRaisesRegex(UserError, "has run"):
            simulation.date_to -= timedelta(days=7)
        with self.assertRaisesRegex(UserError, "has run"):
            simulation.scenario_ids[0].service_level = 0.9
        simulation.action_draft()
        simulation.scenario_ids[2].service_level = 0.9
        with self._at(self.TODAY):
            simulation.action_run()
        self.assertEqual(simulation.state, "done")

    def test_each_company_replays_its_own(self):
        self._create_shop(self.warehouse_b, 2, "B")
        simulation = self._simulation(self.planner_b)
        self.assertEqual((simulation.company_id, simulation.item_count), (self.company_b, 2))
        self.assertEqual(self._simulation().item_count, 4)
        self.assertFalse(self._as(self.planner, self.env["scm.simulation"]).search([("id", "=", simulation.id)]))

    # Runs

    def test_large_ones_run_in_the_background_and_go_on_when_killed(self):
        scenarios = [
            Command.create({"name": "One", "kind": "policy"}),
            Command.create({"name": "Two", "kind": "typed", "demand_change": 0.1}),
        ]
        with patch.object(definition, "SMALL", 10):
            simulation = self._simulation(scenario_ids=scenarios)
            self.assertEqual(simulation.state, "queued")
            with self.assertRaisesRegex(UserError, "not finished"), self._at(self.TODAY):
                self._simulation()
        with self._at(self.TODAY):
            run = simulation.sudo()
            run._process(commit=lambda finished, remaining: 0)
            self.assertEqual((run.state, run.scenario_ids.mapped("done")), ("running", [True, False]))
            kept = run.scenario_ids[0].total_cost
            run._process()
        self.assertEqual((simulation.state, simulation.progress), ("done", 100))
        self.assertEqual(simulation.scenario_ids[0].total_cost, kept)

    def test_cancel_and_delete(self):
        with patch.object(definition, "SMALL", 10):
            simulation = self._simulation()
        with self.assertRaisesRegex(UserError, "not finished"):
            simulation.unlink()
        simulation.action_cancel()
        self.assertEqual(simulation.state, "cancelled")
        with self._at(self.TODAY):
            simulation.action_run()
        traces = simulation._traces()
        self.assertEqual(len(traces), 3)
        simulation.unlink()
        self.assertFalse(traces.exists())

    def test_as_many_queries_for_many_as_for_few(self):
        few = self._simulation(run=False, product_limit=1).sudo()
        many = self._simulation(run=False).sudo()
        with self._at(self.TODAY):
            self._query_count(few._simulate, few.scenario_ids)
            few._clear()
            counts = [self._query_count(one._simulate, one.scenario_ids) for one in (few, many)]
            self.assertEqual(*counts)
            few.write({"state": "done"}), many.write({"state": "done"})
            reads = [self._query_count(one.get_result, one.id) for one in (few, many)]
            self.assertEqual(*reads)

    # Pages

    def test_answers_can_be_carried_by_xmlrpc(self):
        simulation = self._simulation()
        with self._at(self.TODAY):
            result = simulation.get_result()
            replay = simulation.get_replay(simulation.id, self.products[0].id, self.warehouse_a.id)
            empty = self._as(self.planner_b, self.env["scm.simulation"]).get_result()
        self.assertEqual(result["id"], simulation.id)
        self.assertEqual(len(result["products"]), 4)
        for answer in (result, replay, empty):
            self.assertFalse(has_none(json.loads(json.dumps(answer))))
        self.assertEqual(empty, {"id": False, "choices": []})
        with self.assertRaisesRegex(UserError, "not part of"):
            simulation.get_replay(simulation.id, self._create_product().id)

    # Use this policy

    def test_a_manager_uses_a_scenario(self):
        simulation = self._simulation()
        scenario = self._figures(simulation)["what_if"]
        policy = self.env["scm.inventory.policy"].search(
            [("company_id", "=", self.company_a.id), ("abc", "=", "A"), ("xyz", "=", "Y")]
        )
        with self.assertRaises(AccessError):
            scenario.action_use_policy()
        mine = self._as(self.manager, scenario)
        with self.assertRaisesRegex(UserError, "no settings of its own"):
            self._as(self.manager, self._figures(simulation)["typed"]).action_use_policy()
        dialog = self._as(self.manager, self.env["scm.policy.adopt"]).browse(mine.action_use_policy()["res_id"])
        self.assertEqual((dialog.line_ids.policy_id, dialog.line_ids.service_level), (policy, 0.98))
        self.assertEqual(policy.service_level, 0.97)
        dialog.action_confirm()
        self.assertEqual(policy.service_level, 0.98)
        change = self.env["scm.inventory.policy.change"].search([("policy_id", "=", policy.id)])
        self.assertEqual(
            (change.before, change.source, change.scenario_id), ({"service_level": 0.97}, "simulator", scenario)
        )
        self.assertIn("97.0 % → 98.0 %", change.text)
        self.assertEqual(change.why["method"], "sim_what_if")
        with self.assertRaises(AccessError):
            self._as(self.planner, change).action_undo()
        self._as(self.manager, change).action_undo()
        self.assertEqual((policy.service_level, change.state), (0.97, "undone"))
