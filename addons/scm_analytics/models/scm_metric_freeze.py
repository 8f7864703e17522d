from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: how far back a new metric is filled in
FILL_DAYS = 400
#: sums that differ by less, relative to their size, are equal: the order of adding makes such differences
EQUAL = 1e-6


class ScmMetric(models.Model):
    """Freezing: yesterday is written down once, and what changed of the days before is written beside it."""

    _inherit = "scm.metric"

    def _freeze(self, company):
        """Freeze the metrics of one source for a company up to yesterday.

        :return: ``(values frozen, corrections)``
        """
        last = local_today(company) - timedelta(days=1)
        flows = self.filtered(lambda metric: metric.kind == "flow")
        frozen, corrected = (self - flows)._freeze_levels(company, last), 0
        if flows:
            first = flows._first_day(company, last)
            flows._read_fresh(company, first, last)
            flows._fill_empty_days(first, last)
            corrected = flows._correct(company, first, last)
            frozen += self._insert_new(company, first, last)
        return frozen, corrected

    def _freeze_levels(self, company, last):
        """Read how things stand, once: parts that are read later would not add up to what was frozen.

        Nothing there is zero, not a gap.
        """
        read = {
            metric.id
            for (metric,) in self.env["scm.metric.snapshot"]._read_group(
                [("metric_id", "in", self.ids), ("company_id", "=", company.id), ("date", "=", last)], ["metric_id"]
            )
        }
        unread = self.filtered(lambda metric: metric.id not in read)
        if not unread:
            return 0
        unread._read_fresh(company, last, last)
        unread._fill_empty_days(last, last)
        return self._insert_new(company, last, last)

    def _first_day(self, company, last):
        """First day that may still change; far back while one of the metrics has no day at all."""
        self.env["scm.metric.snapshot"].flush_model()
        [(new,)] = self.env.execute_query(
            SQL(
                """SELECT bool_or(NOT EXISTS (SELECT FROM scm_metric_snapshot
                                               WHERE metric_id = one.id AND company_id = %s))
                     FROM unnest(%s) AS one (id)""",
                company.id,
                self.ids,
            )
        )
        days = FILL_DAYS if new else max(self.mapped("settle_days"))
        return last - timedelta(days=max(days, 1) - 1)

    def _read_fresh(self, company, first, last):
        """What the records say now, into a table of this transaction."""
        self.env.cr.execute("DROP TABLE IF EXISTS scm_metric_fresh")
        self.env.cr.execute(
            SQL("CREATE TEMP TABLE scm_metric_fresh ON COMMIT DROP AS %s", self._fresh_query(company, first, last))
        )

    def _fill_empty_days(self, first, last):
        """A day on which nothing happened is zero, not a gap."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_metric_fresh (metric_id, date, dimension, subject_id, numerator, denominator, sample)
                   SELECT wanted.metric_id, day::date, 'total', 0, 0, 0, 0
                     FROM unnest(%(ids)s) AS wanted (metric_id)
                    CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
                    WHERE NOT EXISTS (SELECT FROM scm_metric_fresh fresh
                                       WHERE fresh.metric_id = wanted.metric_id AND fresh.date = day::date
                                         AND fresh.dimension = 'total')""",
                ids=self.ids,
                first=first,
                last=last,
            )
        )

    @api.model
    def _insert_new(self, company, first, last):
        """Freeze the values that nobody has frozen yet."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_metric_snapshot (metric_id, version, company_id, date, dimension, subject_id,
                          numerator, denominator, sample, value, known_numerator, known_denominator, known_value,
                          date_frozen, is_filled_in)
                   SELECT fresh.metric_id, metric.version, %(company)s, fresh.date, fresh.dimension, fresh.subject_id,
                          fresh.numerator, fresh.denominator, fresh.sample, %(value)s, fresh.numerator,
                          fresh.denominator, %(value)s, %(now)s, fresh.date < %(last)s
                     FROM scm_metric_fresh fresh JOIN scm_metric metric ON metric.id = fresh.metric_id
                    WHERE fresh.date BETWEEN %(first)s AND %(last)s
                       ON CONFLICT (metric_id, company_id, dimension, subject_id, date) DO NOTHING""",
                company=company.id,
                value=self._value_sql(SQL("fresh.numerator"), SQL("fresh.denominator")),
                now=fields.Datetime.now(),
                first=first,
                last=last,
            )
        )
        return self.env.cr.rowcount

    def _correct(self, company, first, last, restatement=None):
        """Write down what became of frozen days; a restatement also replaces what was frozen.

        :return: how many values changed
        """
        self._insert_late(company, first, last)
        self.env.cr.execute(
            SQL(
                """WITH changed AS (
                       SELECT frozen.id, COALESCE(fresh.numerator, 0) AS numerator, fresh.denominator,
                              COALESCE(fresh.sample, 0) AS sample, frozen.known_value AS value_before,
                              %(value)s AS value
                         FROM scm_metric_snapshot frozen
                         JOIN scm_metric metric ON metric.id = frozen.metric_id
                         LEFT JOIN scm_metric_fresh fresh
                                ON fresh.metric_id = frozen.metric_id AND fresh.date = frozen.date
                               AND fresh.dimension = frozen.dimension AND fresh.subject_id = frozen.subject_id
                        WHERE frozen.metric_id = ANY(%(ids)s) AND frozen.company_id = %(company)s
                          AND frozen.date BETWEEN %(first)s AND %(last)s
                          AND (%(other_numerator)s OR %(other_denominator)s)),
                   written AS (
                       UPDATE scm_metric_snapshot frozen
                          SET known_numerator = changed.numerator, known_denominator = changed.denominator,
                              known_value = changed.value %(replaced)s
                         FROM changed WHERE changed.id = frozen.id)
                   INSERT INTO scm_metric_correction (snapshot_id, company_id, date_found, numerator, denominator,
                                                      sample, value_before, value, restatement_id)
                   SELECT id, %(company)s, %(now)s, numerator, denominator, sample, value_before, value, %(restatement)s
                     FROM changed""",
                value=self._value_sql(SQL("COALESCE(fresh.numerator, 0)"), SQL("fresh.denominator")),
                ids=self.ids,
                company=company.id,
                first=first,
                last=last,
                other_numerator=self._differs("numerator"),
                other_denominator=self._differs("denominator"),
                replaced=SQL(
                    ", numerator = changed.numerator, denominator = changed.denominator, sample = changed.sample,"
                    " value = changed.value"
                )
                if restatement
                else SQL(),
                now=fields.Datetime.now(),
                restatement=restatement.id if restatement else None,
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _differs(self, part):
        now = SQL("COALESCE(fresh.%s, 0)", SQL.identifier(part))
        known = SQL("COALESCE(frozen.%s, 0)", SQL.identifier(f"known_{part}"))
        return SQL(
            "abs(%(known)s - %(now)s) > %(equal)s * GREATEST(1, abs(%(known)s))", known=known, now=now, equal=EQUAL
        )

    def _insert_late(self, company, first, last):
        """Parts of which nothing was known when their day was frozen: frozen as nothing, so that they are corrected."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_metric_snapshot (metric_id, version, company_id, date, dimension, subject_id,
                          numerator, denominator, sample, date_frozen, is_filled_in)
                   SELECT fresh.metric_id, total.version, total.company_id, fresh.date, fresh.dimension,
                          fresh.subject_id, 0, 0, 0, total.date_frozen, total.is_filled_in
                     FROM scm_metric_fresh fresh
                     JOIN scm_metric_snapshot total ON total.metric_id = fresh.metric_id AND total.date = fresh.date
                          AND total.company_id = %(company)s AND total.dimension = 'total'
                    WHERE fresh.metric_id = ANY(%(ids)s) AND fresh.date BETWEEN %(first)s AND %(last)s
                       ON CONFLICT (metric_id, company_id, dimension, subject_id, date) DO NOTHING""",
                company=company.id,
                ids=self.ids,
                first=first,
                last=last,
            )
        )

    def _restate(self, company, first, last, reason):
        """Read days of one metric again and replace what was frozen; the rights were checked by the caller.

        :return: the ``scm.metric.restatement``
        """
        self.ensure_one()
        restatement = self.env["scm.metric.restatement"].create(
            {
                "metric_id": self.id,
                "company_id": company.id,
                "date_from": first,
                "date_to": last,
                "reason": reason,
                "user_id": self.env.uid,
            }
        )
        self._read_fresh(company, first, last)
        self._fill_empty_days(first, last)
        restatement.changed_count = self._correct(company, first, last, restatement)
        self._insert_new(company, first, last)
        self.env.invalidate_all()
        return restatement
