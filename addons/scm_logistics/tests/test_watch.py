"""The check of what is on its way, its alerts and the morning list."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .watch_common import WatchCase

PMF = [0.0, 0.2, 0.5, 0.2, 0.1]


@tagged("post_install", "-at_install")
class TestWatch(WatchCase):
    def test_each_cause_is_found_and_raises_one_alert(self):
        self._set_norm()
        late = {"date_promised": self._day(5), "date_expected": self._day(5)}
        parcels = {name: self._create_parcel(name, **late) for name in ("OK", "SCAN", "SILENT", "TRY", "LOST", "BACK")}
        parcels["PASSED"] = self._create_parcel("PASSED", date_promised=self._day(-1), date_expected=self._day(-1))
        recent = 45  # hours after noon of the day before yesterday
        self._tell(
            self._event(parcels["OK"], "in_transit", recent),
            self._event(parcels["SILENT"], "in_transit", -20),
            self._event(parcels["TRY"], "attempt_failed", recent),
            self._event(parcels["LOST"], "exception", recent, sub_status="lost"),
            self._event(parcels["BACK"], "returned", recent),
            self._event(parcels["PASSED"], "in_transit", recent),
        )
        counts = self._check()
        causes = {name: parcel.watch_cause for name, parcel in parcels.items()}
        self.assertEqual(
            causes,
            {
                "OK": False,
                "SCAN": "no_scan",
                "SILENT": "silent",
                "TRY": "attempt_failed",
                "LOST": "problem",
                "BACK": "returned",
                "PASSED": "promise_passed",
            },
        )
        self.assertEqual(sum(counts.values()), 6)
        alerts = self.env["scm.alert"].search(
            [("company_id", "=", self.company_a.id), ("res_model", "=", "scm.parcel"), ("state", "=", "open")]
        )
        self.assertEqual(sorted(alerts.mapped("name")), ["BACK", "LOST", "PASSED", "SCAN", "SILENT", "TRY"])
        self.assertEqual(set(alerts.mapped("area")), {"logistics"})

    def test_twice_is_once_and_what_is_over_goes_away(self):
        parcel = self._create_parcel("P1", date_promised=self._day(-1), date_expected=self._day(-1))
        self._check()
        since = parcel.watch_since
        self._check()
        self.assertEqual(parcel.watch_since, since)
        alert = self.env["scm.alert"].search([("res_model", "=", "scm.parcel"), ("res_id", "=", parcel.id)])
        self.assertEqual(alert.mapped("state"), ["open"])
        self._tell(self._event(parcel, "delivered", 40))
        self._check()
        self.assertFalse(parcel.watch_cause or parcel.watch_since or parcel.money_at_stake)
        self.assertEqual(alert.state, "resolved")

    def test_predicted_late_from_the_lane_and_the_time_so_far(self):
        self._set_lane(PMF)
        self._set_norm()
        # handed over on Saturday, now Monday noon: the first working day; promised for today
        parcel = self._create_parcel("P1")
        self._tell(self._event(parcel, "in_transit", 45))
        self._check()
        self.assertEqual(parcel.watch_cause, "predicted_late")
        self.assertAlmostEqual(parcel.p_late, 0.8)
        # nine of ten arrive by the third working day: Wednesday; two days late of 10 + 2 a day
        self.assertEqual(parcel.date_suggested, self._day(2))
        self.assertAlmostEqual(parcel.money_at_stake, round(0.8 * (10 + 2 * 2), 2))
        terms = {term["code"]: term["value"] for term in parcel.watch_why["terms"]}
        self.assertEqual((terms["watch_elapsed"], terms["watch_days_left"], terms["watch_transit_90"]), (1, 0, 3))
        labels = self.env["scm.why"].labels()
        self.assertFalse({*terms, *parcel.watch_why["notes"], parcel.watch_why["method"]} - set(labels))

    def test_the_carrier_says_that_it_will_be_late(self):
        self._set_norm()
        parcel = self._create_parcel("P1")
        self._tell(self._event(parcel, "in_transit", 45, expected=self._day(3)))
        self._check()
        self.assertEqual((parcel.watch_cause, parcel.p_late), ("predicted_late", 1.0))

    def test_norms_are_measured_from_delivered_parcels(self):
        parcels = [self._create_parcel(f"N{number}") for number in range(40)]
        rows = []
        for number, parcel in enumerate(parcels):
            hours = (2, 2 + 4 + number % 10, 40)
            rows += [self._event(parcel, "in_transit", hour, text=str(hour)) for hour in hours[:2]]
            rows.append(self._event(parcel, "delivered", hours[2]))
        self._tell(*rows)
        with self._at(self.TODAY):
            count = self.env["scm.scan.norm"]._measure(self.company_a)
            self.env["scm.scan.norm"]._measure(self.company_a)
        norms = self.env["scm.scan.norm"].search([("company_id", "=", self.company_a.id)])
        self.assertEqual(len(norms), count)
        norm = norms.filtered(lambda one: one.carrier_id == self.carrier and not one.zone_id)
        # the longest silence of each is from the second scan to delivery: 34 to 25 hours
        self.assertEqual(norm.sample, 40)
        self.assertAlmostEqual(norm.silence_hours, 34, places=1)
        self.assertAlmostEqual(norm.silence_median_hours, 29.5, places=1)
        self.assertAlmostEqual(norm.label_hours, 2, places=1)

    def test_as_many_queries_for_many_parcels(self):
        def fill(count, prefix):
            for number in range(count):
                self._create_parcel(f"{prefix}{number}", date_promised=self._day(-1), date_expected=self._day(-1))

        self._set_lane(PMF)
        fill(3, "A")
        self._check()
        with self._at(self.TODAY):
            few = self._query_count(self.env["scm.parcel"]._check_exceptions, self.company_a)
            fill(30, "B")
            self.env["scm.parcel"]._check_exceptions(self.company_a)
            many = self._query_count(self.env["scm.parcel"]._check_exceptions, self.company_a)
        self.assertEqual(few, many)

    def test_companies_apart(self):
        parcel = self._create_parcel("A1", date_promised=self._day(-1), date_expected=self._day(-1))
        other = self._create_parcel(
            "B1", self.company_b, carrier_id=False, date_promised=self._day(-1), date_expected=self._day(-1)
        )
        self._check()
        self.assertTrue(parcel.watch_cause)
        self.assertFalse(other.watch_cause)
        self._check(self.company_b)
        self.assertTrue(other.watch_cause)
        self.assertTrue(parcel.watch_cause)

    def test_who_may_do_what(self):
        parcel = self._create_parcel("P1", date_promised=self._day(-1), date_expected=self._day(-1))
        self._check()
        with self._at(self.TODAY):
            mine = self._as(self.dispatcher, parcel)
            mine.action_put_aside(2)
            self.assertEqual((parcel.watch_until, parcel.watch_user_id), (self._day(2), self.dispatcher))
            summary = self._as(self.dispatcher, self.env["scm.parcel"]).morning_summary()
            self.assertEqual((summary["open"], summary["causes"]), (1, []))
            with self.assertRaises(UserError):
                mine.action_put_aside(0)
            with self.assertRaises(AccessError):
                self._as(self.outsider, parcel).action_put_aside(1)
            with self.assertRaises(AccessError):
                self._as(self.planner, parcel).action_take_up()
            with self.assertRaises(AccessError):
                self._as(self.dispatcher, self.env["scm.parcel"]).check_exceptions()
            counts = self._as(self.manager, self.env["scm.parcel"]).check_exceptions()
        self.assertEqual(counts, {"promise_passed": 1})

    def test_the_suggested_day_becomes_the_expected_day(self):
        self._set_lane(PMF)
        self._set_norm()
        parcel = self._create_parcel("P1")
        self._tell(self._event(parcel, "in_transit", 45))
        self._check()
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.dispatcher, parcel).action_take_suggested_day(), 1)
            self.assertEqual((parcel.date_promised, parcel.date_expected), (self.TODAY, self._day(2)))
            self.assertEqual(parcel.promise_ids[:1].cause, "lane")
            with self.assertRaisesRegex(UserError, "P1"):
                self._as(self.dispatcher, parcel).action_take_suggested_day()
