from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .scm_improvement_return import LEAST_SHARE, METRICS, completed_sql

#: about so many points are drawn
POINTS = 26


class ScmImprovement(models.Model):
    """The chart before and after."""

    _inherit = "scm.improvement"

    def return_chart(self):
        """Return rates over time, of these goods and of similar ones; public, also over RPC.

        :return: ``{"points": [{"from", "to", "own", "own_deliveries", "others", "young"}], "before": [from, to],
            "after": [from, to], "opened"}``; rates in percent, False where nothing was delivered. Days as ISO text.
        """
        self.ensure_one()
        self.check_access("read")
        if self.metric not in METRICS or not self.baseline_from:
            return {"points": []}
        last = min(self.after_to or self.company_id._scm_local_today(), self.company_id._scm_local_today())
        step = max(7, -(-((last - self.baseline_from).days + 1) // POINTS))
        rows = self.env.execute_query(self._chart_sql(last, step))
        points = {number: self._chart_point(number, step, last, *values) for number, *values in rows}
        return {
            "points": [points[number] for number in sorted(points)],
            "before": [str(self.baseline_from), str(self.baseline_to or "")],
            "after": [str(self.after_from or ""), str(self.after_to or "")],
            "opened": str(self.date_open),
        }

    @api.model
    def _chart_point(self, number, step, last, own, own_weight, own_lines, others, others_weight, youngest):
        first = self.baseline_from + timedelta(days=number * step)
        return {
            "from": str(first),
            "to": str(min(first + timedelta(days=step - 1), last)),
            "own": round(100 * min(own / own_weight, 1.0), 2) if own_weight else False,
            "own_deliveries": int(own_lines),
            "others": round(100 * min(others / others_weight, 1.0), 2) if others_weight else False,
            "young": bool(youngest < 0.95),
        }

    def _chart_sql(self, last, step):
        """Rows (number of the span, returns and weights of own and of other goods, least completed share)."""
        # sudo: the improvement may be read; shares say nothing of single documents
        curve = self.env["scm.return.fact"].sudo()._curve(self.company_id).tolist()
        scope = SQL("COALESCE((%s), FALSE)", self._return_scope_sql())
        return SQL(
            """
            WITH categ AS (
                SELECT DISTINCT fact.categ_id FROM scm_return_fact fact
                 WHERE fact.company_id = %(company)s AND fact.order_date BETWEEN %(first)s AND %(last)s AND %(scope)s)
            SELECT (fact.order_date - %(first)s) / %(step)s AS span,
                   count(*) FILTER (WHERE %(scope)s AND %(hit)s)::float8,
                   COALESCE(sum(done.share) FILTER (WHERE %(scope)s), 0)::float8, count(*) FILTER (WHERE %(scope)s),
                   count(*) FILTER (WHERE NOT %(scope)s AND %(hit)s)::float8,
                   COALESCE(sum(done.share) FILTER (WHERE NOT %(scope)s), 0)::float8, avg(done.share)::float8
              FROM scm_return_fact fact
              JOIN categ ON categ.categ_id = fact.categ_id
             CROSS JOIN LATERAL (SELECT %(share)s AS share) done
             WHERE fact.company_id = %(company)s AND fact.order_date BETWEEN %(first)s AND %(last)s
               AND done.share >= %(least)s
             GROUP BY 1""",
            company=self.company_id.id,
            first=self.baseline_from,
            last=last,
            step=step,
            scope=scope,
            hit=self._return_hit_sql(),
            share=completed_sql(curve, self.company_id._scm_local_today()),
            least=LEAST_SHARE,
        )
