from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScmCase


class AlertCase(ScmCase):
    """Adds two alert types, ``warning_type`` and ``critical_type`` (owned by the planner), and :meth:`_sync`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warning_type, cls.critical_type = cls.env["scm.alert.type"].create(
            [
                {"code": "test_excess", "name": "Excess", "area": "planning", "severity": "warning", "due_days": 5},
                {
                    "code": "test_run_out",
                    "name": "Runs out",
                    "area": "planning",
                    "severity": "critical",
                    "user_id": cls.planner.id,
                },
            ]
        )

    def _sync(self, keys, day="2026-03-02", alert_type=None, company=None, **values):
        """One check on a day; ``keys`` are the subjects that hold then."""
        alert_type = alert_type or self.warning_type
        rows = [{"subject_key": key, "name": f"Subject {key}", **values} for key in keys]
        with self._at(day):
            return self.env["scm.alert"]._sync(alert_type.code, company or self.company_a, rows)

    def _alerts(self, alert_type=None, company=None):
        return self.env["scm.alert"].search(
            [
                ("type_id", "=", (alert_type or self.warning_type).id),
                ("company_id", "=", (company or self.company_a).id),
            ],
            order="subject_key, id",
        )

    def _activities(self):
        alerts = self._alerts() | self._alerts(self.critical_type)
        return self.env["mail.activity"].search([("res_model", "=", "scm.alert"), ("res_id", "in", alerts.ids)])


@tagged("post_install", "-at_install")
class TestAlertSync(AlertCase):
    def test_opens_touches_and_resolves(self):
        self.assertEqual(self._sync("AB")["opened"], 2)
        counts = self._sync("BC", day="2026-03-03")
        self.assertEqual(counts, {"opened": 1, "touched": 1, "resolved": 1, "reopened": 0})
        self.assertRecordValues(
            self._alerts(),
            [
                {"subject_key": "A", "state": "resolved", "date_resolved": self._moment("2026-03-03")},
                {"subject_key": "B", "state": "open", "date_resolved": False},
                {"subject_key": "C", "state": "open", "date_resolved": False},
            ],
        )
        standing = self._alerts()[1]
        self.assertEqual(standing.date_opened, self._moment("2026-03-02"))
        self.assertEqual(standing.date_last_seen, self._moment("2026-03-03"))

    def test_same_check_twice_changes_nothing(self):
        self._sync("AB")
        self.assertEqual(self._sync("AB"), {"opened": 0, "touched": 2, "resolved": 0, "reopened": 0})
        self.assertEqual(len(self._alerts()), 2)

    def test_what_the_check_says_is_stored_and_updated(self):
        product = self._create_product("Lamp")
        why = {"value": 3, "terms": [{"code": "stock", "value": 3}]}
        self._sync("A", money_at_stake=10.006, product_id=product, warehouse_id=self.warehouse_a.id, why=why)
        self.assertRecordValues(
            self._alerts(),
            [
                {
                    "name": "Subject A",
                    "area": "planning",
                    "severity": "warning",
                    "money_at_stake": 10.01,
                    "currency_id": self.company_a.currency_id.id,
                    "product_id": product.id,
                    "warehouse_id": self.warehouse_a.id,
                    "why": why,
                    "date_due": (self._moment("2026-03-02") + timedelta(days=5)).date(),
                }
            ],
        )
        self._sync("A", day="2026-03-03", money_at_stake=4, severity="critical")
        self.assertRecordValues(
            self._alerts(), [{"money_at_stake": 4.0, "severity": "critical", "severity_rank": 2, "why": False}]
        )

    def test_what_a_person_decided_is_kept(self):
        self._sync("A", user_id=self.manager)
        alert = self._alerts()
        alert.with_user(self.planner).write({"user_id": self.planner.id, "date_due": "2026-04-01"})
        self._sync("A", day="2026-03-03", user_id=self.manager)
        self.assertRecordValues(alert, [{"user_id": self.planner.id, "date_due": alert.date_due}])
        self.assertEqual(str(alert.date_due), "2026-04-01")

    def test_back_within_two_weeks_is_the_same_alert(self):
        self._sync("A")
        alert = self._alerts()
        self._sync("", day="2026-03-03")
        counts = self._sync("A", day="2026-03-17")
        self.assertEqual(counts, {"opened": 0, "touched": 0, "resolved": 0, "reopened": 1})
        self.assertEqual(self._alerts(), alert)
        self.assertRecordValues(
            alert,
            [
                {
                    "state": "open",
                    "open_count": 2,
                    "date_opened": self._moment("2026-03-17"),
                    "date_resolved": False,
                    "date_due": (self._moment("2026-03-17") + timedelta(days=5)).date(),
                }
            ],
        )

    def test_back_after_two_weeks_is_a_new_alert(self):
        self._sync("A")
        self._sync("", day="2026-03-03")
        self.assertEqual(self._sync("A", day="2026-03-18")["opened"], 1)
        self.assertEqual(self._alerts().mapped("state"), ["resolved", "open"])

    def test_snoozed_sleeps_until_its_day_in_the_companys_zone(self):
        self._sync("A")
        alert = self._alerts()
        with self._at("2026-03-02"):
            alert.with_user(self.planner).action_snooze("2026-03-10", "Container is on the way")
        self._sync("A", day="2026-03-05", money_at_stake=7)
        self.assertRecordValues(alert, [{"state": "snoozed", "money_at_stake": 7.0}])
        self._sync("", day="2026-03-06")
        self.assertEqual(alert.state, "snoozed", "gone for a day is no reason to open it again tomorrow")
        self._sync("A", day="2026-03-07")
        self.assertEqual(alert.state, "snoozed")
        # 22:30 UTC of the 9th is 23:30 in Berlin, an hour later it is the 10th there
        self._sync("A", day=self._moment("2026-03-09", hour=23))
        self.assertEqual(alert.state, "snoozed")
        self._sync("A", day=self._moment("2026-03-10", hour=0))
        self.assertRecordValues(alert, [{"state": "open", "snooze_until": False, "snooze_reason": False}])

    def test_snoozed_that_is_gone_when_it_wakes_is_resolved(self):
        self._sync("A")
        with self._at("2026-03-02"):
            self._alerts().action_snooze("2026-03-10", "Waiting")
        self._sync("", day="2026-03-10")
        self.assertEqual(self._alerts().state, "resolved")

    def test_type_switched_off_has_no_alerts(self):
        self._sync("A")
        self.warning_type.active = False
        self.assertEqual(self._sync("AB", day="2026-03-03")["resolved"], 1)

    def test_companies_do_not_touch_each_other(self):
        self._sync("A")
        self._sync("AB", company=self.company_b, money_at_stake=10.4)
        self._sync("", day="2026-03-03")
        self.assertEqual(self._alerts().state, "resolved")
        other = self._alerts(company=self.company_b)
        self.assertEqual(other.mapped("state"), ["open", "open"])
        self.assertEqual(other.mapped("money_at_stake"), [10.0, 10.0], "yen have no decimals")

    def test_unknown_field_or_type_and_double_subject_are_refused(self):
        alerts = self.env["scm.alert"]
        with self.assertRaisesRegex(ValueError, "no field colour"):
            alerts._sync("test_excess", self.company_a, [{"subject_key": "A", "name": "A", "colour": "red"}])
        with self.assertRaisesRegex(ValueError, "no alert type 'nonsense'"):
            alerts._sync("nonsense", self.company_a, [])
        with self.assertRaisesRegex(ValueError, "named twice"):
            alerts._sync("test_excess", self.company_a, [{"subject_key": "A", "name": "A"}] * 2)

    def test_query_count_does_not_grow(self):
        counts = {}
        for size in (10, 1000):
            standing = [f"s{size}.{i}" for i in range(size)]
            gone = [f"g{size}.{i}" for i in range(size)]
            self._sync(standing + gone)
            rows = [f"n{size}.{i}" for i in range(size)]
            counts[size] = self._query_count(self._sync, rows + standing, day="2026-03-03")
            self.assertEqual(len(self._alerts().filtered(lambda alert: alert.state == "open")), 2 * size)
            self._sync("", day="2026-03-04")
        self.assertEqual(counts[10], counts[1000])
        self.assertLess(counts[1000], 25)


@tagged("post_install", "-at_install")
class TestAlertOwner(AlertCase):
    def test_critical_gives_its_owner_one_activity(self):
        self._sync("A", alert_type=self.critical_type)
        self._sync("A", alert_type=self.critical_type, day="2026-03-03")
        alert = self._alerts(self.critical_type)
        self.assertRecordValues(
            self._activities(),
            [
                {
                    "res_id": alert.id,
                    "user_id": self.planner.id,
                    "summary": "Runs out",
                    "date_deadline": alert.date_due,
                }
            ],
        )

    def test_warning_gives_none_until_it_becomes_critical(self):
        self._sync("A", user_id=self.planner)
        self.assertFalse(self._activities())
        self._sync("A", day="2026-03-03", severity="critical")
        self.assertEqual(self._activities().user_id, self.planner)

    def test_activity_goes_when_resolved_and_comes_back_when_reopened(self):
        self._sync("A", alert_type=self.critical_type)
        self._sync("", alert_type=self.critical_type, day="2026-03-03")
        self.assertFalse(self._activities())
        self._sync("A", alert_type=self.critical_type, day="2026-03-04")
        self.assertEqual(len(self._activities()), 1)

    def test_done_activity_is_not_given_again(self):
        self._sync("A", alert_type=self.critical_type)
        self._activities().with_user(self.planner).action_done()
        self._sync("A", alert_type=self.critical_type, day="2026-03-03")
        self.assertFalse(self._activities())

    def test_activity_follows_the_owner_and_the_snooze(self):
        self._sync("A", alert_type=self.critical_type)
        alert = self._alerts(self.critical_type).with_user(self.planner)
        alert.user_id = self.manager
        self.assertEqual(self._activities().user_id, self.manager)
        with self._at("2026-03-02"):
            alert.action_snooze("2026-03-10", "Waiting")
        self.assertFalse(self._activities())
        alert.action_wake()
        self.assertEqual(self._activities().user_id, self.manager)


@tagged("post_install", "-at_install")
class TestAlertPerson(AlertCase):
    def test_snooze_wizard_needs_a_reason_and_a_coming_day(self):
        self._sync("AB")
        alerts = self._alerts().with_user(self.planner)
        with self._at("2026-03-02"):
            action = alerts.action_ask_snooze()
            wizard = self.env["scm.alert.snooze"].with_user(self.planner).with_context(**action["context"])
            wizard.create({"reason": "Order confirmed by phone"}).action_snooze()
            self.assertRecordValues(alerts, [{"state": "snoozed", "snooze_reason": "Order confirmed by phone"}] * 2)
            self.assertEqual(str(alerts[0].snooze_until), "2026-03-09")
            self.assertIn("Order confirmed by phone", alerts[0].message_ids[0].body)
            with self.assertRaisesRegex(UserError, "Say why"):
                alerts.action_snooze("2026-03-09", " ")
            with self.assertRaisesRegex(UserError, "in the future"):
                alerts.action_snooze("2026-03-02", "Today is too late")

    def test_resolved_cannot_be_snoozed(self):
        self._sync("A")
        self._sync("", day="2026-03-03")
        with self.assertRaisesRegex(UserError, "Subject A.*resolved already"):
            self._alerts().with_user(self.planner).action_snooze("2099-01-01", "Whatever")

    def test_what_the_check_found_cannot_be_written(self):
        self._sync("A")
        alert = self._alerts().with_user(self.planner)
        for values in ({"state": "resolved"}, {"money_at_stake": 0}, {"user_id": self.planner.id, "severity": "info"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Subject A"):
                alert.write(values)

    def test_rights(self):
        self._sync("A")
        alert = self._alerts()
        for user in (self.outsider, self.planner_b):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self._as(user, alert).read(["name"])
                with self.assertRaises(AccessError):
                    self._as(user, alert).action_snooze("2099-01-01", "Not mine")
        with self.assertRaises(AccessError):
            alert.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            self.warning_type.with_user(self.planner).write({"due_days": 1})
        self.warning_type.with_user(self.manager).write({"due_days": 1})

    def test_subject_opens_or_says_that_it_is_gone(self):
        product = self._create_product("Lamp")
        self._sync("A", product_id=product)
        self._sync("B", alert_type=self.critical_type, res_model="res.partner", res_id=self.vendor.id)
        self.assertEqual(self._alerts().action_open_subject()["res_id"], product.id)
        action = self._alerts(self.critical_type).action_open_subject()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.vendor.id))
        self._sync("A", day="2026-03-03")
        with self.assertRaisesRegex(UserError, "Subject A.*does not exist"):
            self._alerts().action_open_subject()

    def test_deleted_product_leaves_the_alert(self):
        product = self._create_product("Lamp")
        self._sync("A", product_id=product)
        product.unlink()
        self.assertFalse(self._alerts().product_id)
