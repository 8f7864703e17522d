from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestSlottingForecast(WarehouseCase):
    def test_before_the_season(self):
        """The coat was not sold for months; for the coming weeks 140 a week are expected, two in a pick."""
        near, far = self._places("A", bays=2), self._places("D", bays=10)[9:]
        self.env["scm.dock"].create({"name": "Dock", "warehouse_id": self.warehouse_a.id, "x": 0.0, "y": 0.0})
        self.warehouse_a._scm_refresh_travel()
        coat = self._create_product("Coat", weight=1.0)
        self._put(far, coat, 300)
        with self._at(self.TODAY):
            self.env["scm.pick.day"]._scm_refresh(self.company_a)
        self.env["scm.pick.day"].create(
            {
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "location_id": far.id,
                "product_id": coat.id,
                "date": self.TODAY - timedelta(days=80),
                "picks": 10,
                "quantity": 20.0,
            }
        )
        runs = self._as(self.manager, self.env["scm.slotting.run"])
        self.warehouse_a.scm_slotting_payback_days = 10
        with self._at(self.TODAY):
            past = self.env["scm.slotting.run"].browse(runs.propose(self.warehouse_a.id))
        self.assertFalse(past.move_ids)
        self._forecast(coat, 140.0)
        with self._at(self.TODAY):
            run = self.env["scm.slotting.run"].browse(runs.propose(self.warehouse_a.id, True, "forecast"))
        [move] = run.move_ids
        self.assertIn(move.location_dest_id, near)
        self.assertAlmostEqual(move.picks_day, 10.0)
        labels = self.env["scm.why"]._labels()
        self.assertIn(move.why["method"], labels)
        self.assertEqual(
            move.why["notes"][-1], {"code": "slot_ahead", "values": {"from": "2026-11-23", "to": "2026-12-20"}}
        )
        with self._refused("at least a week", ValidationError):
            self.warehouse_a.scm_slotting_ahead_days = 3

    def _forecast(self, product, quantity):
        monday = self.TODAY - timedelta(days=self.TODAY.weekday())
        values = {"company_id": self.company_a.id, "freq": "W", "date_from": monday}
        run = self.env["scm.forecast.run"].create({**values, "state": "done", "current": True})
        forecast = self.env["scm.forecast"].create(
            {
                **values,
                "run_id": run.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": product.id,
                "published": True,
            }
        )
        self.env["scm.forecast.line"].create(
            [
                {"forecast_id": forecast.id, "date": monday + timedelta(days=7 * week), "quantity": quantity}
                for week in range(6)
            ]
        )
