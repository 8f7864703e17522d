from odoo import fields, models


class ScmForecastRun(models.Model):
    """The step that plans orders in time."""

    _inherit = "scm.forecast.run"

    step = fields.Selection(selection_add=[("plan", "Order plan"), ("alerts",)], ondelete={"plan": "set default"})

    def _step_plan(self):
        self.env["scm.order.plan"]._refresh(self.company_id, self._products_to_plan())
        self._after_plan()
        return self._go_on()

    def _products_to_plan(self):
        """Products whose proposals this run has made again; None for all."""
        if self.whole:
            return None
        return [product_id for part in self._slices([("part", "=", "policy")]) for product_id in part.work]

    def _after_plan(self):
        """Hook: what follows from the new order plan, before alerts. Extensions call super and return nothing."""
