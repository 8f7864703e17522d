"""Disruptions: who is met, new days, back again, and what nobody asked for."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .watch_common import WatchCase


@tagged("post_install", "-at_install")
class TestDisruption(WatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["scm.disruption.kind"].create(
            {"name": "Frost", "extra_days": 2, "customer_text": "because of frost"}
        )
        country = cls.env.ref("base.de").id
        cls.bavaria, cls.berlin = cls.env["res.country.state"].create(
            [{"name": name, "code": name, "country_id": country} for name in ("Test South", "Test North")]
        )

    def _disruption(self, user=None, **values):
        with self._at(self.TODAY):
            return self._as(user or self.manager, self.env["scm.disruption"]).create(
                {
                    "name": "Frost",
                    "kind_id": self.kind.id,
                    "company_id": self.company_a.id,
                    "date_from": self.TODAY,
                    "date_to": self._day(2),
                    **values,
                }
            )

    def _activate(self, disruption):
        with self._at(self.TODAY):
            return disruption.activate()

    def test_saving_lists_who_would_be_met_and_moves_nobody(self):
        here = self._create_parcel("HERE", zip="80331", state_id=self.bavaria.id)
        self._create_parcel("THERE", zip="10115", state_id=self.berlin.id)
        self._create_parcel("LATER", zip="80331", state_id=self.bavaria.id, date_expected=self._day(9))
        self._create_parcel("OTHER", self.company_b, carrier_id=False, zip="80331", state_id=self.bavaria.id)
        done = self._create_parcel("DONE", zip="80331", state_id=self.bavaria.id)
        self._tell(self._event(done, "delivered", 40))
        disruption = self._disruption(state_ids=[Command.set(self.bavaria.ids)])
        self.assertEqual(disruption.impact_ids.parcel_id, here)
        self.assertRecordValues(
            disruption.impact_ids,
            [{"date_before": self.TODAY, "date_after": self._day(2), "days": 2, "state": "preview"}],
        )
        self.assertEqual(here.date_expected, self.TODAY)
        with self._at(self.TODAY):
            disruption.write({"state_ids": [Command.clear()], "zip_prefixes": " 101, 8 0 "})
        self.assertEqual(sorted(disruption.impact_ids.mapped("parcel_id.name")), ["HERE", "THERE"])

    def test_delay_is_in_working_days_of_the_carrier(self):
        # Monday; four working days later is Friday, five is the next Monday
        parcel = self._create_parcel("P1", zip="1")
        disruption = self._disruption(zip_prefixes="1", extra_days=5)
        self._activate(disruption)
        self.assertEqual(parcel.date_expected, self._day(7))
        self.assertEqual(parcel.date_promised, self.TODAY)
        self.assertEqual(parcel.promise_ids[:1].cause, "disruption")

    def test_ending_early_takes_dates_back(self):
        self._switch_on("delayed", mode="ask")
        parcel, named = self._create_parcel("P1", zip="1"), self._create_parcel("P2", zip="1")
        disruption = self._disruption(zip_prefixes="1")
        self.assertEqual(self._activate(disruption), {str(disruption.id): {"parcels": 2, "deliveries": 0}})
        message = self._messages(parcel)
        self.assertEqual((message.state, message.disruption_id), ("draft", disruption))
        self.assertIn("because of frost", message.preview_body)
        self._expect(named, self._day(4))
        with self._at(self.TODAY):
            self.assertEqual(disruption.end(), 1)
        self.assertEqual(parcel.date_expected, self.TODAY)
        self.assertEqual(named.date_expected, self._day(4), "the carrier has said another day since")
        self.assertEqual(message.state, "suppressed")
        self.assertEqual(disruption.state, "ended")
        self.assertEqual(sorted(disruption.impact_ids.mapped("state")), ["passed", "taken_back"])

    def test_days_do_not_go_back_into_the_past(self):
        parcel = self._create_parcel("P1", zip="1")
        disruption = self._disruption(zip_prefixes="1")
        self._activate(disruption)
        with self._at(self._day(1)):
            disruption.end()
        self.assertEqual(parcel.date_expected, self._day(1))

    def test_two_at_once_do_not_add_up(self):
        parcel = self._create_parcel("P1", zip="1")
        short = self._disruption(zip_prefixes="1", extra_days=1)
        long = self._disruption(carrier_ids=[Command.set(self.carrier.ids)], extra_days=3)
        self._activate(short)
        self._activate(long)
        self.assertEqual(parcel.date_expected, self._day(3))
        with self._at(self.TODAY):
            long.end()
        self.assertEqual(parcel.date_expected, self._day(1))

    def test_changing_an_active_one_moves_again_and_lets_go(self):
        parcel = self._create_parcel("P1", zip="1")
        disruption = self._disruption(zip_prefixes="1", extra_days=1)
        self._activate(disruption)
        with self._at(self.TODAY):
            disruption.extra_days = 3
            self.assertEqual(parcel.date_expected, self._day(3))
            disruption.zip_prefixes = "2"
            self.assertEqual(parcel.date_expected, self.TODAY)

    def test_new_parcels_are_met_each_hour_and_the_end_comes_by_itself(self):
        disruption = self._disruption(zip_prefixes="1")
        self._activate(disruption)
        parcel = self._create_parcel("P1", zip="1")
        with self._at(self.TODAY):
            self.env["scm.disruption"]._refresh_company(self.company_a)
            self.env["scm.disruption"]._refresh_company(self.company_a)
        self.assertEqual(parcel.date_expected, self._day(2))
        self.assertEqual(len(parcel.promise_ids), 1)
        with self._at(self._day(4)):
            self.env["scm.disruption"]._refresh_company(self.company_a)
        self.assertEqual((disruption.state, parcel.date_expected), ("ended", self._day(2)))

    def test_open_deliveries_get_a_new_day_and_a_message(self):
        self._switch_on("delayed", mode="ask")
        product = self._create_product(weight=1.0)
        self._set_stock(product, 5)
        sale = self._create_sale([(product, 1)], self.TODAY, commitment_date=self._moment(self._day(1)))
        disruption = self._disruption(zip_prefixes="101")
        self.assertEqual(disruption.impact_ids.picking_id, sale.picking_ids)
        self._activate(disruption)
        self.assertEqual(sale.picking_ids.scm_date_expected, self._day(3))
        message = self.env["scm.parcel.message"].search([("picking_id", "=", sale.picking_ids.id)])
        self.assertRecordValues(message, [{"date_before": self._day(1), "date_told": self._day(3), "state": "draft"}])
        self.assertIn(sale.name, message.preview_body)
        with self._at(self.TODAY):
            disruption.end()
        self.assertEqual(sale.picking_ids.scm_date_expected, self._day(1))

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "Frost"):
            self._disruption(zip_prefixes=" , ")
        past = self._disruption(zip_prefixes="1", date_from=self._day(-9), date_to=self._day(-5))
        with self.assertRaisesRegex(UserError, "past"):
            self._activate(past)
        active = self._disruption(zip_prefixes="1")
        self._activate(active)
        with self.assertRaisesRegex(UserError, "already"):
            self._activate(active)
        with self.assertRaisesRegex(UserError, "active"):
            active.unlink()
        with self._at(self.TODAY):
            active.end()
            with self.assertRaisesRegex(UserError, "ended"):
                active.extra_days = 9
            with self.assertRaisesRegex(UserError, "not active"):
                active.end()

    def test_who_may(self):
        disruption = self._disruption(zip_prefixes="1")
        for user in (self.planner, self.dispatcher):
            self.assertTrue(self._as(user, disruption).name)
            with self.assertRaises(AccessError):
                self._as(user, disruption).activate()
            with self.assertRaises(AccessError):
                self._disruption(user, zip_prefixes="1")
        with self.assertRaises(AccessError):
            self._as(self.planner_b, disruption).read(["name"])
        with self.assertRaises(AccessError):
            self._as(self.outsider, disruption).read(["name"])

    def test_as_many_queries_for_many_parcels(self):
        def activate(count, prefix):
            for number in range(count):
                self._create_parcel(f"{prefix}{number}", zip=prefix)
            disruption = self._disruption(zip_prefixes=prefix)
            with self._at(self.TODAY):
                return self._query_count(disruption.activate)

        self._switch_on("delayed", mode="ask")
        activate(2, "7")
        self.assertEqual(activate(3, "8"), activate(30, "9"))
