"""Order plan and vendor orders of a night that looks only at what changed are those of a night that looks at all."""

from datetime import timedelta

import numpy as np
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .policy_common import PolicyCase
from .test_incremental import TABLES

#: what differs although the plan is the same: numbers and moments of rows, and what an order was before this night
MOMENTS = {
    "id", "create_date", "write_date", "create_uid", "write_uid", "plan_id", "change_code", "quantity_before",
    "date_before", "vendor_order_id",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestIncrementalPlan(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        draw = np.random.default_rng(21)
        cls.vendors = cls.env["res.partner"].create([{"name": f"Vendor {number}"} for number in range(3)])
        cls.env["scm.vendor.terms"].create(
            {"partner_id": cls.vendors[0].id, "company_id": cls.company_a.id, "order_cost": 20, "window_days": 14,
             "min_order_value": 900, "freight_free_value": 1500, "freight_cost": 60}
        )  # fmt: skip
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Item {number:02d}", "is_storable": True, "standard_price": 5.0, "list_price": 12.0,
                    "seller_ids": [
                        Command.create({"partner_id": cls.vendors[number % 3].id, "price": 5, "delay": 7 + number % 9})
                    ],
                }
                for number in range(18)
            ]
        )  # fmt: skip
        cls._create_forecast({product: draw.poisson(4, 104) for product in cls.products})
        for product in cls.products:
            cls._stock(product, float(draw.integers(20, 200)))
        cls.draw = draw

    @classmethod
    def _stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse_a.lot_stock_id, quantity)

    def _night(self, product_ids=None):
        self._refresh(product_ids=product_ids)
        with self._at(self.TODAY, company=self.company_a):
            self.env["scm.order.plan"]._refresh(self.company_a, product_ids)
            self.env["scm.vendor.order"]._refresh(self.company_a)

    def _long_ago(self):
        self.env.flush_all()
        for table in TABLES:
            self.env.cr.execute(f"UPDATE {table} SET write_date = %s", [fields.Datetime.now() - timedelta(days=9999)])
        self.env.invalidate_all()

    def _rows(self, table):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT * FROM {table} WHERE company_id = %s", [self.company_a.id])
        names = [column.name for column in self.env.cr.description]
        rows = [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]
        return sorted(repr(self._lasting(row)) for row in rows)

    def _lasting(self, row):
        why = row.get("why")
        if why:
            why = why | {"notes": [note for note in why["notes"] if not note.startswith("plan_change")]}
        return sorted((name, why if name == "why" else value) for name, value in row.items() if name not in MOMENTS)

    def _everything(self):
        tables = ("scm_order_plan_item", "scm_planned_order", "scm_vendor_order")
        return {table: self._rows(table) for table in tables}

    def _totals(self):
        plan = self.env["scm.order.plan"].search([("company_id", "=", self.company_a.id)])
        return np.array([values for _name, values in sorted(plan.totals.items())])

    def _something_happens(self):
        kinds = (
            lambda product: self._stock(product, float(self.draw.integers(-15, 60))),
            lambda product: product.write({"standard_price": float(self.draw.uniform(3, 9))}),
            lambda product: product.seller_ids.write({"delay": int(self.draw.integers(3, 40)), "price": 4.5}),
            lambda product: product.seller_ids.write({"min_qty": float(self.draw.integers(20, 90))}),
        )
        for number in self.draw.choice(len(self.products), 5, replace=False):
            kinds[self.draw.integers(len(kinds))](self.products[number])

    def test_incremental_is_whole(self):
        self._night()
        for _night in range(3):
            self._long_ago()
            self._something_happens()
            with self._at(self.TODAY, company=self.company_a):
                changed = self.env["scm.policy.changed"]._product_ids(self.company_a)
            self.assertTrue(0 < len(changed) < len(self.products))
            self._night(changed)
            incremental, totals = self._everything(), self._totals()
            self._night()
            for name, rows in self._everything().items():
                self.assertEqual(incremental[name], rows, name)
            # sums of rounded figures; a cent per item is no difference
            self.assertLess(np.abs(self._totals() - totals).max(), 0.01 * len(self.products))

    def test_what_did_not_change_is_not_written(self):
        self._night()
        # the second night takes the word "new" from all orders
        self._night()
        self.env.cr.execute("UPDATE scm_planned_order SET write_date = '2001-01-01'")
        self.env.cr.execute("UPDATE scm_vendor_order SET write_date = '2001-01-01'")
        self._night()
        for table in ("scm_planned_order", "scm_vendor_order"):
            self.env.cr.execute(f"SELECT count(*), count(*) FILTER (WHERE write_date > '2001-01-01') FROM {table}")
            count, written = self.env.cr.fetchone()
            self.assertTrue(count > 0 and written == 0, f"{table}: {written} of {count}")
