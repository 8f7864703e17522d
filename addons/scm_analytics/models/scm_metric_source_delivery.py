from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "parcels.count": Column("1"),
            "parcels.on_time": Column(
                "(NOT fact.is_late)::int",
                "(fact.date_promised IS NOT NULL)::int",
                "(fact.date_promised IS NOT NULL)::int",
            ),
            "parcels.damage": Column("(fact.is_damaged OR fact.is_lost)::int", "1"),
            "parcels.days": Column("fact.days", "(fact.days IS NOT NULL)::int", "(fact.days IS NOT NULL)::int"),
            "parcels.cost": Column("fact.cost", "(fact.cost IS NOT NULL)::int", "(fact.cost IS NOT NULL)::int"),
        }

    @api.model
    def _record_models(self):
        return {**super()._record_models(), "parcels": "scm.parcel"}

    @api.model
    def _source_parcels(self, company, first, last):
        """Parcels to customers by the day on which they ended: delivered, lost or sent back."""
        ended = SQL("COALESCE(parcel.date_delivered, parcel.status_at)")
        return SQL(
            """SELECT %(day)s AS day, parcel.warehouse_id, NULL::int AS categ_id,
                      COALESCE(parcel.state_id, -parcel.country_id) AS region_id, parcel.carrier_id,
                      NULL::int AS partner_id, parcel.id AS record_id,
                      COALESCE(parcel.is_late, FALSE) AS is_late, parcel.date_promised,
                      parcel.is_damaged, parcel.is_lost,
                      EXTRACT(EPOCH FROM parcel.date_delivered - parcel.date_handed) / 86400 AS days,
                      COALESCE(parcel.cost_invoiced, parcel.cost_expected) AS cost
                 FROM scm_parcel parcel
                 %(places)s
                WHERE parcel.company_id = %(company)s AND parcel.direction = 'out' AND parcel.is_final
                  AND %(around)s AND %(day)s BETWEEN %(first)s AND %(last)s""",
            day=self._day(ended),
            places=self._places(company, SQL("parcel.warehouse_id")),
            company=company.id,
            around=self._around(ended, first, last),
            first=first,
            last=last,
        )
