"""The order builder: what it shows, and what a planner does there."""

import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .vendor_order_common import VendorOrderCase


@tagged("post_install", "-at_install")
class TestVendorOrderBuilder(VendorOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.product = cls._create_product("Mug", vendor=cls.vendor, price=60.0, delay=14, weight=0.5)
        cls.product.seller_ids.write({"product_uom_id": cls.dozen.id, "min_qty": 2})
        cls.box = cls.env["scm.container.type"].create({"name": "Box", "payload_kg": 60})
        cls.terms = cls._terms(min_order_value=200.0, container_type_id=cls.box.id, fill="never")
        cls.env["scm.policy.proposal"].create(
            {
                "company_id": cls.company_a.id, "product_id": cls.product.id, "warehouse_id": cls.warehouse_a.id,
                "position": 12.0, "demand_day": 2.0,
            }
        )  # fmt: skip
        cls.line = cls._plan(cls.product, 24, price_unit=5.0)
        cls.order = cls._join()

    def _do(self, name, *args):
        with self._at(self.TODAY):
            return getattr(self._as(self.buyer, self.order), name)(*args)

    def test_what_it_shows(self):
        builder = self._do("get_builder")
        json.dumps(builder)
        [line] = builder["lines"]
        self.assertEqual((line["quantity"], line["step"], line["moq"]), (24.0, 12.0, 24.0))
        self.assertEqual((line["cover_before"], line["cover_days"]), (6.0, 18.0))
        self.assertEqual((line["value"], line["margin"]), (120.0, 480.0))
        self.assertEqual(builder["totals"]["to_minimum"], 80.0)
        self.assertEqual(builder["container"]["bars"][0]["percent"], 20.0)
        self.assertTrue(builder["can_edit"] and builder["can_release"])
        self.assertFalse(self._as(self.planner, self.order).get_builder()["can_edit"])

    def test_quantity_goes_up_to_the_multiple_and_stays(self):
        builder = self._do("set_quantity", self.line.id, 30)
        self.assertEqual(builder["lines"][0]["quantity"], 36.0)
        self.assertEqual((self.line.state, self.line.value, self.order.value), ("firm", 180.0, 180.0))
        self.assertEqual(self._do("set_quantity", self.line.id, 1)["lines"][0]["quantity"], 24.0)
        self._join()
        self.assertEqual((self.line.quantity, self.order.edited), (24.0, True))
        for wrong in (-1, float("nan"), float("inf")):
            with self.assertRaisesRegex(UserError, "Mug"):
                self._do("set_quantity", self.line.id, wrong)

    def test_lines_of_one_product_are_one_row(self):
        """A line pulled forward joins its product; a change makes them one firm line."""
        later = self._plan(self.product, 24, 7, price_unit=5.0)
        self._join()
        [row] = self._do("get_builder")["lines"]
        self.assertEqual((row["line_ids"], row["quantity"], row["pulled_days"]), ((self.line + later).ids, 48.0, 7))
        [row] = self._do("set_quantity", later.id, 60)["lines"]
        self.assertEqual((row["line_ids"], row["quantity"], row["quantity_net"]), (self.line.ids, 60.0, 48.0))
        self.assertFalse(later.exists())

    def test_left_out_and_taken_back(self):
        builder = self._do("set_quantity", self.line.id, 0)
        self.assertEqual((builder["totals"]["value"], builder["lines"][0]["action"]), (0.0, "cut"))
        builder = self._do("take_back", [self.line.id])
        self.assertEqual((builder["totals"]["value"], builder["lines"][0]["action"]), (120.0, "keep"))

    def test_fill_container_in_whole_multiples(self):
        builder = self._do("fill_container")
        self.assertEqual(builder["lines"][0]["quantity"], 120.0, "60 kg of half a kilogram each")
        self.assertEqual((builder["container"]["fill"], builder["container"]["count"]), (100.0, 1))

    def test_fill_stays_within_the_most_cover(self):
        policy = self.env["scm.inventory.policy"].create(
            {"name": "Short", "company_id": self.company_a.id, "cover_max_days": 40}
        )
        self.env["scm.policy.proposal"].search([("product_id", "=", self.product.id)]).policy_id = policy
        # 40 days of 2 are 80; 12 and 24 are there, so three dozens more
        self.assertEqual(self._do("fill_container")["lines"][0]["quantity"], 60.0)

    def test_reach_minimum(self):
        builder = self._do("reach_minimum")
        self.assertEqual(builder["totals"]["value"], 240.0)
        self.assertFalse(builder["problem"])

    def test_minimum_out_of_reach_is_said(self):
        self.terms.min_order_value = 1e6
        self._join()
        with self.assertRaisesRegex(UserError, "are missing"):
            self._do("reach_minimum")

    def test_fill_without_container_is_said(self):
        self.terms.container_type_id = False
        self._join()
        with self.assertRaisesRegex(UserError, "no container type"):
            self._do("fill_container")

    def test_cut_to_budget(self):
        cheap = self._create_product("Spoon", vendor=self.vendor, price=5.0, list_price=5.1)
        spoon = self._plan(cheap, 10)
        self._join()
        self._budget(130.0)
        builder = self._do("cut_to_budget")
        self.assertEqual((self.line.budget_action, spoon.budget_action), ("keep", "cut"))
        self.assertEqual((builder["totals"]["value"], builder["totals"]["cut_value"]), (120.0, 50.0))
        [budget] = builder["budgets"]
        self.assertEqual((budget["amount"], budget["this"], budget["left"]), (130.0, 120.0, 10.0))
        self.assertEqual(self._do("cut_to_budget"), builder, "twice is once")

    def test_released_is_closed(self):
        self._release(self.order)
        with self.assertRaisesRegex(UserError, "change its RFQ"):
            self._do("fill_container")
        self.assertFalse(self._do("get_builder")["can_release"])
