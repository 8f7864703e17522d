from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .finding_common import RECENT, FindingCase


@tagged("post_install", "-at_install")
class TestFinding(FindingCase):
    """A region that grows, cash that lies, a forecast that is too high: found, ranked, decided, improved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._regions(factor=3.0)
        cls.grown = cls.partners[0].state_id

    def _excess(self, value=5000.0):
        self._set_stock(self.product, 100)
        return self.env["scm.excess"].create(
            {
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "warehouse_id": self.warehouse_a.id,
                "categ_id": self.product.categ_id.id or self.env["product.category"].create({"name": "Lights"}).id,
                "currency_id": self.company_a.currency_id.id,
                "excess_value": value,
                "aged_value": value / 2,
            }
        )

    def test_the_region_that_grew_is_found_with_its_orders_and_the_others_are_not(self):
        run = self._search_now()
        finding = self._found()
        self.assertEqual((finding.kind, finding.measure, finding.state_id), ("growth", "revenue", self.grown))
        self.assertEqual((run.finding_count, run.new_count), (1, 1))
        self.assertGreaterEqual(run.test_count, 8)
        self.assertGreater(finding.change, 0.8)
        self.assertLess(finding.low, finding.change)
        self.assertAlmostEqual(finding.before * (1 + finding.change), finding.after, delta=0.1)
        self.assertGreater(finding.money, 0)
        self.assertIn("Land 0", finding.name)
        self.assertEqual(
            (finding.date_to, finding.date_from), (self.sunday, self.sunday - timedelta(days=7 * RECENT - 1))
        )
        self.assertEqual(len(finding.series["values"]), 52)
        labels = self.env["scm.why"].labels()
        self.assertTrue({term["code"] for term in finding.why["terms"]} <= labels.keys())
        with self._at(self.TODAY):
            action = self._as(self.planner, finding).action_records()
        lines = self.env["sale.order.line"].search(action["domain"])
        self.assertEqual(action["res_model"], "sale.order.line")
        self.assertEqual(len(lines), finding.sample)
        self.assertEqual(lines.order_id.partner_shipping_id, self.partners[0])

    def _delivered(self, partner, rates, units=40):
        """A delivery to a customer in each week up to the last Sunday, of which such a share came back."""
        sale = self._create_sale([(self.product, 1)], self.sunday, partner_id=partner.id)
        values = {
            **{"company_id": self.company_a.id, "order_id": sale.id, "sale_line_id": sale.order_line.id, "move_id": 1},
            **{"product_id": self.product.id, "product_tmpl_id": self.product.product_tmpl_id.id},
            **{"warehouse_id": self.warehouse_a.id, "delivered": units},
        }
        days = [self.sunday - timedelta(days=7 * week) for week in reversed(range(len(rates)))]
        back = self.chance.binomial(units, rates)
        self.env["scm.return.fact"].sudo().create(
            [
                {**values, "order_date": day, "delivery_date": day, "returned": int(count), "cost": 4.0 * int(count)}
                for day, count in zip(days, back, strict=True)
            ]
        )
        sale.sudo()._action_cancel()

    def test_the_region_that_sends_more_back_is_found_and_leads_to_what_came_back(self):
        for number, partner in enumerate(self.partners):
            self._delivered(partner, [0.05] * 60 + [0.05 if number else 0.4] * RECENT)
        self._search_now()
        finding = self._found(kind="return_rate")
        self.assertEqual((finding.measure, finding.dimension), ("return_rate", "region"))
        self.assertEqual((finding.state_id, finding.categ_id), (self.grown, self.env["product.category"]))
        self.assertGreater(finding.change, 0.1)
        self.assertLess(finding.money, 0, "returns cost")
        with self._at(self.TODAY):
            action = self._as(self.planner, finding).action_records()
        facts = self.env["scm.return.fact"].search(action["domain"])
        self.assertEqual(facts.order_id.partner_shipping_id, self.partners[0])
        self.assertTrue(all(fact.returned > 0 for fact in facts))

    def test_searching_again_changes_nothing_and_what_is_gone_is_resolved(self):
        self._search_now()
        before = self._found()
        run = self._search_now()
        self.assertEqual(self._found(), before)
        self.assertEqual((run.finding_count, run.new_count), (1, 0))
        self.assertEqual((before.state, before.is_current), ("new", True))
        # the orders of the last weeks are cancelled: nothing holds any more
        late = self.env["sale.order"].search(
            [("date_order", ">=", before.date_from), ("partner_id", "=", self.partners[0].id)]
        )
        (late - late[::3]).state = "cancel"
        run = self._search_now()
        self.assertEqual((before.state, before.is_current, run.resolved_count), ("resolved", False, 1))
        late.state = "sale"
        run = self._search_now()
        self.assertEqual((before.state, before.is_current, run.new_count), ("new", True, 1))

    def test_a_dismissed_finding_is_quiet_for_its_days(self):
        self._search_now()
        finding = self._found()
        with self._at(self.TODAY):
            self._as(self.manager, finding).action_dismiss("The fair")
        self._search_now()
        self.assertEqual((finding.state, finding.is_current, finding.dismissal), ("dismissed", True, "The fair"))
        with self._at(self.TODAY):
            shown = self._as(self.planner, self.env["scm.finding"]).get_findings()
        self.assertEqual(shown["count"], 0)
        finding.sudo().date_quiet = self.TODAY
        run = self._search_now()
        self.assertEqual((finding.state, finding.dismissal, run.new_count), ("new", False, 1))

    def test_who_may_do_what(self):
        self._search_now()
        finding = self._found()
        for name, args in (
            ("action_accept", ()),
            ("action_dismiss", ("x",)),
            ("action_reopen", ()),
            ("action_improve", ()),
        ):
            with self.assertRaises(AccessError):
                getattr(self._as(self.planner, finding), name)(*args)
        for user in (self.outsider, self.planner_b):
            with self.assertRaises(AccessError):
                self._as(user, finding).action_records()
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.finding"]).get_findings("nonsense")
        for user in (self.planner, self.manager):
            with self.assertRaises(AccessError):
                self._as(user, finding).write({"state": "accepted"})
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.finding.run"]).run_now()
        self._as(self.planner, finding).action_see()
        self.assertEqual(finding.state, "seen")
        for reason in ("", "  ", None, False, 7):
            with self._refused("Say why"):
                self._as(self.manager, finding).action_dismiss(reason)
        for limit in (0, -1, 1001, "5", None, 1.5, True):
            with self._refused("no number of findings"):
                self._as(self.planner, self.env["scm.finding"]).get_findings(limit)
        self.assertFalse(self._as(self.planner_b, self.env["scm.finding"]).search([("id", "=", finding.id)]))

    def test_settings_make_sense(self):
        for name, value in (("scm_change_level", 0.0), ("scm_change_weeks", 3), ("scm_change_least", 1.5)):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.company_a[name] = value
                self.env.flush_all()

    def test_one_click_opens_one_improvement_that_is_measured_by_weeks(self):
        self._search_now()
        finding = self._found()
        with self._at(self.TODAY):
            action = self._as(self.manager, finding).action_improve()
            again = self._as(self.manager, finding).action_improve()
        self.assertEqual((action["res_id"], finding.state), (again["res_id"], "improving"))
        improvement = finding.improvement_id
        self.assertEqual((improvement.metric, improvement.scm_change_id), ("finding_revenue", finding))
        self.assertIn("Land 0", improvement.problem)
        # measured against the year before its growth: the share of the company's revenue rose
        improvement.sudo().write(
            {
                "baseline_from": self.monday,
                "baseline_to": finding.date_from - timedelta(days=1),
                "after_from": finding.date_from,
                "after_to": self.sunday,
            }
        )
        with self._at(self.TODAY):
            improvement.with_user(self.manager).action_measure()
        self.assertAlmostEqual(improvement.baseline_value, 0.25, delta=0.03)
        self.assertGreater(improvement.effect_low, 0.1)
        self.assertEqual((improvement.verdict, improvement.after_sample), ("worked", RECENT))
        with self._refused("is being improved"):
            self._as(self.manager, finding).action_dismiss("no")
        # cancelled, and it still holds: somebody has to decide again
        improvement.action_cancel()
        self._search_now()
        self.assertEqual((finding.state, finding.improvement_id.id), ("new", False))

    def test_cash_in_excess_is_counted_and_not_tested(self):
        excess = self._excess()
        self._search_now()
        finding = self._found(kind="excess")
        self.assertEqual((finding.money, finding.is_tested, finding.categ_id), (-5000, False, excess.categ_id))
        with self._at(self.TODAY):
            shown = self._as(self.planner, self.env["scm.finding"]).get_findings()
            action = self._as(self.planner, finding).action_records()
        self.assertEqual((shown["tied_up"], shown["count"]), (5000, 2))
        self.assertGreater(shown["money_year"], 0)
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), excess)
        excess.excess_value = 1.0
        self._search_now()
        self.assertEqual(finding.state, "resolved")

    def test_a_forecast_that_is_too_high_all_the_time(self):
        category = self.env["product.category"].create({"name": "Lights"})
        rows = []
        for week in range(26):
            error = 30 + float(self.chance.normal(0, 8))
            rows.append(
                {
                    "company_id": self.company_a.id,
                    "date": self.sunday - timedelta(days=7 * week + 6),
                    "dimension": "category",
                    "key": str(category.id),
                    "item_count": 3,
                    "actual": 100,
                    "error": error,
                    "abs_error": 40,
                    "value_error": 400,
                }
            )
        self.env["scm.forecast.accuracy"].create(rows)
        self._search_now()
        finding = self._found(kind="forecast_bias")
        self.assertEqual((finding.categ_id, finding.unit), (category, "percent"))
        self.assertAlmostEqual(finding.after, 0.3, delta=0.05)
        self.assertLess(finding.money, 0)
        with self._at(self.TODAY):
            action = self._as(self.planner, finding).action_records()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 26)

    def test_what_the_search_for_causes_found_is_taken_over(self):
        cause = self.env["scm.return.finding"].create(
            {
                "company_id": self.company_a.id,
                "dimension": "product",
                "key": str(self.product.id),
                "product_id": self.product.id,
                "owner": "product",
                "date_from": self.TODAY - timedelta(days=180),
                "date_to": self.TODAY,
                "rate": 0.2,
                "group_rate": 0.05,
                "low": 0.12,
                "high": 0.3,
                "returned": 20,
                "q_value": 0.001,
                "money_year": 900,
            }
        )
        self._search_now()
        finding = self._found(kind="return_cause")
        self.assertEqual((finding.money, finding.p_adjusted, finding.res_id), (-900, 0.001, cause.id))
        self.assertAlmostEqual(finding.change, 0.15)
        with self._refused("was taken over"):
            self._as(self.planner, finding).action_records()
        with self._at(self.TODAY):
            self._as(self.manager, finding).action_improve()
        self.assertEqual((finding.improvement_id, finding.state), (cause.improvement_id, "improving"))
        self.assertEqual(self._found(kind="return_cause").improvement_id.scm_finding_id, cause)

    def test_companies_do_not_see_each_other(self):
        run = self.env["scm.finding.run"].sudo()._start(self.company_b)
        with self._at(self.TODAY):
            run._process()
        self.assertEqual((run.state, run.finding_count), ("done", 0))

    def test_as_many_queries_for_many_regions_as_for_few(self):
        find = self.env["scm.finding"]._find
        run = self._search_now()
        with self._at(self.TODAY):
            few = self._query_count(find, self.company_a, run)
            self._regions(count=3, lines=2, weeks=30)
            find(self.company_a, run)
            self.assertLessEqual(self._query_count(find, self.company_a, run), few + 2)

    def test_the_morning_page_shows_the_most_money(self):
        self._search_now()
        with self._at(self.TODAY):
            tower = self._as(self.planner, self.env["scm.control.tower"]).get_tower()
        self.assertEqual((tower["finding_count"], [row["id"] for row in tower["findings"]]), (1, self._found().ids))


@tagged("post_install", "-at_install")
class TestFindingOperations(FindingCase):
    """Lanes and peaks, on a company that trades for half a year."""

    def test_a_lane_that_slips(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Snail Post", "product_id": self._create_product("Freight", type="service", is_storable=False).id}
        )
        self.company_a.scm_cost_late = 50
        regions = [self._region(f"Land {number}") for number in range(4)]
        parcel = self.env["scm.parcel"].create(
            {
                "name": "P0",
                "tracking_ref": "P0",
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "carrier_id": carrier.id,
                "partner_id": regions[0].id,
                "date_handed": self._moment(self.sunday - timedelta(days=400)),
                "date_promised": self.sunday - timedelta(days=400),
            }
        )
        rows = []
        for place, region in enumerate(regions):
            for week in range(40):
                rate = 0.5 if week >= 32 and not place else 0.1
                for number, late in enumerate(self.chance.random(12) < rate):
                    moment = self._moment(self.sunday - timedelta(days=7 * (39 - week) + number % 6))
                    rows.append(
                        {
                            "name": f"P{place}-{week}-{number}",
                            "tracking_ref": f"P{place}-{week}-{number}",
                            "token": f"token-{place}-{week}-{number}",
                            "state_id": region.state_id.id,
                            "country_id": region.country_id.id,
                            "date_delivered": moment,
                            "date_handed": moment - timedelta(days=2),
                            "is_late": bool(late),
                            "is_final": True,
                        }
                    )
        columns = set(self.env["scm.parcel"]._fields)
        self._clone(parcel, [{name: value for name, value in row.items() if name in columns} for row in rows])
        self._search_now()
        finding = self._found(kind="lane", measure="late")
        self.assertEqual((finding.carrier_id, finding.state_id), (carrier, regions[0].state_id))
        self.assertGreater(finding.change, 0.25)
        self.assertLess(finding.money, -100)
        with self._at(self.TODAY):
            action = self._as(self.planner, finding).action_records()
            self._as(self.manager, finding).action_improve()
        late = self.env["scm.parcel"].browse(action["domain"][0][2])
        self.assertTrue(all(late.mapped("is_late")))
        self.assertEqual(len(late), round(finding.after * finding.sample))
        self.assertEqual(finding.improvement_id.metric, "finding_late")
        self.assertEqual(finding.improvement_id.area, "logistics")

    def test_a_peak_that_moves_to_the_evening(self):
        partner = self._region("Land")
        noon, evening = [30] * 26 + [15] * RECENT, [0] * 26 + [15] * RECENT
        self._trade(partner, noon)
        self._trade(partner, evening, hour=20)
        self._search_now()
        finding = self._found(kind="peak", measure="hours")
        self.assertEqual(finding.warehouse_id, self.warehouse_a)
        self.assertAlmostEqual(finding.change, 0.5, delta=0.02)
        self.assertEqual(finding.series["kind"], "bars")
        self.assertAlmostEqual(finding.series["values"][20], 0.5, delta=0.02)
        with self._at(self.TODAY):
            action = self._as(self.planner, finding).action_records()
        self.assertEqual(len(action["domain"][0][2]), 30 * RECENT)

    def test_nothing_at_all_gives_nothing_at_all(self):
        run = self._search_now()
        self.assertEqual((run.test_count, run.finding_count), (0, 0))
