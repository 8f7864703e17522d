"""Ladder of cases for freight: contract rates, invoices and imports, on top of parcels."""

import base64

from odoo.fields import Command

from .parcel_common import ParcelCase


class FreightCase(ParcelCase):
    """Adds a contract for ``carrier`` (5 + 1 per kg; to ``far`` 12 + 1 per kg), and factories.

    * :meth:`_create_invoice` with lines (tracking number, amount, further values)
    * :meth:`_import` runs a .csv through the import wizard
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.env["scm.zone"].create(
            {"name": "Far", "company_id": cls.company_a.id, "country_ids": cls.env.ref("base.jp").ids}
        )
        rate = {"carrier_id": cls.carrier.id, "company_id": cls.company_a.id, "price_kg": 1.0}
        cls.env["scm.freight.rate"].create(
            [{**rate, "price_base": 5.0}, {**rate, "zone_id": cls.far.id, "price_base": 12.0}]
        )
        cls.company_a.write({"scm_freight_tolerance": 0.02, "scm_freight_tolerance_amount": 0.1})

    @classmethod
    def _create_priced(cls, ref, weight=2.0, **values):
        parcel = cls._create_parcel(ref, weight=weight, **values)
        parcel._fill_cost_expected()
        return parcel

    @classmethod
    def _create_invoice(cls, *lines, check=True, name="INV-1", **values):
        invoice = cls.env["scm.freight.invoice"].create(
            {
                "name": name,
                "carrier_id": cls.carrier.id,
                "company_id": cls.company_a.id,
                "currency_id": cls.company_a.currency_id.id,
                "date": cls.TODAY,
                "line_ids": [
                    Command.create(
                        {"tracking_ref": ref, "amount": amount, "sequence": number, **(more[0] if more else {})}
                    )
                    for number, (ref, amount, *more) in enumerate(lines, 1)
                ],
                **values,
            }
        )
        if check:
            with cls._at(cls.TODAY):
                invoice.action_check()
        return invoice

    @classmethod
    def _import(cls, text, user=None, **values):
        """The import wizard over a .csv, up to the check."""
        jobs = cls._as(user or cls.manager, cls.env["scm.import"])
        job = jobs.create(
            {
                "importer": "freight_invoice",
                "file": base64.b64encode(text.encode()),
                "filename": "freight.csv",
                "date_order": "ymd",
                **values,
            }
        )
        with cls._at(cls.TODAY):
            job.action_preview()
            job.action_check()
        return job
