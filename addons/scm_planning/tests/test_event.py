from datetime import date

import numpy as np
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestEvent(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env["scm.event"]
        cls.events.search([]).active = False
        cls.company_a.country_id = cls.env.ref("base.tw")
        cls.company_b.country_id = cls.env.ref("base.jp")

    def _create_event(self, **values):
        with self._at(self.TODAY):
            return self.events.create({"name": "Feast", "kind": "feast", **values})

    def _days(self, event, year):
        return [(row.date_start, row.date_end) for row in event.occurrence_ids.filtered(lambda row: row.year == year)]

    def test_moving_feast_gets_the_dates_of_each_year(self):
        event = self._create_event(
            source="holidays", country_id=self.env.ref("base.cn").id, rule="Dragon Boat Festival"
        )
        self.assertEqual(self._days(event, 2025), [(date(2025, 5, 31), date(2025, 5, 31))])
        self.assertEqual(self._days(event, 2026), [(date(2026, 6, 19), date(2026, 6, 19))])

    def test_lunar_feast_that_no_calendar_lists(self):
        event = self._create_event(source="computed", rule="double_seventh")
        self.assertEqual(self._days(event, 2026), [(date(2026, 8, 19), date(2026, 8, 19))])

    def test_shopping_festival_by_weekday_and_by_day(self):
        friday = self._create_event(
            source="weekday", month="11", weekday="3", week_of_month="4", offset_days=1, duration_days=4
        )
        june = self._create_event(source="fixed", month="6", day=1, duration_days=18)
        self.assertEqual(self._days(friday, 2025), [(date(2025, 11, 28), date(2025, 12, 1))])
        self.assertEqual(self._days(june, 2026), [(date(2026, 6, 1), date(2026, 6, 18))])

    def test_moved_date_survives_and_rule_change_replaces_the_others(self):
        event = self._create_event(source="fixed", month="6", day=1)
        moved = event.occurrence_ids.filtered(lambda row: row.year == 2026)
        moved.date_end = date(2026, 6, 20)
        with self._at(self.TODAY):
            event._ensure_occurrences()
            event.day = 5
        self.assertEqual(self._days(event, 2026), [(date(2026, 6, 1), date(2026, 6, 20))])
        self.assertEqual(self._days(event, 2025), [(date(2025, 6, 5), date(2025, 6, 5))])

    def test_event_that_overlaps_itself_is_refused_with_both_dates(self):
        event = self._create_event(source="manual")
        one, _two = self.env["scm.event.occurrence"].create(
            [
                {"event_id": event.id, "date_start": date(2026, 5, 1), "date_end": date(2026, 5, 10)},
                {"event_id": event.id, "date_start": date(2026, 5, 11), "date_end": date(2026, 5, 12)},
            ]
        )
        with self.assertRaisesRegex(ValidationError, "Feast overlaps itself: 2026-05-01 to 2026-05-11 and 2026-05-11"):
            one.date_end = date(2026, 5, 11)
        one.write({"active": False, "date_end": date(2026, 5, 20)})
        with self.assertRaisesRegex(ValidationError, "overlaps itself"):
            one.active = True
        other = self._create_event(name="Other", source="manual")
        self.env["scm.event.occurrence"].create(
            {"event_id": other.id, "date_start": date(2026, 5, 11), "date_end": date(2026, 5, 12)}
        )

    def test_rule_that_overlaps_itself_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Shorten its duration"):
            self._create_event(source="fixed", month="6", day=1, duration_days=366)
        with self.assertRaisesRegex(ValidationError, "Shorten its duration"):
            self._create_event(
                source="holidays", country_id=self.env.ref("base.cn").id, rule="Chinese New Year", duration_days=360
            )

    def test_computed_dates_give_way_to_those_of_the_planner(self):
        event = self._create_event(source="fixed", month="6", day=1, duration_days=5)
        event.occurrence_ids.filtered(lambda row: row.year == 2028).unlink()
        event.occurrence_ids.filtered(lambda row: row.year == 2027).write(
            {"date_start": date(2027, 12, 1), "date_end": date(2028, 6, 3)}
        )
        with self._at(self.TODAY):
            self.assertFalse(event._ensure_occurrences([2028]))

    def test_uplift_on_top_reaches_the_kernel(self):
        self._create_event(source="fixed", month="6", day=1, expected_uplift=0.2, uplift_use="on_top")
        [event] = self.events._calendar(self.company_a, date(2026, 1, 1), date(2026, 12, 31)).events
        self.assertEqual((event.uplift, event.uplift_on_top), (1.2, True))

    def test_archived_occurrence_does_not_come_back(self):
        event = self._create_event(source="fixed", month="6", day=1)
        event.occurrence_ids.filtered(lambda row: row.year == 2026).active = False
        with self._at(self.TODAY):
            self.assertFalse(event._ensure_occurrences())
        self.assertEqual(self._days(event, 2026), [])

    def test_impossible_rules_are_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "Feast"):
            self._create_event(source="fixed", month="2", day=30)
        with self.assertRaisesRegex(ValidationError, "Mid-Autumn Festival"):
            self._create_event(source="holidays", country_id=self.env.ref("base.cn").id, rule="Midautumn")
        with self.assertRaisesRegex(ValidationError, "computed feast"):
            self._create_event(source="computed", rule="blue moon")

    def test_company_follows_its_countries_and_its_own_events(self):
        taiwan = self._create_event(
            name="Taiwan", source="fixed", month="6", day=1, country_ids=[Command.link(self.env.ref("base.tw").id)]
        )
        everywhere = self._create_event(name="All", source="fixed", month="7", day=1)
        own = self._create_event(name="B only", source="fixed", month="8", day=1, company_id=self.company_b.id)
        shutdown = self._create_event(name="Closed", kind="shutdown", source="fixed", month="9", day=1)

        def names(company):
            calendar = self.events._calendar(company, date(2026, 1, 1), date(2026, 12, 31))
            return {event.name.rpartition(" #")[0] for event in calendar.events}

        self.assertEqual(names(self.company_a), {taiwan.name, everywhere.name})
        self.assertEqual(names(self.company_b), {everywhere.name, own.name})
        self.company_b.scm_event_country_ids = self.env.ref("base.tw")
        self.assertEqual(names(self.company_b), {taiwan.name, everywhere.name, own.name})
        self.assertNotIn(shutdown.name, names(self.company_a))

    def test_calendar_brings_uplift_days_and_the_series_that_take_part(self):
        parent, other = self.env["product.category"].create([{"name": "Toys"}, {"name": "Tools"}])
        child = self.env["product.category"].create({"name": "Dolls", "parent_id": parent.id})
        doll = self._create_product("Doll", categ_id=child.id)
        saw = self._create_product("Saw", categ_id=other.id)
        self._create_event(
            name="Toy week",
            kind="promotion",
            expected_uplift=0.5,
            lead_in_days=3,
            category_ids=[Command.link(parent.id)],
            occurrence_ids=[
                Command.create({"date_start": date(2026, 5, 4), "date_end": date(2026, 5, 10), "strength": 2})
            ],
        )
        keys = [(doll.id, self.warehouse_a.id), (saw.id, self.warehouse_a.id)]
        [event] = self.events._calendar(self.company_a, date(2026, 1, 1), date(2026, 12, 31), keys=keys).events
        self.assertEqual((event.kind, event.uplift, event.lead_days), ("promotion", 1.5, 3))
        [occurrence] = event.occurrences
        self.assertEqual(occurrence.strength, 2)
        np.testing.assert_array_equal(occurrence.series, [True, False])

    def test_lead_in_reaches_into_the_window(self):
        self._create_event(source="fixed", month="6", day=10, lead_in_days=14)
        calendar = self.events._calendar(self.company_a, date(2026, 5, 1), date(2026, 5, 31))
        self.assertEqual(len(calendar.events), 1)
        calendar = self.events._calendar(self.company_a, date(2026, 5, 1), date(2026, 5, 20))
        self.assertEqual(len(calendar.events), 0)

    def test_planner_reads_manager_writes_outsider_neither(self):
        event = self._create_event(source="fixed", month="6", day=1)
        self.assertEqual(event.with_user(self.planner).name, "Feast")
        with self.assertRaises(AccessError):
            event.with_user(self.planner).name = "Mine"
        event.with_user(self.manager).name = "Ours"
        with self.assertRaises(AccessError):
            event.with_user(self.outsider).read(["name"])

    def test_other_company_is_closed(self):
        event = self._create_event(source="fixed", month="6", day=1, company_id=self.company_b.id)
        self.assertFalse(self.events.with_user(self.planner).search([("id", "=", event.id)]))
        self.assertFalse(self.env["scm.event.occurrence"].with_user(self.planner).search([("event_id", "=", event.id)]))
        with self.assertRaises(AccessError):
            self.events.with_user(self.planner).get_calendar(self.company_b.id, "2026-01-01", "2026-12-31")

    def test_public_calendar_is_plain_data(self):
        event = self._create_event(source="fixed", month="6", day=1)
        rows = self.events.with_user(self.planner).get_calendar(self.company_a.id, "2026-01-01", "2026-12-31")
        self.assertEqual(
            rows,
            [
                {
                    "event_id": event.id,
                    "name": "Feast",
                    "kind": "feast",
                    "date_start": "2026-06-01",
                    "date_end": "2026-06-01",
                }
            ],
        )

    def test_query_count_does_not_grow_with_events_and_series(self):
        def create(count):
            for number in range(count):
                self._create_event(name=f"Event {number}", source="fixed", month="6", day=1)

        def read(keys):
            return self._query_count(
                self.events._calendar, self.company_a, date(2024, 1, 1), date(2026, 12, 31), keys=keys
            )

        product = self._create_product()
        create(2)
        few = read([(product.id, self.warehouse_a.id)])
        create(20)
        self.assertEqual(read([(product.id, self.warehouse_a.id)] * 500), few)
