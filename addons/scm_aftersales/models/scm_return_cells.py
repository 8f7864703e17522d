import numpy as np
import pandas as pd
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.cohort import LIMIT, Curve, delay_curve

#: what a return rate can be told by: name -> columns of ``scm.return.fact`` and of ``scm.return.part``
DIMENSIONS = {
    "product": ("product_id",),
    "category": ("categ_id",),
    "supplier": ("supplier_id",),
    "supplier_product": ("supplier_id", "product_id"),
    "lot": ("lot_id",),
    "carrier": ("carrier_id",),
    "zone": ("zone_id",),
    "lane": ("carrier_id", "warehouse_id", "zone_id"),
    "packaging": ("package_type_id",),
    "warehouse": ("warehouse_id",),
    "picker": ("user_id",),
    "channel": ("team_id",),
}
#: what returns can be told apart by
WHATS = ("cause_id", "reason_id", "owner")
_SENT = ("lines", "delivered", "mature_lines", "mature", "value")
_BACK = ("returned_lines", "returned", "refund", "cost")


class ScmReturnFact(models.Model):
    """Cells: what was delivered and came back by product, supplier, carrier, ..."""

    _inherit = "scm.return.fact"

    @api.model
    def _cells(self, company, date_from, date_to, dimensions, by=None, today=None):
        """Deliveries and returns of orders of a period, by each of these dimensions and by product category.

        The caller has checked that the company may be read. Two queries, however many dimensions.

        :param date_from: first local order day; ``date_to``: last one (both included)
        :param dimensions: names of :data:`DIMENSIONS`
        :param by: None, or one of :data:`WHATS`: returns are told apart by it, and there is a cell for each value that
            occurs beside the one of all returns (``what`` None)
        :param today: the day T at which it is looked at (default: the company's today); what came after it is not seen
        :return: dict of NumPy arrays of one length. A cell is (dimension, key, group, what); empty keys (a delivery
            without carrier) have no cell.

            * ``dimension`` (str), ``key`` (tuple of ids, as in :data:`DIMENSIONS`), ``group`` (category id, 0 without),
              ``what`` (id, or owner code; None: all returns)
            * ``lines``, ``delivered``: deliveries (rows) and units. ``mature_lines``, ``mature``: the same times the
              share of returns that must have been asked for by T, by the company's delay curve (:meth:`_curve`)
            * ``returned_lines``, ``returned``: deliveries of which something came back, and units. Units of one
              delivery come back together: tests count lines, not units
            * ``expected_returned``: units that will have come back in the end: ``returned`` by the completed share
            * ``value``, ``refund``, ``cost``: company currency
        """
        dimensions = list(dict.fromkeys(dimensions))
        if unknown := set(dimensions) - set(DIMENSIONS):
            raise ValueError(f"unknown dimensions: {sorted(unknown)}")
        today = today or local_today(company)
        sent = self._cells_sent(company, date_from, date_to, dimensions, today)
        back = self._cells_back(company, date_from, date_to, dimensions, None, today)
        if by:
            back = pd.concat([back, self._cells_back(company, date_from, date_to, dimensions, by, today)])
        # all returns have a cell even where nothing came back, single causes only where something did
        cells = sent.merge(back[back["what"].isna()], on=["dimension", "key", "group"], how="left")
        cells = pd.concat([cells, sent.merge(back[back["what"].notna()], on=["dimension", "key", "group"])])
        cells[list(_BACK)] = cells[list(_BACK)].fillna(0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            completed = (cells["mature"] / cells["delivered"]).to_numpy()
            cells["expected_returned"] = np.where(completed > 0, cells["returned"] / completed, cells["returned"])
        cells["what"] = cells["what"].astype(object).where(cells["what"].notna(), None)
        return {name: cells[name].to_numpy() for name in cells.columns}

    @api.model
    def _cells_sent(self, company, date_from, date_to, dimensions, today):
        """Frame of what was delivered, by dimension, key and group."""
        curve = self._curve(company, today)
        sums = SQL(
            "count(*), sum(fact.delivered::float8), sum(done.share), sum(fact.delivered::float8 * done.share), "
            "sum(fact.value::float8)"
        )
        return self._grouped(
            dimensions,
            sums,
            _SENT,
            SQL(
                """FROM scm_return_fact fact
                  CROSS JOIN LATERAL (
                        SELECT (%(curve)s::float8[])[LEAST(%(today)s - fact.delivery_date, %(limit)s) + 1] AS share
                        ) done
                  WHERE fact.company_id = %(company)s AND fact.order_date BETWEEN %(first)s AND %(last)s
                    AND fact.delivery_date <= %(today)s""",
                curve=curve.tolist(),
                today=today,
                limit=len(curve) - 1,
                company=company.id,
                first=date_from,
                last=date_to,
            ),
        )

    @api.model
    def _cells_back(self, company, date_from, date_to, dimensions, by, today):
        """Frame of what came back of it, by dimension, key, group and what."""
        frame = self._grouped(
            dimensions,
            SQL(
                "count(DISTINCT fact.fact_id), sum(fact.quantity::float8), sum(fact.refund::float8), "
                "sum(fact.cost::float8)"
            ),
            _BACK,
            SQL(
                """FROM scm_return_part fact
                  WHERE fact.company_id = %s AND fact.order_date BETWEEN %s AND %s AND fact.date <= %s""",
                company.id,
                date_from,
                date_to,
                today,
            ),
            by=by,
        )
        return frame if by else frame.assign(what=None)

    @api.model
    def _grouped(self, dimensions, sums, names, source, by=None):
        """Frame of sums by each of the dimensions, in one scan."""
        columns = sorted({column for name in dimensions for column in DIMENSIONS[name]} - {"categ_id"})
        field = lambda name: SQL("fact.%s", SQL.identifier(name))  # noqa: E731
        extra = [field(by)] if by else []
        group = SQL("COALESCE(fact.categ_id, 0)")
        sets = [
            SQL("(%s)", SQL(", ").join([*map(field, set(DIMENSIONS[name]) - {"categ_id"}), group, *extra]))
            for name in dimensions
        ]
        rows = self.env.execute_query(
            SQL(
                "SELECT GROUPING(%(all)s), %(columns)s, %(sums)s %(source)s GROUP BY GROUPING SETS (%(sets)s)",
                all=SQL(", ").join([group, *map(field, columns)]),
                columns=SQL(", ").join([group, *map(field, columns), *extra]),
                sums=sums,
                source=source,
                sets=SQL(", ").join(sets),
            )
        )
        head = ["mask", "group", *columns, *(["what"] if by else [])]
        frame = pd.DataFrame(rows, columns=[*head, *names])
        return pd.concat([self._cell_part(frame, columns, name, names, by) for name in dimensions])

    @api.model
    def _cell_part(self, frame, columns, dimension, names, by):
        """The rows of one dimension, their key as a tuple; without those whose key is empty."""
        own = DIMENSIONS[dimension]
        mask = sum(1 << (len(columns) - 1 - place) for place, name in enumerate(columns) if name not in own)
        part = frame[frame["mask"] == mask]
        keyed = part[["group"]].rename(columns={"group": "categ_id"}).join(part[columns])[list(own)]
        full = (keyed.notna() & (keyed != 0)).all(axis=1)
        if by:
            full &= part["what"].notna()
        part, keyed = part[full], keyed[full].astype(int)
        return pd.DataFrame(
            {
                "dimension": dimension,
                "key": list(zip(*(keyed[name].tolist() for name in own), strict=True)),
                "group": part["group"].astype(int),
                **({"what": part["what"].astype(object)} if by else {}),
                **{name: part[name].astype(float) for name in names},
            }
        )

    # Delay

    @api.model
    def _curve(self, company, today=None):
        """Completed share of returns by days since delivery: array F, ``F[d]`` at age d, the last one for all older."""
        return self._company_curve(company, today).share

    @api.model
    def _company_curve(self, company, today=None):
        """The delay curve of a company (``kernel.cohort.Curve``): of last night, or as it was known earlier."""
        state = self.env["scm.return.fact.state"].sudo()  # sudo: how far facts are read is closed to users
        state = state.search([("company_id", "=", company.id)], limit=1)
        if state.curve and state.curve_spread and (not today or today >= local_today(company)):
            spread = np.array(state.curve_spread, float)
            return Curve(np.array(state.curve, float), np.where(spread < 0, np.inf, spread), state.curve_sample)
        return self._measure_curve(company, today or local_today(company))

    @api.model
    def _measure_curve(self, company, today):
        """The delay curve of a company's returns, as it was known on a day (``kernel.cohort.Curve``)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT LEAST(part.days, %(limit)s), LEAST(%(today)s - fact.delivery_date, %(limit)s),
                          count(DISTINCT part.fact_id)
                     FROM scm_return_part part JOIN scm_return_fact fact ON fact.id = part.fact_id
                    WHERE part.company_id = %(company)s AND part.date <= %(today)s AND fact.delivery_date <= %(today)s
                    GROUP BY 1, 2""",
                company=company.id,
                today=today,
                limit=LIMIT,
            )
        )
        return delay_curve(*(zip(*rows, strict=True) if rows else ([], [], [])))

    # Behind a figure

    @api.model
    def _cell_domain(self, company, date_from, date_to, dimension, key, what=None, by=None):
        """Domain of the ``scm.return.part`` (the returns) behind a cell."""
        domain = [
            ("company_id", "=", company.id),
            ("order_date", ">=", date_from),
            ("order_date", "<=", date_to),
            *self._cell_terms(dimension, key),
        ]
        return domain if what is None else [*domain, (by, "=", what)]

    @api.model
    def _cell_terms(self, dimension, key):
        """A cell as a domain on facts and parts."""
        return [(name, "=", id_) for name, id_ in zip(DIMENSIONS[dimension], key, strict=True)]
