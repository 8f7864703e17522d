from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.warehouse_common import WarehouseCase


@tagged("post_install", "-at_install")
class TestFlowForecast(WarehouseCase):
    def test_days_of_the_forecast_follow_it_and_the_others_the_trend(self):
        today = self.TODAY  # a Monday
        self.env["scm.demand.day"].sudo().create(
            [
                {
                    "company_id": self.company_a.id,
                    "warehouse_id": self.warehouse_a.id,
                    "product_id": self.product.id,
                    "date": today - timedelta(days=ago),
                    "origin": "import",
                    "quantity": 10.0,
                }
                for ago in range(1, 57)
            ]
        )
        run = self.env["scm.forecast.run"].create(
            {"company_id": self.company_a.id, "freq": "W", "date_from": today, "state": "done", "current": True}
        )
        forecast = self.env["scm.forecast"].create(
            {
                "run_id": run.id,
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": self.product.id,
                "freq": "W",
                "date_from": today,
            }
        )
        # 105 units in this week are 15 a day, one and a half times what it was
        self.env["scm.forecast.line"].create({"forecast_id": forecast.id, "date": today, "quantity": 105.0})
        days = [today + timedelta(days=number) for number in range(8)]
        board, weekdays = self.env["scm.flow.board"], [(today - timedelta(days=n)).weekday() for n in range(56, 0, -1)]
        scales = board._expected_scales(self.warehouse_a, days, [7] * 56, weekdays)
        self.assertEqual(scales[:7], [{"scale": 1.5, "source": "forecast"}] * 7)
        self.assertEqual(scales[7], {"scale": 1.0, "source": "usual"})
        other = board._expected_scales(self.warehouse_b, days, [7] * 56, weekdays)
        self.assertEqual({scale["source"] for scale in other}, {"usual"})
