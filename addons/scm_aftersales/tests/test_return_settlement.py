from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestReturnSettlement(SettlementCase):
    """Money follows grade and policy, ties out in the books, and is never paid twice."""

    def _assert_ties(self, request, amount):
        """The return, its why, its credit notes and the receivable say the same."""
        notes = request.refund_ids
        self.assertAlmostEqual(request.refund_amount, amount, 2)
        self.assertAlmostEqual(request.settlement_why["value"], amount + request.credit_amount, 2)
        self.assertAlmostEqual(sum(notes.mapped("amount_total")), amount, 2)
        self.assertAlmostEqual(sum(request.line_ids.mapped("refund_amount")), amount + request.credit_amount, 2)
        owed = notes.line_ids.filtered(lambda line: line.account_id == self.receivable)
        self.assertAlmostEqual(-sum(owed.mapped("amount_currency")), amount, 2)
        self.assertEqual(set(notes.mapped("state")), {"posted"})

    def test_refund_of_what_came_back(self):
        sale = self._invoiced()
        request = self._settled(self._back(self._approved(sale, self._row(sale, 3.0))))
        self._assert_ties(request, 75.0)
        line = sale.order_line
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.qty_to_invoice), (7.0, 7.0, 0.0))
        self.assertEqual(request.state, "settled")
        # the invoice was not paid: it is lowered by the credit
        self.assertAlmostEqual(
            sale.invoice_ids.filtered(lambda one: one.move_type == "out_invoice").amount_residual, 175
        )
        with self._refused("settled already"):
            self._settled(request)
        self.assertEqual(len(request.refund_ids), 1)

    def test_taxes_discounts_and_odd_cents(self):
        for price, discount, rate, included, quantity in (
            (9.99, 0.0, 19.0, False, 3.0),
            (9.99, 0.0, 19.0, True, 3.0),
            (7.77, 12.5, 7.0, True, 1.0),
            (33.33, 33.33, 8.25, False, 2.0),
        ):
            with self.subTest(price=price, rate=rate, included=included):
                values = {"price_unit": price, "discount": discount}
                sale = self._invoiced([(self.product, 3.0)], self._tax(rate, included), values)
                request = self._approved(sale, self._row(sale, quantity))
                request.line_ids.write({"refund_percent": 70.0, "fee_amount": 1.11})
                self._settled(self._back(request))
                gross = sale.order_line.price_total * quantity / 3.0
                paid = {term["code"]: term["value"] for term in request.settlement_why["terms"]}
                self.assertAlmostEqual(paid["settle_gross"], gross, delta=0.011)
                self.assertAlmostEqual(-paid["settle_reduced"], paid["settle_gross"] * 0.3, delta=0.0051)
                self._assert_ties(request, sum(paid.values()))
                self.assertEqual(request.fee_amount, 1.11)
                self.assertEqual(sale.order_line.qty_to_invoice, 0.0)

    def test_grades_and_whose_fault(self):
        self.company_a.write({"scm_return_share_b": 50.0, "scm_return_share_c": 0.0})
        sale = self._invoiced()
        mixed = {"A": 1.0, "B": 2.0, "C": 1.0, "missing": 1.0}
        request = self._settled(self._back(self._approved(sale, self._row(sale, 5.0)), grades=[mixed]))
        self._assert_ties(request, 50.0)
        # five moved on the receipt, three were paid: two stay delivered, and nothing is to be credited by itself
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (7.0, 0.0))
        again = self._approved(sale, self._row(sale, 2.0), fee_amount=4.0)
        self._settled(self._back(again, "C", cause=self.env.ref("scm_aftersales.scm_return_cause_carrier_damage")))
        self._assert_ties(again, 50.0)
        self.assertIn("settle_fee_waived", [note["code"] for note in again.settlement_why["notes"]])

    def test_nothing_granted_makes_no_documents(self):
        sale = self._invoiced()
        request = self._settled(self._back(self._approved(sale, self._row(sale, 2.0)), "C"))
        self.assertFalse(request.refund_ids)
        self.assertEqual(request.settlement_why["value"], 0.0)
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (10.0, 0.0))

    def test_fee_and_freight_never_below_zero(self):
        sale = self._invoiced([(self.product, 1.0)])
        request = self._approved(sale, fee_amount=20.0, freight_payer="customer")
        request.freight_amount = 8.0
        self._settled(self._back(request))
        self._assert_ties(request, 0.0)
        self.assertEqual(request.fee_amount, 25.0)
        notes = [note["code"] for note in request.settlement_why["notes"]]
        self.assertEqual(notes, ["settle_freight_lost"])

    def test_partly_refunded_before(self):
        sale = self._invoiced()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=sale.invoice_ids.ids
        )
        with self._at(self.TODAY):
            wizard = reversal.create({"journal_id": sale.invoice_ids.journal_id.id, "date": self.TODAY})
            action = wizard.reverse_moves()
            note = self.env["account.move"].browse(action["res_id"])
            note.invoice_line_ids.write({"quantity": 8.0})
            note.action_post()
        request = self._back(self._approved(sale, self._row(sale, 5.0)))
        self.assertEqual(request.preview_settlement()["refund"], 50.0)
        self._settled(request)
        self._assert_ties(request, 50.0)
        self.assertEqual(request.settlement_why["notes"][0]["values"]["quantity"], "3 Units")

    def test_money_that_was_given_back_before(self):
        """A credit note that lowered the price takes money, though only one unit."""
        sale = self._invoiced()
        invoice = sale.invoice_ids
        with self._at(self.TODAY):
            note = invoice._reverse_moves([{"invoice_date": self.TODAY}])
            note.invoice_line_ids.write({"quantity": 1.0, "price_unit": 200.0})
            note.action_post()
        request = self._settled(self._back(self._approved(sale, self._row(sale, 9.0))))
        self._assert_ties(request, 50.0)

    def test_not_invoiced_yet(self):
        sale = self._sold()
        request = self._settled(self._back(self._approved(sale, self._row(sale, 4.0))))
        self.assertFalse(request.refund_ids)
        self.assertEqual(request.settlement_why["notes"][0]["code"], "settle_uninvoiced")
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (6.0, 6.0))

    def test_invoiced_by_ordered_quantity(self):
        self.product.invoice_policy = "order"
        sale = self._invoiced()
        for quantity in (3.0, 7.0):
            request = self._settled(self._back(self._approved(sale, self._row(sale, quantity))))
            self._assert_ties(request, 25.0 * quantity)
            self.assertEqual(sale.order_line.qty_to_invoice, 0.0)
        sale = self._sold()
        request = self._settled(self._back(self._approved(sale, self._row(sale, 4.0))))
        self.assertEqual(request.settlement_why["notes"][0]["code"], "settle_uninvoiced_order")

    def test_draft_invoice_stands_in_the_way(self):
        sale = self._sold()
        with self._at(self.TODAY):
            sale._create_invoices()
        request = self._back(self._approved(sale, self._row(sale, 4.0)))
        self.assertIn("still a draft", request.settlement_problem)
        with self._refused("still a draft"):
            self._settled(request)

    def test_foreign_currency_and_price_changed_since(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        for day, rate in (("2026-11-01", 2.0), ("2026-11-20", 4.0)):
            values = {"currency_id": dollar.id, "name": day, "rate": rate, "company_id": self.company_a.id}
            self.env["res.currency.rate"].create(values)
        pricelist = self.env["product.pricelist"].create({"name": "Dollars", "currency_id": dollar.id})
        sale = self._invoiced(pricelist_id=pricelist.id, values={"price_unit": 60.0})
        self.product.list_price = 999.0
        with self._at(self.TODAY):
            sale.order_line.price_unit = 40.0
        request = self._settled(self._back(self._approved(sale, self._row(sale, 2.0), refund_percent=50.0)))
        self.assertEqual(request.currency_id, dollar)
        self._assert_ties(request, 60.0)
        self.assertEqual(request.refund_ids.currency_id, dollar)
        self.assertAlmostEqual(request.refund_ids.amount_total_signed, -15.0)

    def test_discount_on_the_whole_order(self):
        coupon = self._create_product("Coupon", type="service", is_storable=False, invoice_policy="order")
        self._set_stock(self.product, 4.0)
        sale = self._create_sale([(self.product, 4.0), (coupon, 1.0, -20.0)], "2026-11-17", confirm=False)
        with self._at("2026-11-17"):
            sale.order_line.tax_ids = False
            sale.action_confirm()
        self._deliver(sale, "2026-11-18")
        self._invoice(sale)
        request = self._settled(self._back(self._approved(sale, self._row(sale, 1.0))))
        self._assert_ties(request, 20.0)

    def test_sold_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._set_stock(self.product, 24.0)
        sale = self._create_sale([(self.product, 2.0)], "2026-11-17", confirm=False)
        sale.order_line.write({"product_uom_id": dozen.id, "price_unit": 100.0, "tax_ids": False})
        with self._at("2026-11-17"):
            sale.action_confirm()
        self._deliver(sale, "2026-11-18")
        self._invoice(sale)
        request = self._settled(self._back(self._approved(sale, self._row(sale, 5.0))))
        self._assert_ties(request, 41.67)
        rest = self._settled(self._back(self._approved(sale, self._row(sale, 19.0))))
        self.assertAlmostEqual(request.refund_amount + rest.refund_amount, 200.0, 2)

    def test_keep_it(self):
        sale = self._invoiced()
        request = self._approved(sale, self._row(sale, 2.0, wish="keep"), keep_percent=30.0)
        self.assertFalse(request.picking_ids)
        self._settled(request)
        self._assert_ties(request, 15.0)
        # the goods stay with the customer, so the order neither owes nor claims
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (10.0, 0.0))
        with self._refused("8 can"):
            self._ask(sale, self._row(sale, 9.0))

    def test_store_credit(self):
        sale = self._invoiced()
        request = self._back(self._approved(sale, self._row(sale, 2.0, wish="credit"), fee_amount=5.0))
        with self._refused("e-wallet or gift card program"):
            self._settled(request)
        top_up = self._create_product("Top-up", type="service", is_storable=False)
        top_up.with_company(self.company_a).property_account_income_id = self.debt
        self.company_a.scm_credit_program_id = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "company_id": self.company_a.id,
                "currency_id": self.company_a.currency_id.id,
                "rule_ids": [Command.create({"product_ids": [Command.set(top_up.ids)]})],
            }
        )
        with self._refused("is not paid"):
            self._settled(request)
        self._pay(sale)
        self._settled(request)
        self._assert_ties(request, 0.0)
        self.assertEqual((request.credit_amount, request.credit_card_ids.points), (45.0, 45.0))
        self.assertEqual(request.credit_card_ids.partner_id, self.customer)
        owed = request.refund_ids.line_ids.filtered(lambda line: line.account_id == self.debt)
        self.assertEqual(sum(owed.mapped("balance")), -45.0)
        self.assertEqual(sale.order_line.qty_to_invoice, 0.0)
        again = self._settled(self._back(self._approved(sale, self._row(sale, 1.0, wish="credit"))))
        self.assertEqual(again.credit_card_ids, request.credit_card_ids)
        self.assertEqual(request.credit_card_ids.points, 70.0)

    def test_exchange_for_the_same(self):
        sale = self._invoiced()
        request = self._approved(sale, self._row(sale, 2.0, wish="exchange"))
        self._settled(self._back(request))
        self.assertFalse(request.refund_ids)
        self.assertRecordValues(request.exchange_picking_ids.move_ids, [{"product_uom_qty": 2.0, "state": "assigned"}])
        self.assertEqual(request.exchange_picking_ids.sale_id, sale)
        self._validate(request.exchange_picking_ids, self.TODAY)
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (10.0, 0.0))
        # what came in exchange can be returned as well
        self._ask(sale, self._row(sale, 10.0))

    def test_exchange_for_another(self):
        sale = self._invoiced(values={"discount": 10.0})
        same = self._create_product("Lamp, green")
        dear = self._create_product("Lamp, golden", list_price=40.0, taxes_id=False)
        for product, price in ((same, 25.0 * 0.9), (dear, 40.0)):
            self._set_stock(product, 5.0)
            request = self._approved(sale, self._row(sale, 2.0, wish="exchange"), exchange_product_id=product.id)
            self._settled(self._back(request))
            self._assert_ties(request, 45.0)
            line = request.line_ids.exchange_sale_line_id
            self.assertEqual((line.product_id, line.product_uom_qty), (product, 2.0))
            self.assertAlmostEqual(line.price_reduce_taxexcl, price)
            self.assertEqual(request.line_ids.exchange_move_ids.product_id, product)

    def test_repair(self):
        sale = self._invoiced()
        request = self._back(self._approved(sale, self._row(sale, 1.0, wish="repair")), "B")
        if "repair.order" not in self.env:
            with self._refused("Repairs are not installed"):
                self._settled(request)
            return
        self._settled(request)
        self.assertEqual(request._repairs().product_id, self.product)
        self.assertEqual(request.repair_count, 1)
        self.assertEqual(sale.order_line.qty_delivered, 10.0)

    def test_kit_by_component(self):
        if "mrp.bom" not in self.env:
            self.skipTest("manufacturing is not installed")
        shade, foot = self._create_product("Shade", list_price=10.0), self._create_product("Foot", list_price=30.0)
        kit = self._create_product("Kit", is_storable=False, list_price=50.0, invoice_policy="delivery")
        parts = [(shade, 2.0), (foot, 1.0)]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": count}) for product, count in parts
                ],
            }
        )
        for product in (shade, foot):
            self._set_stock(product, 10.0)
        sale = self._create_sale([(kit, 2.0)], "2026-11-17", confirm=False)
        sale.order_line.tax_ids = False
        with self._at("2026-11-17"):
            sale.action_confirm()
        self._deliver(sale, "2026-11-18")
        self._invoice(sale)
        request = self._approved(sale, self._row(sale, 1.0, product_id=shade.id))
        self.assertAlmostEqual(request.line_ids.price_unit, 10.0)
        self._settled(self._back(request))
        self._assert_ties(request, 10.0)
        self.assertEqual((sale.order_line.qty_delivered, sale.order_line.qty_to_invoice), (2.0, 0.0))
        rest = [self._row(sale, 3.0, product_id=shade.id), self._row(sale, 2.0, product_id=foot.id)]
        rest = self._settled(self._back(self._approved(sale, *rest)))
        self._assert_ties(rest, 90.0)

    def test_who_may_settle(self):
        request = self._back(self._approved(self._invoiced()))
        for user in (self.outsider, self.planner):
            with self._refused("", AccessError):
                self._as(user, request).action_settle()
        with self._refused("", AccessError):
            self._as(self.outsider, request).preview_settlement()
        early = self._approved(self._invoiced())
        with self._refused("inspected"):
            self._settled(early)

    def test_as_many_queries_for_many_lines(self):
        products = [self._create_product(f"Lamp {number}") for number in range(6)]
        few, many = self._invoiced([(products[0], 1.0)]), self._invoiced([(product, 1.0) for product in products])
        requests = [
            self._back(self._approved(sale, *[self._row(sale, line=number) for number in range(len(sale.order_line))]))
            for sale in (few, many)
        ]
        counts = [self._query_count(request._settlement) for request in requests]
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestReturnReceipts(SettlementCase):
    """Transfers of returns: by the deliveries, by lot, to the warehouse that is named."""

    def test_one_transfer_per_delivery(self):
        self._set_stock(self.product, 10.0)
        sale = self._create_sale([(self.product, 10.0)], self.TODAY - timedelta(days=6))
        first = self._deliver(sale, self.TODAY - timedelta(days=5), {self.product: 4.0})
        second = self._deliver(sale, self.TODAY - timedelta(days=4))
        request = self._approved(sale, self._row(sale, 8.0))
        self.assertRecordValues(
            request.picking_ids.sorted(lambda picking: picking.return_id.id),
            [
                {"return_id": first.id, "picking_type_code": "incoming", "sale_id": sale.id},
                {"return_id": second.id, "picking_type_code": "incoming", "sale_id": sale.id},
            ],
        )
        moves = request.picking_ids.move_ids.sorted(lambda move: move.origin_returned_move_id.id)
        self.assertEqual(moves.mapped("product_uom_qty"), [2.0, 6.0])
        self.assertEqual(moves.scm_return_line_id, request.line_ids)
        self.assertEqual(moves.mapped("to_refund"), [True, True])
        with self._refused("2 can"):
            self._ask(sale, self._row(sale, 3.0))
        rest = self._approved(sale, self._row(sale, 2.0))
        self.assertEqual(rest.picking_ids.return_id, first)

    def test_rest_of_a_partial_receipt(self):
        sale = self._sold()
        request = self._approved(sale, self._row(sale, 5.0))
        self._validate(request.picking_ids, self.TODAY, {self.product: 2.0})
        self.assertEqual(len(request.picking_ids), 2)
        open_ones = request.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual(open_ones.move_ids.scm_return_line_id, request.line_ids)
        with self._refused("cannot become"):
            request.action_cancel()

    def test_two_lines_of_one_delivery_stay_apart(self):
        sale = self._sold()
        request = self._approved(sale, self._row(sale, 1.0), self._row(sale, 2.0, wish="repair"))
        self.assertEqual(len(request.picking_ids), 1)
        moves = request.picking_ids.move_ids
        self.assertEqual(moves.scm_return_line_id, request.line_ids)
        self.assertEqual(
            {move.scm_return_line_id.wish: move.to_refund for move in moves}, {"refund": True, "repair": False}
        )

    def test_the_lot_that_was_named(self):
        product = self._create_product("Batch lamp", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id, "company_id": self.company_a.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(product, self.warehouse_a.lot_stock_id, 3.0, lot_id=lot)
        sale = self._create_sale([(product, 6.0)], self.TODAY)
        self._deliver(sale, self.TODAY)
        request = self._approved(sale, self._row(sale, 2.0, lot="L2"))
        self.assertEqual(request.picking_ids.move_ids.move_line_ids.lot_id, lots[1])

    def test_the_parcel_and_its_first_scan(self):
        request, returns = self._approved(self._sold()), self._as(self.agent, self.env["scm.return"])
        with self._at(self.TODAY):
            parcels = returns.add_tracking(request.ids, " RB 123 456 ")
            self.assertEqual(returns.add_tracking(request.ids, "rb123456"), parcels)
        self.assertRecordValues(request.parcel_ids, [{"direction": "return", "tracking_ref": "RB 123 456"}])
        row = {"source": "test", "parcel_id": parcels[0], "time": self._moment(self.TODAY, 9), "text": ""}
        with self._at(self.TODAY):
            self.env["scm.parcel.event"]._ingest(self.company_a, [{**row, "status": "info_received"}])
            self.assertEqual(request.state, "approved")
            self.env["scm.parcel.event"]._ingest(self.company_a, [{**row, "status": "in_transit", "text": "Taken"}])
            self.assertEqual(request.state, "in_transit")
        other = self._approved(self._sold())
        with self._refused("number of another parcel"):
            returns.add_tracking(other.ids, "RB123456")
        with self._refused("not a tracking number"):
            returns.add_tracking(other.ids, "1")
        with self._refused("does not wait"):
            returns.add_tracking(self._ask(self._sold()).ids, "RB999999")
        with self._refused("", AccessError):
            self._as(self.outsider, returns).add_tracking(other.ids, "")

    def test_mail_with_the_label(self):
        self.company_a.scm_return_mail = True
        self.customer.write({"email": "customer@scm.example"})
        service = self._create_product("Freight", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create({"name": "Carrier", "product_id": service.id})
        sale = self._sold()
        sale.picking_ids.carrier_id = carrier

        def make_label(carrier, pickings, tracking_number=None, origin_date=None):
            pickings.write({"carrier_tracking_ref": "RL1234", "carrier_price": 4.0})
            name = f"{carrier.get_return_label_prefix()}.pdf"
            pickings.message_post(attachments=[(name, b"label")])

        kind = type(carrier)
        with (
            patch.object(kind, "can_generate_return", True),
            patch.object(kind, "fixed_get_return_label", make_label, create=True),
        ):
            request = self._approved(sale)
            mail = self.env["mail.mail"].search([("model", "=", "scm.return"), ("res_id", "=", request.id)])
            self.assertEqual(mail.recipient_ids | mail.partner_ids, self.customer)
            self.assertEqual(mail.attachment_ids.mapped("name"), ["LabelReturn-fixed.pdf"])
            self.assertIn(request.name, mail.body_html)
            self.assertIn(f"/my/returns/{request.id}?access_token=", mail.body_html)
        self.assertEqual((request.parcel_ids.tracking_ref, request.freight_amount), ("RL1234", 4.0))

    def test_what_is_decided_stays(self):
        request = self._approved(self._sold())
        line = self._as(self.agent, request.line_ids)
        for values, words in (({"quantity": 9.0}, "decided"), ({"refund_amount": 9.0}, "cannot be typed")):
            with self._refused(words):
                line.write(values)
        with self._refused("decided"):
            self._as(self.agent, request).line_ids = [Command.create({"product_id": self.product.id, "quantity": 1.0})]

    def test_another_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Returns", "code": "RET", "company_id": self.company_a.id})
        sale = self._sold()
        request = self._ask(sale)
        request.warehouse_id = other
        self._as(self.agent, request).action_approve()
        self.assertEqual(request.picking_ids.picking_type_id, other.in_type_id)
        self.assertEqual(request.picking_ids.location_dest_id, other.lot_stock_id)

    def test_cancelled_transfers_go_and_refused_lines_have_none(self):
        sale = self._sold([(self.product, 2.0), (self._create_product("Vase"), 2.0)])
        request = self._ask(sale, self._row(sale), self._row(sale, line=1))
        request.line_ids[1].decision = "refuse"
        self._as(self.agent, request).action_approve()
        self.assertEqual(request.picking_ids.move_ids.product_id, self.product)
        self._as(self.agent, request).action_cancel()
        self.assertEqual(request.picking_ids.state, "cancel")
