"""Life cycles as the forecast and the plan read them: one row per product and warehouse."""

from datetime import date

import numpy as np
from odoo import api, models
from odoo.tools import SQL


class ScmProductLifecycle(models.Model):
    _inherit = "scm.product.lifecycle"

    @api.model
    def _items(self, company):
        """Dict ``(product id, warehouse id)`` -> dict of the line's columns, for each warehouse of the company.

        A line without a warehouse holds in all of them but those that the product has a line of its own for.
        """
        self.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (line.product_id, w.id)
                       line.id, line.product_id, w.id AS warehouse_id, line.stage, line.like_state,
                       line.like_product_id, line.scale, line.scale_auto, line.ramp_weeks, line.ramp_curve,
                       line.date_launch, line.date_end, line.successor_id, line.date_switch, line.successor_factor,
                       line.use_up_stock
                  FROM scm_product_lifecycle line
                  JOIN stock_warehouse w
                    ON w.company_id = line.company_id AND w.active
                   AND (line.warehouse_id IS NULL OR line.warehouse_id = w.id)
                 WHERE line.company_id = %s
              ORDER BY line.product_id, w.id, line.warehouse_id NULLS LAST
                """,
                company.id,
            )
        )
        return {(row["product_id"], row["warehouse_id"]): row for row in rows}

    @api.model
    def _last_day(self, item):
        """First day on which an item is not ordered any more: behind its last day of sale, or its switch; or None."""
        days = [date.fromordinal(item["date_end"].toordinal() + 1)] if item["date_end"] else []
        days += [item["date_switch"]] if item["successor_id"] and item["date_switch"] else []
        return min(days, default=None)

    @api.model
    def _end_days(self, company, keys, today=None):
        """Days of sale that are left to each item from today on, float (n,): inf without an end, 0 or less once over.

        :param keys: list of (product id, warehouse id)
        :param today: local day; by default the company's
        """
        today = today or self.env["scm.demand.day"]._scm_company_today(company)
        ends = {key: self._last_day(item) for key, item in self._items(company).items()}
        return np.array([(ends[key] - today).days if ends.get(key) else np.inf for key in keys], dtype=float)
