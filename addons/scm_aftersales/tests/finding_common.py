"""Facts by the hundred, written as the nightly refresh writes them, for tests of findings."""

import itertools
from datetime import timedelta
from unittest.mock import patch

from .return_common import ReturnCase

_FACT = """
    INSERT INTO scm_return_fact (company_id, order_id, sale_line_id, move_id, order_date, delivery_date, product_id,
                                 product_tmpl_id, categ_id, lot_id, supplier_id, carrier_id, zone_id, warehouse_id,
                                 delivered, value, returned, days, refund, cost, cause_id, owner)
    SELECT %(company)s, %(order)s, 0, 0, %(day)s, %(day)s, p.id, p.product_tmpl_id, t.categ_id, %(lot)s, %(supplier)s,
           %(carrier)s, %(zone)s, %(warehouse)s, 1, 25, %(returned)s, 5, 0, %(cost)s, %(cause)s, %(owner)s
      FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.id = %(product)s
 RETURNING id
"""
_PART = """
    INSERT INTO scm_return_part (fact_id, line_id, return_id, company_id, date, days, quantity, cause_id, owner, refund,
                                 cost, order_date, product_id, categ_id, supplier_id, lot_id, carrier_id, zone_id,
                                 warehouse_id)
    SELECT f.id, %(line)s, %(request)s, f.company_id, f.delivery_date + 5, 5, 1, f.cause_id, f.owner, 0, f.cost,
           f.order_date, f.product_id, f.categ_id, f.supplier_id, f.lot_id, f.carrier_id, f.zone_id, f.warehouse_id
      FROM scm_return_fact f WHERE f.id = %(fact)s
"""


class FindingCase(ReturnCase):
    """Adds two products of one category and :meth:`_facts`; the facts are not read from documents here.

    * :meth:`_facts` writes deliveries, some with a return; each is an order of its own, of one of many customers
    * :meth:`_search_now` looks for causes at noon of ``TODAY``
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Lamps"})
        cls.good, cls.bad = (cls._create_product(name, categ_id=cls.category.id) for name in ("Good lamp", "Bad lamp"))
        cls.other_vendor = cls.env["res.partner"].create({"name": "Other vendor"})
        partners = cls.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(40)])
        cls.orders = cls.env["sale.order"].create(
            [
                {"partner_id": partner.id, "company_id": cls.company_a.id, "warehouse_id": cls.warehouse_a.id}
                for partner in [*partners] * 3
            ]
        )
        cls.next_order = itertools.cycle(cls.orders.ids)
        cls.request = cls._ask(cls._sold(days=20), day=cls.TODAY - timedelta(days=15))
        cls.facts = cls.env["scm.return.fact"]
        cls.findings = cls.env["scm.return.finding"]
        cls.startClassPatcher(patch.object(type(cls.facts), "_refresh", lambda self, company, full=False: 0))
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM scm_return_part; DELETE FROM scm_return_fact")

    @classmethod
    def _cause(cls, code):
        return cls.env["scm.return.cause"].search([("code", "=", code)])

    @classmethod
    def _facts(cls, count, returned, product=None, days=60, cause=None, company=None, order=None, **keys):
        """``count`` deliveries of ``days`` ago, of which the first ``returned`` came back."""
        values = dict.fromkeys(("lot", "supplier", "carrier", "zone")) | {name: one.id for name, one in keys.items()}
        company = company or cls.company_a
        for number in range(count):
            back = number < returned
            row = values | {
                "company": company.id,
                "warehouse": cls._warehouse(company).id,
                "order": order.id if order else next(cls.next_order),
                "day": cls.TODAY - timedelta(days=days),
                "product": (product or cls.good).id,
                "returned": int(back),
                "cost": 8.0 if back else 0.0,
                "cause": cause.id if back and cause else None,
                "owner": cause.owner if back and cause else None,
            }
            cls.env.cr.execute(_FACT, row)
            if back:
                [fact] = cls.env.cr.fetchone()
                part = {"fact": fact, "line": cls.request.line_ids[:1].id, "request": cls.request.id}
                cls.env.cr.execute(_PART, part)

    def _search_now(self, user=None, day=None, company=None):
        runs = self._as(user or self.manager, self.env["scm.return.finding.run"])
        with self._at(day or self.TODAY):
            run = runs.browse(runs.run_now(company_id=(company or self.company_a).id, wait=True)).sudo()
        self.assertEqual(run.state, "done", run.message)
        return run

    def _found(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.findings.search([("company_id", "=", self.company_a.id), *domain])
