from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ScmFindingMeasure(models.AbstractModel):
    """Reading: the weeks of all cells of all measures, one query per source."""

    _inherit = "scm.finding.measure"

    @api.model
    def _weekly(self, company, source, measures, first, last):
        """Sums by week of every cell of the measures of one source, by one query.

        :param measures: ``{code: Measure}`` of this source
        :param first, last: Monday and Sunday
        :return: ``{code: (keys, hits, size, worth, facts)}``: keys a list of tuples of ids, the rest float arrays
            (cells, weeks)
        """
        splits = sorted({part for measure in measures.values() for part in measure.parts})
        sets = sorted({measure.parts for measure in measures.values()})
        # joins of many facts: compiling the plan takes longer than reading
        self.env.cr.execute("SET LOCAL jit = off")
        rows = self.env.execute_query(self._weekly_sql(company, source, measures, splits, sets, first, last))
        weeks = (last - first).days // 7 + 1
        return {
            code: self._panel(rows, splits, measure, number, first, weeks)
            for number, (code, measure) in enumerate(measures.items())
        }

    @api.model
    def _weekly_sql(self, company, source, measures, splits, sets, first, last):
        """Rows (week, bits of the splits, *splits, and of each measure: hits, size, worth, facts)."""
        columns = SQL(", ").join(map(SQL.identifier, splits))
        sums = []
        for measure in measures.values():
            # expressions are constants of the code (scm.finding.measure), never what somebody typed
            known = SQL("(%s) > 0", SQL(measure.size))
            for expression in (measure.hits, measure.size, measure.worth, "1"):
                sums.append(SQL("(SUM((%s)::float8) FILTER (WHERE %s))", SQL(expression), known))
        return SQL(
            """SELECT date_trunc('week', day)::date AS week, GROUPING(%(columns)s) AS bits, %(columns)s, %(sums)s
                 FROM (%(facts)s) fact
                GROUP BY GROUPING SETS (%(sets)s)""",
            columns=columns,
            sums=SQL(", ").join(sums),
            facts=self._facts(source, company, first, last),
            sets=SQL(", ").join(SQL("(1, %s)", SQL(", ").join(map(SQL.identifier, parts))) for parts in sets),
        )

    @api.model
    def _panel(self, rows, splits, measure, number, first, weeks):
        """The rows of one measure as arrays; parts that are not known make no cell."""
        bits = sum(1 << (len(splits) - 1 - place) for place, name in enumerate(splits) if name not in measure.parts)
        places = [2 + splits.index(part) for part in measure.parts]
        start = 2 + len(splits) + 4 * number
        cells, found = {}, []
        for row in rows:
            key = tuple(row[place] for place in places)
            if row[1] != bits or None in key or not row[start + 3]:
                continue
            found.append((cells.setdefault(key, len(cells)), (row[0] - first).days // 7, *row[start : start + 4]))
        panel = np.zeros((4, len(cells), weeks))
        for cell, week, *sums in found:
            panel[:, cell, week] = [value or 0.0 for value in sums]
        return list(cells), *panel

    @api.model
    def _moved_weeks(self, company, first, weeks, categories=()):
        """Weeks that have another calendar than a year before: feasts that move, and offers of single categories.

        :param categories: ids of categories; by default none, which leaves offers of single goods out
        :return: bool (weeks,) of the company, or (categories, weeks)
        """
        last = first + timedelta(days=7 * weeks - 1)
        # sudo: the calendar of the company decides what may be compared, whoever looks at the result
        events = self.env["scm.event"].sudo()
        events = events.search(events._company_domain(company) & self._selling_events(), limit=None)
        spans = events._occurrences_between(company, first, last)
        masks = np.zeros((max(len(categories), 1), weeks), bool)
        for event in events:
            touched = np.zeros(weeks, bool)
            for occurrence in spans.get(event.id, ()):
                begin = max((occurrence.date_start - first).days // 7, 0)
                touched[begin : max((occurrence.date_end - first).days // 7 + 1, 0)] = True
            if touched.any():
                masks[self._touched_cells(event, categories)] |= self._other_calendar(touched)
        return masks if categories else masks[0]

    @api.model
    def _selling_events(self):
        return Domain("kind", "in", ("feast", "festival", "promotion"))

    @api.model
    def _touched_cells(self, event, categories):
        """Mask of the categories that an event is for."""
        goods = event.category_ids | event.product_ids.categ_id
        if not goods:
            return np.full(max(len(categories), 1), not event.warehouse_ids)
        if not categories:
            return np.zeros(1, bool)
        paths = {categ.id: categ.parent_path or "" for categ in self.env["product.category"].browse(categories)}
        inside = tuple(f"/{categ.id}/" for categ in goods)
        return np.array([any(each in f"/{paths[categ]}" for each in inside) for categ in categories])

    @api.model
    def _other_calendar(self, touched):
        """Weeks that are touched and were not a year before, or the other way round."""
        moved = np.zeros(len(touched), bool)
        moved[52:] = touched[52:] != touched[:-52]
        return moved
