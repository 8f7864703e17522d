from datetime import datetime, timedelta

import pytz
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..kernel.sla_clock import Hours
from .ticket_common import TicketCase


@tagged("post_install", "-at_install")
class TestTicketClock(TicketCase):
    """First answer and solution, in working hours and around the clock."""

    def test_an_answer_in_time(self):
        self._policy()
        ticket = self._ticket(hour=16)
        clock = self._clock(ticket)
        self.assertRecordValues(clock, [{"state": "running", "date_deadline": self._local(10, days=1)}])
        self._reply(ticket, 9, day=self.TODAY + timedelta(days=1))
        self.assertRecordValues(clock, [{"state": "met", "date_answered": self._local(9, days=1), "in_time": 100.0}])
        self.assertAlmostEqual(clock.hours_elapsed, 1.0)
        self.assertFalse(self._clock(ticket, "resolution").date_stopped)

    def test_only_what_reaches_the_customer_is_an_answer(self):
        self._policy()
        ticket = self._ticket()
        self._reply(ticket, 11, subtype_xmlid="mail.mt_note")
        self._reply(ticket, 11, subtype_xmlid="mail.mt_note", partner_ids=[])
        self._reply(ticket, 11, partner_ids=self.leader.partner_id.ids)
        with self._at(self.TODAY, 11):
            ticket.message_post(
                body="Hello?", message_type="comment", subtype_xmlid="mail.mt_comment", author_id=self.customer.id
            )
        self.assertFalse(self._clock(ticket).date_answered)
        self._reply(ticket, 12)
        self.assertTrue(self._clock(ticket).date_answered)

    def test_by_telephone(self):
        self._policy()
        ticket = self._ticket()
        with self._at(self.TODAY, 11):
            ticket.action_scm_answered()
        self.assertEqual(self._clock(ticket).state, "met")
        with self._refused("answered already"):
            ticket.action_scm_answered()

    def test_it_waits_for_the_customer_and_goes_on(self):
        self._policy()
        ticket = self._ticket(hour=10)
        with self._at(self.TODAY, 11):
            ticket.stage_id = self.waiting
        clock = self._clock(ticket, "resolution")
        self.assertRecordValues(clock, [{"state": "paused", "date_deadline": False}])
        self.assertFalse(self._clock(ticket).pauses, "who never answered waits for nobody")
        with self._at(self.TODAY, 16):
            ticket.message_post(
                body="The number is 5.", message_type="email", subtype_xmlid="mail.mt_comment",
                author_id=self.customer.id,
            )  # fmt: skip
        self.assertEqual(ticket.stage_id, self.at_work)
        # an hour is used; 16 to 17 is the second, five more the day after: 9 to 12 and 13 to 16
        self.assertRecordValues(clock, [{"state": "running", "date_deadline": self._local(16, days=1)}])

    def test_the_first_policy_that_fits_and_again_after_a_change(self):
        vip = self.env["scm.customer.class"].create({"name": "VIP", "company_id": self.company_a.id})
        first = self._policy(sequence=1, class_id=vip.id, hours_response=1.0)
        second = self._policy(sequence=2, priority="3", counting="always", hours_response=0.5, hours_resolution=0.0)
        third = self._policy(sequence=3)
        ticket = self._ticket(hour=16)
        self.assertEqual(self._clock(ticket).policy_id, third)
        with self._at(self.TODAY, 16):
            ticket.priority = "3"
        self.assertRecordValues(
            self._clock(ticket),
            [{"policy_id": second.id, "date_deadline": self._local(16) + timedelta(minutes=30), "calendar_id": False}],
        )
        self.assertFalse(self._clock(ticket, "resolution"))
        self.customer.with_company(self.company_a).scm_customer_class_id = vip
        self.assertEqual(self._clock(self._ticket()).policy_id, first)
        self.team.scm_counting = "always"
        self.assertFalse(self._clock(self._ticket()).calendar_id)

    def test_warning_breach_and_the_ladder(self):
        policy = self._policy(
            warn_share=0.5,
            step_ids=[
                (0, 0, {"kind": "response", "minutes": 60, "action": "leader"}),
                (0, 0, {"kind": "response", "minutes": 120, "action": "reassign", "user_id": self.clerk.id}),
            ],
        )
        ticket = self._ticket(hour=10, user_id=self.answerer.id)
        activities = lambda: ticket.sudo().activity_ids.filtered(lambda one: one.user_id == self.answerer)  # noqa: E731
        self._run(10)
        self.assertFalse(activities())
        self._run(11)
        self.assertEqual(self._clock(ticket).state, "warned")
        self.assertEqual(len(activities()), 1)
        self._run(11)
        self.assertEqual(len(activities()), 1)
        told = lambda: self.env["mail.message"].search_count(  # noqa: E731
            [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id), ("message_type", "=", "user_notification"),
             ("notified_partner_ids", "in", self.leader.partner_id.ids)])  # fmt: skip
        # noon to one does not count: the two hours are over at 13, the third at 14
        self._run(13, self.TODAY)
        self.assertEqual((self._clock(ticket).state, told()), ("warned", 0))
        self._run(14)
        self.assertEqual((self._clock(ticket).state, told()), ("breached", 1))
        self._run(14)
        self.assertEqual(told(), 1)
        self._run(15)
        self.assertEqual(ticket.user_id, self.clerk)
        self.assertEqual(sorted(self._clock(ticket).steps_done), sorted(policy.step_ids.ids))

    def test_who_was_late_says_why(self):
        self._policy(hours_resolution=1.0, hours_response=0.0)
        ticket, reason = self._ticket(hour=10), self.env["scm.sla.reason"].create({"name": "Fog"})
        with self._at(self.TODAY, 15):
            with self._refused(f"{ticket.number}.*Why Too Late"):
                ticket.stage_id = self.done
            ticket.write({"stage_id": self.done.id, "scm_breach_reason_id": reason.id})
        self.assertRecordValues(
            self._clock(ticket, "resolution"),
            [{"state": "breached", "reason_id": reason.id, "in_time": 0.0, "date_stopped": self._local(15)}],
        )
        in_time = self._ticket(hour=10)
        with self._at(self.TODAY, 11):
            in_time.stage_id = self.done
        self.assertEqual(self._clock(in_time, "resolution").state, "met")
        # averages leave out what is open
        self._ticket(hour=10)
        self.env.flush_all()
        ((average,),) = self.env["scm.sla.clock"]._read_group(
            [("company_id", "=", self.company_a.id)], [], ["in_time:avg"]
        )
        self.assertEqual(average, 50.0)

    def test_closed_and_taken_up_again(self):
        self._policy(hours_response=0.0, counting="always")
        ticket = self._ticket(hour=10)
        with self._at(self.TODAY, 12):
            ticket.stage_id = self.done
        with self._at(self.TODAY, 20):
            ticket.stage_id = self.at_work
        clock = self._clock(ticket, "resolution")
        # two of eight hours are used
        self.assertEqual(clock.date_deadline, self._local(20) + timedelta(hours=6))
        self.assertFalse(clock.date_stopped)

    def test_policies_apply_to_tickets_that_are_there(self):
        answered, open_ticket = self._ticket(hour=10), self._ticket(hour=10)
        self._reply(answered, 11)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)",
            [self._local(10), (answered | open_ticket).ids],
        )
        self.env.invalidate_all()
        policy = self._policy()
        with self.assertRaises(AccessError):
            self._as(self.answerer, policy).action_apply()
        with self._at(self.TODAY, 16):
            self._as(self.leader, policy).action_apply()
            self._as(self.leader, policy).action_apply()
        self.assertRecordValues(
            self._clock(answered) | self._clock(open_ticket),
            [{"state": "met", "date_answered": self._local(11)}, {"state": "breached", "date_answered": False}],
        )
        self.assertEqual(len(answered.sudo().scm_clock_ids), 2)

    def test_hours_are_those_of_odoos_calendar(self):
        """A year in Berlin, with holidays of the company and of the calendar: the same spans as Odoo's own."""
        self.env["resource.calendar.leaves"].create(
            [
                {"name": "Christmas", "calendar_id": self.calendar.id, "company_id": self.company_a.id,
                 "date_from": datetime(2026, 12, 23, 23), "date_to": datetime(2026, 12, 26, 23)},
                {"name": "Half a day", "calendar_id": self.calendar.id, "company_id": self.company_a.id,
                 "date_from": datetime(2027, 3, 1, 9, 30), "date_to": datetime(2027, 3, 1, 12, 30)},
            ]
        )  # fmt: skip
        start, end = datetime(2026, 11, 1), datetime(2027, 11, 1)
        utc = lambda moment: pytz.utc.localize(moment)  # noqa: E731
        theirs = self.calendar._work_intervals_batch(utc(start), utc(end))[False]
        hours = self.calendar._scm_hours(start, end, self.company_a)[self.calendar.id, self.company_a.id]
        naive = lambda moment: moment.astimezone(pytz.utc).replace(tzinfo=None)  # noqa: E731
        expected = Hours([(naive(begin), naive(stop)) for begin, stop, _record in theirs])
        for day in range(0, 365, 3):
            at = start + timedelta(days=day, hours=day % 24)
            self.assertEqual(hours.between(start, at), expected.between(start, at), at)

    def test_bad_policies(self):
        flexible = self.env["resource.calendar"].create({"name": "Whenever", "attendance_ids": [(5,)]})
        for values in (
            {"counting": "calendar"},
            {"counting": "calendar", "calendar_id": flexible.id},
            {"step_ids": [(0, 0, {"minutes": 1, "action": "user"})]},
            {"step_ids": [(0, 0, {"minutes": 1, "action": "reassign", "user_id": self.outsider.id})]},
        ):
            with self.subTest(values), self._refused("", ValidationError):
                self._policy(**values)

    def test_each_sees_the_clocks_of_his_tickets(self):
        self._policy()
        own = self._create_user("own", "helpdesk_mgmt.group_helpdesk_user_own")
        tickets = self._ticket(user_id=self.answerer.id)
        clocks = self._clock(tickets)
        self.assertFalse(self._as(own, self.env["scm.sla.clock"]).search([("id", "in", clocks.ids)]))
        self.assertFalse(self._as(self.planner_b, self.env["scm.sla.clock"]).search([("id", "in", clocks.ids)]))
        self.assertTrue(self._as(self.answerer, self.env["scm.sla.clock"]).search([("id", "in", clocks.ids)]))
        with self.assertRaises(AccessError):
            self._as(self.leader, clocks).write({"state": "met"})

    def test_as_many_queries_for_many_clocks_as_for_few(self):
        self._policy()
        few = self._ticket() | self._ticket()
        many = few.browse([self._ticket(hour=10 + number % 3).id for number in range(12)])

        def run(tickets):
            with self._at(self.TODAY + timedelta(days=2), 12):
                clocks = self.env["scm.sla.clock"].search([("ticket_id", "in", tickets.ids)])
                clocks._refresh(datetime(2026, 11, 25, 11))

        self.assertEqual(self._query_count(run, few), self._query_count(run, many))
