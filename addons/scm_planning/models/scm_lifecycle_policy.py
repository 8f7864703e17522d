"""Stock levels of products that end: nothing behind the end, and before it no more than is still asked."""

from dataclasses import replace

import numpy as np
from odoo import api, models

from ..kernel.intervals import lead_time_demand


class ScmPolicyRefresh(models.AbstractModel):
    _inherit = "scm.policy.refresh"

    @api.model
    def _settings(self, items, policies):
        """Products whose sale is over are not stocked, whatever their policy says."""
        settings = super()._settings(items, policies)
        return replace(settings, stocked=settings.stocked & (self._item_end_days(items) > 0))

    @api.model
    def _most_stock(self, items, demand, settings):
        """Units that may still be asked until the end of each item's sale at its service level, inf without an end."""
        days = self._item_end_days(items)
        ending = np.isfinite(days) & (days > 0)
        most = np.where(days > 0, np.inf, 0.0)
        if demand.lead_time is None or not ending.any():
            return most
        periods = np.where(ending, days, 1.0) / demand.period_days
        asked = lead_time_demand(demand, periods, np.asarray(settings.level))[2]
        step = np.maximum(settings.rounding, 1e-9)
        return np.where(ending, np.ceil(np.round(asked / step, 6)) * step, most)

    @api.model
    def _item_end_days(self, items):
        keys = list(zip(items["product_id"].tolist(), items["warehouse_id"].tolist(), strict=True))
        return self.env["scm.product.lifecycle"]._end_days(self.env.company, keys)
