import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_demand import DemandCase


class DemandImportCase(DemandCase):
    """Adds products with codes, and files of rows: imported up to the check, or to the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "LAMP"
        cls.other = cls._create_product("Fan", default_code="FAN", barcode="4006381333931")

    def _import(self, *rows, heading="Product,Date,Quantity", user=None, **values):
        data = "\n".join([heading, *rows]).encode()
        job = (
            self.env["scm.import"]
            .with_user(user or self.manager)
            .create({"importer": "demand", "file": base64.b64encode(data), "filename": "history.csv"} | values)
        )
        with self._at(self.TODAY):
            job.action_preview()
            job.action_check()
        return job

    def _confirmed(self, *rows, **values):
        job = self._import(*rows, **values)
        self.assertFalse(job.error_count, job.finding_ids.mapped("message"))
        with self._at(self.TODAY):
            job.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(job.state, "done")
        return job

    def _errors(self, job):
        return [(finding.row, finding.message) for finding in job.finding_ids.sorted("row") if finding.level == "error"]


@tagged("post_install", "-at_install")
class TestDemandImport(DemandImportCase):
    def test_rows_of_a_day_add_up(self):
        self._confirmed("LAMP,2024-05-01,3", "LAMP,2024-05-01,4", "4006381333931,2024-05-01,5", "LAMP,2024-05-02,1")
        self.assertEqual(self._days(origin="import"), {"2024-05-01": 7, "2024-05-02": 1})
        self.assertEqual(self._days(field="line_count"), {"2024-05-01": 2, "2024-05-02": 1})
        self.assertEqual(self._days(self.other), {"2024-05-01": 5})
        item = self.env["scm.demand.item"].search([("product_id", "=", self.product.id)])
        self.assertEqual(str(item.date_first_demand), "2024-05-01")

    def test_refresh_leaves_imported_days(self):
        self._confirmed("LAMP,2024-05-01,3")
        self._refresh(full=True)
        self._refresh("2026-11-24")
        self.assertEqual(self._days(), {"2024-05-01": 3})
        item = self.env["scm.demand.item"].search([("product_id", "=", self.product.id)])
        self.assertEqual(str(item.date_first_demand), "2024-05-01")

    def test_price_unit_warehouse(self):
        self.env["stock.warehouse"].create({"name": "Second Hall", "code": "SEC", "company_id": self.company_a.id})
        second = self.env["stock.warehouse"].search([("code", "=", "SEC")])
        code = self.warehouse_a.code
        heading = "Product,Date,Quantity,Warehouse,Price,Unit"
        self._confirmed(f"LAMP,2024-05-01,2,{code},120,dozens", "LAMP,2024-05-01,3,second hall,9.5,", heading=heading)
        self.assertEqual(self._days(), {"2024-05-01": 24})
        self.assertEqual(self._days(field="revenue"), {"2024-05-01": 240})
        self.assertEqual(self._days(warehouse=second), {"2024-05-01": 3})
        self.assertEqual(self._days(warehouse=second, field="revenue"), {"2024-05-01": 28.5})

    def test_below_zero_is_returned(self):
        job = self._confirmed("LAMP,2024-05-01,3", "LAMP,2024-05-01,-1", "LAMP,2024-05-02,-2")
        self.assertEqual(self._days(), {"2024-05-01": 3})
        self.assertEqual(self._days(field="quantity_returned"), {"2024-05-01": 1, "2024-05-02": 2})
        self.assertIn("2 rows", job.finding_ids.filtered(lambda finding: finding.level == "warning").message)

    def test_errors_by_row_and_nothing_written(self):
        self.env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": self.company_a.id})
        self._create_product("Twin", default_code="TWIN")
        self._create_product("Twin", default_code="TWIN")
        self._create_product("Fitting", default_code="FIT", type="service", is_storable=False)
        code = self.warehouse_a.code
        job = self._import(
            f"LAMP,2024-05-01,3,{code},",
            f"NOPE,2024-05-01,3,{code},",
            f"TWIN,2024-05-01,3,{code},",
            f"FIT,2024-05-01,3,{code},",
            f"LAMP,2027-05-01,3,{code},",
            "LAMP,2024-05-01,3,,",
            "LAMP,2024-05-01,3,Moon,",
            f"LAMP,2024-05-01,3,{code},kg",
            f"LAMP,2024-05-01,3,{code},bushel",
            heading="Product,Date,Quantity,Warehouse,Unit",
        )
        found = self._errors(job)
        self.assertEqual([row for row, _message in found], [3, 4, 5, 6, 7, 8, 9, 10])
        parts = ["No product", "Several products", "not a goods", "still to come", "several warehouses"]
        parts += ["No warehouse", "cannot be converted to Units", "no unit"]
        for (_row, message), part in zip(found, parts, strict=True):
            self.assertIn(part, message)
        self.assertEqual(self._days(), {})
        with self.assertRaises(UserError):
            job.action_confirm()

    def test_second_file_is_refused_unless_it_replaces(self):
        self._confirmed("LAMP,2024-05-01,3", "LAMP,2024-05-02,4")
        job = self._import("LAMP,2024-05-02,9", "LAMP,2024-05-03,1")
        self.assertEqual([row for row, _message in self._errors(job)], [2])
        self._confirmed("LAMP,2024-05-02,9", "LAMP,2024-05-03,1", replace_existing=True)
        self.assertEqual(self._days(), {"2024-05-01": 3, "2024-05-02": 9, "2024-05-03": 1})

    def test_days_imported_between_check_and_confirm(self):
        first, second = self._import("LAMP,2024-05-01,3"), self._import("LAMP,2024-05-01,4")
        with self._at(self.TODAY):
            first.action_confirm()
            with self.assertRaisesRegex(UserError, "Check it again"):
                second.action_confirm()
        self.assertEqual(self._days(), {"2024-05-01": 3})

    def test_overlap_with_own_sales_is_said(self):
        self._create_sale([(self.product, 1)], "2026-05-01")
        self._refresh()
        job = self._import("LAMP,2026-05-02,3", "FAN,2026-05-02,3")
        warning = job.finding_ids
        self.assertRecordValues(warning, [{"level": "warning", "row": 2}])
        self.assertIn("2026-05-01", warning.message)
        with self._at(self.TODAY):
            job.action_confirm()
        self.assertEqual(self._days(), {"2026-05-01": 1, "2026-05-02": 3})

    def test_other_company(self):
        """The import belongs to the company in which it was made, with that company's warehouse."""
        manager_b = self._create_user("manager_b", "scm_base.scm_group_manager", companies=self.company_b)
        own = self.env["scm.import"].with_user(manager_b).with_context(allowed_company_ids=self.company_b.ids)
        job = own.create(
            {
                "importer": "demand",
                "file": base64.b64encode(b"Product,Date,Quantity\nLAMP,2024-05-01,3"),
                "filename": "b.csv",
            }
        )
        with self._at(self.TODAY):
            job.action_preview()
            job.action_check()
            job.action_confirm()
        self.assertEqual(self._days(), {})
        self.assertEqual(self._days(warehouse=self.warehouse_b), {"2024-05-01": 3})

    def test_only_managers(self):
        with self.assertRaises(AccessError):
            self._import("LAMP,2024-05-01,3", user=self.planner)

    def test_lost_units_are_estimated_again(self):
        """History that arrives later counts as comparable days."""
        self._set_stock(self.product, 5, day="2026-10-20")
        self._set_stock_out("2026-10-31")
        self._refresh("2026-11-10")
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        self.assertEqual(out.lost_quantity, 0)
        self._confirmed(*(f"LAMP,2026-10-{day:02},10" for day in range(1, 31)))
        self._refresh("2026-11-11")
        self.assertGreater(out.lost_quantity, 50)

    def _set_stock_out(self, day):
        with self._at(day):
            quant = self.env["stock.quant"].search(
                [("product_id", "=", self.product.id), ("location_id", "=", self.warehouse_a.lot_stock_id.id)]
            )
            quant.with_context(inventory_mode=True).inventory_quantity = 0
            quant.action_apply_inventory()

    def test_as_many_queries_for_a_full_batch(self):
        jobs = [
            self._import(*(f"LAMP,2024-05-{1 + day % 28:02},3" for day in range(count)), filename=f"{count}.csv")
            for count in (1, 1, 200)
        ]
        for job in jobs:
            job.action_back()
        with self._at(self.TODAY):
            # The first call fills the caches of the registry.
            _first, few, many = [self._query_count(job._run_check) for job in jobs]
        self.assertEqual(many, few)


@tagged("post_install", "-at_install")
class TestDemandScreens(DemandCase):
    def test_drill_from_a_day_to_its_sales(self):
        first = self._create_sale([(self.product, 3)], "2026-11-02")
        self._create_sale([(self.product, 3)], "2026-11-03")
        self._refresh()
        day = self.env["scm.demand.day"].search([("product_id", "=", self.product.id), ("date", "=", "2026-11-02")])
        action = day.with_user(self.planner).action_open_sales()
        self.assertEqual(self.env["sale.order.line"].search(action["domain"]), first.order_line)

    def test_drill_from_a_stock_out_to_demand(self):
        self._set_stock(self.product, 5, day="2026-10-01")
        self._set_stock(self.product, 0, day="2026-10-05")
        self._create_sale([(self.product, 3)], "2026-10-02")
        self._create_sale([(self.product, 3)], "2026-02-02")
        self._refresh()
        out = self.env["scm.stockout"].search([("product_id", "=", self.product.id)])
        action = out.with_user(self.planner).action_open_demand()
        self.assertEqual(str(self.env["scm.demand.day"].search(action["domain"]).date), "2026-10-02")

    def test_grouping_by_category_and_week(self):
        self._create_sale([(self.product, 3)], "2026-11-02")
        self._refresh()
        days = self.env["scm.demand.day"].with_user(self.planner)
        groups = days._read_group([], ["categ_id", "date:week"], ["quantity:sum"])
        self.assertEqual([group[2] for group in groups], [3])
