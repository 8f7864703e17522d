from dataclasses import replace

import numpy as np
from odoo import api, models
from odoo.tools import SQL

# With so many weeks of sale left behind the lead time an item still keeps its safety stock
SAFE_WEEKS = 4


class ScmOrderPlanRefresh(models.AbstractModel):
    """Planned orders of products that end: none behind the end, and near it no stock that nobody will ask for.

    The forecast itself is 0 behind the end, so lots shrink by themselves; what is left is the safety stock, which would
    remain, and the order that arrives when nothing is sold any more.
    """

    _inherit = "scm.order.plan.refresh"

    @api.model
    def _kernel_items(self, items, *arguments):
        kernel, lines = super()._kernel_items(items, *arguments)
        days = self.env["scm.policy.refresh"]._item_end_days(items)
        if not np.isfinite(days).any():
            return kernel, lines
        near = days < kernel.lead_days + 7 * SAFE_WEEKS
        limited = replace(
            kernel,
            safety=np.where(near, 0.0, kernel.safety),
            can_order=kernel.can_order & (days > kernel.lead_days),
            most_weeks=np.minimum(kernel.most_weeks, np.maximum(days / 7, 1.0)),
            lot_weeks=np.minimum(kernel.lot_weeks, np.maximum(np.ceil(days / 7), 1)).astype(int),
        )
        return limited, lines


class ScmOrderPlanInput(models.AbstractModel):
    """Customers take the successor of a product that is short, once it is sold."""

    _inherit = "scm.order.plan.input"

    @api.model
    def _substitutes_query(self, product_ids):
        return SQL(
            """
            %(others)s
             UNION
            SELECT c.product_id, c.successor_id
              FROM scm_product_lifecycle c
              JOIN product_product other ON other.id = c.successor_id AND other.active
             WHERE c.product_id = ANY(%(products)s) AND c.company_id = %(company)s
            """,
            others=super()._substitutes_query(product_ids),
            company=self.env.company.id,
            products=product_ids,
        )
