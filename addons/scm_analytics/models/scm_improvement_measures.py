"""Measures of freight and of sales that were lost, for improvements."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ScmImprovement(models.Model):
    _inherit = "scm.improvement"

    @api.model
    def _metrics(self):
        return {
            **super()._metrics(),
            "parcel_cost": {
                "label": self.env._("Freight per parcel"),
                "unit": "money",
                "kind": "mean",
                "better": -1,
                "smallest": 0.1,
                "source": "parcel_cost",
                "cluster": "days",
            },
            "lost_sales_share": {
                "label": self.env._("Sales lost without stock"),
                "unit": "percent",
                "kind": "rate",
                "better": -1,
                "smallest": 0.005,
                "source": "lost_sales",
                "cluster": "weeks",
            },
        }

    def _days_of_phases(self):
        """First and last day of all periods of these."""
        return min(self.mapped("baseline_from")), max(one.after_to or one.baseline_to for one in self)

    def _observe_parcel_cost(self):
        """``{improvement id: (before, after)}``: freight and parcels per day of hand-over, by one query.

        Parcels of a day share the tariff, the mix of goods and the pick-up, so a day is a cluster.
        """
        first, last = self._days_of_phases()
        self.env["scm.parcel"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id, carrier_id, date_handed::date,
                          sum(COALESCE(cost_invoiced, cost_expected))::float8, count(*)::float8
                     FROM scm_parcel
                    WHERE company_id = ANY(%s) AND direction = 'out'
                      AND date_handed >= %s::date AND date_handed < %s::date + 1
                      AND COALESCE(cost_invoiced, cost_expected) > 0
                    GROUP BY 1, 2, 3""",
                self.company_id.ids,
                first,
                last,
            )
        )
        by_company = defaultdict(list)
        for company, carrier, day, cost, count in rows:
            by_company[company].append((carrier, day, cost, count))
        return {one.id: one._phases_of(by_company[one.company_id.id], one.scm_carrier_id.id) for one in self}

    def _observe_lost_sales(self):
        """``{improvement id: (before, after)}``: revenue lost and wanted per week, by two queries."""
        first, last = self._days_of_phases()
        domain = Domain("company_id", "in", self.company_id.ids)
        # sudo: sums of demand, no documents; who may measure was checked by the caller
        sold = self.env["scm.demand.day"].sudo()._read_group(
            domain & Domain("date", ">=", first) & Domain("date", "<=", last),
            ["company_id", "product_id", "date:week"],
            ["revenue:sum"],
        )  # fmt: skip
        lost = self.env["scm.stockout"].sudo()._read_group(  # sudo: as above
            domain & Domain("date_from", ">=", first) & Domain("date_from", "<=", last),
            ["company_id", "product_id", "date_from:week"],
            ["lost_revenue:sum"],
        )  # fmt: skip
        by_company = defaultdict(list)
        for company, product, week, revenue in sold:
            by_company[company.id].append((product.id, week, 0.0, revenue or 0.0))
        for company, product, week, revenue in lost:
            by_company[company.id].append((product.id, week, revenue or 0.0, revenue or 0.0))
        return {one.id: one._phases_of(by_company[one.company_id.id], one.product_id.id) for one in self}

    def _phases_of(self, rows, scope):
        """``(before, after)`` of rows ``(scope, day, total, count)``; one cluster per day."""
        phases = []
        for start, end in ((self.baseline_from, self.baseline_to), (self.after_from, self.after_to)):
            clusters = defaultdict(lambda: [0.0, 0.0])
            for key, day, total, count in rows:
                if start <= day <= end and (not scope or key == scope):
                    clusters[day][0] += total
                    clusters[day][1] += count
            phases.append(tuple(map(list, zip(*clusters.values(), strict=True))) if clusters else ([], []))
        return tuple(phases)
