import base64
from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ScmCase

HEADING = "Order;Line;Vendor;Product;Quantity;Unit;Unit price;Currency;Order date;Promised date;Received date;"
HEADING += "Received quantity;Warehouse"


@tagged("post_install", "-at_install")
class TestPurchaseHistory(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = cls._create_user("importer", "scm_base.scm_group_manager", "purchase.group_purchase_user")
        cls.product = cls._create_product(default_code="SKU-1")
        cls.second = cls._create_product("Second", default_code="SKU-2")

    def _import(self, *rows, user=None, company=None, **values):
        content = "\n".join([HEADING, *rows]).encode()
        jobs = self.env["scm.import"].with_user(user or self.importer)
        if company:
            jobs = jobs.with_context(allowed_company_ids=company.ids)
        return jobs.create(
            {
                "importer": "purchase_history",
                "file": base64.b64encode(content),
                "filename": "history.csv",
                "date_order": "ymd",
                **values,
            }
        )

    def _done(self, *rows, **values):
        job = self._import(*rows, **values)
        job.action_check()
        self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
        job.action_confirm()
        self.assertEqual(job.state, "done")
        return self.env["purchase.order"].search([("name", "like", "H-%"), ("scm_is_history", "=", True)])

    def _facts(self, orders):
        self.env.flush_all()
        return self.env["scm.receipt.fact"].search([("order_id", "in", orders.ids)], order="id")

    # What comes out

    def test_orders_receipts_and_promises(self):
        orders = self._done(
            "H-1;;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;",
            "H-1;;Vendor;SKU-2;5;;2;;2024-03-01;2024-03-15;2024-03-20;4;",
            "H-2;;Vendor;SKU-1;7;;4;;;2024-04-10;;;",
        )
        self.assertRecordValues(
            orders.sorted("name"),
            [
                {
                    "state": "purchase",
                    "locked": True,
                    "amount_total": 55.0,
                    "invoice_status": "no",
                    "origin": "history.csv",
                },
                {
                    "state": "purchase",
                    "locked": True,
                    "amount_total": 28.0,
                    "invoice_status": "no",
                    "origin": "history.csv",
                },
            ],
        )
        facts = self._facts(orders)
        self.assertRecordValues(
            facts,
            [
                {"status": "on_time", "qty_on_time": 10, "qty_late": 0, "date_confirmed": date(2024, 3, 1)},
                {"status": "overdue", "qty_on_time": 0, "qty_late": 4, "date_confirmed": date(2024, 3, 1)},
                {"status": "overdue", "qty_on_time": 0, "qty_late": 0, "date_confirmed": False},
            ],
        )
        self.assertEqual([facts[0].lead_time_days, facts[1].qty_missing, facts[2].qty_missing], [14, 1, 7])
        self.assertEqual(facts.mapped("partner_id"), self.vendor)
        self.assertEqual(facts.mapped("warehouse_id"), self.warehouse_a)
        self.assertRecordValues(
            orders.sorted("name")[0].order_line.sorted("sequence"),
            [
                {"name": "[SKU-1] Product", "qty_received": 10, "scm_promise_original": date(2024, 3, 15)},
                {"name": "[SKU-2] Second", "qty_received": 4, "scm_promise_original": date(2024, 3, 15)},
            ],
        )

    def test_stock_value_and_bills_are_untouched(self):
        orders = self._done("H-1;;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;")
        self.assertEqual((self.product.qty_available, self.product.total_value), (0, 0))
        self.assertEqual(self.product.with_context(to_date="2024-05-01").qty_available, 0)
        picking = orders.picking_ids
        self.assertRecordValues(picking, [{"state": "done", "name": "H-1/IN/2024-03-15"}])
        self.assertRecordValues(picking.move_ids, [{"state": "done", "quantity": 10, "picked": True}])
        self.assertFalse(self.env["stock.move"].search([("state", "not in", ("done", "cancel"))]) & picking.move_ids)
        orders.order_line.invalidate_recordset()
        self.env.add_to_compute(orders.order_line._fields["qty_received"], orders.order_line)
        self.env.add_to_compute(orders.order_line._fields["qty_to_invoice"], orders.order_line)
        self.assertRecordValues(orders.order_line, [{"qty_received": 10, "qty_to_invoice": 0}])
        self.assertEqual(orders.receipt_status, "full")

    def test_several_receipts_of_one_line(self):
        orders = self._done(
            "H-1;1;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-14;6;",
            "H-1;1;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-18;5;",
        )
        self.assertRecordValues(
            self._facts(orders),
            [{"qty_ordered": 10, "qty_on_time": 6, "qty_late": 4, "qty_over": 1, "days_late": 3, "lead_time_days": 17}],
        )
        self.assertEqual(len(orders.picking_ids), 2)

    def test_other_unit_currency_and_warehouse(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"name": "2024-01-01", "currency_id": dollar.id, "rate": 2.0, "company_id": self.company_a.id}
        )
        other = self.env["stock.warehouse"].create({"name": "North", "code": "NO", "company_id": self.company_a.id})
        orders = self._done("H-1;;Vendor;SKU-1;2;dozens;24;USD;2024-03-01;2024-03-15;2024-03-15;;no")
        fact = self._facts(orders)
        self.assertRecordValues(
            fact, [{"qty_ordered": 24, "qty_received": 24, "warehouse_id": other.id, "is_otif": True}]
        )
        self.assertRecordValues(
            orders, [{"currency_id": dollar.id, "currency_rate": 2.0, "amount_total": 48, "amount_total_cc": 24}]
        )
        self.assertEqual(orders.order_line.product_uom_id, self.env.ref("uom.product_uom_dozen"))

    def test_day_is_the_day_of_the_company(self):
        user = self._create_user(
            "importer_b", "scm_base.scm_group_manager", "purchase.group_purchase_user", companies=self.company_b
        )
        orders = self._done(
            "H-1;;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;", user=user, company=self.company_b
        )
        self.assertEqual(orders.company_id, self.company_b)
        self.assertRecordValues(self._facts(orders), [{"is_otif": True, "date_last_receipt": date(2024, 3, 15)}])

    def test_creates_what_is_missing_when_asked(self):
        row = "H-1;;New Mill;SKU-9;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;"
        job = self._import(row)
        self.assertFalse(job.replace_label)
        self.assertIn("Create vendors", job.create_label)
        job.action_check()
        self.assertEqual(sorted(job.finding_ids.mapped("column")), ["C Vendor", "D Product"])
        with self.assertRaises(AccessError):
            self._import(row, create_missing=True)
        rights = ("base.group_partner_manager", "product.group_product_manager")
        self.importer.group_ids = [Command.link(self.env.ref(name).id) for name in rights]
        orders = self._done(row, create_missing=True)
        self.assertRecordValues(orders.partner_id, [{"name": "New Mill", "supplier_rank": 1}])
        self.assertRecordValues(orders.order_line.product_id, [{"default_code": "SKU-9", "is_storable": True}])

    # What is wrong

    def test_three_bad_rows_in_five_thousand(self):
        rows = [f"H-{number // 3};;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;" for number in range(5000)]
        rows[11] = rows[11].replace("SKU-1", "SKU-X")
        rows[2500] = rows[2500].replace("2024-03-15;2024-03-15", "2024-03-15;2999-03-15")
        rows[4999] = rows[4999].replace(";10;", ";-10;")
        before = self.env["purchase.order"].search_count([])
        job = self._import(*rows)
        job.action_check()
        self.assertRecordValues(
            job.finding_ids.sorted("row"),
            [
                {"row": 13, "column": "D Product", "value": "SKU-X", "level": "error"},
                {"row": 2502, "column": "K Received date", "value": "2999-03-15", "level": "error"},
                {"row": 5001, "column": "E Quantity", "value": "-10.0", "level": "error"},
            ],
        )
        with self.assertRaisesRegex(Exception, "3 errors"):
            job.action_confirm()
        self.assertEqual(self.env["purchase.order"].search_count([]), before)

    def test_what_is_wrong_is_told(self):
        twin = self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        service = self._create_product("Service", type="service", is_storable=False, default_code="SRV")
        known = self._create_purchase([(self.product, 1)], "2026-03-02")
        self.assertTrue(twin and service)
        rows = {
            "Twin": "H-1;;Twin;SKU-1;1;;1;;2024-03-01;2024-03-15;;;",
            "Service": "H-2;;Vendor;SRV;1;;1;;2024-03-01;2024-03-15;;;",
            "Known order": f"{known.name};;Vendor;SKU-1;1;;1;;2024-03-01;2024-03-15;;;",
            "Unit": "H-3;;Vendor;SKU-1;1;kg;1;;2024-03-01;2024-03-15;;;",
            "Currency": "H-4;;Vendor;SKU-1;1;;1;XXX;2024-03-01;2024-03-15;;;",
            "Warehouse": "H-5;;Vendor;SKU-1;1;;1;;2024-03-01;2024-03-15;;;NOWHERE",
            "Day": "H-6;;Vendor;SKU-1;1;;1;;1900-03-01;2024-03-15;;;",
            "Received on": "H-7;;Vendor;SKU-1;1;;1;;2024-03-01;2024-03-15;;1;",
            "Price": "H-8;;Vendor;SKU-1;1;;-1;;2024-03-01;2024-03-15;;;",
        }
        job = self._import(*rows.values())
        job.action_check()
        self.assertEqual([finding.row for finding in job.finding_ids.sorted("row")], [*range(2, len(rows) + 2)])
        job = self._import(
            "H-1;1;Vendor;SKU-1;1;;1;;2024-03-01;2024-03-15;;;",
            "H-1;1;Customer;SKU-2;2;;1;;2024-03-01;2024-03-16;;;",
            "H-2;1;Vendor;SKU-1;1;;1;;2024-03-03;2024-03-15;2024-03-01;;",
        )
        job.action_check()
        self.assertEqual(
            sorted((finding.level, finding.row, finding.column) for finding in job.finding_ids),
            [
                ("error", 3, "C Vendor"),
                ("error", 3, "D Product"),
                ("error", 3, "E Quantity"),
                ("error", 3, "J Promised date"),
                ("warning", 4, "K Received date"),
            ],
        )

    def test_managers_only(self):
        for user in (self.planner, self.outsider, self.manager):
            with self.assertRaises(AccessError):
                self._import("H-1;;Vendor;SKU-1;1;;1;;2024-03-01;2024-03-15;;;", user=user)

    # Speed

    def test_query_count_does_not_grow(self):
        def write(prefix, count):
            rows = [
                f"{prefix}-{number};;Vendor;SKU-1;10;;4.5;;2024-03-01;2024-03-15;2024-03-15;;"
                for number in range(count)
            ]
            job = self._import(*rows)
            job.action_check()
            return self._query_count(job.action_confirm)

        write("H", 1)
        self.assertEqual(write("I", 10), write("J", 200))
