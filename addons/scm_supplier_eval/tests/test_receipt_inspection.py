from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from odoo.addons.scm_base.tests.common import ScmCase


@tagged("post_install", "-at_install")
class TestReceiptInspection(ScmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product, cls.second = (cls._create_product(name, vendor=cls.vendor) for name in ("First", "Second"))
        cls.docker = cls._create_user("docker", "stock.group_stock_user")
        cls.buyer = cls._create_user("buyer", "purchase.group_purchase_user")
        cls.buyer_b = cls._create_user("buyer_b", "purchase.group_purchase_user", companies=cls.company_b)
        cls.damaged, cls.wrong = cls.env["scm.defect.type"].create(
            [{"name": "Bent", "code": "TEST-BENT"}, {"name": "Mixed up", "code": "TEST-WRONG"}]
        )

    def _receipt(self, products=None, company=None):
        order = self._create_purchase(
            [(product, 10) for product in products or [self.product]], "2026-03-02", "2026-03-10", company=company
        )
        return self._receive(order, "2026-03-10")

    def _inspect(self, picking, user=None, day="2026-03-11"):
        with self._at(day, company=picking.company_id):
            action = picking.with_user(user or self.docker).action_scm_inspect()
        return self.env["scm.receipt.inspection"].search(action["domain"]), action

    # From the receipt

    def test_one_product_opens_the_form(self):
        receipt = self._receipt()
        inspection, action = self._inspect(receipt)
        self.assertEqual((action["view_mode"], action["res_id"]), ("form", inspection.id))
        self.assertRecordValues(
            inspection,
            [
                {
                    "picking_id": receipt.id,
                    "partner_id": self.vendor.id,
                    "product_id": self.product.id,
                    "company_id": self.company_a.id,
                    "warehouse_id": self.warehouse_a.id,
                    "date": date(2026, 3, 11),
                    "qty_received": 10,
                    "user_id": self.docker.id,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(self._inspect(receipt)[0], inspection)
        self.assertEqual(receipt.scm_inspection_count, 1)

    def test_several_products_open_cards(self):
        inspections, action = self._inspect(self._receipt([self.product, self.second]))
        self.assertEqual(action["view_mode"].split(",")[0], "kanban")
        self.assertEqual(inspections.product_id, self.product + self.second)

    def test_day_is_the_day_of_the_warehouse(self):
        docker = self._create_user("docker_b", "stock.group_stock_user", companies=self.company_b)
        receipt = self._receipt(company=self.company_b)
        with self._at("2026-03-12", 1, self.company_b):
            action = self._as(docker, receipt).action_scm_inspect()
        inspection = self.env["scm.receipt.inspection"].browse(action["res_id"])
        self.assertRecordValues(inspection, [{"date": date(2026, 3, 12), "company_id": self.company_b.id}])

    def test_parts_of_one_line_are_one_inspection(self):
        order = self._create_purchase([(self.product, 10)], "2026-03-02", "2026-03-10", confirm=False)
        order.order_line.scm_split_promise(
            [{"date": "2026-03-10", "quantity": 4}, {"date": "2026-03-20", "quantity": 6}]
        )
        with self._at("2026-03-02"):
            order.button_confirm()
        inspection, _action = self._inspect(self._receive(order, "2026-03-10"))
        self.assertRecordValues(inspection, [{"qty_received": 10}])

    def test_in_the_unit_of_the_product(self):
        order = self._create_purchase([(self.product, 2)], "2026-03-02", "2026-03-10", confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        with self._at("2026-03-02"):
            order.button_confirm()
        inspection, _action = self._inspect(self._receive(order, "2026-03-10"))
        self.assertEqual(inspection.qty_received, 24)

    def test_nothing_to_inspect(self):
        receipt = self._receipt()
        back = self._return_to_vendor(receipt, "2026-03-12")
        self.assertFalse(back.scm_can_inspect)
        with self.assertRaisesRegex(UserError, back.name):
            back.action_scm_inspect()
        sale = self._create_sale([(self.product, 1)], "2026-03-02")
        with self.assertRaises(ValidationError):
            self.env["scm.receipt.inspection"].create({"move_id": sale.picking_ids.move_ids.id})

    # Steps

    def test_reject_a_part_on_the_form(self):
        inspection, _action = self._inspect(self._receipt())
        with Form(inspection.with_user(self.docker)) as form:
            form.qty_rejected = 3
            form.defect_id = self.damaged
            form.note = "Corner crushed"
        inspection.with_user(self.docker).action_done()
        self.assertRecordValues(inspection, [{"state": "done", "result": "part"}])
        with self.assertRaisesRegex(UserError, "Open it again"):
            inspection.with_user(self.docker).qty_rejected = 2
        with self.assertRaisesRegex(UserError, "Open it again"):
            inspection.with_user(self.manager).unlink()
        inspection.with_user(self.docker).action_reopen()
        inspection.with_user(self.docker).action_all_good()
        self.assertRecordValues(
            inspection, [{"state": "done", "result": "good", "qty_rejected": 0, "defect_id": False}]
        )

    def test_two_defects_of_one_receipt(self):
        inspection, _action = self._inspect(self._receipt())
        with self.assertRaisesRegex(UserError, "defect first"):
            inspection.action_other_defect()
        inspection.write({"qty_rejected": 3, "defect_id": self.damaged.id})
        inspection.action_done()
        other = self.env["scm.receipt.inspection"].browse(inspection.action_other_defect()["res_id"])
        other.write({"qty_rejected": 8, "defect_id": self.wrong.id})
        with self.assertRaisesRegex(ValidationError, "11 rejected, but only 10"):
            other.action_done()
        other.qty_rejected = 7
        other.action_done()
        self.assertEqual(other.result, "part")

    def test_tells_what_is_wrong(self):
        inspection, _action = self._inspect(self._receipt())
        inspection.qty_rejected = 1
        with self.assertRaisesRegex(UserError, "which defect"):
            inspection.action_done()
        inspection.write({"defect_id": self.damaged.id, "qty_checked": 11})
        with self.assertRaisesRegex(ValidationError, "11 checked"):
            inspection.action_done()
        inspection.qty_checked = 0
        self.env.flush_all()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            inspection.qty_rejected = -1
            inspection.flush_recordset()
        inspection.invalidate_recordset()
        order = self._create_purchase([(self.product, 10)], "2026-03-02", "2026-03-10")
        move = order.picking_ids.move_ids
        move.quantity = 0
        with self.assertRaisesRegex(UserError, "nothing is received"):
            self.env["scm.receipt.inspection"].create({"move_id": move.id}).action_done()

    def test_by_interface(self):
        move = self._receipt().move_ids
        inspections = self.env["scm.receipt.inspection"].with_user(self.buyer)
        number = inspections.scm_inspect(move.id, 2, "TEST-BENT", "Bent", qty_checked=5)
        self.assertRecordValues(
            inspections.browse(number), [{"state": "done", "qty_rejected": 2, "qty_checked": 5, "note": "Bent"}]
        )
        with self.assertRaisesRegex(UserError, "NOPE"):
            inspections.scm_inspect(move.id, 2, "NOPE")
        with self.assertRaisesRegex(UserError, "999999999"):
            inspections.scm_inspect(999999999)

    # Who may

    def test_access(self):
        inspection, _action = self._inspect(self._receipt())
        for user in (self.planner, self.buyer, self.docker):
            self.assertTrue(inspection.with_user(user).read(["qty_received", "partner_id"]))
        with self.assertRaises(AccessError):
            inspection.with_user(self.planner).action_done()
        for user in (self.outsider, self.planner_b, self.buyer_b):
            with self.assertRaises(AccessError):
                self._as(user, inspection).read(["qty_received"])
        with self.assertRaises(AccessError):
            self.damaged.with_user(self.buyer).name = "Other"
        self.damaged.with_user(self.manager).name = "Other"

    def test_merged_vendor(self):
        inspection, _action = self._inspect(self._receipt())
        other = self.env["res.partner"].create({"name": "Kept"})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.vendor + other).ids, other)
        self.env.invalidate_all()
        self.assertEqual(inspection.partner_id, other)
