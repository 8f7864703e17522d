"""What the tests of vendors share: a product that two vendors sell, and what their grades allow."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.scm_planning.tests.test_order_plan import PlanCase


class ChoiceCase(PlanCase):
    """PlanCase with ``other``, a second vendor of ``product``: 5 % dearer, as quick."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other vendor", "supplier_rank": 1})
        cls.vendor.supplier_rank = 1
        cls._add_vendor(cls.product, cls.other, price=8.4, delay=14)
        cls._create_forecast({cls.product: 70})
        cls._set_stock(cls.product, 300)

    @classmethod
    def _add_vendor(cls, product, vendor, **values):
        product.seller_ids = [Command.create({"partner_id": vendor.id, "sequence": 5, **values})]

    @classmethod
    def _history(cls, vendor, late=0, count=12, product=None, returned=0):
        """Receipts of 50 units, ``late`` days after the promise; ``returned`` units of the last one go back."""
        for number in range(count):
            day = cls.TODAY - timedelta(days=30 * (number + 1) + 60)
            order = cls._create_purchase(
                [(product or cls.product, 50)], day, planned=day + timedelta(days=14), vendor=vendor
            )
            receipt = cls._receive(order, day + timedelta(days=14 + late))
        cls._set_stock(product or cls.product, 300)
        if returned:
            cls._return_to_vendor(receipt, cls.TODAY - timedelta(days=20), {product or cls.product: returned})
            cls._set_stock(product or cls.product, 300)

    @contextmanager
    def _standing(self, standing):
        """``{vendor: (consequence, share limit)}``"""
        known = {
            vendor.id: {"consequence": consequence, "share_limit": share, "grade": consequence, "override": False}
            for vendor, (consequence, share) in standing.items()
        }
        model = self.env.registry["scm.supplier.standing"]
        with patch.object(
            model, "_standing_of", lambda _self, _company, ids: {key: known[key] for key in ids if key in known}
        ):
            yield

    def _by_vendor(self, product=None):
        orders = self._orders(product or self.product, kind="buy")
        return {vendor: sum(group.mapped("quantity")) for vendor, group in orders.grouped("vendor_id").items()}
