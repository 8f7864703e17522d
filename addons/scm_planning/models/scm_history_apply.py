"""Corrections put into the history that the forecast reads."""

import numpy as np
from odoo import api, models
from odoo.tools import SQL


class ScmHistoryCorrection(models.Model):
    _inherit = "scm.history.correction"

    @api.model
    def _apply_to(self, company, keys, panel):
        """Put the cleaned quantities of the applied corrections into a panel, in place; days share in by what was sold.

        What the forecast cut by itself is not touched: it cuts it again, and better knows how much.
        """
        rows, first, values = self._places(
            company, keys, panel, SQL("state = 'applied' AND (origin <> 'engine' OR user_id IS NOT NULL)")
        )
        if panel.period_days == 7:
            panel.quantity[rows, first] = values
            if panel.in_stock is not None:
                panel.in_stock[rows, first] = 1
            return
        for row, start, value in zip(rows.tolist(), first.tolist(), values.tolist(), strict=True):
            days = panel.quantity[row, start : start + 7]
            sold = np.nansum(days)
            days[:] = days * (value / sold) if sold > 0 else value / 7

    @api.model
    def _decided_to_keep(self, company, keys, panel):
        """Weeks that a person wants kept, for the kernel: two int arrays; of a panel by day none."""
        if panel.period_days != 7:
            return np.zeros(0, int), np.zeros(0, int)
        kept = SQL("user_id IS NOT NULL AND state IN ('kept', 'undone')")
        return self._places(company, keys, panel, kept)[:2]

    @api.model
    def _places(self, company, keys, panel, condition):
        """Rows, first periods and cleaned quantities of corrections that lie within a panel."""
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT product_id, warehouse_id, date - %s, COALESCE(quantity_cleaned, 0)
                  FROM scm_history_correction WHERE company_id = %s AND date >= %s AND %s
              ORDER BY product_id, warehouse_id, date
                """,
                panel.start,
                company.id,
                panel.start,
                condition,
            )
        )
        row = {key: number for number, key in enumerate(keys)} if found else {}
        places = [
            (row[product_id, place], day // panel.period_days, value)
            for product_id, place, day, value in found
            if (product_id, place) in row and day // panel.period_days < panel.n_periods
        ]
        rows, first, values = zip(*places, strict=True) if places else ((), (), ())
        return np.array(rows, int), np.array(first, int), np.array(values, float)
