from odoo import api, models
from odoo.tools import SQL

from .scm_metric import SCALES
from .scm_metric_source import SPLITS

#: GROUPING() of the splits that a row is of: the bit of a split is 0 where the row is split by it
DIMENSION_BITS = {31: "total", 15: "warehouse", 23: "category", 27: "region", 29: "carrier", 30: "partner"}


class ScmMetric(models.Model):
    """What the records say now about metrics of one source: one query for all days, parts and metrics."""

    _inherit = "scm.metric"

    @api.model
    def _by_source(self):
        """``{source: its active metrics}``"""
        metrics = self.search([], limit=None)
        return metrics.grouped(lambda metric: metric.source.split(".")[0])

    def _fresh_query(self, company, first, last):
        """Rows (metric_id, date, dimension, subject_id, numerator, denominator, sample) of metrics of one source."""
        source = self[:1].source.split(".")[0]
        return SQL(
            """WITH base AS (SELECT day, %(splits)s, %(sums)s FROM (%(facts)s) fact GROUP BY day, %(splits)s),
                    cell AS (SELECT day, GROUPING(%(splits)s) AS bits, COALESCE(%(splits)s, 0) AS subject_id, %(again)s
                               FROM base
                              GROUP BY GROUPING SETS ((day), %(sets)s)
                             HAVING GROUPING(%(splits)s) = ANY(%(whole)s) OR COALESCE(%(splits)s) IS NOT NULL)
               SELECT value.metric_id, cell.day AS date,
                      (%(names)s::jsonb) ->> cell.bits::text AS dimension, cell.subject_id,
                      value.numerator::float8, value.denominator::float8, value.sample::int
                 FROM cell CROSS JOIN LATERAL (VALUES %(values)s) AS value (metric_id, numerator, denominator, sample)
                WHERE value.sample > 0""",
            splits=SQL(", ").join(map(SQL.identifier, SPLITS)),
            sums=self._sums(),
            again=SQL(", ").join(
                SQL("SUM(%(name)s) AS %(name)s", name=name)
                for number in range(len(self))
                for name in self._names(number)
            ),
            facts=self.env["scm.metric.source"]._query(source, company, first, last),
            sets=SQL(", ").join(SQL("(day, %s)", SQL.identifier(split)) for split in SPLITS),
            whole=self._whole_bits(source),
            names=self._dimension_names(),
            values=SQL(", ").join(
                SQL("(%s, %s, %s, %s)", metric.id, *self._names(number)) for number, metric in enumerate(self)
            ),
        )

    @api.model
    def _whole_bits(self, source):
        """Bits of the company and of the splits whose parts, with the part None, add up to it."""
        known = self.env["scm.metric.source"]._split_by().get(source, ())
        return [31, *(31 - (16 >> SPLITS.index(split)) for split in known)]

    @api.model
    def _dimension_names(self):
        return "{" + ", ".join(f'"{bits}": "{name}"' for bits, name in DIMENSION_BITS.items()) + "}"

    @api.model
    def _names(self, number):
        """Column names of numerator, denominator and sample of a metric of the source."""
        return [SQL.identifier(f"{part}_{number}") for part in ("n", "d", "s")]

    def _sums(self):
        """The columns of each metric added up over the facts that take part."""
        columns, parts = self.env["scm.metric.source"]._columns(), []
        for number, metric in enumerate(self):
            column = columns[metric.source]
            # the expressions are constants of the code (scm.metric.source), never what somebody typed
            for name, expression in zip(self._names(number), column, strict=True):
                parts.append(SQL("SUM((%s)::numeric) AS %s", SQL(expression), name))
        return SQL(", ").join(parts)

    def _live(self, company, day):
        """``{metric id: (numerator, denominator, sample)}`` of the company on one day, as the records say now."""
        found = {}
        for metrics in self.grouped(lambda metric: metric.source.split(".")[0]).values():
            rows = self.env.execute_query(
                SQL(
                    "SELECT metric_id, numerator, denominator, sample FROM (%s) fresh WHERE dimension = 'total'",
                    metrics._fresh_query(company, day, day),
                )
            )
            found.update({row[0]: row[1:] for row in rows})
        return found

    @api.model
    def _value_sql(self, numerator, denominator):
        """Value in SQL; needs the alias ``metric``."""
        scales = SQL(" ").join(SQL("WHEN %s THEN %s", unit, scale) for unit, scale in SCALES.items())
        return SQL(
            """CASE WHEN metric.is_ratio
                    THEN %(numerator)s / NULLIF(%(denominator)s, 0) * CASE metric.unit %(scales)s ELSE 1 END
                    ELSE %(numerator)s END""",
            numerator=numerator,
            denominator=denominator,
            scales=scales,
        )
