from odoo import api, models


class ScmOrderPlanRefresh(models.AbstractModel):
    """Second and third beat of the order plan: the kernel's figures and what writes them."""

    _name = "scm.order.plan.refresh"
    _description = "Refresh of the Order Plan"

    @api.model
    def _run(self, companies, product_ids=None):
        return 0
