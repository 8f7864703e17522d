from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .scm_metric_source import SPLITS

#: a list longer than this is no list
MOST_RECORDS = 10000
SPLIT_OF = dict(zip(("warehouse", "category", "region", "carrier", "partner"), SPLITS, strict=True))


class ScmMetric(models.Model):
    """Each figure leads to its records."""

    _inherit = "scm.metric"

    @api.model
    def open_records(self, code, date, dimension="total", subject_id=0):
        """Action with the records that a figure of a day is made of; public, also over RPC. For supply-chain users.

        Of a level they are the records as they stand now: how they stood that evening nobody can say later.

        :param code: of the metric
        :param date: the day, as ISO text
        :param dimension: total, warehouse, category, region, carrier or partner
        :param subject_id: record of the dimension
        :raises UserError: when there is no such metric, day or dimension, or the figure has no records
        """
        self._check_reader()
        metric = self._of_code(code)
        day = self._parse_day(date)
        if dimension != "total" and dimension not in SPLIT_OF:
            raise UserError(
                self.env._(
                    "“%(dimension)s” is no dimension. Choose one of %(known)s.",
                    dimension=dimension,
                    known=", ".join(["total", *SPLIT_OF]),
                )
            )
        source = metric.source.split(".")[0]
        model = self.env["scm.metric.source"]._record_models().get(source)
        if not model:
            raise UserError(self.env._("“%(metric)s” is a sum of the books and has no list.", metric=metric.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(metric)s, %(day)s", metric=metric.name, day=fields.Date.to_string(day)),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", metric._record_ids(source, day, dimension, subject_id))],
        }

    @api.model
    def _of_code(self, code):
        """The metric of a code that somebody sent."""
        metric = self.search([("code", "=", code)], limit=1) if isinstance(code, str) else self.browse()
        if not metric:
            raise UserError(self.env._("There is no metric “%(code)s”.", code=code))
        return metric

    @api.model
    def _parse_day(self, date):
        try:
            day = fields.Date.to_date(date) if date else None
        except (ValueError, TypeError):
            day = None
        if not day:
            raise UserError(self.env._("“%(date)s” is no day: write it as 2026-11-25.", date=date))
        return day

    def _record_ids(self, source, day, dimension, subject_id):
        column = self.env["scm.metric.source"]._columns()[self.source]
        part = SQL("TRUE")
        if dimension != "total":
            # the part None is 0
            part = SQL("COALESCE(%s, 0) = %s", SQL.identifier(SPLIT_OF[dimension]), int(subject_id or 0))
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT record_id FROM (%(facts)s) fact WHERE %(part)s AND (%(sample)s) > 0 LIMIT %(most)s",
                facts=self.env["scm.metric.source"]._query(source, self.env.company, day, day),
                part=part,
                # an expression of the code (scm.metric.source), never what somebody typed
                sample=SQL(column.sample),
                most=MOST_RECORDS,
            )
        )
        return [record for (record,) in rows if record]
