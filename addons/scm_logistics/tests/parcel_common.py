"""Ladder of cases for delivery: a carrier, parcels and events, on top of the suite's test kit."""

from datetime import timedelta

from odoo.addons.scm_base.tests.common import ScmCase


class ParcelCase(ScmCase):
    """Adds ``carrier``, ``packer`` (stock user) and factories; the present is noon of ``TODAY`` in Berlin.

    * :meth:`_create_parcel`, :meth:`_create_carrier`
    * :meth:`_event` makes a row of the intake, :meth:`_tell` hands rows to it
    * :meth:`_ship` sells and delivers with the carrier
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls._create_carrier("Carrier")
        cls.packer = cls._create_user("packer", "stock.group_stock_user")
        cls.customer.write({"street": "Road 1", "zip": "10115", "city": "Berlin", "country_id": cls.env.ref("base.de")})

    @classmethod
    def _create_carrier(cls, name, **values):
        product = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["delivery.carrier"].create({"name": name, "product_id": product.id, **values})

    @classmethod
    def _create_parcel(cls, ref, company=None, **values):
        """A parcel that was handed over two days ago and is promised for today."""
        company = company or cls.company_a
        return cls.env["scm.parcel"].create(
            {
                "name": ref,
                "tracking_ref": ref,
                "company_id": company.id,
                "warehouse_id": cls._warehouse(company).id,
                "carrier_id": cls.carrier.id,
                "partner_id": cls.customer.id,
                "date_ordered": cls._moment(cls.TODAY - timedelta(days=3), company=company),
                "date_handed": cls._moment(cls.TODAY - timedelta(days=2), company=company),
                "date_promised": cls.TODAY,
                "date_expected": cls.TODAY,
                **values,
            }
        )

    @classmethod
    def _event(cls, parcel, status=None, hours=0, **values):
        """A row of the intake, ``hours`` after noon of the day before yesterday."""
        time = cls._moment(cls.TODAY - timedelta(days=2)) + timedelta(hours=hours)
        row = {"source": "test", "time": time, "status": status, "text": status or ""}
        key = {"tracking_ref": parcel} if isinstance(parcel, str) else {"parcel_id": parcel.id}
        return row | key | values

    @classmethod
    def _tell(cls, *rows, company=None):
        with cls._at(cls.TODAY):
            return cls.env["scm.parcel.event"]._ingest(company or cls.company_a, list(rows))

    @classmethod
    def _ship(cls, quantity=1.0, ref=False, day=None, **order):
        """Sell to the customer and deliver with the carrier; returns the picking."""
        product = cls._create_product(weight=2.0)
        cls._set_stock(product, quantity)
        sale = cls._create_sale([(product, quantity)], cls.TODAY - timedelta(days=3), **order)
        sale.picking_ids.write({"carrier_id": cls.carrier.id, "carrier_tracking_ref": ref})
        return cls._deliver(sale, day or cls.TODAY - timedelta(days=2))
