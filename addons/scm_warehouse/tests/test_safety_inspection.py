from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .safety_common import SafetyCase


@tagged("post_install", "-at_install")
class TestSafetyInspection(SafetyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspections = cls.env["scm.safety.inspection"]
        cls.place = cls._places(bays=1)

    def _due(self, **values):
        with self._at("2026-11-23"):
            return self._schedule(**values).inspection_ids.sorted("date_due")[0]

    def _submit(self, inspection, answers=None, user=None, **values):
        return self._as(user or self.packer, self.inspections).submit_inspection(
            {"inspection_id": inspection.id, "answers": answers or self._answers(), **values}
        )

    # Planning

    def test_two_weeks_of_working_days_are_planned_once(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company_a.id,
                "calendar_id": self.company_a.resource_calendar_id.id,
                "date_from": "2026-11-25 00:00:00",
                "date_to": "2026-11-25 22:00:00",
            }
        )
        with self._at("2026-11-23"):
            schedule = self._schedule()
            days = sorted(schedule.inspection_ids.mapped("date_due"))
            schedule._generate()
            self.env["scm.safety.schedule"]._cron_generate()
        self.assertEqual(sorted(schedule.inspection_ids.mapped("date_due")), days)
        self.assertEqual(days[0], date(2026, 11, 23))
        self.assertEqual(days[-1], date(2026, 12, 7))
        self.assertNotIn(date(2026, 11, 25), days)
        self.assertFalse([day for day in days if day.weekday() > 4])
        self.assertEqual(len(days), 10)

    def test_days_are_those_of_the_warehouse(self):
        # 16:00 in Berlin on the 23rd is 0:00 in Tokyo on the 24th
        with self._at("2026-11-23", hour=16):
            schedule = self._schedule(warehouse_id=self.warehouse_b.id, is_working_days=False)
        self.assertEqual(min(schedule.inspection_ids.mapped("date_due")), date(2026, 11, 24))
        self.assertEqual(schedule.company_id, self.company_b)

    def test_what_was_not_made_is_missed(self):
        first = self._due()
        with self._at("2026-11-26"):
            self.env["scm.safety.schedule"]._cron_generate()
        states = dict(first.schedule_id.inspection_ids.mapped(lambda one: (one.date_due.day, one.state)))
        self.assertEqual([states[day] for day in (23, 24, 25, 26)], ["missed", "missed", "missed", "todo"])
        # the job stood still for a week: what fell into it is missed too
        with self._at("2026-12-15"):
            self.env["scm.safety.schedule"]._cron_generate()
        self.assertEqual(
            first.schedule_id.inspection_ids.filtered(lambda one: one.date_due == date(2026, 12, 14)).state, "missed"
        )
        alert = self.env["scm.alert"].search(
            [("type_id.code", "=", "safety_inspection_overdue"), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual(len(alert), 1)

    def test_a_changed_schedule_plans_anew_and_an_ended_one_stops(self):
        first = self._due()
        schedule = first.schedule_id
        self._submit(first)
        with self._at("2026-11-24"):
            schedule.write({"unit": "week"})
            self.assertEqual(sorted(one.date_due.day for one in schedule.inspection_ids), [7, 23, 30])
        with self._at("2026-12-01"):
            schedule.active = False
        self.assertEqual(sorted(schedule.inspection_ids.mapped("state")), ["cancelled", "done"])

    def test_as_many_queries_for_many_schedules(self):
        def plan(count):
            with self._at("2026-11-23"):
                schedules = self.env["scm.safety.schedule"].create(
                    [
                        {
                            "template_id": self.template.id,
                            "warehouse_id": self.warehouse_a.id,
                            "location_id": self.place.id,
                            "equipment": str(number),
                            "unit": "week",
                            "date_start": "2027-06-01",
                        }
                        for number in range(count)
                    ]
                )
            schedules.flush_recordset()
            self.env.cr.execute(
                "UPDATE scm_safety_schedule SET date_start = '2026-11-02', date_generated = '2026-11-01'"
                " WHERE id = ANY(%s)",
                [schedules.ids],
            )
            with self._at("2026-11-23"):
                return self._query_count(schedules._generate), len(schedules.inspection_ids)

        plan(1)
        (few, made), (many, more) = plan(2), plan(12)
        self.assertEqual((made, more), (2 * 6, 12 * 6))
        self.assertEqual(few, many)

    # Handing in

    def test_answers_are_judged_and_frozen(self):
        inspection = self._due(location_id=self.place.id)
        answer = self._submit(
            inspection,
            self._answers(cold=9.5, floor="nok", floor_photos=[{"name": "x.png", "data": self._picture()}]),
            minutes=4.2,
            note="Dirt",
        )
        self.assertEqual((answer["result"], answer["failed"], answer["critical"]), ("failed", 2, 0))
        self.assertFalse(answer["incidents"])
        self.assertRecordValues(
            inspection, [{"state": "done", "done_by_id": self.packer.id, "answer_count": 4, "minutes": 4.2}]
        )
        cold, floor = inspection.answer_ids[1], inspection.answer_ids[3]
        self.assertRecordValues(cold, [{"result": "failed", "number": 9.5, "limits": "2 to 8 °C"}])
        self.assertTrue(floor.attachment_ids.raw.startswith(b"\xff\xd8"))
        # another question, another limit: the past stays
        self.cold.maximum = 20.0
        self.assertEqual(cold.limits, "2 to 8 °C")
        self.cold.unlink()
        self.assertEqual(cold.question, "Chilled room")
        with self._refused("not typed"):
            inspection.with_user(self.manager).write({"state": "todo"})
        with self._refused("cannot be changed"):
            inspection.with_user(self.manager).write({"date_due": "2026-12-01"})
        with self._refused("is kept"):
            inspection.with_user(self.manager).unlink()

    def test_sent_twice_counts_once(self):
        inspection = self._due()
        first = self._submit(inspection, uuid="phone-0001")
        second = self._submit(inspection, uuid="phone-0001")
        self.assertEqual((first["already"], second["already"]), (False, True))
        self.assertEqual(len(inspection.answer_ids), 4)
        with self._refused("made by packer already"):
            self._submit(inspection, uuid="phone-0002", user=self.counter)

    def test_unfit_answers_are_refused(self):
        inspection = self._due()
        for answers, words in (
            (self._answers()[:2], "Uprights.* has no answer"),
            (self._answers(way="maybe"), "maybe.* is no answer"),
            (self._answers(cold="warm"), "warm.* is no answer"),
            (self._answers(rack="blue"), "blue.* is no answer"),
            (self._answers(floor="nok"), "take a photo"),
            (
                self._answers(floor="nok", floor_photos=[{"name": "virus", "data": "bm8gcGljdHVyZQ=="}]),
                "virus is not taken",
            ),
            (self._answers(floor="nok", floor_photos=[self._picture()] * 7), "At most 6 photos"),
            ("nonsense", "are a list"),
        ):
            with self._refused(words):
                self._submit(inspection, answers)
        self.template.is_signed = True
        with self._refused("has to be signed"):
            self._submit(inspection)
        self._submit(inspection, signature=self._picture(size=(300, 100)))
        self.assertTrue(inspection.signature)

    def test_who_may_hand_in(self):
        inspection = self._due()
        for user in (self.outsider, self.planner):
            with self._refused("people of the warehouse", AccessError):
                self._submit(inspection, "nonsense", user=user)
        counter_b = self._create_user("counter_b", "stock.group_stock_user", companies=self.company_b)
        with self._refused("does not exist any more"):
            self._submit(inspection, user=counter_b)
        self.assertEqual(inspection.state, "todo")

    def test_a_phone_that_was_away(self):
        inspection = self._due()
        with self._at("2026-11-25"):
            self.env["scm.safety.schedule"]._cron_generate()
            self.assertEqual(inspection.state, "missed")
            # made on the 23rd, sent two days later
            late = self.template.item_ids.create({"name": "New", "template_id": self.template.id})
            self.env.cr.execute("UPDATE scm_safety_item SET create_date = '2026-11-25' WHERE id = %s", [late.id])
            late.invalidate_recordset()
            self._submit(inspection, moment="2026-11-23T11:30:00.000Z")
            self.assertEqual(str(inspection.date_done), "2026-11-23 11:30:00")
            next_one = inspection.schedule_id.inspection_ids.filtered(lambda one: one.date_due == date(2026, 11, 24))
            with self._refused("make the next one"):
                self._submit(next_one, moment="2026-11-25T08:00:00Z")

    def test_a_checklist_that_was_not_planned(self):
        answer = self._as(self.packer, self.inspections).submit_inspection(
            {
                "template_id": self.template.id,
                "warehouse_id": self.warehouse_a.id,
                "place": "A-01-0",
                "answers": self._answers(),
            }
        )
        inspection = self.inspections.browse(answer["id"])
        self.assertRecordValues(
            inspection,
            [{"result": "passed", "location_id": self.place.id, "user_id": self.packer.id, "subject": "rack"}],
        )

    # Critical

    def test_what_is_critical_opens_one_incident(self):
        with self._at("2026-11-23"):
            first, second = self._schedule(equipment="Gate 1").inspection_ids.sorted("date_due")[:2]
        answer = self._submit(first, self._answers(way="nok", way_note="Pallets"))
        self.assertEqual(answer["critical"], 1)
        incident = first.incident_ids
        self.assertEqual(answer["incidents"][0]["name"], incident.name)
        self.assertRecordValues(
            incident,
            [{"type_id": self.kind.id, "kind": "finding", "reported_by_id": self.packer.id, "state": "open"}],
        )
        self.assertIn("Pallets", incident.description)
        self.assertTrue(incident.step_ids)
        # the same thing the next day: the open incident stands
        self._submit(second, self._answers(way="nok"))
        self.assertFalse(second.incident_ids)
        self.assertIn("Found again", incident.message_ids[0].body)

    def test_red_damage_locks_the_place_that_was_scanned(self):
        inspection = self._due()
        answer = self._submit(inspection, self._answers(rack="red", rack_place="A-01-0"))
        self.assertEqual(answer["critical"], 1)
        self.assertTrue(self.place.scm_is_locked)
        self.assertEqual(inspection.incident_ids.lock_location_ids, self.place)
        # amber is noted, it locks nothing
        other = self._places("B", bays=1)
        with self._at("2026-11-23"):
            second = self._schedule(equipment="x").inspection_ids.sorted("date_due")[0]
        answer = self._submit(second, self._answers(rack="amber", rack_place="B-01-0"))
        self.assertEqual((answer["failed"], answer["critical"]), (1, 0))
        self.assertFalse(other.scm_is_locked)

    def test_limits_that_exclude_each_other(self):
        with self.assertRaisesRegex(ValidationError, "above the upper limit"):
            self.template.write({"item_ids": [Command.update(self.cold.id, {"minimum": 9.0})]})

    def test_cancelling_needs_a_reason(self):
        inspection = self._due()
        with self.assertRaisesRegex(UserError, "Say why"):
            inspection.with_user(self.manager).action_cancel("  ")
        inspection.with_user(self.manager).action_cancel("Hall is closed")
        with self._refused("Hall is closed"):
            self._submit(inspection)
