from datetime import date, datetime

from odoo.tests import tagged

from .test_demand import DemandCase


class StockoutCase(DemandCase):
    def _move(self, product, quantity, moment, warehouse=None, company=None):
        """Stock that comes in (positive) or goes out (negative) at a moment: a day (noon) or a datetime in UTC."""
        warehouse = warehouse or self.warehouse_a
        inside = warehouse.lot_stock_id
        incoming = quantity > 0
        with self._at(moment, company=warehouse.company_id):
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": abs(quantity),
                    "location_id": self.env.ref("stock.stock_location_suppliers").id if incoming else inside.id,
                    "location_dest_id": inside.id if incoming else self.env.ref("stock.stock_location_customers").id,
                    "company_id": warehouse.company_id.id,
                    "picking_type_id": (warehouse.in_type_id if incoming else warehouse.out_type_id).id,
                }
            )
            move._action_confirm()
            move.write({"quantity": abs(quantity), "picked": True})
            move._action_done()
        return move

    def _outs(self, product=None, warehouse=None):
        """``[(first day, last day or None)]`` in order."""
        domain = [("product_id", "=", (product or self.product).id)]
        domain += [("warehouse_id", "=", (warehouse or self.warehouse_a).id)]
        rows = self.env["scm.stockout"].search(domain, order="date_from")
        return [(row.date_from.isoformat(), row.date_to.isoformat() if row.date_to else None) for row in rows]


@tagged("post_install", "-at_install")
class TestStockout(StockoutCase):
    """Golden cases: what moved on which day, and the whole days without stock that follow from it."""

    def _check(self, moves, expected, **kwargs):
        for day, quantity in moves:
            self._move(self.product, quantity, day)
        self._refresh(**kwargs)
        self.assertEqual(self._outs(), expected)

    def test_never_stocked_is_not_out(self):
        self._create_sale([(self.product, 3)], "2026-10-01")
        self._check([], [])

    def test_shipped_before_any_receipt(self):
        """Stock below zero that never was above it: the item was not stocked."""
        self._check([("2026-10-01", -5), ("2026-10-10", 8)], [])

    def test_ran_out_and_came_back(self):
        self._check([("2026-10-01", 10), ("2026-10-05", -10), ("2026-10-09", 4)], [("2026-10-06", "2026-10-08")])

    def test_still_out(self):
        self._check([("2026-10-01", 10), ("2026-10-05", -10)], [("2026-10-06", None)])
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self.assertEqual(out.days, (self.TODAY - date(2026, 10, 6)).days)
        self._refresh("2026-11-25")
        self.assertEqual(out.days, (date(2026, 11, 25) - date(2026, 10, 6)).days)

    def test_below_zero_counts_as_out(self):
        self._check(
            [("2026-10-01", 10), ("2026-10-05", -12), ("2026-10-07", 2), ("2026-10-12", 5)],
            [("2026-10-06", "2026-10-11")],
        )

    def test_out_for_part_of_a_day_is_no_stock_out(self):
        self._check([("2026-10-01", 10), ("2026-10-05", -10), ("2026-10-06", 4)], [])

    def test_in_stock_for_part_of_a_day_parts_two_stock_outs(self):
        """Nothing at either end of the 8th, yet three pieces passed through on it."""
        moves = [
            ("2026-10-01", 10),
            ("2026-10-05", -10),
            (datetime(2026, 10, 8, 8), 3),
            (datetime(2026, 10, 8, 15), -3),
        ]
        self._check(moves, [("2026-10-06", "2026-10-07"), ("2026-10-09", None)])

    def test_moves_of_one_moment_are_one(self):
        """Received and shipped in the same breath: never in stock."""
        moment = datetime(2026, 10, 8, 8)
        self._check(
            [("2026-10-01", 10), ("2026-10-05", -10), (moment, 3), (moment, -3)],
            [("2026-10-06", None)],
        )

    def test_days_are_local(self):
        """23:00 UTC is already the next day in Berlin: out from the 7th, back in on the 10th."""
        self._check(
            [("2026-10-01", 10), (datetime(2026, 10, 5, 23), -10), (datetime(2026, 10, 9, 23), 4)],
            [("2026-10-07", "2026-10-09")],
        )

    def test_ran_out_at_midnight(self):
        self._check(
            [("2026-10-01", 10), (datetime(2026, 10, 5, 22), -10), ("2026-10-09", 4)], [("2026-10-06", "2026-10-08")]
        )

    def test_moves_within_the_warehouse_do_not_matter(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.warehouse_a.lot_stock_id.id})
        self._move(self.product, 10, "2026-10-01")
        with self._at("2026-10-05"):
            move = self.env["stock.move"].create(
                {
                    "product_id": self.product.id,
                    "product_uom": self.product.uom_id.id,
                    "product_uom_qty": 10,
                    "location_id": self.warehouse_a.lot_stock_id.id,
                    "location_dest_id": shelf.id,
                    "company_id": self.company_a.id,
                }
            )
            move._action_confirm()
            move.write({"quantity": 10, "picked": True})
            move._action_done()
        self._refresh()
        self.assertEqual(self._outs(), [])

    def test_increments_extend_close_and_remove(self):
        self._check([("2026-10-01", 10), ("2026-10-05", -10)], [("2026-10-06", None)])
        row = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self._move(self.product, 5, "2026-11-24")
        self._refresh("2026-11-24")
        self.assertEqual(self._outs(), [("2026-10-06", "2026-11-23")])
        self.assertEqual(self.env["scm.stockout"].search([("product_id", "=", self.product.id)]), row)
        # A receipt is entered with hindsight: the stock-out is shorter than it looked.
        self._move(self.product, 1, "2026-11-25").move_line_ids.date = datetime(2026, 10, 7, 10)
        self._refresh("2026-11-25")
        self.assertEqual(self._outs(), [("2026-10-06", "2026-10-06")])

    def test_each_warehouse_by_itself(self):
        self._move(self.product, 10, "2026-10-01")
        self._move(self.product, 10, "2026-10-01", warehouse=self.warehouse_b)
        self._move(self.product, -10, "2026-10-05", warehouse=self.warehouse_b)
        self._refresh()
        self.assertEqual(self._outs(), [])
        self.assertEqual(self._outs(warehouse=self.warehouse_b), [("2026-10-06", None)])

    def test_goods_without_stock_keeping_are_never_out(self):
        plain = self._create_product("Paper", is_storable=False)
        self._move(plain, 10, "2026-10-01")
        self._move(plain, -10, "2026-10-05")
        self._refresh()
        self.assertEqual(self._outs(plain), [])


@tagged("post_install", "-at_install")
class TestLostUnits(StockoutCase):
    def setUp(self):
        super().setUp()
        self._move(self.product, 1000, "2026-09-01")
        for day in range(1, 29):
            self._create_sale([(self.product, 10, 20.0)], f"2026-09-{day:02}")
        self._move(self.product, -1000, "2026-09-28")

    def test_expected_less_ordered(self):
        """Ten a day before; a week without stock in which two were back-ordered: 68 lost at 20 each."""
        self._create_sale([(self.product, 2, 20.0)], "2026-10-02")
        self._move(self.product, 500, "2026-10-06")
        self._refresh()
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        # Comparable: 28 days of 10 before, 48 days without a sale behind (to 22 November); 280 / 76 = 3.68 a day.
        self.assertRecordValues(out, [{"days": 7, "ordered_quantity": 2, "sample_days": 76}])
        self.assertAlmostEqual(out.expected_quantity, 7 * 280 / 76, delta=0.5)
        self.assertAlmostEqual(out.lost_quantity, out.expected_quantity - 2, delta=0.02)
        self.assertAlmostEqual(out.lost_revenue, out.lost_quantity * 20, delta=0.5)
        self.assertEqual(self._days()["2026-10-02"], 2, "lost units are never added to demand")

    def test_while_it_lasts_only_the_days_before_count(self):
        self._refresh("2026-10-06")
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self.assertRecordValues(out, [{"days": 7, "sample_days": 28, "expected_quantity": 70, "lost_quantity": 70}])
        self.assertEqual(out.lost_share, 1)

    def test_new_order_within_the_window_is_estimated_again(self):
        self._refresh("2026-10-06")
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        with self._at("2026-10-06", hour=14):
            self._create_sale([(self.product, 30)], "2026-10-06")
        self._refresh("2026-10-07")
        self.assertRecordValues(out, [{"days": 8, "ordered_quantity": 30, "lost_quantity": 50}])

    def test_back_orders_as_usual_lose_nothing(self):
        for day in range(29, 31):
            self._create_sale([(self.product, 10, 20.0)], f"2026-09-{day:02}")
        for day in range(1, 6):
            self._create_sale([(self.product, 10, 20.0)], f"2026-10-{day:02}")
        self._refresh("2026-10-06")
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self.assertRecordValues(out, [{"ordered_quantity": 70, "lost_quantity": 0, "lost_share": 0}])

    def test_ended_item_loses_nothing(self):
        self.product.sale_ok = False
        self._refresh("2026-10-06")
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self.assertRecordValues(out, [{"lost_quantity": 0, "lost_revenue": 0}])

    def test_as_many_queries_for_many_items(self):
        self._refresh("2026-10-06")
        self._move(self.product, 5, "2026-10-07")
        with self._at("2026-10-08"):
            few = self._query_count(self.env["scm.demand.day"]._refresh, self.companies)
        for number in range(8):
            product = self._create_product(f"P{number}")
            self._move(product, 5, "2026-10-01")
            self._move(product, -5, "2026-10-03")
        self.env.flush_all()
        with self._at("2026-10-09"):
            many = self._query_count(self.env["scm.demand.day"]._refresh, self.companies)
        self.assertEqual(many, few)
        self.assertEqual(self.env["scm.stockout"].search_count([("date_to", "=", False)]), 8)
