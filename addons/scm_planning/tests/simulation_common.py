"""What the tests of simulator and policy curve share: a small shop with two years of sales, a forecast and a plan."""

from datetime import timedelta

import numpy as np

from .policy_common import PolicyCase


class SimulationCase(PolicyCase):
    """PolicyCase with ``products`` that were sold on three days of each week, and their replenishment plan."""

    WEEKS = 104

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls._create_shop(cls.warehouse_a, 4)

    @classmethod
    def _create_shop(cls, warehouse, count, prefix="Item", delay=9):
        products = cls.env["product.product"]
        for number in range(count):
            products += cls._create_product(f"{prefix} {number}", cls.vendor, delay=delay)
        history = {(product, warehouse): cls._sell(product, warehouse, seed) for seed, product in enumerate(products)}
        cls._create_forecast(history, warehouse.company_id)
        for product in products:
            cls._create_rule(product, 20, 40, warehouse)
            cls._set_class(product, "A", "Y", warehouse)
        cls._refresh(warehouse.company_id)
        return products

    @classmethod
    def _sell(cls, product, warehouse, seed, factor=1):
        """Demand of two years up to yesterday; returns the sums of the weeks."""
        first = cls.TODAY - timedelta(weeks=cls.WEEKS)
        sold = np.random.default_rng(seed).poisson(4, (cls.WEEKS, 3)) * factor
        rows = [
            {
                "company_id": warehouse.company_id.id, "warehouse_id": warehouse.id, "product_id": product.id,
                "date": first + timedelta(weeks=week, days=2 * place), "origin": "import", "line_count": 1,
                "quantity": float(sold[week, place]), "revenue": 25.0 * sold[week, place],
            }
            for week in range(cls.WEEKS)
            for place in range(3)
            if sold[week, place]
        ]  # fmt: skip
        cls.env["scm.demand.day"].sudo().create(rows)
        cls.env["scm.demand.item"].sudo().create(
            {
                "company_id": warehouse.company_id.id, "warehouse_id": warehouse.id, "product_id": product.id,
                "date_first_demand": first, "date_last_demand": cls.TODAY - timedelta(days=1),
            }
        )  # fmt: skip
        return sold.sum(axis=1)

    def _simulation(self, user=None, run=True, **values):
        """A simulation of the last 26 weeks, run by the planner unless told otherwise."""
        user = user or self.planner
        with self._at(self.TODAY, company=user.company_id):
            simulation = self._as(user, self.env["scm.simulation"]).create(
                {"name": "Test", "date_from": self.TODAY - timedelta(weeks=26), **values}
            )
            if run:
                simulation.action_run()
        return simulation
