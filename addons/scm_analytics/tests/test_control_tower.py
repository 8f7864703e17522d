from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .metric_common import MetricCase


@tagged("post_install", "-at_install")
class TestControlTower(MetricCase):
    """What the morning page says, and who may read and note what."""

    def _tower(self, user=None, **kwargs):
        with self._at(self.TODAY):
            return self._as(user or self.planner, self.env["scm.control.tower"]).get_tower(**kwargs)

    def _tile(self, code, **kwargs):
        return next(tile for tile in self._tower(**kwargs)["tiles"] if tile["code"] == code)

    def test_yesterday_the_same_weekday_and_today_so_far(self):
        for _each in range(3):
            self._sell(self.day)
        self._sell(self.day - timedelta(days=7))
        self._sell(self.TODAY, hour=8)
        self._freeze("orders")
        tile = self._tile("orders")
        self.assertEqual((tile["value"], tile["weekday"], tile["today"]), (3, 1, 1))
        self.assertEqual((len(tile["trend"]), tile["trend"][-1], tile["trend"][-8]), (28, 3, 1))

    def test_colours_by_target_of_the_warehouse_else_of_the_company(self):
        self._sell(self.day, price=100)
        self._freeze("order_value")
        metric = self.env.ref("scm_analytics.scm_metric_order_value")
        values = {"metric_id": metric.id, "company_id": self.company_a.id, "date_from": "2020-01-01"}
        self.env["scm.metric.target"].create({**values, "target": 200, "limit": 150})
        self.assertEqual((self._tile("order_value")["tone"], self._tile("order_value")["target"]), ("bad", 200))
        self.env["scm.metric.target"].create(
            {**values, "warehouse_id": self.warehouse_a.id, "target": 120, "limit": 90}
        )
        self.assertEqual(self._tile("order_value", warehouse_id=self.warehouse_a.id)["tone"], "warn")
        self.env["scm.metric.target"].create({**values, "date_from": self.day, "target": 80, "limit": 50})
        self.assertEqual(self._tile("order_value")["tone"], "good")

    def test_a_gap_is_a_gap(self):
        self._freeze("orders")
        tile = self._tile("stock_value")
        self.assertIs(tile["value"], False)
        self.assertEqual(tile["tone"], "plain")

    def test_a_cause_is_noted_once_and_becomes_an_improvement(self):
        notes = self._as(self.planner, self.env["scm.metric.note"])
        first = notes.write_note("orders", str(self.day), "Rain")
        self.assertEqual(notes.write_note("orders", str(self.day), "Heavy rain"), first)
        self.assertEqual(self._tile("orders")["note"]["text"], "Heavy rain")
        action = notes.browse(first).action_improve()
        self.assertEqual(notes.browse(first).action_improve()["res_id"], action["res_id"])
        for code, date, text, words in (
            ("orders", str(self.day), " ", "write what the cause was"),
            ("orders", str(self.day), None, "write what the cause was"),
            ("orders", "yesterday", "Rain", "is no day"),
            ("none", str(self.day), "Rain", "no metric"),
            (7, str(self.day), "Rain", "no metric"),
        ):
            with self._refused(words):
                notes.write_note(code, date, text)

    def test_a_figure_by_its_parts(self):
        other = self.env["stock.warehouse"].create({"name": "East", "code": "EA", "company_id": self.company_a.id})
        for warehouse, count in ((self.warehouse_a, 1), (other, 3)):
            for _each in range(count):
                self._sell(self.day, price=10 * count, warehouse_id=warehouse.id)
        self._sell(self.day - timedelta(days=3), price=90)
        self._freeze("order_average")
        split = self._as(self.planner, self.env["scm.control.tower"]).get_split(
            "order_average", str(self.day), "warehouse"
        )
        self.assertEqual(
            [(row["subject"], row["value"], row["period"], row["sample"]) for row in split],
            [("East", 30, 30, 3), (self.warehouse_a.name, 10, 50, 2)],
        )

    def test_only_for_users_of_the_supply_chain_and_their_company(self):
        for call in (
            lambda: self._tower(self.outsider),
            lambda: self._as(self.outsider, self.env["scm.control.tower"]).get_split("orders", "x", "warehouse"),
            lambda: self._as(self.outsider, self.env["scm.metric.note"]).write_note("orders", "x", "y"),
        ):
            with self.assertRaises(AccessError):
                call()
        self._sell(self.day)
        self._freeze("orders")
        tiles = self._tower(self.planner_b)["tiles"]
        self.assertFalse([tile for tile in tiles if tile["code"] == "orders" and tile["value"]])

    def test_nonsense_is_refused_with_words(self):
        with self.assertRaisesRegex(UserError, "is no day"):
            self._tower(date="soon")
        with self.assertRaisesRegex(UserError, "is no day"):
            self._as(self.planner, self.env["scm.control.tower"]).get_split("orders", [], "warehouse")

    def test_what_is_read_live_is_found_by_index(self):
        indexes = {
            "sale_order_scm_promised_idx",
            "stock_picking_scm_done_idx",
            "scm_parcel_ended_idx",
            "scm_return_fact_order_idx",
            "scm_return_fact_delivery_date_idx",
            "scm_metric_snapshot_day_idx",
        }
        self.env.cr.execute("SELECT indexname FROM pg_indexes WHERE indexname = ANY(%s)", [list(indexes)])
        self.assertEqual({name for (name,) in self.env.cr.fetchall()}, indexes)
        self.env["scm.metric.source"]._query("orders", self.company_a, self.day, self.day)
        self.env.cr.execute("SHOW jit")
        self.assertEqual(self.env.cr.fetchone(), ("off",))

    def test_as_many_queries_for_many_days_as_for_few(self):
        self._freeze("orders")
        tower = self._as(self.planner, self.env["scm.control.tower"])
        with self._at(self.TODAY):
            few = self._query_count(tower.get_tower)
        for back in range(10):
            self._sell(self.day - timedelta(days=back))
        self._freeze(*self.env["scm.metric"].search([]).mapped("code"))
        with self._at(self.TODAY):
            self.assertLessEqual(self._query_count(tower.get_tower), few + 1)
