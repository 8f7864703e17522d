from datetime import timedelta

import numpy as np
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .policy_common import PolicyCase

#: what differs although the figures are the same: when a row was computed, and notes of that moment
IGNORED = ("date_computed", "create_date", "write_date", "create_uid", "write_uid", "id")
TABLES = (
    "stock_quant", "stock_move", "purchase_order", "purchase_order_line", "stock_warehouse_orderpoint",
    "product_product", "product_template", "product_supplierinfo", "scm_inventory_policy", "scm_event",
    "scm_event_occurrence", "uom_uom", "res_currency_rate", "stock_rule", "stock_warehouse", "res_company",
    "scm_product_lifecycle",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestIncremental(PolicyCase):
    """A night that looks only at what changed says what a night that looks at everything says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        draw = np.random.default_rng(11)
        cls.vendors = cls.env["res.partner"].create([{"name": f"Vendor {number}"} for number in range(4)])
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Item {number:02d}",
                    "is_storable": True,
                    "standard_price": 5.0,
                    "list_price": 12.0,
                    "seller_ids": [
                        Command.create({"partner_id": cls.vendors[number % 4].id, "price": 5, "delay": 7 + number % 9})
                    ],
                }
                for number in range(24)
            ]
        )
        cls._create_forecast({product: draw.poisson(4, 104) for product in cls.products})
        for product in cls.products:
            cls._set_stock(product, float(draw.integers(60, 400)))
        cls._long_ago()

    @classmethod
    def _set_stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse_a.lot_stock_id, quantity)

    @classmethod
    def _long_ago(cls):
        """What was written until now was written yesterday: the clock of the database does not stand still in tests."""
        cls.env.flush_all()
        for table in TABLES:
            cls.env.cr.execute(f"UPDATE {table} SET write_date = %s", [fields.Datetime.now() - timedelta(days=9999)])
        cls.env.invalidate_all()

    def _whole(self):
        self._refresh()
        return self._rows()

    def _rows(self):
        self.env.cr.execute("SELECT * FROM scm_policy_proposal WHERE company_id = %s", [self.company_a.id])
        names = [column.name for column in self.env.cr.description]
        rows = [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]
        return {
            (row["product_id"], row["warehouse_id"]): {k: v for k, v in row.items() if k not in IGNORED} for row in rows
        }

    def _changed(self, whole=False):
        with self._at(self.TODAY, company=self.company_a):
            return self.env["scm.policy.changed"]._product_ids(self.company_a, whole)

    def _quiet(self):
        """Products about which nothing is to be decided, so that a night without changes leaves them alone."""
        self._whole()
        return self.products - self.env["product.product"].browse(self._changed())

    def test_quiet_night_leaves_quiet_products_alone(self):
        quiet = self._quiet()
        self.assertGreater(len(quiet), 8)
        self.assertEqual(set(self._changed(whole=True)), set(self.products.ids))

    def test_each_kind_of_change_is_seen(self):
        quiet = self._quiet()
        stock, gone, rule, price, vendor, move, draft, planner = quiet[:8]
        self._set_stock(stock, 3)
        self.env["stock.quant"].search([("product_id", "=", gone.id)]).sudo().unlink()
        self._create_rule(rule, 5, 50)
        price.standard_price = 6
        vendor.seller_ids.delay += 3
        self._create_move(move)
        self._create_draft(draft)
        line = self.env["scm.forecast"].search([("product_id", "=", planner.id)]).line_ids[0]
        line.sudo()._write_override(99, "Fair")
        changed = set(self._changed())
        self.assertLessEqual(set(quiet[:8].ids), changed)
        self.assertFalse(changed & set(quiet[8:].ids), "the others are left alone")

    def _create_move(self, product, quantity=5.0):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.warehouse_a.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": self.company_a.id,
                "date": self._moment(self.TODAY + timedelta(days=3)),
            }
        )
        move._action_confirm()
        return move

    def _create_draft(self, product):
        return self.env["purchase.order"].create(
            {
                "partner_id": product.seller_ids.partner_id.id,
                "company_id": self.company_a.id,
                "picking_type_id": self.warehouse_a.in_type_id.id,
                "order_line": [Command.create({"product_id": product.id, "product_qty": 7})],
            }
        )

    def test_settings_change_all(self):
        self._whole()
        self.env["scm.inventory.policy"].search([("company_id", "=", self.company_a.id)], limit=1).service_level = 0.9
        self.assertEqual(set(self._changed()), set(self.products.ids))

    def test_incremental_is_whole_on_random_changes(self):
        draw = np.random.default_rng(5)
        actions = (
            lambda product: self._set_stock(product, float(draw.integers(-40, 60))),
            lambda product: self._create_move(product, float(draw.integers(1, 30))),
            self._create_draft,
            lambda product: product.write({"standard_price": float(draw.uniform(3, 9))}),
            lambda product: product.seller_ids.write({"delay": int(draw.integers(3, 40))}),
            lambda product: product.write({"active": False}),
        )
        for _night in range(3):
            self._whole()
            self._long_ago()
            for number in draw.choice(len(self.products), 6, replace=False):
                if self.products[number].active:
                    actions[draw.integers(len(actions))](self.products[number])
            changed = self._changed()
            self.assertLess(len(changed), len(self.products))
            self._refresh(product_ids=changed)
            incremental = self._rows()
            self.assertEqual(incremental, self._whole())

    def test_slices_say_what_one_pass_says(self):
        whole = self._whole()
        self.env["scm.policy.proposal"].sudo().search([]).unlink()
        for first in range(0, len(self.products), 7):
            self._refresh(product_ids=self.products.ids[first : first + 7])
        self.assertEqual(self._rows(), whole)

    def test_same_queries_for_few_and_many_changes(self):
        self._whole()
        counts = []
        for some in (self.products[:1], self.products[1:12]):
            for product in some:
                self._set_stock(product, 1)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._changed()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_night_refreshes_what_changed_and_manager_everything(self):
        runs = self.env["scm.forecast.run"].with_user(self.manager)
        with self._at(self.TODAY, company=self.company_a):
            self.assertFalse(runs.sudo()._prepare_run_vals(self.company_a, "refresh")["whole"])
            self.assertTrue(runs.browse(runs.run_now(self.company_a.id, "refresh", wait=True)).whole)
            run = runs.browse(runs.run_now(self.company_a.id, "refresh", wait=True, whole=False))
        self.assertEqual((run.state, run.whole, run.message), ("done", False, False))
