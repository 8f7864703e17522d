from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.test_wave import DAY, WaveCase


@tagged("post_install", "-at_install")
class TestPickFaceForecast(WaveCase):
    def test_the_coming_week_decides(self):
        face = self.env["scm.pick.face"].create(
            {"location_id": self.a[0].id, "product_id": self.product.id, "cover_days": 2}
        )
        self.env["scm.pick.day"].create(
            [
                {
                    "company_id": self.company_a.id,
                    "warehouse_id": self.warehouse_a.id,
                    "location_id": self.a[0].id,
                    "product_id": self.product.id,
                    "date": DAY - timedelta(days=ago),
                    "picks": 1,
                    "quantity": 5.0,
                }
                for ago in range(1, 29)
            ]
        )
        faces = self._as(self.manager, self.env["scm.pick.face"])
        faces.refresh_limits(self.warehouse_a.id)
        self.assertEqual((face.demand_source, face.min_qty, face.max_qty), ("picks", 5.0, 15.0))
        monday = DAY - timedelta(days=DAY.weekday())
        run = self.env["scm.forecast.run"].create(
            {"company_id": self.company_a.id, "freq": "W", "date_from": monday, "state": "done", "current": True}
        )
        forecast = self.env["scm.forecast"].create(
            {
                "run_id": run.id,
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": self.product.id,
                "freq": "W",
                "date_from": monday,
                "published": True,
            }
        )
        # Thursday to Sunday of a week of 70, Monday to Wednesday of one of 140: (4 x 10 + 3 x 20) / 7 a day
        self.env["scm.forecast.line"].create(
            [
                {"forecast_id": forecast.id, "date": monday + timedelta(days=7 * week), "quantity": quantity}
                for week, quantity in enumerate((70.0, 140.0, 7000.0))
            ]
        )
        faces.refresh_limits(self.warehouse_a.id)
        self.assertEqual((face.demand_source, round(face.demand_per_day, 2)), ("forecast", 14.29))
        self.assertEqual((face.min_qty, face.max_qty), (15.0, 44.0))
        self.assertIn("face_from_forecast", face.why["notes"])
