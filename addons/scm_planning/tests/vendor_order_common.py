"""What the tests of vendor orders share: planned orders as the order plan would leave them."""

from datetime import timedelta

from odoo.addons.scm_base.tests.common import ScmCase


class VendorOrderCase(ScmCase):
    """ScmCase with:

    * ``buyer``: a supply-chain manager who also may create purchase orders (Odoo's own right)
    * :meth:`_plan`: a planned purchase, :meth:`_terms`: terms of a vendor, :meth:`_join`: join as of ``TODAY``
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "scm_base.scm_group_manager", "purchase.group_purchase_user")

    @classmethod
    def _plan(cls, product, quantity, order_days=0, warehouse=None, **values):
        """Planned order of a product, to be ordered ``order_days`` from today and received after its vendor's delay."""
        warehouse = warehouse or cls.warehouse_a
        seller = product.seller_ids[:1]
        day = cls.TODAY + timedelta(days=order_days)
        price = values.pop("price_unit", seller.price or 10.0)
        return cls.env["scm.planned.order"].create(
            {
                "company_id": warehouse.company_id.id, "currency_id": warehouse.company_id.currency_id.id,
                "product_id": product.id, "warehouse_id": warehouse.id, "categ_id": product.categ_id.id,
                "uom_id": product.uom_id.id, "kind": "buy", "vendor_id": seller.partner_id.id,
                "supplierinfo_id": seller.id, "quantity": quantity, "quantity_net": quantity, "date_order": day,
                "date_receipt": day + timedelta(days=seller.delay), "price_unit": price, "value": quantity * price,
                **values,
            }
        )  # fmt: skip

    @classmethod
    def _terms(cls, vendor=None, company=None, **values):
        company = company or cls.company_a
        values = {"order_cost": 20.0, "window_days": 14, "saturday": True, "sunday": True} | values
        return cls.env["scm.vendor.terms"].create(
            {"partner_id": (vendor or cls.vendor).id, "company_id": company.id, **values}
        )

    @classmethod
    def _join(cls, company=None):
        company = company or cls.company_a
        with cls._at(cls.TODAY, company=company):
            cls.env["scm.vendor.order"]._refresh(company)
        return cls._orders(company)

    @classmethod
    def _orders(cls, company=None, state="proposed"):
        company = company or cls.company_a
        return cls.env["scm.vendor.order"].search([("company_id", "=", company.id), ("state", "=", state)])

    @classmethod
    def _budget(cls, amount, categ=None, months=0, company=None):
        month = cls.TODAY.replace(day=1) + timedelta(days=31 * months)
        return cls.env["scm.purchase.budget"].create(
            {"company_id": (company or cls.company_a).id, "month": month, "amount": amount,
             "categ_id": categ.id if categ else False}
        )  # fmt: skip

    def _release(self, records, user=None):
        with self._at(self.TODAY):
            records = self._as(user or self.buyer, records)
            return records.create_rfqs() if records._name == "scm.vendor.order" else records.release()
