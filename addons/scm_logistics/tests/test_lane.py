from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from .parcel_common import ParcelCase


class TestLane(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["scm.zone"].search([]).active = False
        cls.germany = cls.env["scm.zone"].create(
            {"name": "Germany", "company_id": cls.company_a.id, "country_ids": [(6, 0, cls.env.ref("base.de").ids)]}
        )
        cls.berlin = cls.env["scm.zone"].create(
            {"name": "Berlin", "company_id": cls.company_a.id, "prefix_ids": [(0, 0, {"name": "101"})]}
        )
        cls.every_day = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "company_id": False,
                "attendance_ids": [
                    (5, 0, 0),
                    *((0, 0, {"name": str(d), "dayofweek": str(d), "hour_from": 8, "hour_to": 20}) for d in range(7)),
                ],
            }
        )
        cls.carrier.scm_calendar_id = cls.every_day

    def _delivered(self, number, days, late=False, **values):
        """Parcels to Berlin that took so many days, with a promise that they kept or not."""
        handed = self.TODAY - timedelta(days=20)
        return self.env["scm.parcel"].concat(
            *(
                self._create_parcel(
                    f"P{days}-{late}-{k}-{values.get('zip', '')}",
                    date_handed=self._moment(handed),
                    date_delivered=self._moment(handed + timedelta(days=days)),
                    date_promised=handed + timedelta(days=days - 1 if late else days),
                    status="delivered",
                    is_final=True,
                    weight=2.0,
                    cost_expected=50.0,
                    country_id=self.env.ref("base.de").id,
                    **{"zip": "10115", **values},
                )
                for k in range(number)
            )
        )

    def _rebuild(self, company=None):
        with self._at(self.TODAY):
            return self.env["scm.lane"]._rebuild(company or self.company_a)

    def test_zone_and_band_of_the_address(self):
        parcels = self._delivered(1, 2) | self._delivered(1, 2, zip="20095")
        parcels._classify()
        self.assertEqual(parcels.mapped("zone_id"), self.berlin | self.germany)
        self.assertEqual(parcels.band_id, self.env.ref("scm_logistics.scm_weight_band_medium"))

    def test_measured_and_shrunk(self):
        parcels = self._delivered(8, 2) | self._delivered(2, 5, late=True) | self._delivered(1, 3, zip="20095")
        parcels._classify()
        self._rebuild()
        lane = self.env["scm.lane"].search([("zone_id", "=", self.berlin.id), ("level", "=", "2")])
        self.assertEqual((lane.sample, lane.transit_median, lane.transit_p90), (10, 2, 5))
        self.assertAlmostEqual(lane.late_rate_raw, 0.2)
        carrier_rate = (2 + 40 * 2 / 11) / (11 + 40)
        self.assertAlmostEqual(lane.late_rate, (2 + 40 * carrier_rate) / (10 + 40))
        self.assertAlmostEqual(lane.cost_parcel, 50)
        self.assertAlmostEqual(lane.cost_kg, 25)
        self.assertEqual(lane.action_open_parcels()["domain"][-1], ("zone_id", "=", self.berlin.id))

    def test_again_keeps_ids_and_removes_what_is_gone(self):
        self._delivered(3, 2)._classify()
        self._rebuild()
        before = self.env["scm.lane"].search([("company_id", "=", self.company_a.id)])
        self._rebuild()
        self.assertEqual(self.env["scm.lane"].search([("company_id", "=", self.company_a.id)]), before)
        self.env["scm.parcel"].search([("company_id", "=", self.company_a.id)]).date_handed = False
        self._rebuild()
        self.assertFalse(self.env["scm.lane"].search([("company_id", "=", self.company_a.id)]))

    def test_working_days_of_the_carrier(self):
        self.carrier.scm_calendar_id = self.company_a.resource_calendar_id
        handed = self.TODAY - timedelta(days=20)
        self._delivered(4, 7)._classify()
        self._rebuild()
        lane = self.env["scm.lane"].search([("level", "=", "1"), ("carrier_id", "=", self.carrier.id)])
        self.assertEqual(lane.transit_median, 5, f"a week from {handed} has five working days")

    def test_lookup_falls_back(self):
        self._delivered(5, 2)._classify()
        self._rebuild()
        band = self.env.ref("scm_logistics.scm_weight_band_medium").id
        warehouse = self._warehouse(self.company_a).id
        keys = {
            "lane_warehouse": (self.carrier.id, warehouse, self.berlin.id, band),
            "lane": (self.carrier.id, False, self.berlin.id, band),
            "zone": (self.carrier.id, warehouse, self.berlin.id, False),
            "carrier": (self.carrier.id, False, self.germany.id, band),
            "company": (self._create_carrier("New").id, False, False, False),
        }
        found = self.env["scm.lane"]._lookup(self.company_a, keys.values())
        self.assertEqual({level: found[key]["level"] for level, key in keys.items()}, {level: level for level in keys})
        self.assertEqual(self.env["scm.lane"]._lookup(self.company_b, [keys["lane"]])[keys["lane"]]["level"], "none")

    def test_same_queries_for_many(self):
        self._delivered(2, 2)._classify()
        self._rebuild()
        with self.assertQueryCount(20):
            self._rebuild()
        self._delivered(40, 4)._classify()
        with self.assertQueryCount(20):
            self._rebuild()

    def test_one_company_fails_alone(self):
        lanes, rebuilt = type(self.env["scm.lane"]), []

        def rebuild(model, company, today=None):
            if company == self.company_a:
                raise ValueError("broken")
            rebuilt.append(company)

        commit = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60)
        log = "odoo.addons.scm_logistics.models.scm_lane_rebuild"
        with patch.object(lanes, "_rebuild", rebuild), commit, mute_logger(log):
            self.env["scm.lane"]._cron_rebuild()
        self.assertIn(self.company_b, rebuilt)

    def test_drill_shows_the_parcels_that_were_measured(self):
        self._delivered(3, 2)._classify()
        self._rebuild()
        self.carrier.company_id = False
        warehouse = self._warehouse(self.company_b)
        other = {"company_id": self.company_b.id, "warehouse_id": warehouse.id, "zip": "10117"}
        self._delivered(2, 4, **other)
        self._delivered(1, 5, carrier_id=False)
        for lane in self.env["scm.lane"].search([("company_id", "=", self.company_a.id)]):
            found = self.env["scm.parcel"].search_count(lane.action_open_parcels()["domain"])
            self.assertEqual(found, lane.handed, f"level {lane.level}")

    def test_rights(self):
        self._delivered(2, 2)._classify()
        self._rebuild()
        matrix = self.env["scm.lane"].with_user(self.planner).with_company(self.company_a).get_matrix()
        self.assertEqual(matrix["all"]["sample"], 2)
        with self.assertRaises(AccessError):
            self.env["scm.lane"].with_user(self.planner).rebuild_now()
        self.assertGreater(self.env["scm.lane"].with_user(self.manager).with_company(self.company_a).rebuild_now(), 1)


class TestPromiseDate(ParcelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls._warehouse(cls.company_a)
        for k in range(30):
            cls._create_parcel(
                f"P{k}",
                date_handed=cls._moment(cls.TODAY - timedelta(days=20)),
                date_delivered=cls._moment(cls.TODAY - timedelta(days=20) + timedelta(days=2)),
                status="delivered",
            )
        with cls._at(cls.TODAY):
            cls.env["scm.lane"]._rebuild(cls.company_a)

    def _order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse.id,
                "carrier_id": self.carrier.id,
                "order_line": [(0, 0, {"product_id": self._create_carrier("x").product_id.id})],
            }
        )

    def test_cut_off(self):
        with self._at(self.TODAY):
            self.warehouse.scm_cut_off = 23
            before = self._order().scm_promise_date
            self.warehouse.scm_cut_off = 1
            after = self._order().scm_promise_date
        self.assertTrue(before)
        self.assertGreater(after, before)

    def test_frozen_when_confirmed_and_committed_where_asked(self):
        self.company_a.scm_promise_mode = "commit"
        with self._at(self.TODAY):
            order = self._order()
            day = order.scm_promise_date
            order.action_confirm()
        self.assertEqual(order.commitment_date.date(), day)
        self.assertEqual((order.scm_date_promised, order.scm_promise_source), (day, "commitment"))

    def test_switched_off_or_unknown(self):
        with self._at(self.TODAY):
            self.company_a.scm_promise_mode = "off"
            self.assertFalse(self._order().scm_promise_date)
            self.company_a.scm_promise_mode = "beside"
            order = self._order()
            order.partner_shipping_id.country_id = False
            self.assertFalse(order.scm_promise()[str(order.id)][0]["date"])

    def test_other_carriers(self):
        with self._at(self.TODAY):
            order = self._order()
            other = self._create_carrier("Other")
            rows = order.scm_promise([self.carrier.id, other.id])[str(order.id)]
        self.assertEqual([row["carrier_id"] for row in rows], [self.carrier.id, other.id])
        self.assertTrue(all(row["date"] and row["why"]["sample"] for row in rows), "the second by all carriers")

    def test_nonsense(self):
        with self.assertRaises(ValidationError):
            self.warehouse.scm_cut_off = 31
        with self.assertRaises(ValidationError):
            self.company_a.scm_promise_share = 1.5
