"""Cases for findings: two years of orders in a moment, copied in SQL from one that the ORM made."""

import itertools
from datetime import timedelta

import numpy as np
from odoo.tools import SQL

from .metric_common import MetricCase

#: codes of provinces that nobody has yet
CODES = itertools.count(1)
#: the search looks at so many weeks in these tests, as by default
RECENT, WEEKS = 8, 112


class FindingCase(MetricCase):
    """Adds regions whose orders are copied week by week, and the search as of TODAY."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.scm_change_sample = 20
        cls.sunday = cls.TODAY - timedelta(days=cls.TODAY.isoweekday())
        cls.monday = cls.sunday - timedelta(days=7 * WEEKS - 1)
        cls.chance = np.random.default_rng(11)
        # the calendar of the year would leave weeks out
        cls.env["scm.event"].search([]).active = False

    @classmethod
    def _clone(cls, record, changes):
        """Copies of the row of a record with other values, by one statement; the ids."""
        cls.env.flush_all()
        names = sorted(changes[0])
        columns = [
            name
            for (name,) in cls.env.execute_query(
                SQL(
                    """SELECT column_name FROM information_schema.columns
                        WHERE table_schema = 'public' AND table_name = %s AND column_name <> 'id'
                          AND is_generated = 'NEVER'""",
                    record._table,
                )
            )
        ]
        taken = [
            SQL("other.%s", SQL.identifier(name)) if name in names else SQL("one.%s", SQL.identifier(name))
            for name in columns
        ]
        rows = cls.env.execute_query(
            SQL(
                """INSERT INTO %(table)s (%(columns)s)
                   SELECT %(taken)s FROM %(table)s one CROSS JOIN (VALUES %(rows)s) AS other (%(names)s)
                    WHERE one.id = %(id)s RETURNING id""",
                table=SQL.identifier(record._table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                taken=SQL(", ").join(taken),
                rows=SQL(", ").join(
                    SQL("(%s)", SQL(", ").join(cls._typed(row[name]) for name in names)) for row in changes
                ),
                names=SQL(", ").join(map(SQL.identifier, names)),
                id=record.id,
            )
        )
        cls.env.invalidate_all()
        return [row[0] for row in rows]

    @classmethod
    def _typed(cls, value):
        """A value with its type, which VALUES alone would not know."""
        if hasattr(value, "hour"):
            return SQL("%s::timestamp", value)
        if isinstance(value, (bool, int, float)):
            return SQL("%s", value)
        return SQL("%s::date", value) if hasattr(value, "year") else SQL("%s", value)

    @classmethod
    def _trade(cls, partner, weekly, hour=12, company=None):
        """Orders of one lamp for a customer, so many in each week up to the last Sunday."""
        sale = cls._create_sale([(cls.product, 1)], cls.sunday, company=company, hour=hour, partner_id=partner.id)
        last = len(weekly) - 1
        moments = [
            cls._moment(cls.sunday - timedelta(days=7 * (last - week) + int(day)), hour, company)
            for week, count in enumerate(weekly)
            for day in cls.chance.integers(0, 7, int(count))
        ]
        orders = cls._clone(sale, [{"date_order": moment} for moment in moments])
        lines = cls._clone(sale.order_line, [{"order_id": order} for order in orders])
        sale.sudo()._action_cancel()
        return lines

    @classmethod
    def _region(cls, name, company=None):
        """A customer in a province of his own."""
        state = cls.env["res.country.state"].create(
            {"name": name, "code": f"T{next(CODES)}", "country_id": cls.env.ref("base.de").id}
        )
        return cls.env["res.partner"].create(
            {"name": f"Customer in {name}", "state_id": state.id, "country_id": state.country_id.id}
        )

    @classmethod
    def _regions(cls, count=4, lines=9, factor=1.0, weeks=WEEKS):
        """Customers in regions that trade alike for two years, the first ``factor`` times as much in the last weeks."""
        partners = []
        for number in range(count):
            weekly = cls.chance.poisson(lines, weeks)
            if not number:
                weekly[-RECENT:] = np.round(weekly[-RECENT:] * factor)
            partners.append(cls._region(f"Land {number}"))
            cls._trade(partners[-1], weekly)
        return partners

    def _search_now(self, company=None, day=None):
        """Search on the morning of a day (TODAY); the run."""
        with self._at(day or self.TODAY):
            runs = self._as(self.manager, self.env["scm.finding.run"])
            run = self.env["scm.finding.run"].browse(runs.run_now((company or self.company_a).id, wait=True))
        self.env.invalidate_all()
        self.assertEqual((run.state, run.error_ids.mapped("message")), ("done", []), run.message)
        return run

    def _found(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["scm.finding"].search([("company_id", "=", self.company_a.id), *domain])
