from odoo import api, models
from odoo.tools import SQL

from .scm_metric_source import NOWHERE, Column


class ScmMetricSource(models.AbstractModel):
    _inherit = "scm.metric.source"

    @api.model
    def _columns(self):
        return {
            **super()._columns(),
            "forecast.wape": Column("fact.abs_error", "fact.actual", "fact.items"),
            "forecast.bias": Column("fact.error", "fact.actual", "fact.items"),
            "forecast.naive": Column("fact.abs_naive - fact.abs_error", "fact.actual", "fact.items"),
            "override.added": Column("fact.error_stat - fact.error_final", "fact.quantity_actual"),
            "alerts.money": Column("fact.money"),
            "alerts.count": Column("1"),
        }

    @api.model
    def _record_models(self):
        return {
            **super()._record_models(),
            "forecast": "scm.forecast.accuracy",
            "override": "scm.forecast.value.added",
            "alerts": "scm.alert",
        }

    @api.model
    def _source_forecast(self, company, first, last):
        """Errors of the forecasts by the week that they were of, under its Monday."""
        return SQL(
            """SELECT date AS day, CASE WHEN dimension = 'warehouse' THEN key::int END AS warehouse_id,
                      NULL::int AS categ_id, %(nowhere)s, id AS record_id,
                      abs_error, error, actual, abs_naive, item_count AS items
                 FROM scm_forecast_accuracy
                WHERE company_id = %(company)s AND dimension = 'warehouse' AND key ~ '^[0-9]+$'
                  AND date BETWEEN %(first)s AND %(last)s""",
            nowhere=NOWHERE,
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_override(self, company, first, last):
        """What changes by people did to the forecast's error, by week."""
        return SQL(
            """SELECT date AS day, warehouse_id, categ_id, %(nowhere)s, id AS record_id,
                      error_stat, error_final, quantity_actual
                 FROM scm_forecast_value_added
                WHERE company_id = %(company)s AND date BETWEEN %(first)s AND %(last)s""",
            nowhere=NOWHERE,
            company=company.id,
            first=first,
            last=last,
        )

    @api.model
    def _source_alerts(self, company, _first, last):
        """Alerts that are open now; a level."""
        return SQL(
            """SELECT %(last)s::date AS day, warehouse_id, NULL::int AS categ_id, NULL::int AS region_id,
                      NULL::int AS carrier_id, partner_id, id AS record_id,
                      COALESCE(money_at_stake, 0) AS money
                 FROM scm_alert WHERE company_id = %(company)s AND state <> 'resolved'""",
            last=last,
            company=company.id,
        )
