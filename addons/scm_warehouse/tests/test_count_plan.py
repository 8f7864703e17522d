"""The plan of counts: what is due, what risks most, on which working days, and made again the same."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .warehouse_common import WarehouseCase

MONDAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class TestCountPlan(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_manager = cls._create_user("stock_manager", "scm_base.scm_group_manager", "stock.group_stock_manager")
        cls.picking = cls.env["stock.location"].create(
            {"name": "Picking", "usage": "view", "location_id": cls.warehouse_a.lot_stock_id.id}
        )
        cls.places = cls._places("A", bays=6, parent=cls.picking)
        cls.warehouse_a.write(
            {"scm_count_planned": True, "scm_count_capacity": 2, "scm_count_days": 5, "scm_count_minutes": 1}
        )
        cls.cheap = cls._create_product("Screw", standard_price=0.01)
        cls.rule = cls.env["scm.count.rule"].create({"company_id": cls.company_a.id, "letter": "any"})

    def _run(self, day=MONDAY, user=None):
        with self._at(day):
            runs = self._as(user or self.manager, self.env["scm.count.plan.run"])
            run = runs.browse(runs.run_now(wait=True))
            self.assertEqual(run.state, "done", run.message)
        return run

    def _tasks(self, **values):
        domain = [("warehouse_id", "=", self.warehouse_a.id), *((name, "=", value) for name, value in values.items())]
        return self.env["scm.count.task"].search(domain)

    def _counted(self, place, day, wrong=0):
        """A count of the whole place that was done on a day, with so many wrong records."""
        moment = self._moment(day)
        return self.env["scm.count.task"].create(
            {
                "location_id": place.id,
                "date": day,
                "origin": "plan",
                "state": "done",
                "counted_at": moment,
                "done_at": moment,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "expected_quantity": 10,
                            "quantity": 10 - (number < wrong),
                            "difference": -float(number < wrong),
                            "in_tolerance": number >= wrong,
                            "counted_at": moment,
                            "unit_cost": 10,
                        }
                    )
                    for number in range(max(wrong, 1))
                ],
            }
        )

    # Zones

    def test_a_place_belongs_to_the_location_just_below_the_stock(self):
        shelf = self._places("B", bays=1, parent=self.places[0])
        alone = self._places("C", bays=1)
        stock = self.warehouse_a.lot_stock_id
        self.assertEqual((self.places + shelf + self.picking).scm_zone_id, self.picking)
        self.assertEqual((alone + stock).scm_zone_id, stock)
        self.assertFalse(self.warehouse_a.view_location_id.scm_zone_id)
        alone.location_id = self.places[1]
        self.assertEqual(alone.scm_zone_id, self.picking)
        self.picking.location_id = self.warehouse_a.view_location_id
        self.assertFalse(shelf.scm_zone_id)

    # What and when

    def test_due_by_class_is_in_time_and_the_riskiest_fills_the_day(self):
        """Six places at two a day: due ones by their day, then by what their records may be wrong by."""
        for place, quantity in zip(self.places, (1, 2, 3, 4, 5, 600), strict=True):
            self._put(place, self.product, quantity)
        self.rule.times_a_year = 12
        self._counted(self.places[0], MONDAY - timedelta(days=28))
        for place in self.places[1:]:
            self._counted(place, MONDAY - timedelta(days=5))
        self.warehouse_a.scm_count_min_days = 3
        self._run()
        by_place = {task.location_id: task for task in self._tasks(state="todo")}
        first = by_place[self.places[0]]
        self.assertEqual((first.plan_reason, first.origin), ("due", "plan"))
        self.assertLessEqual(first.date, MONDAY + timedelta(days=2))
        self.assertEqual((by_place[self.places[5]].plan_reason, by_place[self.places[5]].date), ("risk", MONDAY))
        self.assertNotIn(self.places[1], by_place, "what it may be wrong by is not worth a minute")
        self.assertEqual(self.places[0].scm_count_due, MONDAY - timedelta(days=28) + timedelta(days=30))
        self.assertEqual(self.places[5].scm_next_count, MONDAY)
        self.assertEqual(self.places[5].scm_counted_on, MONDAY - timedelta(days=5))
        self.assertEqual(by_place[self.places[5]].why["notes"], ["count_reason_risk"])
        terms = {term["code"]: term["value"] for term in by_place[self.places[5]].why["terms"]}
        self.assertEqual((terms["count_value"], terms["count_since"]), (6000.0, 5))

    def test_made_again_it_plans_nothing_and_keeps_what_stands(self):
        for place in self.places:
            self._put(place, self.product, 50)
        run = self._run()
        planned = self._tasks()
        self.assertEqual(run.planned_count, 6)
        again = self._run()
        self.assertRecordValues(again, [{"planned_count": 0, "kept_count": 6, "cancelled_count": 0}])
        self.assertEqual(self._tasks(), planned)
        later = self._run(MONDAY + timedelta(days=1))
        self.assertEqual((later.planned_count, self._tasks()), (0, planned))

    def test_working_days_and_holidays_of_the_warehouse(self):
        for place in self.places:
            self._put(place, self.product, 50)
        calendar = self.env["resource.calendar"].create(
            {"name": "Counters", "company_id": self.company_a.id, "tz": "Europe/Berlin"}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Feast",
                "calendar_id": calendar.id,
                "company_id": self.company_a.id,
                "date_from": self._moment(MONDAY, 0),
                "date_to": self._moment(MONDAY, 23),
            }
        )
        self.warehouse_a.write({"scm_count_calendar_id": calendar.id, "scm_count_days": 6})
        self._run()
        days = set(self._tasks().mapped("date"))
        self.assertNotIn(MONDAY, days)
        self.assertEqual(min(days), MONDAY + timedelta(days=1))
        self.assertTrue(all(day.weekday() < 5 for day in days))

    def test_a_book_below_zero_is_counted_at_once(self):
        self._put(self.places[0], self.product, 500)
        self._put(self.places[1], self.cheap, -3)
        self._run()
        task = self._tasks(location_id=self.places[1].id)
        self.assertRecordValues(task, [{"plan_reason": "negative", "date": MONDAY, "priority": "1"}])
        self.assertEqual(self.places[1].scm_count_due, MONDAY)

    def test_errors_of_the_past_raise_the_risk(self):
        for place in self.places[:2]:
            self._put(place, self.product, 100)
        self._counted(self.places[0], MONDAY - timedelta(days=100), wrong=3)
        self._counted(self.places[1], MONDAY - timedelta(days=100))
        for place in self.places[:2]:
            self._pick(place, self.product, 1, MONDAY - timedelta(days=10))
        self._run()
        risk = {task.location_id: task.risk for task in self._tasks(state="todo")}
        self.assertGreater(risk[self.places[0]], risk[self.places[1]])

    def test_what_holds_nothing_any_more_is_taken_off_the_plan(self):
        for place in self.places:
            self._put(place, self.product, 50)
        self._run()
        self._put(self.places[0], self.product, -50)
        self.places[1].scm_is_locked = True
        begun = self._tasks(location_id=self.places[0].id)
        begun.state = "counting"
        run = self._run(MONDAY + timedelta(days=1))
        self.assertEqual((run.cancelled_count, begun.state), (1, "counting"))
        task = self._tasks(location_id=self.places[1].id)
        self.assertEqual(task.state, "cancelled")
        self.assertTrue(task.cancel_reason)

    def test_too_little_capacity_is_said(self):
        for place in self.places:
            self._put(place, self.product, 50)
            self._counted(place, MONDAY - timedelta(days=400))
        self.warehouse_a.write({"scm_count_capacity": 1, "scm_count_days": 3})
        run = self._run()
        self.assertEqual((run.planned_count, run.late_count), (3, 5))
        self.assertIn("5", run.message)
        alert = self.env["scm.alert"].search(
            [("type_id.code", "=", "count_overdue"), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual((alert.res_model, alert.res_id), ("stock.location", self.picking.id))

    # Speed, companies, rights, bad input

    def test_as_many_queries_for_many_places_as_for_few(self):
        """Beside one INSERT per thousand counts, nothing depends on how many places there are."""
        self.warehouse_a.write({"scm_count_capacity": 100, "scm_count_days": 2})
        plan = self.env["scm.count.plan"]
        self._put(self.places[0], self.product, 50)
        self._put(self.places[1], self.product, 50)
        with self._at(MONDAY):
            plan._plan(self.warehouse_a)
            self._put(self.places[2], self.product, 50)
            few = self._query_count(plan._plan, self.warehouse_a)
            for place in self._places("D", bays=40, parent=self.picking):
                self._put(place, self.product, 50)
            many = self._query_count(plan._plan, self.warehouse_a)
        self.assertEqual(len(self._tasks()), 43)
        self.assertEqual(many, few)

    def test_companies_share_nothing(self):
        self._put(self.places[0], self.product, 50)
        self.warehouse_b.scm_count_planned = True
        self._put(self._places("A", bays=1, warehouse=self.warehouse_b), self.product, 50)
        self._run()
        self.assertEqual(self._tasks().company_id, self.company_a)
        self.assertFalse(self.env["scm.count.task"].search([("company_id", "=", self.company_b.id)]))
        other = self._as(self.planner_b, self.env["scm.count.plan.run"])
        self.assertFalse(other.search([]))
        with self.assertRaises(AccessError):
            other.run_now()

    def test_who_may_plan_and_that_somebody_plans(self):
        with self.assertRaises(AccessError):
            self._run(user=self.planner)
        with self.assertRaises(AccessError):
            self._run(user=self.counter)
        self.warehouse_a.scm_count_planned = False
        with self._refused("Switch on “Plan Counts”"):
            self._run()

    def test_settings_and_rules_refuse_nonsense(self):
        with self._refused("Places a Day", ValidationError):
            self.warehouse_a.scm_count_capacity = 0
        with self._refused("is no zone", ValidationError):
            self.rule.zone_id = self.places[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["scm.count.rule"].create({"company_id": self.company_a.id, "letter": "any"})
        with self.assertRaises(AccessError):
            self._as(self.counter, self.rule).times_a_year = 3

    def test_the_rule_that_says_most_holds_and_judges_counts(self):
        rules = self.env["scm.count.rule"]
        zone = rules.create(
            {"company_id": self.company_a.id, "zone_id": self.picking.id, "letter": "any", "tolerance_percent": 10}
        )
        outside = self._places("C", bays=1)
        found = rules._for_rows(self.company_a, [(self.places[0], self.product), (outside, self.product)])
        self.assertEqual(found[0], zone)
        self.assertIn(found[1], self.rule + self.env.ref("scm_warehouse.scm_count_rule_none"))
        rows = [(self.places[0], self.product, 100, counted, 10) for counted in (91, 89)]
        self.assertEqual(rules._within(self.company_a, rows), [True, False])

    def test_who_stands_on_the_floor_asks_for_a_count_once(self):
        tasks = self._as(self.counter, self.env["scm.count.task"])
        with self._at(MONDAY):
            first = tasks.request_count([self.places[0].id, self.places[1].id])
            self.assertEqual(tasks.request_count([self.places[0].id, self.places[1].id]), first)
            self.assertEqual(tasks.request_count([self.places[0].id], [self.product.id]), first[:1])
        self.assertRecordValues(
            self.env["scm.count.task"].browse(first),
            [{"origin": "manual", "date": MONDAY, "plan_reason": "asked"}] * 2,
        )
        with self._refused("cannot be counted"):
            tasks.request_count([self.picking.id])
        with self._refused("does not exist any more"):
            tasks.request_count([0])
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.count.task"]).request_count([self.places[0].id])
        foreign = self._places("A", bays=1, warehouse=self.warehouse_b)
        with self.assertRaises(AccessError):
            tasks.request_count([foreign.id])
