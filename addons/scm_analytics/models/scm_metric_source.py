from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

#: columns by which every source can be split; NULL where a fact has none
SPLITS = ("warehouse_id", "categ_id", "region_id", "carrier_id", "partner_id")
#: of facts that have nothing to do with regions, carriers and suppliers
NOWHERE = SQL("NULL::int AS region_id, NULL::int AS carrier_id, NULL::int AS partner_id")


class Column(NamedTuple):
    """SQL expressions over the rows of a source (alias ``fact``), which are added up per day and part.

    ``sample`` counts the facts that the value is made of; a row of which it is 0 takes no part.
    """

    numerator: str
    denominator: str = "NULL"
    sample: str = "1"


class ScmMetricSource(models.AbstractModel):
    """Where metrics read: named queries over the facts of the areas, each read once for all metrics on it.

    A source is a method ``_source_<name>(company, first, last)`` that returns the SQL of its facts with ``day``, the
    columns of :data:`SPLITS` and ``record_id``; for a level, the facts as they stand now with ``day`` = last. Its
    columns are listed by :meth:`_columns`, the model of its records by :meth:`_record_models`. An addon adds all
    three by inheriting this model.
    """

    _name = "scm.metric.source"
    _description = "Sources of Metrics"

    @api.model
    def _columns(self):
        """Hook: ``{"source.column": Column}``."""
        return {}

    @api.model
    def _record_models(self):
        """Hook: ``{source: model of its record_id}``; without one a figure has no list of records."""
        return {}

    @api.model
    def _query(self, source, company, first, last):
        """SQL of the facts of a source for the days from first to last."""
        self.env.flush_all()
        # compiling one of these costs more than running it
        self.env.cr.execute("SET LOCAL jit = off")
        return getattr(self, f"_source_{source}")(company, first, last)

    # Parts that several sources share

    @api.model
    def _zone(self):
        """Time zone of a fact: of its ``warehouse``, else of its ``company`` (aliases of the joins of _places)."""
        return zone_sql("company_partner", "warehouse_partner")

    @api.model
    def _places(self, company, warehouse):
        """Joins that :meth:`_zone` needs; ``warehouse``: SQL of the id of the warehouse."""
        return SQL(
            """JOIN res_company company ON company.id = %(company)s
               JOIN res_partner company_partner ON company_partner.id = company.partner_id
               LEFT JOIN stock_warehouse warehouse ON warehouse.id = %(warehouse)s
               LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id""",
            company=company.id,
            warehouse=warehouse,
        )

    @api.model
    def _day(self, moment):
        return local_day_sql(moment, self._zone())

    @api.model
    def _around(self, moment, first, last):
        """A UTC moment that can lie on these local days: what an index can use, before the exact day is asked."""
        return SQL(
            "%(moment)s >= %(first)s::date - 1 AND %(moment)s < %(last)s::date + 2",
            moment=moment,
            first=first,
            last=last,
        )

    @api.model
    def _region(self, partner):
        """Region of a partner alias: its state, else its country below zero."""
        return SQL("COALESCE(%(alias)s.state_id, -%(alias)s.country_id)", alias=SQL.identifier(partner))
