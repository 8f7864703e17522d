"""Cases for analytics: orders on days, frozen figures, on top of the suite's test kit."""

from datetime import timedelta

from odoo.addons.scm_base.tests.common import ScmCase


class MetricCase(ScmCase):
    """Adds a product and short ways to sell, to freeze as of a day and to look at what was frozen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls._create_product("Lamp")
        cls.day = cls.TODAY - timedelta(days=1)
        cls.orders = cls.env.ref("scm_analytics.scm_metric_orders")

    @classmethod
    def _sell(cls, day, price=10.0, quantity=1.0, company=None, **order):
        sale = cls._create_sale([(cls.product, quantity)], day, company=company, **order)
        sale.order_line.price_unit = price
        return sale

    def _freeze(self, *codes, day=None, company=None):
        """Freeze metrics on the morning of a day (TODAY), one source after the other; sums of what it counts."""
        metrics = self.env["scm.metric"].search([("code", "in", codes)])
        counts = [0, 0]
        with self._at(day or self.TODAY):
            for one in metrics.grouped(lambda metric: metric.source.split(".")[0]).values():
                frozen, corrected = one._freeze(company or self.company_a)
                counts = [counts[0] + frozen, counts[1] + corrected]
        self.env.invalidate_all()
        return tuple(counts)

    def _frozen(self, code, day=None, dimension="total", subject=0, company=None):
        return self.env["scm.metric.snapshot"].search(
            [
                ("metric_id.code", "=", code),
                ("company_id", "=", (company or self.company_a).id),
                ("date", "=", day or self.day),
                ("dimension", "=", dimension),
                ("subject_id", "=", subject),
            ]
        )
