from odoo import api, models


class ScmForecastRun(models.Model):
    _inherit = "scm.forecast.run"

    def _after_plan(self):
        result = super()._after_plan()
        self.env["scm.vendor.order"]._refresh(self.company_id)
        return result


class ScmOrderPlanRefresh(models.AbstractModel):
    _inherit = "scm.order.plan.refresh"

    @api.model
    def _run(self, companies, product_ids=None):
        self.env["scm.planned.order"]._reopen_lost(companies)
        return super()._run(companies, product_ids)
