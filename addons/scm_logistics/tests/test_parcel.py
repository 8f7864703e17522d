from datetime import datetime, timedelta

from .parcel_common import ParcelCase


class TestIntake(ParcelCase):
    def test_repeats_and_order_change_nothing(self):
        parcel = self._create_parcel("AB 123")
        rows = [
            self._event("ab123", "in_transit", 2),
            self._event(" AB 1 23", "out_for_delivery", 20),
            self._event("Ab123", "delivered", 24, place="Berlin"),
        ]
        first = self._tell(*reversed(rows))
        self.assertEqual((first["stored"], first["repeated"], first["orphans"]), (3, 0, 0))
        self.assertRecordValues(
            parcel,
            [
                {
                    "status": "delivered",
                    "is_final": True,
                    "last_place": "Berlin",
                    "date_delivered": rows[2]["time"],
                    "date_first_scan": rows[0]["time"],
                    "days_late": 0,
                    "is_late": False,
                }
            ],
        )
        again = self._tell(*rows, *rows)
        self.assertEqual((again["stored"], again["repeated"], again["parcel_ids"]), (0, 6, []))
        self.assertEqual(len(parcel.event_ids), 3)

    def test_as_many_queries_for_many_as_for_few(self):
        few = [self._create_parcel(f"F{n}") for n in range(2)]
        many = [self._create_parcel(f"M{n}") for n in range(40)]
        counts = [
            self._query_count(self._tell, *(self._event(one, status, n) for one in parcels for n, status in steps))
            for parcels in (few, many)
            for steps in [list(enumerate(("in_transit", "out_for_delivery", "delivered")))]
        ]
        self.assertEqual(counts[0], counts[1])

    def test_orphans_are_adopted_when_the_parcel_appears(self):
        told = self._tell(self._event("Z-9", "in_transit"), self._event("z-9", "in_transit"))
        self.assertEqual((told["stored"], told["orphans"], told["repeated"]), (0, 1, 1))
        parcel = self._create_parcel("Z-9")
        self.assertEqual(parcel.status, "in_transit")
        self.assertFalse(self.env["scm.tracking.orphan"].search([("tracking_ref", "=", "Z-9")]))

    def test_another_company_keeps_its_parcels(self):
        theirs = self._create_parcel("SAME", company=self.company_b, carrier_id=False)
        told = self._tell(self._event("SAME", "delivered"), self._event(theirs, "delivered", tracking_ref="SAME"))
        self.assertEqual(told["stored"], 0)
        self.assertEqual(theirs.status, "info_received")

    def test_used_again_number_means_the_newest_that_existed(self):
        old = self._create_parcel("R1", date_ordered=datetime(2026, 1, 5), date_handed=datetime(2026, 1, 6))
        new = self._create_parcel("R1")
        self._tell(self._event("R1", "delivered", time=datetime(2026, 1, 8)), self._event("R1", "in_transit"))
        self.assertEqual((old.status, new.status), ("delivered", "in_transit"))

    def test_stamps_that_cannot_be_right(self):
        parcel = self._create_parcel("T1")
        now = self._moment(self.TODAY)
        self._tell(
            self._event(parcel, "in_transit", time=datetime(1970, 1, 1)),
            self._event(parcel, "delivered", time=now + timedelta(days=300)),
            self._event(parcel, "out_for_delivery", time=False),
            self._event(parcel, None, time="2026-11-22T10:00:00+08:00", text="with a zone"),
        )
        self.assertEqual((parcel.status, parcel.date_delivered), ("delivered", now))
        self.assertEqual(parcel.event_ids.filtered(lambda e: e.text == "with a zone").time, datetime(2026, 11, 22, 2))
        self.assertIn("parcel_doubtful_note", parcel.state_why["notes"])

    def test_expected_day_of_the_carrier_and_the_frozen_promise(self):
        parcel = self._create_parcel("E1")
        day = self.TODAY + timedelta(days=2)
        self._tell(self._event(parcel, "in_transit", expected=day))
        self._tell(self._event(parcel, "in_transit", expected=day))
        self.assertEqual((parcel.date_promised, parcel.date_expected), (self.TODAY, day))
        self.assertRecordValues(parcel.promise_ids, [{"date_from": self.TODAY, "date_to": day, "cause": "carrier"}])
