from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnFact(ReturnCase):
    """What was delivered and came back: by whom it was made, and how the rates are told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["scm.return.fact"]
        cls.first, cls.last = cls.TODAY - timedelta(days=400), cls.TODAY

    def _refresh(self, full=False):
        with self._at(self.TODAY):
            return self.facts._refresh(self.company_a, full=full)

    def _facts_of(self, order):
        return self.facts.search([("order_id", "=", order.id)], order="id")

    def _cells(self, dimension, **values):
        with self._at(self.TODAY):
            cells = self.facts._cells(self.company_a, self.first, self.last, [dimension], **values)
        names = list(cells)
        return [dict(zip(names, row, strict=True)) for row in zip(*cells.values(), strict=True)]

    def _set_cause(self, request, code, **values):
        request.line_ids.write({"cause_id": self.env["scm.return.cause"].search([("code", "=", code)]).id, **values})

    def test_a_delivery_and_its_return(self):
        order = self._sold(days=20)
        request = self._ask(order, self._row(order, 3.0, reason="defective"), day=self.TODAY - timedelta(days=8))
        self._set_cause(request, "defect")
        self._refresh()
        fact = self._facts_of(order)
        self.assertRecordValues(
            fact,
            [
                {
                    "order_date": self.TODAY - timedelta(days=21),
                    "delivery_date": self.TODAY - timedelta(days=20),
                    "product_id": self.product.id,
                    "warehouse_id": self.warehouse_a.id,
                    "delivered": 10.0,
                    "returned": 3.0,
                    "days": 12,
                    "owner": "supplier",
                    "refund": request.value,
                }
            ],
        )
        self.assertAlmostEqual(fact.value, order.order_line.price_total, 2)
        part = self.env["scm.return.part"].search([("fact_id", "=", fact.id)])
        self.assertRecordValues(
            part, [{"quantity": 3.0, "days": 12, "return_id": request.id, "order_date": fact.order_date}]
        )
        self.assertEqual(part.action_open_return()["res_id"], request.id)

    def test_increments_say_what_a_whole_reading_says(self):
        orders = [self._sold(days=30), self._sold(days=25)]
        self._refresh()
        request = self._ask(orders[0], self._row(orders[0], 2.0))
        late = self._sold(days=1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET write_date = now() AT TIME ZONE 'UTC'")
        self._refresh()

        def read():
            facts = self.facts.search([("company_id", "=", self.company_a.id)], order="order_id, id")
            names = ["order_id", "delivered", "returned", "value", "days", "supplier_id"]
            return [[row[name] for name in names] for row in facts.read(names)]

        step = read()
        self.assertEqual(len(step), 3)
        self.assertEqual(self._facts_of(orders[0]).returned, 2.0)
        self.assertTrue(self._facts_of(late))
        self._refresh(full=True)
        self.assertEqual(read(), step)
        request.action_cancel()
        self._refresh()
        self.assertEqual(self._facts_of(orders[0]).returned, 0.0)
        self.assertFalse(self.env["scm.return.part"].search([("return_id", "=", request.id)]))

    def test_refused_and_unannounced_units_do_not_count(self):
        order = self._sold()
        refused = self._ask(order, self._row(order, 4.0))
        refused.action_refuse("No.")
        kept = self._ask(order, self._row(order, 5.0))
        kept.line_ids.quantity_received = 2.0
        kept.line_ids.copy({"return_id": kept.id, "is_unexpected": True, "quantity": 1.0})
        self._refresh()
        self.assertEqual(self._facts_of(order).returned, 2.0)

    def test_several_deliveries_fill_first_in_first_out(self):
        self._set_stock(self.product, 10.0)
        order = self._create_sale([(self.product, 10.0)], self.TODAY - timedelta(days=20))
        self._deliver(order, self.TODAY - timedelta(days=19), {self.product: 4.0})
        self._deliver(order, self.TODAY - timedelta(days=9))
        self._ask(order, self._row(order, 5.0))
        self._refresh()
        self.assertRecordValues(
            self._facts_of(order).sorted("delivery_date"),
            [{"delivered": 4.0, "returned": 4.0, "days": 19}, {"delivered": 6.0, "returned": 1.0, "days": 9}],
        )

    def test_supplier_by_lot_and_first_in_first_out(self):
        other = self.env["res.partner"].create({"name": "Other vendor"})
        vendors = (self.vendor, other)
        product = self._create_product("Vase")
        for day, vendor in zip((60, 50), vendors, strict=True):
            purchase = self._create_purchase([(product, 5.0)], self.TODAY - timedelta(days=day), vendor=vendor)
            self._receive(purchase, self.TODAY - timedelta(days=day - 2))
        orders = []
        for day, quantity in ((40, 5.0), (30, 3.0)):
            order = self._create_sale([(product, quantity)], self.TODAY - timedelta(days=day))
            self._deliver(order, self.TODAY - timedelta(days=day - 1))
            orders.append(order)
        lots = self.env["stock.lot"]
        tracked = self._create_product("Tracked vase", tracking="lot")
        for name, vendor in zip(("L1", "L2"), vendors, strict=True):
            lot = self.env["stock.lot"].create(
                {"name": name, "product_id": tracked.id, "company_id": self.company_a.id}
            )
            purchase = self._create_purchase([(tracked, 5.0)], self.TODAY - timedelta(days=45), vendor=vendor)
            purchase.picking_ids.move_ids.move_line_ids.lot_id = lot
            self._receive(purchase, self.TODAY - timedelta(days=44))
            lots += lot
        mixed = self._create_sale([(tracked, 8.0)], self.TODAY - timedelta(days=30))
        self._deliver(mixed, self.TODAY - timedelta(days=29))
        self._ask(mixed, self._row(mixed, 1.0, lot="L2"))
        self._refresh()
        self.assertEqual([self._facts_of(order).supplier_id for order in orders], list(vendors))
        by_lot = self._facts_of(mixed).sorted(lambda fact: fact.lot_id.name)
        self.assertEqual(by_lot.lot_id, lots)
        self.assertEqual(by_lot.mapped("supplier_id"), self.vendor + other)
        self.assertEqual(by_lot.mapped("returned"), [0.0, 1.0])

    def test_money_in_company_currency_and_what_it_cost(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": self.TODAY - timedelta(days=100),
                "currency_id": dollar.id,
                "company_id": self.company_a.id,
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": dollar.id})
        order = self._sold(pricelist_id=pricelist.id)
        self.company_a.write({"scm_return_handling_cost": 4.0, "scm_return_b_loss": 0.5})
        request = self._ask(order, self._row(order, 2.0))
        self.env["scm.return.inspection"].create(
            [{"line_id": request.line_ids.id, "quantity": 1.0, "grade": grade} for grade in "BC"]
        )
        self._refresh()
        fact = self._facts_of(order)
        self.assertAlmostEqual(fact.value, order.order_line.price_total / 2.0, 2)
        self.assertAlmostEqual(fact.refund, request.value / 2.0, 2)
        # handling, half of a unit at grade B and a whole one at grade C, which cost 10 each
        self.assertAlmostEqual(fact.cost, 4.0 + 5.0 + 10.0, 2)

    def test_cells_tell_causes_apart(self):
        orders = [self._sold(days=200 + number) for number in range(4)]
        for order, code, units in ((orders[0], "defect", 2.0), (orders[1], "carrier_damage", 1.0)):
            self._set_cause(self._ask(order, self._row(order, units), day=self.TODAY - timedelta(days=190)), code)
        self._refresh()
        [cell] = self._cells("product")
        self.assertEqual(cell["key"], (self.product.id,))
        self.assertEqual([cell[name] for name in ("lines", "delivered", "returned_lines", "returned")], [4, 40, 2, 3])
        self.assertAlmostEqual(cell["mature"], 40.0)
        whats = {cell["what"]: cell["returned"] for cell in self._cells("product", by="owner")}
        self.assertEqual(whats, {None: 3.0, "supplier": 2.0, "carrier": 1.0})
        self.assertFalse(self._cells("carrier"))
        domain = self.facts._cell_domain(
            self.company_a, self.first, self.last, "product", cell["key"], what="carrier", by="owner"
        )
        self.assertEqual(self.env["scm.return.part"].search(domain).return_id.order_id, orders[1])
        before = self.TODAY - timedelta(days=195)
        [early] = self._cells("product", today=before)
        self.assertEqual((early["lines"], early["returned"]), (4, 0))
        with self.assertRaises(ValueError):
            self._cells("weather")

    def test_young_deliveries_count_in_part(self):
        old = [self._sold(days=100 + number) for number in range(4)]
        for order, delay in zip(old, (2, 2, 20, 20), strict=True):
            self._ask(order, self._row(order, 1.0), day=order.picking_ids.date_done.date() + timedelta(days=delay))
        self._sold(days=5)
        self._refresh()
        self.assertEqual(
            [round(share, 3) for share in self.facts._curve(self.company_a)[[0, 2, 19, 20]]], [0, 0.5, 0.5, 1]
        )
        [cell] = self._cells("product")
        self.assertAlmostEqual(cell["mature"], 45.0)
        self.assertAlmostEqual(cell["expected_returned"], 4.0 * 50.0 / 45.0)

    def test_rights(self):
        order = self._sold()
        self._refresh()
        facts = self._as(self.planner, self.facts)
        self.assertEqual(facts.search([("order_id", "=", order.id)]).delivered, 10.0)
        for user, method in ((self.outsider, "search"), (self.planner_b, "search")):
            if user == self.planner_b:
                self.assertFalse(self._as(user, self.facts).search([("order_id", "=", order.id)]))
                continue
            with self._refused("", AccessError):
                getattr(self._as(user, self.facts), method)([])
        with self._refused("managers", AccessError):
            facts.refresh()
        with self._refused("", AccessError):
            facts.search([("order_id", "=", order.id)]).write({"returned": 9.0})
        self.assertGreaterEqual(self._as(self.manager, self.facts).refresh(full=True), 1)

    def test_as_many_queries_for_many_deliveries_as_for_one(self):
        product = self._create_product("Bulb")
        few = self._sold([(product, 2.0)])
        self._ask(few, self._row(few))
        self._refresh()
        count = self._query_count(self._refresh, full=True)
        for _number in range(5):
            order = self._sold([(self._create_product("Tube"), 2.0), (product, 2.0)])
            self._ask(order, self._row(order), self._row(order, line=1))
        self.assertEqual(self._query_count(self._refresh, full=True), count)
