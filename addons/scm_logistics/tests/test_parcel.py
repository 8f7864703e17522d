from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

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

    def test_texts_are_kept_as_they_are_and_never_as_html(self):
        parcel = self._create_parcel("H1")
        self._tell(self._event(parcel, "in_transit", text="<script>alert(1)</script>\x00 <b>x</b>\n" + "y" * 900))
        event = parcel.event_ids
        self.assertTrue(event.text.startswith("<script>alert(1)</script> <b>x</b> y"))
        self.assertEqual(len(event.text), 500)
        self.assertEqual(parcel.journey["events"][0]["text"], event.text)

    def test_rows_that_make_no_sense_are_refused(self):
        parcel = self._create_parcel("B1")
        for row in (
            self._event(parcel, "flying"),
            self._event(parcel, "in_transit", source=""),
            {"source": "test", "time": False},
        ):
            with self.assertRaises(ValueError):
                self._tell(row)
        self.assertFalse(self.env["scm.parcel.event"].search([("parcel_id", "=", parcel.id)]))

    def test_the_hook_hears_of_changes_only(self):
        parcel = self._create_parcel("K1")
        heard = []
        with patch.object(
            type(parcel), "_after_state", lambda self, changes: heard.append((self.ids, changes)), create=False
        ):
            self._tell(self._event(parcel, "in_transit"))
            self._tell(self._event(parcel, "in_transit", 1))
            self._tell(self._event(parcel, "in_transit"))
        self.assertEqual(heard, [(parcel.ids, {parcel.id: ("info_received", "in_transit")})])


class TestCodes(ParcelCase):
    def _alerts(self, company):
        return self.env["scm.alert"].search(
            [("type_id.code", "=", "parcel_unknown_code"), ("company_id", "=", company.id), ("state", "=", "open")]
        )

    def test_shipped_codes(self):
        codes = self.env["scm.tracking.code"]
        expected = {
            ("aftership", "Delivered_001"): ("delivered", None),
            ("aftership", "exception_012"): ("exception", "damaged"),
            ("aftership", "Exception_010"): ("returned", "returning"),
            ("kuaidi100", "0"): ("in_transit", None),
            ("kuaidi100", "14"): ("exception", "refused"),
            ("kuaidi100", "501"): ("available_for_pickup", None),
            ("17track", "DeliveryFailure_NoBody"): ("attempt_failed", "nobody_home"),
            ("json", "out_for_delivery"): ("out_for_delivery", None),
        }
        self.assertEqual({key: value[:2] for key, value in codes._meanings(expected).items()}, expected)
        new = ("aftership", "Delivered_777")
        self.assertEqual(codes._meanings([new])[new], ("delivered", None, False))
        shipped = codes.search([("provider", "=", "kuaidi100")]).mapped("raw_code")
        self.assertFalse({str(n) for n in range(15)} - set(shipped) - {"9"})

    def test_an_unknown_code_is_stored_shown_and_alerted_once(self):
        parcel = self._create_parcel("U1")
        rows = [self._event(parcel, hours=n, raw_code="XX-9", text="Strange", provider="dhl") for n in range(3)]
        told = self._tell(*rows)
        self.assertEqual((told["stored"], told["unknown_codes"], parcel.status), (3, 1, "info_received"))
        self._tell(*rows, self._event(parcel, hours=9, raw_code="xx-9", provider="dhl"))
        code = self.env["scm.tracking.code"].search([("provider", "=", "dhl")])
        self.assertRecordValues(code, [{"raw_code": "XX-9", "text": "Strange", "is_known": False, "status": False}])
        self.assertEqual(len(self._alerts(self.company_a)), 1)
        self.assertFalse(self._alerts(self.company_b))
        self.assertIn("XX-9", parcel.journey["events"][0]["label"].upper())

    def test_what_a_person_says_of_a_code_reaches_past_events(self):
        parcel = self._create_parcel("U2")
        self._tell(self._event(parcel, raw_code="Q", provider="dhl"), self._event(parcel, "in_transit", -5))
        code = self.env["scm.tracking.code"].search([("provider", "=", "dhl")])
        self._as(self.manager, code).write({"status": "delivered"})
        self.assertEqual((parcel.status, code.is_known, code.is_pending), ("delivered", True, False))
        self.assertFalse(self._alerts(self.company_a))
        with self.assertRaises(AccessError):
            self._as(self.packer, code).write({"status": "returned"})


class TestFromTransfers(ParcelCase):
    def test_one_parcel_with_all_that_is_frozen(self):
        picking = self._ship(3, "TR 1", commitment_date=self._moment(self.TODAY))
        parcel = picking.scm_parcel_ids
        self.assertRecordValues(
            parcel,
            [
                {
                    "name": "TR 1",
                    "carrier_id": self.carrier.id,
                    "warehouse_id": self.warehouse_a.id,
                    "partner_id": self.customer.id,
                    "zip": "10115",
                    "city": "Berlin",
                    "weight": 6.0,
                    "value": 75.0,
                    "date_ordered": picking.sale_id.date_order,
                    "date_handed": picking.date_done,
                    "date_promised": self.TODAY,
                    "date_expected": self.TODAY,
                    "promise_source": "commitment",
                }
            ],
        )
        self.assertEqual(parcel.promise_ids.mapped("cause"), ["order"])
        self.customer.city = "Potsdam"
        picking.sale_id.commitment_date = self._moment(self.TODAY + timedelta(days=9))
        again = self.env["scm.parcel"]._from_pickings(picking)
        self.assertEqual((again, parcel.city, parcel.date_promised), (parcel, "Berlin", self.TODAY))

    def test_promise_is_that_of_the_last_confirmation(self):
        order = self._create_sale([(self._create_product(), 1)], self.TODAY, commitment_date=self._moment(self.TODAY))
        order.commitment_date = self._moment(self.TODAY + timedelta(days=3))
        self.assertEqual((order.scm_date_promised, order.scm_promise_source), (self.TODAY, "commitment"))
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.scm_date_promised, self.TODAY + timedelta(days=3))

    def test_packages_and_numbers(self):
        product = self._create_product(weight=1.0)
        self._set_stock(product, 3)
        sale = self._create_sale([(product, 3)], self.TODAY - timedelta(days=3))
        picking = sale.picking_ids
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "N1,N2"})
        line, package = picking.move_line_ids, self.env["stock.package"]
        line.write({"quantity": 1, "result_package_id": package.create({"name": "Box 1"}).id})
        for name in ("Box 2", False):
            box = package.create({"name": name}).id if name else False
            picking.move_ids.move_line_ids = [
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": 1,
                        "picking_id": picking.id,
                        "location_id": line.location_id.id,
                        "location_dest_id": line.location_dest_id.id,
                        "result_package_id": box,
                    }
                )
            ]
        picking.move_ids.picked = True
        with self._at(self.TODAY):
            picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        parcels = picking.scm_parcel_ids.sorted("name")
        self.assertEqual(parcels.mapped("name"), ["N1", "N2"])
        self.assertEqual(parcels.mapped("package_id.name"), ["Box 1", "Box 2"])
        # the loose piece has no number of its own: it travels under the last
        self.assertEqual(parcels.mapped("weight"), [1.0, 2.0])
        self.assertEqual(parcels.mapped("package_count"), [1, 2])

    def test_two_transfers_under_one_number(self):
        first, second = self._ship(1, "SHARED"), self._ship(2, " shared")
        parcel = first.scm_parcel_ids
        self.assertEqual(parcel, second.scm_parcel_ids)
        self.assertEqual((parcel.weight, len(parcel.sale_ids), parcel.package_count), (6.0, 2, 2))
        self._tell(self._event(parcel, "delivered", 1))
        self.assertNotEqual(self._ship(1, "SHARED").scm_parcel_ids, parcel)

    def test_number_that_is_entered_later(self):
        picking = self._ship()
        parcel = picking.scm_parcel_ids
        self.assertEqual((len(parcel), parcel.tracking_ref), (1, False))
        self._tell(self._event("LATER", "in_transit"))
        picking.carrier_tracking_ref = "LATER"
        self.assertEqual((parcel.tracking_ref, parcel.status, picking.scm_parcel_ids), ("LATER", "in_transit", parcel))

    def test_no_parcel_without_carrier_or_of_a_receipt(self):
        product = self._create_product(vendor=self.vendor)
        receipt = self._receive(self._create_purchase([(product, 2)], self.TODAY), self.TODAY)
        receipt.carrier_tracking_ref = "IN1"
        fetched = self._deliver(self._create_sale([(product, 1)], self.TODAY), self.TODAY)
        self.assertFalse((receipt + fetched).scm_parcel_ids)

    def test_as_many_queries_for_many_transfers(self):
        pickings = [self._ship(1, f"Q{n}") for n in range(7)]
        counts = []
        for batch in (pickings[:2], pickings[2:]):
            batch = self.env["stock.picking"].union(*batch)
            batch.scm_parcel_ids.unlink()
            counts.append(self._query_count(self.env["scm.parcel"]._from_pickings, batch))
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestByHand(ParcelCase):
    PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    def test_delivered_with_photo_and_signature(self):
        parcel = self._create_parcel("P1")
        proof = {"photo": self.PIXEL, "signature": self.PIXEL, "signed_by": "Ms Lin"}
        with self._at(self.TODAY):
            told = self._as(self.packer, parcel).action_add_event("delivered", text="At the door", proof=proof)
        self.assertEqual(told, {"stored": 1, "repeated": 0})
        event = parcel.event_ids
        self.assertRecordValues(event, [{"source": "hand", "user_id": self.packer.id, "signed_by": "Ms Lin"}])
        self.assertTrue(event.photo and event.signature)
        self.assertEqual((parcel.status, parcel.days_late), ("delivered", 0))

    def test_wizard_of_the_phone_list(self):
        parcel = self._create_parcel("P2")
        with self._at(self.TODAY):
            wizard = self._as(self.packer, self.env["scm.parcel.report"]).create(
                {"parcel_ids": parcel.ids, "status": "attempt_failed", "reason": "nobody_home"}
            )
            wizard.action_confirm()
        self.assertEqual((parcel.status, parcel.sub_status, parcel.attempts), ("attempt_failed", "nobody_home", 1))

    def test_a_person_corrects_the_carrier(self):
        parcel = self._create_parcel("P3")
        self._tell(self._event(parcel, "delivered", 1))
        with self._at(self.TODAY):
            self._as(self.packer, parcel).action_add_event("exception", sub_status="lost")
        self.assertEqual((parcel.status, parcel.is_lost, parcel.date_delivered), ("exception", True, False))

    def test_what_is_refused(self):
        parcel = self._create_parcel("P4")
        with self._at(self.TODAY):
            for status, time in (("flying", False), ("delivered", "2027-01-01 00:00:00"), ("delivered", "soon")):
                with self.assertRaises(ValidationError):
                    self._as(self.packer, parcel).action_add_event(status, time=time)
            for user in (self.planner, self.outsider, self.planner_b):
                with self.assertRaises(AccessError):
                    self._as(user, parcel).action_add_event("delivered")
            with self.assertRaises(UserError):
                self._as(self.packer, parcel).write({"status": "delivered"})
            with self.assertRaises(UserError):
                self._as(self.packer, parcel).action_set_expected("2026-12-01", " ")

    def test_new_day_by_hand(self):
        parcel = self._create_parcel("P5")
        with self._at(self.TODAY):
            self.assertEqual(self._as(self.packer, parcel).action_set_expected("2026-12-01", "Customer is away"), 1)
            self.assertEqual(self._as(self.packer, parcel).action_set_expected("2026-12-01", "Again"), 0)
        self.assertRecordValues(
            parcel.promise_ids, [{"cause": "hand", "user_id": self.packer.id, "reason": "Customer is away"}]
        )
        self.assertEqual(parcel.date_promised, self.TODAY)


class TestLateness(ParcelCase):
    def test_days_are_those_of_the_warehouse(self):
        """At 16:00 UTC of the promised day it is tomorrow in Tokyo, not in Berlin."""
        theirs = self._create_parcel("J1", company=self.company_b, carrier_id=False)
        ours = self._create_parcel("J2")
        with freeze_time(datetime.combine(self.TODAY, time(16))):
            self.env["scm.parcel"]._cron_refresh_lateness()
        self.assertEqual((theirs.days_late, theirs.is_late, ours.days_late), (1, True, 0))

    def test_late_parcels_stop_getting_later_when_delivered(self):
        parcel = self._create_parcel("J3", date_promised=self.TODAY - timedelta(days=4))
        self._tell(self._event(parcel, "delivered", 1))
        with self._at(self.TODAY + timedelta(days=30)):
            parcel._refresh_lateness()
        self.assertEqual((parcel.days_late, parcel.is_late), (2, True))


class TestStages(ParcelCase):
    def test_report_and_form_agree_and_name_the_guilty(self):
        start = self._moment(self.TODAY - timedelta(days=9))
        hours = {"date_ordered": 0, "date_ready": 50, "date_handed": 52}
        parcel = self._create_parcel(
            "S1",
            date_promised=self.TODAY - timedelta(days=5),
            **{name: start + timedelta(hours=number) for name, number in hours.items()},
        )
        norms = self.env["scm.stage.norm"]
        for stage, carrier, target in (("1_ready", False, 10), ("3_scan", False, 1), ("3_scan", self.carrier.id, 6)):
            norms.create(
                {"company_id": self.company_a.id, "stage": stage, "carrier_id": carrier, "hours_typed": target}
            )
        self._tell(
            self._event(parcel, "in_transit", time=start + timedelta(hours=60)),
            self._event(parcel, "delivered", time=start + timedelta(hours=120)),
        )
        with self._at(self.TODAY):
            rows = self._as(self.planner, self.env["scm.parcel.stage"])
            rows = rows.search([("parcel_id", "=", parcel.id)], order="id")
            drawn = parcel.journey["stages"]
        self.assertEqual(rows.mapped("hours"), [50, 2, 8, 60])
        self.assertEqual(rows.mapped("excess"), [40, 0, 2, 0])
        self.assertEqual(rows.mapped("guilty"), [1, 0, 0, 0])
        for row, stage in zip(rows, drawn, strict=True):
            self.assertEqual(
                (row.stage, row.who, row.hours, row.norm or None, bool(row.guilty), row.is_open),
                (stage["code"], stage["who"], stage["hours"], stage["norm"], stage["is_guilty"], stage["is_open"]),
            )
        self.assertFalse(self._as(self.planner_b, self.env["scm.parcel.stage"]).search([("parcel_id", "=", parcel.id)]))

    def test_medians_are_measured_and_typed_targets_stay(self):
        for number in range(20):
            parcel = self._create_parcel(f"M{number}", date_ready=self._moment(self.TODAY - timedelta(days=2)))
            self._tell(self._event(parcel, "in_transit", number))
        norms = self.env["scm.stage.norm"]
        with self._at(self.TODAY):
            norms._measure(self.company_a)
            norms._measure(self.company_a)
        found = norms.search([("company_id", "=", self.company_a.id), ("stage", "=", "3_scan")], order="carrier_id")
        self.assertRecordValues(
            found,
            [
                {"carrier_id": self.carrier.id, "hours_measured": 9.5, "sample": 20},
                {"carrier_id": False, "hours_measured": 9.5, "sample": 20},
            ],
        )
        found[0].hours_typed = 4
        with self._at(self.TODAY):
            norms._measure(self.company_a)
        self.assertEqual(found.mapped("hours"), [4, 9.5])
        with self.assertRaises(AccessError):
            self._as(self.planner, norms).action_measure()
