import numpy as np
from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import SPLITS

#: region of what has neither a state nor a country
NOWHERE = 0


class ScmRegions(models.AbstractModel):
    """Reading: sums of metrics per region and day, from frozen days where all are there, else from the facts."""

    _inherit = "scm.regions"

    @api.model
    def _cells(self, metrics, company, periods, warehouse_id, categ_ids):
        """``{metric id: {region: (2, 3, days) array}}``: both periods; numerator, denominator, sample; by day.

        :param periods: ``((first, last), (first, last))`` of the same length: these days, the days to compare with
        """
        cells, missing = {}, metrics
        if not warehouse_id and not categ_ids:
            cells, missing = self._frozen_cells(metrics, company, periods)
        if categ_ids:
            # whole orders and parcels have no category
            split = self.env["scm.metric.source"]._split_by()
            missing = missing.filtered(lambda metric: "categ_id" in split.get(metric.source.split(".")[0], ()))
        for source, group in missing.grouped(lambda metric: metric.source.split(".")[0]).items():
            rows = self._fact_rows(group, source, company, periods, warehouse_id, categ_ids)
            cells |= self._arrange(group, rows, periods)
        return cells

    @api.model
    def _arrange(self, metrics, rows, periods):
        """Rows ``(metric id, region, day, numerator, denominator, sample)`` as arrays."""
        days = (periods[0][1] - periods[0][0]).days + 1
        cells = {metric.id: {} for metric in metrics}
        for metric_id, region, day, *values in rows:
            at = self._place(day, periods)
            if at is None:
                continue
            cell = cells[metric_id].get(region or NOWHERE)
            if cell is None:
                cell = cells[metric_id][region or NOWHERE] = np.zeros((2, 3, days))
            cell[at[0], :, at[1]] += [float(value or 0.0) for value in values]
        return cells

    @api.model
    def _place(self, day, periods):
        """``(period, day in it)``"""
        for number, (first, last) in enumerate(periods):
            if first <= day <= last:
                return number, (day - first).days
        return None

    # Frozen days

    @api.model
    def _frozen_cells(self, metrics, company, periods):
        """``(cells of metrics of which all days are frozen by region, the other metrics)``, by two queries a period."""
        totals, parts = [], []
        for first, last in periods:
            snapshots = self.env["scm.metric.snapshot"]
            totals += snapshots._series(metrics, company, first, last)
            parts += snapshots._series(metrics, company, first, last, "region")
        days = sum((last - first).days + 1 for first, last in periods)
        split = {(metric_id, day) for metric_id, _region, day, *_values in parts}
        known = dict.fromkeys(metrics.ids, 0)
        for metric_id, _subject, day, _numerator, _denominator, sample in totals:
            known[metric_id] += not sample or (metric_id, day) in split
        frozen = metrics.filtered(lambda metric: known[metric.id] == days)
        rows = [row for row in parts if row[0] in frozen._ids]
        # what no region has is what the company has more
        rows += [(metric, NOWHERE, day, *values) for metric, _none, day, *values in totals if metric in frozen._ids]
        rows += [
            (metric, NOWHERE, day, *(-(value or 0.0) for value in values))
            for metric, _region, day, *values in parts
            if metric in frozen._ids
        ]
        cells = self._arrange(frozen, rows, periods)
        for regions in cells.values():
            if (nowhere := regions.get(NOWHERE)) is not None and not nowhere[:, 2].round(6).any():
                del regions[NOWHERE]
        return cells, metrics - frozen

    # Facts

    @api.model
    def _fact_rows(self, metrics, source, company, periods, warehouse_id, categ_ids):
        """The same rows from the facts of one source, by one query for both periods."""
        queries = [self._fact_query(metrics, source, company, *period, warehouse_id, categ_ids) for period in periods]
        found = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        return [
            (metric.id, row[1], row[0], *row[2 + 3 * number : 5 + 3 * number])
            for row in found
            for number, metric in enumerate(metrics)
        ]

    @api.model
    def _fact_query(self, metrics, source, company, first, last, warehouse_id, categ_ids):
        facts = self.env["scm.metric.source"]._query(source, company, first, last)
        return SQL(
            """SELECT day, region_id, %(sums)s FROM (%(facts)s) fact WHERE %(warehouse)s AND %(category)s
                GROUP BY day, region_id""",
            sums=metrics._sums(),
            facts=facts,
            warehouse=SQL("fact.%s = %s", SQL.identifier(SPLITS[0]), warehouse_id) if warehouse_id else SQL("TRUE"),
            category=SQL("fact.%s = ANY(%s)", SQL.identifier(SPLITS[1]), list(categ_ids)) if categ_ids else SQL("TRUE"),
        )
