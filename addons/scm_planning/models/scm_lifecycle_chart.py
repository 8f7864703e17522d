from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

WEEKS = 78


class ScmProductLifecycle(models.Model):
    """What the page of a life cycle draws."""

    _inherit = "scm.product.lifecycle"

    @api.model
    @api.readonly
    def get_like_chart(self, lifecycle_id, like_product_id=False):
        """Own weekly sales beside those of the like-item times the factor, and the forecast; public, also over RPC.

        :param lifecycle_id: id of the life cycle
        :param like_product_id: compare with this product instead of the one that stands
        :return: dict with ``weeks`` (ISO Mondays), ``own``, ``like`` and ``forecast`` (one number per week; -1 where
            there is none), ``factor``, ``like_name``, ``today``, ``unit``
        """
        self.check_access("read")
        line = self.browse(lifecycle_id).exists()
        if not line:
            raise UserError(self.env._("There is no such life cycle any more."))
        line.check_access("read")
        like = self.env["product.product"].browse(like_product_id) if like_product_id else line.like_product_id
        today = self.env["scm.demand.day"]._scm_company_today(line.company_id)
        monday = today - timedelta(days=today.weekday())
        weeks = [monday + timedelta(weeks=number) for number in range(-WEEKS, 26)]
        own, other = (line._weekly_sales(product, weeks[0], monday) for product in (line.product_id, like))
        forecast = line._weekly_forecast(weeks[0])
        first = min(own, default=monday)
        factor = line._factor_for(like)
        return {
            "weeks": [fields.Date.to_string(week) for week in weeks],
            "own": [own.get(week, 0.0) if first <= week < monday else -1 for week in weeks],
            "like": [round(factor * other.get(week, 0.0), 2) if like and week < monday else -1 for week in weeks],
            "forecast": [forecast.get(week, -1) for week in weeks],
            "factor": factor,
            "like_name": like.display_name or "",
            "today": fields.Date.to_string(monday),
            "unit": line.uom_id.name or "",
        }

    def _factor_for(self, like):
        """Factor on a like-item: the planner's, else what the last forecast used or what is proposed."""
        if like == self.like_product_id:
            return self.scale or (self.like_state == "confirmed" and self.scale_used) or self.scale_auto or 1.0
        return next((row["scale"] for row in self.like_candidates or [] if row["product_id"] == like.id), 1.0)

    def _weekly_sales(self, product, first, end):
        """Dict Monday -> units of a product in the warehouses of the line."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("product_id", "=", product.id),
            ("date", ">=", first),
            ("date", "<", end),
        ]
        domain += [("warehouse_id", "=", self.warehouse_id.id)] if self.warehouse_id else []
        rows = self.env["scm.demand.day"]._read_group(domain, ["date:day"], ["quantity:sum"])
        weeks = {}
        for day, quantity in rows:
            monday = day - timedelta(days=day.weekday())
            weeks[monday] = weeks.get(monday, 0.0) + quantity
        return weeks

    def _weekly_forecast(self, first):
        """Dict Monday -> forecast of the product, the warehouses of the line added up."""
        place = SQL("AND f.warehouse_id = %s", self.warehouse_id.id) if self.warehouse_id else SQL()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.date, sum(COALESCE(line.quantity_override, line.quantity))::float8
                  FROM scm_forecast_line line
                  JOIN scm_forecast f ON f.id = line.forecast_id
                  JOIN scm_forecast_run run ON run.id = f.run_id
                 WHERE run.current AND f.published AND f.freq = 'W' AND f.company_id = %s AND f.product_id = %s
                   AND line.date >= %s %s
              GROUP BY line.date
                """,
                self.company_id.id,
                self.product_id.id,
                first,
                place,
            )
        )
        return {day: round(quantity, 2) for day, quantity in rows}
