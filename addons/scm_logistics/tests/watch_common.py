"""Parcels that are watched: lanes and norms that say what is usual, and messages that are switched on."""

from datetime import timedelta

from .parcel_common import ParcelCase


class WatchCase(ParcelCase):
    """Adds ``dispatcher`` (stock and supply chain user), a customer class and the rules of company A.

    * :meth:`_set_lane` says how long the carrier takes, :meth:`_set_norm` how long it is silent
    * :meth:`_switch_on` lets messages go out by themselves or after approval
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = cls._create_user("dispatcher", "stock.group_stock_user", "scm_base.scm_group_user")
        cls.customer.write({"email": "customer@scm.example", "tz": "Europe/Berlin"})
        cls.env["scm.customer.class"].create(
            {"name": "All", "company_id": cls.company_a.id, "is_default": True, "cost_late": 10, "cost_late_day": 2}
        )

    @classmethod
    def _set_lane(cls, pmf, lost=0.0, carrier=None):
        cls.env["scm.lane"].search([("company_id", "=", cls.company_a.id)]).unlink()
        values = {"transit_pmf": pmf, "sample": 200, "lost_rate": lost}
        if "level" in cls.env["scm.lane"]._fields:
            values["level"] = "1"
        cls.env["scm.lane"].create(
            {"company_id": cls.company_a.id, "carrier_id": (carrier or cls.carrier).id, **values}
        )

    @classmethod
    def _set_norm(cls, silence=60.0, label=40.0, sample=100, **values):
        cls.env["scm.scan.norm"].create(
            {
                "company_id": cls.company_a.id,
                "carrier_id": cls.carrier.id,
                "silence_hours": silence,
                "label_hours": label,
                "sample": sample,
                **values,
            }
        )

    @classmethod
    def _check(cls, company=None):
        with cls._at(cls.TODAY):
            return cls.env["scm.parcel"]._check_exceptions(company or cls.company_a)

    @classmethod
    def _switch_on(cls, *kinds, mode="auto", **values):
        rules = cls.env["scm.parcel.message.rule"].search(
            [("company_id", "=", cls.company_a.id), ("kind", "in", kinds)]
        )
        rules.write({"mode": mode, **values})
        return rules

    @classmethod
    def _day(cls, number):
        """A day so many days after today."""
        return cls.TODAY + timedelta(days=number)

    @classmethod
    def _expect(cls, parcels, day, cause="carrier", now=None):
        with cls._at(now or cls.TODAY):
            return cls.env["scm.parcel"]._set_expected(dict.fromkeys(parcels.ids, day), cause)

    @classmethod
    def _messages(cls, parcel, **values):
        domain = [("parcel_id", "in", parcel.ids), *((name, "=", value) for name, value in values.items())]
        return cls.env["scm.parcel.message"].search(domain, order="id")
