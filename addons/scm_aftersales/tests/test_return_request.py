from odoo.exceptions import AccessError
from odoo.tests import tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnRequest(ReturnCase):
    """Who may ask for what, and never for more than there is."""

    def test_part_of_an_order(self):
        order = self._sold()
        request = self._ask(order, self._row(order, 3.0))
        self.assertEqual(request.name[:2], "RT")
        self.assertRecordValues(request, [{"partner_id": self.customer.id, "warehouse_id": self.warehouse_a.id}])
        self.assertRecordValues(request.line_ids, [{"quantity": 3.0, "wish": "refund"}])
        self.assertAlmostEqual(request.line_ids.price_unit, order.order_line.price_total / 10.0, places=2)

    def test_not_more_than_delivered_less_what_is_bespoken(self):
        order = self._sold()
        self._ask(order, self._row(order, 6.0))
        with self._refused("5 .*cannot be returned, 4 can"):
            self._ask(order, self._row(order, 5.0))
        self._ask(order, self._row(order, 4.0))

    def test_two_rows_count_together(self):
        order = self._sold()
        with self._refused("cannot be returned"):
            self._ask(order, self._row(order, 6.0), self._row(order, 5.0))

    def test_what_is_refused_or_cancelled_is_free_again(self):
        order = self._sold()
        first = self._ask(order, self._row(order, 10.0))
        first.action_refuse("Too old.")
        second = self._ask(order, self._row(order, 10.0))
        with self._refused("cannot be returned"):
            first.action_reopen()
        second.action_cancel()

    def test_nothing_before_delivery(self):
        self._set_stock(self.product, 10.0)
        order = self._create_sale([(self.product, 10.0)], self.TODAY)
        with self._refused("0 can"):
            self._ask(order)

    def test_nonsense(self):
        order, other = self._sold(), self._sold()
        for values, words in (
            ({"quantity": 0}, "at least one"),
            ({"quantity": -1}, "at least one"),
            ({"quantity": 0.5}, "whole"),
            ({"quantity": "many"}, "cannot be meant"),
            ({"quantity": float("inf")}, "cannot be meant"),
            ({"quantity": 1e30}, "cannot be meant"),
            ({"sale_line_id": other.order_line.id}, "not part of order"),
            ({"product_id": self._create_product("Other").id}, "cannot be meant"),
            ({"reason": "nonsense"}, "no return reason"),
            ({"lot": "nonsense"}, "not a lot"),
        ):
            with self.subTest(values), self._refused(words):
                self._ask(order, self._row(order, **values))
        with self._refused("at least one item"):
            self.env["scm.return"].request_return(order.id, [])
        with self._refused("no order"):
            self.env["scm.return"].request_return(0, [self._row(order)])
        self.assertFalse(order.scm_return_ids)

    def test_services_stay(self):
        service = self._create_product("Gift wrap", type="service", is_storable=False)
        self._set_stock(self.product, 1.0)
        order = self._create_sale([(self.product, 1.0), (service, 1.0)], self.TODAY)
        self._deliver(order, self.TODAY)
        with self._refused("service"):
            self._ask(order, self._row(order, line=1))

    def test_a_lot_that_was_delivered(self):
        product = self._create_product("Serial lamp", tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id, "company_id": self.company_a.id} for name in ("S1", "S2")]
        )
        self.env["stock.quant"]._update_available_quantity(product, self.warehouse_a.lot_stock_id, 1.0, lot_id=lots[0])
        order = self._create_sale([(product, 1.0)], self.TODAY)
        self._deliver(order, self.TODAY)
        with self._refused("S2 .*not delivered"):
            self._ask(order, self._row(order, lot="S2"))
        self.assertEqual(self._ask(order, self._row(order, lot="S1")).line_ids.lot_id, lots[0])

    def test_another_company_and_outsiders(self):
        order = self._sold()
        with self._refused("", AccessError):
            self._ask(order, user=self.outsider)
        with self._refused("", AccessError):
            self._ask(
                order, user=self._create_user("agent_b", "sales_team.group_sale_salesman", companies=self.company_b)
            )
        request = self._ask(order)
        self.assertFalse(self._as(self.planner_b, self.env["scm.return"]).search([("id", "=", request.id)]))

    def test_each_step_follows_from_the_one_before(self):
        order = self._sold()
        request = self._ask(order)
        if request.state == "requested":
            request.action_approve()
        with self._refused("cannot become"):
            request.action_close()
        request.action_cancel()
        with self._refused("cannot become"):
            request.action_cancel()

    def test_nobody_types_a_state(self):
        request = self._as(self.agent, self._ask(self._sold()))
        for vals in ({"state": "inspected"}, {"date_settled": "2026-01-01"}):
            with self._refused("not typed"):
                request.write(vals)
        with self._refused("not typed"):
            self._as(self.agent, self.env["scm.return"]).create({"order_id": request.order_id.id, "state": "settled"})

    def test_as_many_queries_for_many_orders_as_for_one(self):
        products = [self._create_product(f"Lamp {number}") for number in range(8)]
        few, many = self._sold([(products[0], 1.0)]), self._sold([(product, 1.0) for product in products])
        count = lambda orders: self._query_count(self.env["scm.return"]._returnable, orders)  # noqa: E731
        self.assertEqual(count(few), count(few + many))
