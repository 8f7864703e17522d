from odoo.tests import tagged

from odoo.addons.scm_warehouse.tests.test_wave import DAY, WaveCase


@tagged("post_install", "-at_install")
class TestWaveCarrier(WaveCase):
    def test_each_carrier_leaves_with_its_own_cutoff(self):
        service = self.env["product.product"].create({"name": "Freight", "type": "service"})
        van, post = self.env["delivery.carrier"].create(
            [{"name": name, "product_id": service.id, "delivery_type": "fixed"} for name in ("Van", "Post")]
        )
        noon = self.cutoff.copy({"name": "Van", "hour": 12.0, "carrier_ids": [(6, 0, van.ids)]})
        mine, other, without = self._orders(self.a[0], self.a[1], self.a[2])
        mine.carrier_id, other.carrier_id = van, post
        self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual(mine.batch_id.scm_cutoff_id, noon)
        self.assertEqual((other | without).batch_id.scm_cutoff_id, self.cutoff)
        board = self.plans.get_board(self.warehouse_a.id)
        self.assertEqual(
            [(wave["leaves"], wave["takes"]) for wave in board["waves"]], [("12:00", "Van"), ("16:00", "")]
        )
        # a public holiday of the van: nothing of its takes the day's other departure
        van.scm_calendar_id = self.env["resource.calendar"].create({"name": "Van", "tz": "Europe/Berlin"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": van.scm_calendar_id.id,
                "date_from": self._moment(DAY, 0),
                "date_to": self._moment(DAY, 23),
            }
        )
        made = self.plans.plan_waves(self.warehouse_a.id)
        self.assertEqual([(row["picking_id"], row["code"]) for row in made["unplanned"]], [(mine.id, "no_cutoff")])
