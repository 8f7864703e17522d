import base64
import io
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from PIL import Image

from .return_common import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnInspection(ReturnCase):
    """Goods come, are looked at, and go where their grade says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_product("Shade", barcode="SHADE-1")

    def _coming(self, quantity=3.0, lines=None, **row):
        """An approved return with its receipt."""
        order = self._sold(lines)
        request = self._ask(order, self._row(order, quantity, **row))
        if request.state == "requested":
            request.action_approve()
        if not request.picking_ids:
            self._make_receipt(request)
        return request

    def _make_receipt(self, request):
        delivery = request.order_id.picking_ids.filtered(lambda picking: picking.state == "done")[:1]
        wizard = self.env["stock.return.picking"].with_context(active_id=delivery.id, active_model="stock.picking")
        wizard = wizard.create({})
        for line in wizard.product_return_moves:
            wanted = request.line_ids.filtered(lambda one, line=line: one.product_id == line.product_id)
            line.quantity = sum(wanted.mapped("quantity"))
        picking = wizard._create_return()
        picking.scm_return_id = request
        for move in picking.move_ids:
            move.scm_return_line_id = request.line_ids.filtered(
                lambda one, move=move: one.product_id == move.product_id
            )[:1]

    def _receive_it(self, request, *rows, final=False, user=None):
        return self._as(user or self.packer, request).receive(list(rows), final)

    def _inspect(self, request, *rows, user=None):
        line = request.line_ids[0]
        return self._as(user or self.packer, request).inspect([{"line_id": line.id} | row for row in rows])

    def _stock(self, product, location):
        return sum(
            self.env["stock.quant"]
            .search([("product_id", "=", product.id), ("location_id", "=", location.id)])
            .mapped("quantity")
        )

    def _photo(self, kind="PNG"):
        content = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(content, kind)
        return base64.b64encode(content.getvalue()).decode()

    # Receipt

    def test_all_at_once(self):
        request = self._coming()
        answer = self._receive_it(request)
        self.assertEqual(request.state, "received")
        self.assertEqual((answer["lines"][0]["received"], answer["lines"][0]["left"]), (3.0, 3.0))

    def test_partly_then_the_rest(self):
        request = self._coming()
        line = request.line_ids
        self._receive_it(request, {"line_id": line.id, "quantity": 1})
        self._inspect(request, {"grade": "A"})
        self.assertRecordValues(request, [{"state": "received"}])
        self._inspect(request, {"grade": "missing", "quantity": 2})
        self._receive_it(request, {"line_id": line.id, "quantity": 1}, final=True)
        # of two that were said to be missing one came after all
        self.assertEqual(line._graded()[line.id], {"A": 1.0, "B": 0.0, "C": 0.0, "missing": 1.0, "wrong": 0.0})
        self._inspect(request, {"grade": "B", "quantity": 1})
        self.assertEqual(request.state, "inspected")

    def test_less_than_asked_is_missing_once_all_is_graded(self):
        request = self._coming()
        self._receive_it(request, {"line_id": request.line_ids.id, "quantity": 2}, final=True)
        self._inspect(request, {"grade": "A", "quantity": 2})
        self.assertEqual(request.state, "inspected")
        self.assertEqual(request.line_ids._graded()[request.line_ids.id]["missing"], 1.0)

    def test_more_than_asked_stands_apart(self):
        request = self._coming(1.0)
        line = request.line_ids
        self._receive_it(request, {"line_id": line.id, "quantity": 3})
        self.assertEqual((line.quantity, line.quantity_received), (1.0, 1.0))
        excess = request.line_ids - line
        self.assertRecordValues(
            excess, [{"quantity": 2.0, "quantity_received": 2.0, "is_unexpected": True, "excess_of_id": line.id}]
        )
        self._as(self.packer, request).inspect(
            [{"line_id": line.id, "grade": "A"}, {"line_id": excess.id, "grade": "B", "quantity": 2}]
        )
        self.assertEqual(request.state, "inspected")
        self.assertEqual(self._stock(self.product, self.warehouse_a.scm_grade_b_location_id), 2.0)
        with self._refused("", AccessError):
            self._as(self.planner, excess).action_accept()
        self._as(self.agent, excess).action_accept()
        self.assertEqual((excess.decision, excess.outcome), ("approve", "refund"))
        with self._refused("came unasked"):
            self._as(self.agent, line).action_accept()

    def test_goods_that_nobody_announced(self):
        request = self._coming(1.0)
        self._receive_it(
            request, {"line_id": request.line_ids.id, "quantity": 1}, {"product": "SHADE-1", "quantity": 2}
        )
        unexpected = request.line_ids.filtered("is_unexpected")
        self.assertRecordValues(unexpected, [{"product_id": self.other.id, "quantity_received": 2.0}])
        self.assertFalse(unexpected.sale_line_id)

    def test_an_empty_parcel(self):
        request = self._coming()
        with self._refused("no goods are on their way"):
            self._receive_it(request, {"line_id": request.line_ids.id, "quantity": 0})
        self._receive_it(request, {"line_id": request.line_ids.id, "quantity": 0}, final=True)
        self.assertEqual((request.state, request.line_ids.quantity_received), ("received", 0.0))
        self._inspect(request, {"grade": "missing"})
        self.assertEqual(request.state, "inspected")
        self.assertFalse(request.inspection_ids.move_ids)

    def test_a_receipt_validated_in_the_inventory_app(self):
        request = self._coming()
        picking = request.picking_ids
        picking.move_ids.write({"quantity": 2.0, "picked": True})
        picking.with_user(self.packer).with_context(skip_backorder=True).button_validate()
        self.assertEqual((request.state, request.line_ids.quantity_received), ("received", 2.0))
        self.assertEqual(len(request.picking_ids), 2)

    # Inspection

    def test_each_grade_has_its_place(self):
        request = self._coming(5.0)
        self._receive_it(request)
        stock = self.warehouse_a.lot_stock_id
        before = self._stock(self.product, stock)
        self._inspect(
            request,
            {"grade": "A", "quantity": 1, "cause": "customer_choice"},
            {"grade": "b", "quantity": 1, "cause": "defect", "note": "Scratch"},
            {"grade": "C", "quantity": 1, "cause": "defect"},
            {"grade": "missing", "quantity": 1},
            {"grade": "wrong", "quantity": 1, "found": "SHADE-1"},
        )
        refurbish = self.warehouse_a.scm_grade_b_location_id
        self.assertEqual(before - self._stock(self.product, stock), 4.0)
        self.assertEqual(self._stock(self.product, refurbish), 1.0)
        self.assertEqual(self._stock(self.other, refurbish), 1.0)
        self.assertFalse(refurbish.warehouse_id, "What is to be refurbished is not for sale")
        self.assertEqual(request.line_ids.cause_id.code, "defect")
        self.assertEqual(request.state, "inspected")

    def test_taken_back_with_its_stock(self):
        request = self._coming(2.0)
        self._receive_it(request)
        stock = self._stock(self.product, self.warehouse_a.lot_stock_id)
        self._inspect(request, {"grade": "B", "cause": "defect", "quantity": 2})
        self.assertEqual(request.state, "inspected")
        self._as(self.packer, request.inspection_ids).action_undo()
        self.assertEqual(self._stock(self.product, self.warehouse_a.lot_stock_id), stock)
        self.assertRecordValues(request, [{"state": "received", "date_inspected": False}])
        self.assertFalse(request.line_ids.cause_id)
        self._inspect(request, {"grade": "A", "quantity": 2})
        request._move_to("settled")
        with self._refused("is settled"):
            self._as(self.packer, request.inspection_ids).action_undo()

    def test_never_more_than_came(self):
        request = self._coming(2.0)
        with self._refused("book the receipt"):
            self._inspect(request, {"grade": "A"})
        self._receive_it(request)
        other = self._coming(1.0)
        for row, words in (
            ({"grade": "A", "quantity": 3}, "no more can be graded"),
            ({"grade": "missing", "quantity": 3}, "no more can be graded"),
            ({"grade": "A", "quantity": 0.5}, "whole"),
            ({"grade": "A", "quantity": -1}, "no quantity"),
            ({"grade": "A", "quantity": "many"}, "no quantity"),
            ({"grade": "A", "quantity": float("nan")}, "no quantity"),
            ({"grade": "Z"}, "no grade"),
            ({"grade": None}, "no grade"),
            ({"grade": "A", "cause": "nonsense"}, "no cause"),
            ({"grade": "wrong", "found": "nonsense"}, "no product"),
            ({"grade": "A", "line_id": other.line_ids.id}, "no such item"),
            ({"grade": "A", "photos": [{"name": "x.png", "data": "PHN2Zz4="}]}, "x.png is not taken"),
            ({"grade": "A", "photos": [{"data": "%%%"}]}, "not taken"),
        ):
            with self.subTest(row), self._refused(words):
                self._inspect(request, row)
        with self._refused("no more can be graded"):
            self._inspect(request, {"grade": "A", "quantity": 2}, {"grade": "B", "quantity": 1})
        with self._refused("at least one unit"):
            self._inspect(request)
        self.assertFalse(request.inspection_ids)

    def test_photos_are_written_anew(self):
        request = self._coming(1.0)
        self._receive_it(request)
        self._inspect(request, {"grade": "C", "photos": [{"name": "<script>.png", "data": self._photo()}]})
        photo = request.inspection_ids.attachment_ids
        self.assertEqual((photo.mimetype, photo.name), ("image/jpeg", f"{request.name}-1.jpg"))
        self.assertTrue(self._as(self.packer, photo).raw)
        with self._refused("", AccessError):
            self._as(self.outsider, photo).read(["raw"])

    def test_serial_numbers(self):
        product = self._create_product("Serial lamp", tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id, "company_id": self.company_a.id} for name in ("SN1", "SN2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(product, self.warehouse_a.lot_stock_id, 1.0, lot_id=lot)
        order = self._create_sale([(product, 2.0)], self.TODAY)
        self._deliver(order, self.TODAY)
        request = self._ask(order, *(self._row(order, lot=name) for name in ("SN1", "SN2")))
        if request.state == "requested":
            request.action_approve()
        if not request.picking_ids:
            self.skipTest("Receipts are made by another part")
        self._receive_it(request)
        first, second = request.line_ids
        with self._refused("did not come"):
            self._as(self.packer, request).inspect([{"line_id": first.id, "grade": "A", "lot": "SN2"}])
        self._as(self.packer, request).inspect(
            [{"line_id": first.id, "grade": "B"}, {"line_id": second.id, "grade": "C", "lot": "SN2"}]
        )
        self.assertEqual(request.inspection_ids.sorted("id").lot_id, lots)
        refurbish = self.warehouse_a.scm_grade_b_location_id
        self.assertEqual(lots[0].quant_ids.filtered("quantity").location_id & refurbish, refurbish)

    def test_who_may(self):
        request = self._coming(1.0)
        for user in (self.outsider, self.agent, self.planner):
            with self._refused("", AccessError):
                self._receive_it(request, user=user)
            with self._refused("", AccessError):
                self._inspect(request, {"grade": "nonsense"}, user=user)
        packer_b = self._create_user("packer_b", "stock.group_stock_user", companies=self.company_b)
        with self._refused("", AccessError):
            self._receive_it(request, user=packer_b)
        self._receive_it(request)
        self._inspect(request, {"grade": "A"})
        with self._refused("", AccessError):
            self._as(self.packer, request.inspection_ids).write({"quantity": 99})
        with self._refused("", AccessError):
            self._as(self.agent, request.inspection_ids).action_undo()
        self.assertFalse(self._as(packer_b, self.env["scm.return.inspection"]).search([("return_id", "=", request.id)]))

    # Page

    def test_a_scan_finds_the_return(self):
        request = self._coming(1.0)
        parcel = self.env["scm.parcel"].create(
            {"name": "P1", "company_id": self.company_a.id, "tracking_ref": "AB 12-34", "direction": "return"}
        )
        parcel.scm_return_id = request
        self.product.barcode = "LAMP-1"
        page = self._as(self.packer, self.env["scm.return"])
        for code in (request.name.lower(), "ab12-34", request.picking_ids[:1].name, request.order_id.name, "LAMP-1"):
            with self.subTest(code):
                self.assertEqual([row["id"] for row in page.inspection_scan(code)["returns"]], request.ids)
        self.assertFalse(page.inspection_scan("nonsense")["returns"])
        self.assertFalse(page.inspection_scan("%")["returns"])
        with self._refused("Nothing was scanned"):
            page.inspection_scan("  ")
        with self._refused("", AccessError):
            self._as(self.outsider, self.env["scm.return"]).inspection_scan(request.name)
        self.assertFalse(self._as(self.planner_b, self.env["scm.return"]).inspection_scan(request.name)["returns"])
        usual = request.line_ids.reason_id.cause_id.code
        line = self._as(self.packer, request).inspection_data()["lines"][0]
        self.assertEqual((line["causes"][0], line["usual"]), (usual, usual))

    def test_as_many_queries_for_many_items_as_for_one(self):
        products = [self._create_product(f"Lamp {number}") for number in range(6)]
        order = self._sold([(product, 1.0) for product in products])
        many = self._ask(order, *(self._row(order, line=number) for number in range(6)))
        few = self._ask(self._sold())
        self.assertEqual(self._query_count(few.inspection_data), self._query_count(many.inspection_data))

    # Desk

    def test_clocks_and_alerts(self):
        self.company_a.write({"scm_return_norm_requested": 24.0, "scm_return_close_days": 0})
        order = self._sold()
        request = self._ask(order, day=self.TODAY - timedelta(days=3))
        if request.state != "requested":
            self.skipTest("Decided by a policy")
        returns = self.env["scm.return"]
        with self._at(self.TODAY):
            returns._check_desk(self.company_a)
            self.assertIn(request, returns.search([("is_overdue", "=", True)]))
            self.assertNotIn(request, returns.search([("is_overdue", "=", False)]))
        alert = self.env["scm.alert"].search([("res_model", "=", "scm.return"), ("res_id", "=", request.id)])
        self.assertRecordValues(alert, [{"state": "open", "severity": "critical"}])
        self.assertAlmostEqual(alert.money_at_stake, request.value, places=2)
        self.assertEqual((request.clock, alert.why["value"]), ("over", 72.0))
        with self._at(self.TODAY):
            self.company_a.scm_return_norm_requested = 100.0
            self.assertEqual(request.clock, "ok")
            returns._check_desk(self.company_a)
        self.assertEqual(alert.state, "resolved")

    def test_what_ends_by_itself(self):
        self.company_a.write({"scm_return_expire_days": 10, "scm_return_close_days": 30, "scm_return_reminder": True})
        self.customer.email = "customer@scm.example"
        with self._at(self.TODAY):
            request, settled = self._coming(1.0), self._coming(1.0)
            settled._move_to("settled")
        returns = self.env["scm.return"]
        with self._at(self.TODAY + timedelta(days=5)):
            self.company_a.scm_return_norm_approved = 24.0
            returns._check_desk(self.company_a)
            self.assertEqual(request.state, "approved")
            self.assertTrue(request.date_reminded)
        with self._at(self.TODAY + timedelta(days=31)):
            returns._check_desk(self.company_a)
        self.assertEqual((request.state, settled.state), ("cancelled", "closed"))
