from datetime import date

import numpy as np
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_stockout import StockoutCase


@tagged("post_install", "-at_install")
class TestDemandPanel(StockoutCase):
    """TODAY is Monday 23 November 2026: the last whole week is that of the 16th."""

    def _panel(self, record=None, **kwargs):
        with self._at(self.TODAY):
            return self.env["scm.demand.day"]._panel(record or self.warehouse_a, **kwargs)

    def test_weeks_from_monday(self):
        self._create_sale([(self.product, 1)], "2026-11-01")
        self._create_sale([(self.product, 2)], "2026-11-02")
        self._create_sale([(self.product, 3)], "2026-11-08")
        self._create_sale([(self.product, 4)], "2026-11-22")
        self._create_sale([(self.product, 5)], "2026-11-23")
        self._refresh()
        keys, panel = self._panel(periods=5)
        self.assertEqual(keys, [(self.product.id, self.warehouse_a.id)])
        self.assertEqual((panel.start, panel.freq), (date(2026, 10, 19), "W"))
        np.testing.assert_array_equal(panel.quantity, [[np.nan, 1, 5, 0, 4]])
        np.testing.assert_array_equal(panel.in_stock, [[1, 1, 1, 1, 1]])

    def test_days(self):
        self._create_sale([(self.product, 2)], "2026-11-20")
        self._create_sale([(self.product, 4)], "2026-11-22")
        self._refresh()
        _keys, panel = self._panel(freq="D", periods=4)
        self.assertEqual(panel.start, date(2026, 11, 19))
        np.testing.assert_array_equal(panel.quantity, [[np.nan, 2, 0, 4]])

    def test_zero_from_the_first_receipt(self):
        self._move(self.product, 5, "2026-11-04")
        self._create_sale([(self.product, 2)], "2026-11-20")
        self._refresh()
        _keys, panel = self._panel(periods=4)
        np.testing.assert_array_equal(panel.quantity, [[np.nan, 0, 0, 2]])

    def test_stock_out_takes_the_share_of_the_week(self):
        for day in range(1, 29):
            self._create_sale([(self.product, 10)], f"2026-10-{day:02}")
        self._move(self.product, 10, "2026-09-28")
        self._move(self.product, -10, "2026-10-28")
        self._move(self.product, 10, "2026-11-11")
        self._refresh()
        _keys, panel = self._panel(periods=4)
        # Out from 29 October to 10 November: 4 days, a whole week (blind), 2 days.
        np.testing.assert_array_equal(panel.quantity, [[30, np.nan, 0, 0]])
        np.testing.assert_allclose(panel.in_stock, [[3 / 7, 0, 5 / 7, 1]], rtol=1e-6)

    def test_back_ordered_days_are_seen_days(self):
        for day in range(1, 31):
            self._create_sale([(self.product, 10)], f"2026-10-{day:02}")
        self._move(self.product, 10, "2026-09-28")
        self._move(self.product, -10, "2026-10-18")
        self._move(self.product, 10, "2026-10-31")
        self._refresh()
        _keys, panel = self._panel(periods=6, date_end="2026-11-01")
        np.testing.assert_array_equal(panel.quantity[0, -2:], [70, 50])
        self.assertGreater(panel.in_stock[0, -2], 0.99)

    def test_groups_are_categories(self):
        category = self.env["product.category"].create({"name": "Light"})
        products = [self._create_product(f"P{number}") for number in range(3)]
        products[0].categ_id = products[2].categ_id = category
        self._create_sale([(product, 1) for product in products], "2026-11-05")
        self._refresh()
        _keys, panel = self._panel(periods=4)
        self.assertEqual(panel.group[0], panel.group[2])
        self.assertNotEqual(panel.group[0], panel.group[1])

    def test_company_means_all_of_its_warehouses(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC", "company_id": self.company_a.id})
        self._create_sale([(self.product, 1)], "2026-11-05")
        self._create_sale([(self.product, 2)], "2026-11-05", warehouse_id=second.id)
        self._create_sale([(self.product, 4)], "2026-11-05", company=self.company_b)
        self._refresh()
        keys, panel = self._panel(self.company_a, periods=3)
        self.assertEqual(keys, [(self.product.id, self.warehouse_a.id), (self.product.id, second.id)])
        np.testing.assert_array_equal(panel.quantity[:, 0], [1, 2])

    def test_named_products_have_a_row_without_history(self):
        new = self._create_product("New")
        self._create_sale([(self.product, 1)], "2026-11-05")
        self._refresh()
        keys, panel = self._panel(product_ids=[new.id, self.product.id], periods=3)
        self.assertEqual([key[0] for key in keys], sorted([self.product.id, new.id]))
        self.assertTrue(np.isnan(panel.quantity[1]).all())

    def test_archived_products_are_left_out_and_nothing_is_an_empty_panel(self):
        self._create_sale([(self.product, 1)], "2026-11-05")
        self._refresh()
        self.product.action_archive()
        keys, panel = self._panel(periods=3)
        self.assertEqual((keys, panel.quantity.shape), ([], (0, 3)))

    def test_imported_and_sold_add_up(self):
        self._create_sale([(self.product, 1)], "2026-11-05")
        self._refresh()
        self.env["scm.demand.day"].create(
            {
                "company_id": self.company_a.id,
                "warehouse_id": self.warehouse_a.id,
                "product_id": self.product.id,
                "date": "2026-11-05",
                "origin": "import",
                "quantity": 6,
            }
        )
        _keys, panel = self._panel(periods=3)
        np.testing.assert_array_equal(panel.quantity, [[7, 0, 0]])

    def test_unknown_frequency(self):
        with self.assertRaisesRegex(UserError, "by week"):
            self._panel(freq="M")

    def test_query_count(self):
        self._create_sale([(self.product, 1)], "2026-11-05")
        self._refresh()
        few = self._query_count(self._panel)
        products = [self._create_product(f"P{number}") for number in range(30)]
        self._create_sale([(product, 1) for product in products], "2026-11-05")
        self._refresh("2026-11-24")
        self.assertEqual(self._query_count(self._panel), few)
