from odoo.fields import Command

from odoo.addons.scm_base.tests.common import ScmCase


class ChoiceCase(ScmCase):
    """Two carriers whose lanes are known, and a customer in Berlin with whom a late parcel costs 20.

    * ``cheap`` (5.00) is late with 40 %, ``good`` (7.00) with 2 %, when a parcel has two working days
    * ``keeper``: a stock user; ``seller``: a salesman of company A
    * :meth:`_delivery`: an open delivery of ``product`` (2 kg, 25.00) with a carrier
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper", "stock.group_stock_user")
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        cls.germany = cls.env.ref("base.de")
        cls.customer.write({"country_id": cls.germany.id, "zip": "10115", "city": "Berlin"})
        cls.zone = cls.env["scm.zone"].create(
            {"name": "Germany", "company_id": cls.company_a.id, "country_ids": [Command.set(cls.germany.ids)]}
        )
        cls.env["delivery.carrier"].search([("company_id", "in", (False, cls.company_a.id))]).scm_in_choice = False
        cls.cheap, cls.good = cls._carrier("Cheap", 5.0), cls._carrier("Good", 7.0)
        cls._lane(cls.cheap, [0, 0.1, 0.5, 0.4], late=0.4)
        cls._lane(cls.good, [0, 0.68, 0.3, 0.02], late=0.02)
        cls.rush = cls._class("Rush", 20.0)
        cls.customer.with_company(cls.company_a).scm_customer_class_id = cls.rush
        cls.product = cls._create_product("Kettle", weight=2.0)
        cls._set_stock(cls.product, 500.0)

    @classmethod
    def _carrier(cls, name, price, company=None, **values):
        product = cls.env["product.product"].create({"name": name, "type": "service", "list_price": price})
        company = company or cls.company_a
        return cls.env["delivery.carrier"].create(
            {"name": name, "delivery_type": "fixed", "product_id": product.id, "company_id": company.id, **values}
        )

    @classmethod
    def _class(cls, name, cost_late, company=None, **values):
        company = company or cls.company_a
        return cls.env["scm.customer.class"].create(
            {"name": name, "company_id": company.id, "cost_late": cost_late, **values}
        )

    @classmethod
    def _lane(cls, carrier, pmf, late, company=None, **values):
        return cls.env["scm.lane"].create(
            {
                "company_id": (company or cls.company_a).id,
                "carrier_id": carrier.id,
                "sample": 400,
                "level": "1",
                "transit_pmf": pmf,
                "transit_median": 2.0,
                "transit_p90": 3.0,
                "late_rate": late,
                "lost_rate": 0.0,
                "damaged_rate": 0.0,
                "cost_parcel": 6.0,
                "cost_kg": 3.0,
                **values,
            }
        )

    @classmethod
    def _delivery(cls, carrier=None, quantity=1, promised="2026-11-25", day="2026-11-23", **values):
        """Open delivery of an order; two working days from Monday to the promised Wednesday."""
        moment = cls._moment(promised)
        order = cls._create_sale([(cls.product, quantity)], day, commitment_date=moment, **values)
        picking = order.picking_ids
        picking.with_context(scm_carrier_decided=True).carrier_id = carrier or cls.cheap
        picking.scheduled_date = cls._moment(day)
        return picking

    @classmethod
    def _propose(cls, *pickings):
        with cls._at(cls.TODAY):
            ids = [picking.id for picking in pickings]
            return cls.env["scm.carrier.choice"]._propose(cls.company_a, pickings=cls.env["stock.picking"].browse(ids))
