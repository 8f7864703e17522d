from datetime import timedelta

import numpy as np

from odoo.addons.scm_base.tests.common import ScmCase


class ForecastCase(ScmCase):
    """Adds demand of past weeks and a finished run.

    * :meth:`_create_demand`: days of demand of a product, as if imported
    * :meth:`_create_weekly_demand`: one quantity per week, the last one the week before ``TODAY``
    * :meth:`_run`: a whole run of a company at noon of a day
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.monday = cls.TODAY - timedelta(days=cls.TODAY.weekday())

    @classmethod
    def _create_demand(cls, product, days, warehouse=None):
        """``days``: list of (day, quantity)."""
        warehouse = warehouse or cls.warehouse_a
        cls.env["scm.demand.day"].sudo().create(
            [
                {
                    "company_id": warehouse.company_id.id,
                    "warehouse_id": warehouse.id,
                    "product_id": product.id,
                    "date": day,
                    "origin": "import",
                    "quantity": quantity,
                    "line_count": 1,
                }
                for day, quantity in days
            ]
        )

    @classmethod
    def _create_weekly_demand(cls, product, quantities, warehouse=None):
        first = cls.monday - timedelta(weeks=len(quantities))
        days = [
            (first + timedelta(weeks=week, days=2), quantity) for week, quantity in enumerate(quantities) if quantity
        ]
        cls._create_demand(product, [(day, quantity) for day, quantity in days if quantity], warehouse)

    @classmethod
    def _create_products(cls, count, weeks=60, warehouse=None, prefix="Item"):
        """Products with random but repeatable weekly demand."""
        products = cls.env["product.product"].create(
            [{"name": f"{prefix} {number}", "is_storable": True} for number in range(count)]
        )
        draw = np.random.default_rng(7)
        for product in products:
            cls._create_weekly_demand(product, draw.poisson(draw.uniform(2, 12), weeks).tolist(), warehouse)
        return products

    def _run(self, company=None, kind="forecast", day=None):
        company = company or self.company_a
        with self._at(day or self.TODAY, company=company):
            run = self.env["scm.forecast.run"].sudo()._start_kind(company, kind)
            run._process()
        return run

    def _values(self, run):
        """What a run said: list of (product, warehouse, date, quantity, q95), rounded."""
        self.env.cr.execute(
            """
            SELECT f.product_id, f.warehouse_id, line.date, round(line.quantity::numeric, 6),
                   round(line.q95::numeric, 6)
              FROM scm_forecast f JOIN scm_forecast_line line ON line.forecast_id = f.id
             WHERE f.run_id = %s
          ORDER BY 1, 2, 3
            """,
            [run.id],
        )
        return self.env.cr.fetchall()
