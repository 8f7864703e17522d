from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .freight_common import FreightCase


@tagged("post_install", "-at_install")
class TestFreightClaim(FreightCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier.write(
            {
                "scm_liability_parcel": 50.0,
                "scm_liability_kg": 10.0,
                "scm_guaranteed_days": 1,
                "scm_late_refund": 0.5,
                "scm_claim_days": 30,
            }
        )

    def _generate(self, **values):
        with self._at(self.TODAY):
            return self.env["scm.freight.claim"]._generate(self.company_a, **values)

    def _claims(self):
        return self.env["scm.freight.claim"].search([("company_id", "=", self.company_a.id)], order="id")

    def _lost(self, ref="L1", **values):
        return self._create_priced(
            ref, value=400.0, is_lost=True, status_at=self._moment(self.TODAY - timedelta(days=1)), **values
        )

    def test_drafts_of_each_kind_once(self):
        # 23 November 2026 is a Monday: handed over on Saturday, the guarantee of one working day is Monday
        late = self._moment(self.TODAY + timedelta(days=1))
        lost, damaged = self._lost(), self._create_priced("D1", weight=8.0, value=60.0, is_damaged=True)
        self._create_priced("L2", date_delivered=late)
        self._create_priced("L3", date_delivered=self._moment(self.TODAY))
        invoice = self._create_invoice(("L2", 10.0))
        with self._at(self.TODAY + timedelta(days=1)):
            invoice.action_approve()
            found = self.env["scm.freight.claim"]._generate(self.company_a)
            again = self.env["scm.freight.claim"]._generate(self.company_a)
        self.assertEqual((found["created"], again["created"], again["withdrawn"]), (3, 0, 0))
        claims = {claim.kind: claim for claim in self._claims()}
        self.assertEqual(claims["lost"].parcel_id, lost)
        self.assertEqual(claims["damaged"].parcel_id, damaged)
        # 50 for goods of 400 and 7 of freight; goods of 60 below 10 per kg and 13; half of what was invoiced; 10 - 7
        amounts = {kind: claim.amount for kind, claim in claims.items()}
        self.assertEqual(amounts, {"lost": 57.0, "damaged": 73.0, "late": 5.0, "overcharge": 3.0})
        self.assertEqual(claims["lost"].date_deadline, self.TODAY + timedelta(days=29))
        self.assertEqual(claims["late"].why["method"], "claim_late")
        self.assertTrue(all(claim.name.startswith("FC") for claim in claims.values()))

    def test_a_public_holiday_is_the_day_that_it_is_here(self):
        """Tuesday off in Berlin: Monday, on which that begins in UTC, stays a working day."""
        tuesday = self.TODAY + timedelta(days=1)
        self.company_a.resource_calendar_id.tz = "Europe/Berlin"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company_a.id,
                "calendar_id": self.company_a.resource_calendar_id.id,
                "date_from": self._moment(tuesday, hour=0),
                "date_to": self._moment(tuesday, hour=23),
            }
        )
        self._create_priced("L2", date_delivered=self._moment(tuesday))
        with self._at(tuesday):
            self.env["scm.freight.claim"]._generate(self.company_a)
        self.assertEqual(self._claims().kind, "late")

    def test_what_holds_no_more_is_withdrawn_and_what_a_person_withdrew_stays_so(self):
        parcel, other = self._lost(), self._lost("L9")
        self._generate()
        first = self._claims().filtered(lambda claim: claim.parcel_id == parcel)
        parcel.is_lost = False
        self.assertEqual(self._generate()["withdrawn"], 1)
        parcel.is_lost = True
        self.assertEqual(self._generate()["created"], 1)
        self.assertEqual(first.state, "cancelled")
        (own := self._claims().filtered(lambda claim: claim.parcel_id == other)).action_cancel()
        self.assertEqual(self._generate()["created"], 0)
        self.assertEqual(own.state, "cancelled")

    def test_too_late_and_too_small(self):
        self._lost()
        self._generate()
        with self._at(self.TODAY + timedelta(days=40)):
            self.assertEqual(self.env["scm.freight.claim"]._generate(self.company_a)["expired"], 1)
        self._lost("OLD", date_handed=self._moment("2026-06-01")).status_at = self._moment("2026-06-09")
        self.company_a.scm_claim_minimum = 60.0
        self._lost("SMALL")
        self.assertEqual(self._generate()["created"], 0)

    def test_steps_of_a_claim_and_who_may_take_them(self):
        self._lost()
        self._generate()
        claim = self._claims()
        with self.assertRaises(AccessError):
            self._as(self.planner, claim).action_send()
        self.assertFalse(self._as(self.planner_b, self.env["scm.freight.claim"]).search([]))
        own = self._as(self.packer, claim)
        with self.assertRaisesRegex(UserError, f"{claim.name}.*Draft"):
            own.action_pay()
        own.action_send()
        own.action_pay()
        self.assertRecordValues(claim, [{"state": "paid", "amount_paid": 57.0}])
        with self.assertRaises(AccessError):
            own.generate()
        with self.assertRaises(UserError):
            own.action_draft()

    def test_one_corrective_action_per_carrier_and_kind(self):
        self._lost()
        self._lost("L4")
        self._generate()
        claims = self._as(self.manager, self._claims())
        self.manager.group_ids += self.env.ref("stock.group_stock_user")
        claims[0].action_improve()
        claims[1].action_improve()
        improvement = claims.improvement_id
        self.assertEqual((len(improvement), improvement.area), (1, "logistics"))

    def test_alerts_say_what_is_due_and_end_with_it(self):
        self._lost()
        self._generate()
        claim, alerts = self._claims(), self.env["scm.alert"]
        domain = [("company_id", "=", self.company_a.id), ("type_id.code", "=", "freight_claim_due")]
        with self._at(self.TODAY + timedelta(days=25)):
            claim._sync_alerts(self.company_a)
            self.assertEqual(alerts.search(domain).money_at_stake, 57.0)
            claim.action_send()
            claim._sync_alerts(self.company_a)
            self.assertEqual(alerts.search(domain).state, "resolved")

    def test_queries_do_not_grow_with_the_claims(self):
        def generate(count, name):
            for number in range(count):
                self._lost(f"{name}{number}")
            return self._query_count(self._generate)

        generate(1, "W")
        self.assertEqual(generate(2, "A"), generate(20, "B"))
