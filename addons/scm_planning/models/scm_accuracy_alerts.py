from odoo import api, models
from odoo.tools import SQL

#: alert type -> condition on the watch
CHECKS = {
    "planning_bias_drift": "w.biased",
    "planning_error_drift": "w.worse",
}
#: no more than this many per company and type, those with most money first
MOST = 200


class ScmAccuracyAlerts(models.AbstractModel):
    """Alerts about forecasts that are not as good as they were."""

    _name = "scm.accuracy.alerts"
    _description = "Accuracy Alerts"

    @api.model
    def _refresh(self, companies):
        """Make the drift alerts of these companies say what the watch says now; ``{alert type: counts}``."""
        result = {}
        for company in companies:
            for code, condition in CHECKS.items():
                rows = self._read_rows(company, condition)
                result[code] = self.env["scm.alert"]._sync(code, company, rows)
        return result

    @api.model
    def _read_rows(self, company, condition):
        self.env["scm.forecast.watch"].flush_model()
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT w.id, w.product_id, w.warehouse_id, w.user_id, w.error_value, w.signal, w.weeks, w.cusum,
                       w.error, w.absolute, w.base_mean, t.uom_id
                  FROM scm_forecast_watch w
                  JOIN product_product p ON p.id = w.product_id AND p.active
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE w.company_id = %s AND %s
                   -- an item that stopped being counted says nothing about today
                   AND w.date >= (SELECT max(date) FROM scm_forecast_watch WHERE company_id = %s) - 28
              ORDER BY w.error_value DESC, w.id
                 LIMIT %s
                """,
                company.id,
                SQL(condition),
                company.id,
                MOST,
            )
        )
        names = self.env["scm.planning.alerts"]._names(
            company, {row["product_id"] for row in found}, {row["warehouse_id"] for row in found}
        )
        return [
            {
                "subject_key": f"{row['product_id']}:{row['warehouse_id']}",
                "name": names[row["product_id"], row["warehouse_id"]],
                "product_id": row["product_id"],
                "warehouse_id": row["warehouse_id"],
                "user_id": row["user_id"],
                "res_model": "scm.forecast.watch",
                "res_id": row["id"],
                "money_at_stake": row["error_value"] or 0.0,
                "why": self._why(row, condition),
            }
            for row in found
        ]

    @api.model
    def _why(self, row, condition):
        unit = f"uom:{row['uom_id']}"
        bias = condition == CHECKS["planning_bias_drift"]
        terms = [
            ("drift_weeks", int(row["weeks"]), "weeks"),
            ("drift_error", round(row["error"], 2), unit),
            ("drift_absolute", round(row["absolute"], 2), unit),
            ("drift_signal", round(row["signal"], 2), ""),
            ("drift_base", round(row["base_mean"] ** 2, 2), unit),
            ("drift_cusum", round(row["cusum"], 1), ""),
        ]
        return {
            "value": round(row["signal"] if bias else row["cusum"], 2),
            "unit": "",
            "method": "drift_bias" if bias else "drift_size",
            "formula": "drift_bias_formula" if bias else "drift_size_formula",
            "sample": int(row["weeks"]),
            "terms": [
                {"code": code, "value": value} | ({"unit": its_unit} if its_unit else {})
                for code, value, its_unit in terms
            ],
            "notes": ["small_sample"] if row["weeks"] < 26 else [],
        }
