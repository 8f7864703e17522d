from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .freight_common import FreightCase


@tagged("post_install", "-at_install")
class TestCarrierMonth(FreightCase):
    def _parcel(self, ref, promised, delivered=False, handed=None, **values):
        promised = date.fromisoformat(promised)
        return self._create_priced(
            ref,
            date_promised=promised,
            date_handed=self._moment(handed or promised - timedelta(days=2)),
            date_delivered=self._moment(delivered, hour=23) if delivered else False,
            **values,
        )

    def _measure(self, day=None, **values):
        with self._at(day or self.TODAY):
            months = self.env["scm.carrier.month"]
            return months._measure(self.company_a, months._open_months(self.company_a), **values)

    def _month(self, day):
        return self.env["scm.carrier.month"].search(
            [("company_id", "=", self.company_a.id), ("carrier_id", "=", self.carrier.id), ("month", "=", day)]
        )

    def test_what_counts_as_on_time(self):
        handed = self._moment("2026-11-09")
        self._parcel("1", "2026-11-10", "2026-11-10", date_first_scan=self._moment("2026-11-08") + timedelta(hours=6))
        self._parcel("2", "2026-11-10", "2026-11-11", is_damaged=True)
        self._parcel("3", "2026-11-10")
        self._parcel("4", "2026-11-30")
        self._parcel("5", "2026-11-10", "2026-11-12", handed="2026-11-11")
        self._parcel("6", "2026-11-10", status="returned")
        self._parcel("7", "2026-10-31", is_lost=True)
        self._create_priced("8", date_promised=False, date_handed=handed)
        self._parcel("B", "2026-11-10", "2026-11-10", company=self.company_b)
        self._measure()
        self.assertRecordValues(
            self._month("2026-11-01"),
            [
                {
                    # 1 is on time, 2 late, 3 overdue; 4 is not due, 5 left our dock too late, 6 came back, 8 had no day
                    "parcels": 7,
                    "due": 3,
                    "on_time": 1,
                    "late_ours": 1,
                    "damaged": 1,
                    "lost": 0,
                    "scanned": 1,
                    "first_scan_hours": 6.0,
                    "cost": 49.0,
                    "cost_parcel": 7.0,
                    "cost_kg": 3.5,
                    "is_frozen": False,
                }
            ],
        )
        self.assertEqual(self._month("2026-10-01").lost, 1)
        self.assertAlmostEqual(self._month("2026-11-01").on_time_rate, 1 / 3)

    def test_a_closed_month_stays_until_somebody_says_why_it_changes(self):
        parcel = self._parcel("1", "2026-09-10", "2026-09-12")
        self._measure()
        month = self._month("2026-09-01")
        self.assertTrue(month.is_frozen)
        parcel.date_delivered = self._moment("2026-09-10")
        self._measure()
        self.assertEqual(month.on_time, 0)
        own = self._as(self.manager, month)
        with self.assertRaisesRegex(UserError, "Say why"):
            own.action_restate(" ")
        with self.assertRaises(AccessError):
            self._as(self.planner, month).action_restate("Because")
        with self._at(self.TODAY):
            own.action_restate("Events came late")
        self.assertEqual(month.on_time, 1)
        self.assertIn("Events came late", month.message_ids[0].body)

    def test_a_trend_needs_more_than_chance(self):
        for number in range(40):
            self._parcel(f"O{number}", "2026-10-12", "2026-10-12")
            self._parcel(f"N{number}", "2026-11-12", "2026-11-12" if number < 25 else "2026-11-14")
        self._measure()
        self.assertEqual(self._month("2026-11-01").trend, "down")
        self.assertEqual(self._month("2026-10-01").trend, "flat")

    def test_scorecard_for_programs(self):
        self._parcel("1", "2026-10-10", "2026-10-10")
        self._parcel("2", "2026-11-10", "2026-11-12")
        months = self._as(self.planner, self.env["scm.carrier.month"])
        with self._at(self.TODAY):
            self.assertEqual(months.get_scorecard()["carriers"], [])
            self._measure()
            card = months.get_scorecard(months=6)
            action = months.open_parcels(self.carrier.id, "2026-11-01", "on_time_rate")
        self.assertEqual((card["month"], len(card["months"]), card["total"]["due"]), ("2026-10-01", 6, 1))
        [carrier] = card["carriers"]
        self.assertEqual(carrier["name"], "Carrier")
        self.assertEqual(carrier["series"]["on_time_rate"], [False] * 5 + [1.0])
        self.assertIn(["carrier_id", "=", self.carrier.id], action["domain"])
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.carrier.month"]).get_scorecard()
        with self.assertRaisesRegex(UserError, "no month"):
            months.get_scorecard(month="May")

    def test_the_nightly_run(self):
        self._parcel("1", "2026-11-10", "2026-11-10", is_lost=True)
        unpriced = self._create_parcel("U", weight=2.0)
        runs = self._as(self.manager, self.env["scm.freight.run"])
        with self.assertRaises(AccessError):
            self._as(self.packer, runs).run_now()
        with self._at(self.TODAY):
            run = runs.browse(runs.run_now(wait=True))
            self.assertRecordValues(run, [{"state": "done", "priced_count": 1, "claim_count": 1, "month_count": 1}])
            again = runs.browse(runs.run_now(wait=True))
        self.assertEqual((again.state, again.claim_count), ("done", 0))
        self.assertEqual(unpriced.cost_expected, 7.0)

    def test_costs_are_sums_over_sums(self):
        order = self._create_sale([(self._create_product(), 1)], "2026-11-01")
        light = self._parcel("1", "2026-11-10", weight=1.0, sale_ids=order.ids)
        self._parcel("2", "2026-11-10", weight=10.0, sale_ids=order.ids)
        self._parcel("3", "2026-11-10", weight=0.0)
        self._create_invoice(("1", 9.0))
        costs = self._as(self.planner, self.env["scm.freight.cost"])
        [[cost, kg, parcel, per_order]] = costs._read_group(
            [("company_id", "=", self.company_a.id)],
            [],
            ["cost:sum", "cost_kg:avg", "cost_parcel:avg", "cost_order:avg"],
        )
        # 9 as invoiced, 15 and 5 as expected; the parcel without weight does not count per kilogram
        self.assertEqual((cost, per_order), (29.0, 24.0))
        self.assertAlmostEqual(kg, 24 / 11)
        self.assertAlmostEqual(parcel, 29 / 3)
        self.assertEqual(costs.browse(light.id).difference, 3.0)
        self.assertFalse(self._as(self.planner_b, costs).search([]))

    def test_queries_do_not_grow_with_parcels_and_carriers(self):
        def measure(count, name):
            for number in range(count):
                carrier = self._create_carrier(f"{name}{number}")
                self._parcel(f"{name}{number}", "2026-11-10", "2026-11-10", carrier_id=carrier.id)
            return self._query_count(self._measure)

        measure(1, "W")
        self.assertEqual(measure(2, "A"), measure(12, "B"))
