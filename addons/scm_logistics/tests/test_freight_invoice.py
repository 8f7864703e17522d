from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .freight_common import FreightCase


@tagged("post_install", "-at_install")
class TestFreightInvoice(FreightCase):
    # Expected

    def test_expected_freight_is_filled_at_the_hand_over(self):
        picking = self._ship(2.0, ref="HO 1")
        parcel = self.env["scm.parcel"].search([("picking_ids", "in", picking.ids)])
        self.assertRecordValues(parcel, [{"cost_expected": 9.0, "cost_source": "rate"}])

    def test_without_a_contract_the_delivery_method_prices(self):
        fixed = self._create_carrier("Fixed", fixed_price=7.5)
        rules = self._create_carrier("Rules", delivery_type="base_on_rule", margin=0.5)
        self.env["delivery.price.rule"].create(
            {"carrier_id": rules.id, "variable": "weight", "operator": ">", "max_value": 1, "list_base_price": 3,
             "list_price": 2, "variable_factor": "weight"}
        )  # fmt: skip
        parcels = self._create_priced("F1", carrier_id=fixed.id) + self._create_priced("R1", carrier_id=rules.id)
        parcels += self._create_priced("R2", weight=0.5, carrier_id=rules.id)
        self.assertEqual(parcels.mapped("cost_source"), ["fixed", "rule", "none"])
        # the margin is what the customer pays on top, not what the carrier asks for
        self.assertEqual(parcels.mapped("cost_expected"), [7.5, 7.0, 0.0])

    def test_typed_freight_stays_and_computed_freight_follows_the_prices(self):
        typed, computed = self._create_parcel("T1", weight=2.0, cost_expected=99.0), self._create_priced("C1")
        self.carrier.scm_freight_rate_ids.filtered(lambda rate: not rate.zone_id).price_base = 6.0
        (typed + computed)._fill_cost_expected()
        self.assertEqual((typed + computed).mapped("cost_expected"), [99.0, 7.0])
        self._as(self.manager, typed + computed).action_price_again()
        self.assertEqual((typed + computed).mapped("cost_expected"), [99.0, 8.0])
        with self.assertRaises(AccessError):
            self._as(self.packer, computed).action_price_again()

    # Check

    def test_each_difference_has_its_reason(self):
        for ref in ("OK", "HEAVY", "ZONED", "DEAR", "FUEL", "TWICE"):
            self._create_priced(ref)
        charge = {"name": "Fuel", "basis": "percent", "value": 0.1, "keywords": "fuel", "company_id": self.company_a.id}
        self.env["scm.freight.charge"].create(charge)
        invoice = self._create_invoice(
            ("ok", 7.05),
            (" heavy ", 15.0, {"weight_billed": 10.0}),
            ("ZONED", 14.0, {"zone_name": "far"}),
            ("DEAR", 8.0),
            ("FUEL", 7.0),
            ("FUEL", 1.9, {"name": "Fuel surcharge"}),
            ("TWICE", 7.0),
            ("TWICE", 7.0),
            ("STRANGER", 4.0),
            ("DEAR", -1.0),
            ("FUEL", 3.0, {"name": "Gate fee"}),
        )
        lines = invoice.line_ids.sorted("sequence")
        self.assertEqual(
            lines.mapped("reason"),
            ["ok", "weight", "zone", "price", "ok", "surcharge", "ok", "duplicate", "unknown", "credit", "surcharge"],
        )
        expected = [0.05, 8.0, 7.0, 1.0, 0.0, 1.2, 0.0, 7.0, 4.0, 0.0, 3.0]
        for line, difference in zip(lines, expected, strict=True):
            self.assertAlmostEqual(line.difference, difference, 2, line.tracking_ref)
            parts = line.diff_weight + line.diff_zone + line.diff_price + line.diff_surcharge
            self.assertAlmostEqual(parts + line.diff_duplicate + line.diff_unknown, line.difference, 2)
        self.assertEqual(lines[8].carrier_id, self.carrier)
        self.assertRecordValues(invoice, [{"state": "checked", "line_count": 11, "difference_count": 7,
                                           "unknown_count": 1}])  # fmt: skip
        self.assertAlmostEqual(invoice.claimable, 31.2, 2)
        self.assertEqual([row["reason"] for row in invoice.reasons()][:3], ["weight", "duplicate", "zone"])
        self.assertEqual(lines[1].why["notes"], ["freight_reason_weight"])

    def test_checking_again_gives_the_same_and_finds_parcels_that_came_later(self):
        invoice = self._create_invoice(("LATER", 7.0))
        self.assertEqual(invoice.line_ids.reason, "unknown")
        parcel = self._create_priced("LATER")
        for _time in range(2):
            invoice.action_check()
            self.assertRecordValues(invoice.line_ids, [{"reason": "ok", "difference": 0.0, "parcel_id": parcel.id}])
            self.assertEqual(parcel.cost_invoiced, 7.0)
        invoice.action_cancel()
        self.assertEqual(parcel.cost_invoiced, 0.0)

    def test_a_number_used_twice_goes_to_the_carriers_last_parcel_before_the_invoice(self):
        other = self._create_carrier("Other")
        self._create_priced("SAME", carrier_id=other.id)
        self._create_priced("SAME", date_handed=self._moment("2026-01-05"))
        right = self._create_priced("SAME")
        self._create_priced("SAME", company=self.company_b)
        self.assertEqual(self._create_invoice(("SAME", 7.0)).line_ids.parcel_id, right)

    def test_another_invoice_bills_the_same_again(self):
        self._create_priced("ONCE")
        self._create_invoice(("ONCE", 7.0), date="2026-11-01")
        later = self._create_invoice(("ONCE", 7.0), name="INV-2")
        self.assertEqual(later.line_ids.reason, "duplicate")

    def test_an_invoice_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company_a.id, "name": "2026-01-01", "rate": 2.0}
        )
        self._create_priced("USD")
        invoice = self._create_invoice(("USD", 14.0), currency_id=dollar.id)
        self.assertRecordValues(invoice, [{"amount_total": 14.0, "amount_company": 7.0, "difference": 0.0}])

    def test_queries_do_not_grow_with_the_lines(self):
        def check(count, name):
            for number in range(count):
                self._create_priced(f"{name}{number}")
            lines = [(f"{name}{number}", 8.0) for number in range(count)]
            invoice = self._create_invoice(*lines, check=False, name=name)
            return self._query_count(invoice.action_check)

        self.assertEqual(check(3, "A"), check(30, "B"))

    # Guards

    def test_rights_and_closed_invoices(self):
        self._create_priced("G1")
        invoice = self._create_invoice(("G1", 9.0), check=False)
        with self.assertRaises(AccessError):
            self._as(self.packer, invoice).action_check()
        with self.assertRaises(AccessError):
            self._as(self.planner, invoice).action_approve()
        self.assertFalse(self._as(self.planner_b, self.env["scm.freight.invoice"]).search([]))
        own = self._as(self.manager, invoice)
        with self.assertRaisesRegex(UserError, "INV-1.*checked before"):
            own.action_approve()
        with self.assertRaisesRegex(UserError, "found by its check"):
            own.write({"difference": 0.0})
        own.action_check()
        own.action_approve()
        with self.assertRaisesRegex(UserError, "closed"):
            own.line_ids.amount = 1.0
        with self.assertRaisesRegex(UserError, "approved"):
            own.unlink()
        own.action_reopen()
        own.line_ids.amount = 7.0
        own.action_check()
        self.assertEqual(own.difference, 0.0)

    # Import

    def test_a_file_becomes_invoices_with_their_differences(self):
        self._create_priced("IM-1")
        self._create_priced("IM-2")
        job = self._import(
            "Invoice No;Invoice Date;AWB;Net Amount;Fuel;Weight\n"
            "X-1;2026-11-20;IM-1;7.00;0.50;2\nX-1;2026-11-20;im-2;9.00;;4\nX-2;2026-11-21;IM-3;5;;\n"
        )
        self.assertFalse(job.finding_ids.mapped("message"))
        job.action_confirm()
        invoices = self.env["scm.freight.invoice"].search([("company_id", "=", self.company_a.id)], order="name")
        self.assertRecordValues(
            invoices,
            [
                {"name": "X-1", "line_count": 3, "amount_total": 16.5, "difference": 2.0, "state": "checked"},
                {"name": "X-2", "line_count": 1, "amount_total": 5.0, "difference": 5.0, "state": "checked"},
            ],
        )
        self.assertEqual(invoices[0].line_ids.sorted("id").mapped("reason"), ["ok", "ok", "weight"])

    def test_the_same_file_again_and_what_is_wrong_in_it(self):
        good = "number,date,tracking,amount\nX-1,2026-11-20,IM-1,7\n"
        first = self._import(good)
        first.action_confirm()
        again = self._import(good)
        self.assertIn("already an invoice", again.finding_ids.message)
        replaced = self._import(good, replace_existing=True)
        replaced.action_confirm()
        self.assertEqual(self.env["scm.freight.invoice"].search_count([("name", "=", "X-1")]), 1)
        bad = self._import(
            "number,date,tracking,amount,currency,weight,carrier\n"
            "B-1,2026-11-20,P,7,,-1,\nB-1,2026-11-21,P,7,XXQ,,\nB-2,2026-11-20,P,1e12,,,Nobody\n"
        )
        found = sorted(bad.finding_ids.mapped("row"))
        self.assertEqual((bad.state, bad.valid_count, found), ("checked", 0, [2, 3, 4, 4]))
        mixed = self._import("number,date,tracking,amount\nM-1,2026-11-20,P,7\nM-1,2026-11-21,P,7\n")
        self.assertIn("differ in the date", mixed.finding_ids.message)
        with self.assertRaises(AccessError):
            self._import(good, user=self.packer)
