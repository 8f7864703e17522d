from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .metric_common import MetricCase


@tagged("post_install", "-at_install")
class TestMetric(MetricCase):
    """Figures are frozen once, late facts are corrections, a restatement is asked for and kept."""

    def test_a_day_is_frozen_once_and_zero_is_no_gap(self):
        self._sell(self.day, price=30)
        self._sell(self.day, price=10)
        self._freeze("orders", "order_value", "order_average")
        self.assertEqual(self._frozen("orders").value, 2)
        self.assertEqual(self._frozen("order_value").value, 40)
        self.assertEqual(self._frozen("order_average").value, 20)
        empty = self._frozen("orders", self.day - timedelta(days=3))
        self.assertEqual((len(empty), empty.value, empty.sample), (1, 0, 0))
        self.assertEqual(self._freeze("orders", "order_value", "order_average"), (0, 0))

    def test_a_late_fact_is_a_correction_and_the_frozen_value_stays(self):
        self._sell(self.day)
        self._freeze("orders")
        self._sell(self.day)
        self._freeze("orders")
        frozen = self._frozen("orders")
        self.assertEqual((frozen.value, frozen.known_value), (1, 2))
        self.assertEqual(frozen.correction_ids.mapped("value"), [2])
        self.assertEqual(frozen.correction_ids.mapped("value_before"), [1])

    def test_what_vanished_is_a_correction_too(self):
        sale = self._sell(self.day)
        self._freeze("orders")
        sale._action_cancel()
        self._freeze("orders")
        self.assertEqual((self._frozen("orders").value, self._frozen("orders").known_value), (1, 0))

    def test_a_part_that_appears_late_was_nothing_when_its_day_was_frozen(self):
        self._freeze("orders")
        self._sell(self.day)
        self._freeze("orders")
        part = self._frozen("orders", dimension="warehouse", subject=self.warehouse_a.id)
        self.assertEqual((part.value, part.sample, part.known_value), (0, 0, 1))
        self.assertEqual(len(part.correction_ids), 1)

    def test_days_older_than_the_settling_time_are_left_alone(self):
        self.orders.settle_days = 3
        self._freeze("orders")
        old = self.day - timedelta(days=10)
        self._sell(old)
        self.assertEqual(self._freeze("orders"), (0, 0))
        self.assertEqual(self._frozen("orders", old).known_value, 0)

    def test_a_day_is_the_day_of_the_warehouse(self):
        self._sell(self.day, hour=0)  # 00:00 in Berlin is 23:00 UTC of the day before
        self._freeze("orders")
        self.assertEqual(self._frozen("orders").value, 1)

    def test_parts_add_up_to_the_company(self):
        other = self.env["stock.warehouse"].create({"name": "East", "code": "EA", "company_id": self.company_a.id})
        self._sell(self.day)
        self._sell(self.day, warehouse_id=other.id)
        self._sell(self.day, warehouse_id=other.id)
        self._freeze("orders", "order_lines")
        parts = self.env["scm.metric.snapshot"].search(
            [("metric_id", "=", self.orders.id), ("date", "=", self.day), ("dimension", "=", "warehouse")]
        )
        self.assertEqual(
            dict(zip(parts.mapped("subject"), parts.mapped("value"), strict=True)),
            {self.warehouse_a.name: 1, "East": 2},
        )
        self.assertEqual(self._frozen("orders").value, 3)
        category = self._frozen("order_lines", dimension="category", subject=self.product.categ_id.id)
        self.assertEqual(category.value, 3, "without a category it is the part None")

    def test_what_has_no_carrier_is_a_part_too(self):
        service = self._create_product("Freight", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create({"name": "Van", "product_id": service.id})
        given = self._sell(self.day)
        given.carrier_id = carrier
        left = self._sell(self.day)
        self._freeze("orders")
        self.assertEqual(self._frozen("orders", dimension="carrier", subject=carrier.id).value, 1)
        none = self._frozen("orders", dimension="carrier", subject=0)
        self.assertEqual((none.value, none.subject), (1, "None"))
        self.assertFalse(self._frozen("orders", dimension="category", subject=0), "an order has no category")
        metrics = self._as(self.planner, self.env["scm.metric"])
        records = metrics.open_records("orders", str(self.day), "carrier", 0)
        self.assertEqual(records["domain"], [("id", "in", left.ids)])

    def test_a_return_makes_no_delivery_short(self):
        self._set_stock(self.product, 20)
        sale = self._sell(self.day - timedelta(days=3), quantity=4.0)
        sale.order_line.write({"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 1.0})
        short = self._sell(self.day - timedelta(days=3), quantity=4.0)
        for order, sent in ((sale, None), (short, {self.product: 3.0})):
            picking = self._deliver(order, self.day - timedelta(days=2), sent)
            self.env["scm.parcel"].create(
                {
                    "name": order.name,
                    "sale_ids": order.ids,
                    "picking_ids": picking.ids,
                    "date_delivered": self._moment(self.day),
                }
            )
            order.scm_date_promised = self.day
            self._return_from_customer(picking, self.day, {self.product: 1.0})
        self.assertLess(sale.order_line.qty_delivered, 1)
        self._freeze("order_in_full")
        frozen = self._frozen("order_in_full")
        self.assertEqual((frozen.numerator, frozen.denominator), (1, 2))

    def test_companies_do_not_see_each_other(self):
        self._sell(self.day)
        self._sell(self.day, company=self.company_b)
        self._freeze("orders")
        self._freeze("orders", company=self.company_b)
        self.assertEqual(self._frozen("orders").value, 1)
        mine = self._as(self.planner_b, self.env["scm.metric.snapshot"]).search([("metric_id", "=", self.orders.id)])
        self.assertEqual(mine.company_id, self.company_b)

    def test_money_is_in_the_company_s_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company_a.id, "name": "2020-01-01", "rate": 2.0}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Dollars", "currency_id": dollar.id})
        self._sell(self.day, price=50, pricelist_id=pricelist.id)
        self._freeze("order_value")
        self.assertAlmostEqual(self._frozen("order_value").value, 25)

    def test_a_level_is_read_on_its_evening_or_never(self):
        self._set_stock(self.product, 5)
        self._freeze("stock_value")
        self.assertEqual(self._frozen("stock_value").value, 50)
        self._set_stock(self.product, 7)
        self._freeze("stock_value")
        self.assertEqual(self._frozen("stock_value").known_value, 50)
        self.assertFalse(self._frozen("stock_value", self.day - timedelta(days=1)))
        self._freeze("stock_value", day=self.TODAY + timedelta(days=2))
        self.assertFalse(self._frozen("stock_value", self.TODAY), "nobody read it that evening: a gap")

    def test_a_level_is_read_once_with_all_its_parts(self):
        self._set_stock(self.product, 5)
        self._freeze("stock_value", "backlog")
        self.assertEqual(self._frozen("backlog").value, 0)
        self.assertTrue(self._frozen("backlog"), "nothing waits: zero, not a gap")
        later = self.env["stock.warehouse"].create({"name": "East", "code": "EA", "company_id": self.company_a.id})
        self._set_stock(self.product, 3, warehouse=later)
        self._freeze("stock_value")
        parts = self.env["scm.metric.snapshot"].search(
            [("metric_id.code", "=", "stock_value"), ("date", "=", self.day), ("dimension", "=", "warehouse"),
             ("company_id", "=", self.company_a.id)]
        )  # fmt: skip
        self.assertEqual(sum(parts.mapped("value")), self._frozen("stock_value").value)

    def test_what_nobody_counted_was_looked_at_all(self):
        purchase = self._create_purchase([(self.product, 10.0)], self.day)
        picking = self._receive(purchase, self.day)
        kinds = self.env["scm.defect.type"].search([], limit=2)
        with self._at(self.day):
            for kind, rejected in zip(kinds, (2.0, 1.0), strict=True):
                self.env["scm.receipt.inspection"].scm_inspect(picking.move_ids.id, rejected, kind.code)
        self._freeze("supplier_ppm")
        frozen = self._frozen("supplier_ppm")
        self.assertEqual((frozen.numerator, frozen.denominator), (3, 10))

    def test_restating_replaces_and_keeps_what_was(self):
        self.orders.settle_days = 1
        old = self.day - timedelta(days=20)
        self._freeze("orders")
        self._sell(old)
        wizard = (
            self.env["scm.metric.restate"]
            .with_user(self.manager)
            .create({"metric_id": self.orders.id, "date_from": old, "date_to": old, "reason": "Booked late"})
        )
        with self._at(self.TODAY):
            action = wizard.action_restate()
        self.env.invalidate_all()
        log = self.env["scm.metric.restatement"].browse(action["res_id"])
        self.assertEqual((log.user_id, log.reason, self._frozen("orders", old).value), (self.manager, "Booked late", 1))
        total = log.correction_ids.filtered(lambda row: row.snapshot_id.dimension == "total")
        self.assertEqual((total.value_before, total.value), (0, 1))

    def test_who_may_restate(self):
        values = {"metric_id": self.orders.id, "date_from": self.day, "date_to": self.day, "reason": "x"}
        with self.assertRaises(AccessError):
            self.env["scm.metric.restate"].with_user(self.planner).create(values)
        wizard = (
            self.env["scm.metric.restate"].with_user(self.manager).create({**values, "company_id": self.company_b.id})
        )
        with self.assertRaisesRegex(AccessError, "one of yours"):
            wizard.action_restate()
        level = self.env.ref("scm_analytics.scm_metric_stock_value")
        wizard = self.env["scm.metric.restate"].with_user(self.manager).create({**values, "metric_id": level.id})
        with self.assertRaisesRegex(UserError, "Stock at Cost.*cannot be read again"):
            wizard.action_restate()

    def test_frozen_values_are_closed(self):
        self._freeze("orders")
        frozen = self._frozen("orders")
        for user in (self.planner, self.manager):
            with self.assertRaises(AccessError):
                frozen.with_user(user).write({"value": 9})
            with self.assertRaises(AccessError):
                frozen.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.orders.with_user(self.manager).unlink()

    def test_a_changed_definition_is_a_new_version(self):
        self.orders.with_user(self.manager).formula = "All confirmed orders."
        self.assertEqual(self.orders.version, 2)
        self.assertEqual(self.orders.version_ids.mapped("number"), [2, 1])
        self.orders.with_user(self.manager).name = "Confirmed Orders"
        self.assertEqual(self.orders.version, 2, "its name says nothing else")
        self._freeze("orders")
        self.assertEqual(self._frozen("orders").version, 2)
        with self.assertRaisesRegex(ValidationError, "no source “nowhere.at_all”"):
            self.orders.source = "nowhere.at_all"

    def test_targets_have_their_alarm_on_the_bad_side(self):
        values = {"metric_id": self.env.ref("scm_analytics.scm_metric_otif").id, "company_id": self.company_a.id}
        self.env["scm.metric.target"].create({**values, "target": 0.95, "limit": 0.9})
        with self.assertRaisesRegex(ValidationError, "On Time in Full"):
            self.env["scm.metric.target"].create({**values, "target": 0.9, "limit": 0.95, "date_from": "2020-01-01"})

    def test_every_metric_reads_and_leads_to_records(self):
        """All shipped metrics, on a company with an order, stock and a receipt: read, frozen, drilled."""
        self._set_stock(self.product, 5)
        sale = self._sell(self.day)
        self._deliver(sale, self.day)
        metrics = self.env["scm.metric"].search([])
        self.assertGreaterEqual(len(metrics), 40)
        self._freeze(*metrics.mapped("code"))
        as_planner = self._as(self.planner, self.env["scm.metric"])
        for metric in metrics:
            with self.subTest(metric=metric.code):
                if metric.source.startswith("cash."):
                    with self.assertRaisesRegex(UserError, metric.name):
                        as_planner.open_records(metric.code, str(self.day))
                    continue
                action = as_planner.open_records(metric.code, str(self.day))
                self.assertIn(action["res_model"], self.env)
                frozen = self._frozen(metric.code)
                if frozen.sample and metric.kind == "flow":
                    self.assertTrue(action["domain"][0][2], "a figure with facts has records")

    def test_records_are_those_of_the_figure(self):
        sale = self._sell(self.day)
        self._sell(self.day - timedelta(days=1))
        action = self._as(self.planner, self.env["scm.metric"]).open_records(
            "orders", str(self.day), "warehouse", self.warehouse_a.id
        )
        self.assertEqual((action["res_model"], action["domain"]), ("sale.order", [("id", "in", sale.ids)]))
        for code, date, dimension, words in (
            ("nonsense", str(self.day), "total", "no metric"),
            (None, str(self.day), "total", "no metric"),
            ("orders", "31.12.", "total", "is no day"),
            ("orders", False, "total", "is no day"),
            ("orders", str(self.day), "planet", "no dimension"),
        ):
            with self._refused(words):
                self._as(self.planner, self.env["scm.metric"]).open_records(code, date, dimension)
        with self.assertRaises(AccessError):
            self._as(self.outsider, self.env["scm.metric"]).open_records("orders", str(self.day))

    def test_as_many_queries_for_many_orders_as_for_few(self):
        self._sell(self.day)
        metrics = self.env["scm.metric"].search([("source", "like", "orders.%")])
        metrics._freeze(self.company_a)
        with self._at(self.TODAY):
            few = self._query_count(metrics._freeze, self.company_a)
        for back in range(12):
            self._sell(self.day - timedelta(days=back))
        with self._at(self.TODAY):
            self.assertEqual(self._query_count(metrics._freeze, self.company_a), few)

    def test_a_run_freezes_all_and_is_for_managers(self):
        self._sell(self.day)
        with self.assertRaises(AccessError):
            self._as(self.planner, self.env["scm.metric.run"]).run_now()
        with self._at(self.TODAY):
            run = self.env["scm.metric.run"].browse(
                self._as(self.manager, self.env["scm.metric.run"]).run_now(wait=True)
            )
        self.assertEqual((run.state, run.error_count), ("done", 0))
        self.assertGreater(run.frozen_count, 100)
        self.assertEqual(self._frozen("orders").value, 1)

    def test_each_source_is_a_slice_for_a_worker_of_its_own(self):
        self._sell(self.day)
        with self._at(self.TODAY):
            runs = self._as(self.manager, self.env["scm.metric.run"])
            run = runs.browse(runs.run_now()).sudo()
            run._process_batch()
            slices = run._open_slices()
            self.assertEqual(len(slices), len(self.env["scm.metric"]._by_source()))
            self.assertTrue(run._process_slice(slices.filtered(lambda part: part.work == ["orders"]).id))
            self.assertEqual((self._frozen("orders").value, run.state), (1, "running"))
            run._process()
        self.assertEqual((run.state, run.done_count, run.total_count), ("done", len(slices), len(slices)))
