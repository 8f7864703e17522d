"""First beat of the search for causes: cells, returns and what is in which cell, in a fixed number of queries."""

import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from ..kernel import cause_cells, cause_explain
from ..kernel.cause_test import design_effect
from .scm_return_cells import DIMENSIONS

_KEYS = sorted({column for name in cause_cells.SPECIFIC for column in DIMENSIONS[name]})


class ScmReturnFinding(models.Model):
    _inherit = "scm.return.finding"

    @api.model
    def _read_returns(self, company, date_from, date_to):
        """Frame of what came back of the orders of a period: one row per delivery and return line."""
        columns = ["fact_id", "owner", "cause_id", "supplier_id", *(name for name in _KEYS if name != "supplier_id")]
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s, fact.order_id, customer.commercial_partner_id, part.cost::float8
                     FROM scm_return_part part
                     JOIN scm_return_fact fact ON fact.id = part.fact_id
                     JOIN sale_order sale ON sale.id = fact.order_id
                     JOIN res_partner customer ON customer.id = sale.partner_id
                    WHERE part.company_id = %(company)s AND part.order_date BETWEEN %(first)s AND %(last)s""",
                columns=SQL(", ").join(SQL.identifier("part", name) for name in columns),
                company=company.id,
                first=date_from,
                last=date_to,
            )
        )
        return pd.DataFrame(rows, columns=[*columns, "order_id", "customer_id", "cost"])

    @api.model
    def _designs(self, returns):
        """{dimension: design effect}: deliveries of one order that came back in one cell are a bunch."""
        once = returns.drop_duplicates("fact_id")
        return {
            name: design_effect(once.groupby(["order_id", *DIMENSIONS[name]]).size()) for name in cause_cells.SPECIFIC
        }

    @api.model
    def _cell_returns(self, returns, dimension, key, lens):
        """The rows of :meth:`_read_returns` that a test counts."""
        mask = np.logical_and.reduce(
            [returns[name].to_numpy() == id_ for name, id_ in zip(DIMENSIONS[dimension], key, strict=True)]
        )
        return returns[mask if lens == cause_cells.ALL else mask & (returns["owner"] == lens).to_numpy()]

    @api.model
    def _customers(self, returns, found, level):
        """Different customers behind each test; counted only where it matters."""
        counts = np.zeros(len(found.q), int)
        for place in np.flatnonzero(found.q <= level):
            rows = self._cell_returns(returns, found.dimension[place], found.key[place], found.lens[place])
            counts[place] = rows["customer_id"].nunique()
        return counts

    @api.model
    def _read_deliveries(self, company, date_from, date_to, found, places, today):
        """All deliveries of the period by the cells that stand out, for :func:`cause_explain.explain`. One scan."""
        dimensions = sorted({found.dimension[place] for place in places})
        lenses = sorted({found.lens[place] for place in places})
        codes = [self._code_sql(name, [found.key[place] for place in places if found.dimension[place] == name])
                 for name in dimensions]  # fmt: skip
        curve = self.env["scm.return.fact"]._curve(company, today).tolist()
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(categ_id, 0), %(codes)s,
                          sum((%(curve)s::float8[])[LEAST(%(today)s - delivery_date, %(limit)s) + 1]), %(sums)s
                     FROM scm_return_fact fact
                    WHERE company_id = %(company)s AND order_date BETWEEN %(first)s AND %(last)s
                      AND delivery_date <= %(today)s
                    GROUP BY COALESCE(categ_id, 0), %(places)s""",
                codes=SQL(", ").join(codes),
                places=SQL(", ").join(SQL("%s", SQL(str(number + 2))) for number in range(len(codes))),
                curve=curve,
                limit=len(curve) - 1,
                sums=SQL(", ").join(map(self._lens_sql, lenses)),
                company=company.id,
                first=date_from,
                last=date_to,
                today=today,
            )
        )
        table = pd.DataFrame(rows, columns=["group", *dimensions, "exposure", *(f"by_{lens}" for lens in lenses)])
        return self._as_deliveries(table, found, places)

    @api.model
    def _lens_sql(self, lens):
        owner = SQL("TRUE") if lens == cause_cells.ALL else SQL("owner = %s", lens)
        return SQL("count(*) FILTER (WHERE returned > 0 AND %s)", owner)

    @api.model
    def _code_sql(self, dimension, keys):
        """Text of the cell of a delivery: the key, '0' for a cell that does not stand out, '' for none."""
        columns = [SQL.identifier("fact", name) for name in DIMENSIONS[dimension]]
        empty = SQL(" OR ").join(SQL("COALESCE(%s, 0) = 0", column) for column in columns)
        text = SQL(" || ',' || ").join(SQL("%s::text", column) for column in columns)
        wanted = [",".join(map(str, key)) for key in keys]
        return SQL("CASE WHEN %s THEN '' WHEN %s = ANY(%s) THEN %s ELSE '0' END", empty, text, wanted, text)

    @api.model
    def _as_deliveries(self, table, found, places):
        codes = [table[found.dimension[place]].to_numpy() for place in places]
        keys = [",".join(map(str, found.key[place])) for place in places]
        return cause_explain.Deliveries(
            group=np.unique(table["group"], return_inverse=True)[1],
            exposure=table["exposure"].to_numpy(float),
            returned=np.stack([table[f"by_{found.lens[place]}"].to_numpy(float) for place in places], 1),
            member=np.stack([code == key for code, key in zip(codes, keys, strict=True)], 1),
            present=np.stack([code != "" for code in codes], 1),
            design=found.design[places],
            rank=np.array([cause_cells.SPECIFIC.index(found.dimension[place]) for place in places]),
        )
