from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .scm_forecast_accuracy import DIMENSIONS

WEEKS = 52
RECENT_WEEKS = 13
WORST = 12


class ScmForecastAccuracy(models.Model):
    """What the Accuracy page shows, in one read."""

    _inherit = "scm.forecast.accuracy"

    @api.model
    @api.readonly
    def get_accuracy(self, company_id=False, weeks=RECENT_WEEKS):
        """How good the forecasts one week ahead were, and where plain methods do as well; public, also over RPC.

        :param company_id: by default the user's present company
        :param weeks: of the figures, 1 to 52; the trend always has a year
        :return: ``{'total', 'trend', 'classes', 'groups', 'worst', 'champions', 'calibration', ...}``; ``total`` is
            empty before the first week is over
        """
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Accuracy is for supply chain users. Ask your administrator for the role."))
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company. Choose one of yours."))
        weeks = min(max(int(weeks or RECENT_WEEKS), 1), WEEKS)
        trend = self._page_trend(company)
        groups = self._page_groups(company, weeks)
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "weeks": min(weeks, len(trend)),
            "date_from": trend[-weeks:][0]["date"] if trend else False,
            "date_to": trend[-1]["date"] if trend else False,
            "total": groups["all"][0] if groups.get("all") else {},
            "trend": trend,
            "groups": {name: groups.get(name, []) for name, _label in DIMENSIONS if name not in ("all", "class")},
            "classes": groups.get("class", []),
            "worst": self._page_worst(company),
            "champions": self._page_champions(company),
            "drifting": self._page_drifting(company),
            "can_replay": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def _page_trend(self, company):
        self.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT date, item_count AS items, actual, error, abs_error, abs_mean13, abs_naive, covered, banded,
                       replayed
                  FROM scm_forecast_accuracy
                 WHERE company_id = %s AND dimension = 'all'
              ORDER BY date DESC LIMIT %s
                """,
                company.id,
                WEEKS,
            )
        )
        return [
            {"date": fields.Date.to_string(row["date"]), "replayed": bool(row["replayed"])} | self._rates_of(row)
            for row in reversed(rows)
        ]

    @api.model
    def _page_groups(self, company, weeks):
        """``{dimension: [group]}`` over the last weeks, the largest error in money first."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH week AS (
                    SELECT date FROM scm_forecast_accuracy WHERE company_id = %(company)s AND dimension = 'all'
                  ORDER BY date DESC LIMIT %(weeks)s
                ), span AS (
                    SELECT dimension, key, max(name) AS name, sum(actual) AS actual, sum(error) AS error,
                           sum(abs_error) AS abs_error, sum(abs_mean13) AS abs_mean13, sum(abs_naive) AS abs_naive,
                           sum(covered) AS covered, sum(banded) AS banded, sum(value_error) AS value_error
                      FROM scm_forecast_accuracy
                     WHERE company_id = %(company)s AND date IN (SELECT date FROM week)
                  GROUP BY dimension, key
                ), last AS (
                    SELECT DISTINCT ON (dimension, key) dimension, key, item_count AS items, compared, better_mean13,
                           better_naive, value, value_better
                      FROM scm_forecast_accuracy
                     WHERE company_id = %(company)s AND date IN (SELECT date FROM week)
                  ORDER BY dimension, key, date DESC
                )
                SELECT * FROM span JOIN last USING (dimension, key) ORDER BY dimension, value_error DESC, key
                """,
                company=company.id,
                weeks=weeks,
            )
        )
        patterns = dict(self.env["scm.policy.proposal"]._fields["pattern"]._description_selection(self.env))
        none = self.env._("None")
        result = {}
        for row in rows:
            name = patterns.get(row["key"], row["name"]) if row["dimension"] == "pattern" else row["name"]
            group = {
                "key": row["key"],
                "name": name if row["key"] != "none" else none,
                "items": row["items"],
                "value_error": round(row["value_error"], 2),
                "compared": row["compared"],
                "better_mean13": self._share(row["better_mean13"], row["compared"]),
                "better_naive": self._share(row["better_naive"], row["compared"]),
                "value_better": self._share(row["value_better"], row["value"]),
            }
            result.setdefault(row["dimension"], []).append(group | self._rates_of(row))
        return result

    @api.model
    def _share(self, part, whole):
        return round(part / whole, 4) if whole else False

    @api.model
    def _rates_of(self, row):
        """Rates of sums; False where there is nothing to divide by."""
        return {
            "items": row["items"],
            "wape": self._share(row["abs_error"], row["actual"]),
            "bias": self._share(row["error"], row["actual"]),
            "wape_mean13": self._share(row["abs_mean13"], row["actual"]),
            "wape_naive": self._share(row["abs_naive"], row["actual"]),
            "ratio_mean13": self._share(row["abs_error"], row["abs_mean13"]),
            "ratio_naive": self._share(row["abs_error"], row["abs_naive"]),
            "coverage": self._share(row["covered"], row["banded"]),
            "banded": row["banded"],
        }

    @api.model
    def _page_worst(self, company):
        """Items where a plain method does as well or better, those with most money in their error first."""
        rows = self.env["scm.forecast.watch"].search(
            [
                ("company_id", "=", company.id),
                ("weeks", ">=", 8),
                ("sum_actual", ">", 0),
                "|",
                ("better_mean13", "=", False),
                ("better_naive", "=", False),
            ],
            limit=WORST,
        )
        return [
            {
                "id": row.id,
                "product_id": row.product_id.id,
                "warehouse_id": row.warehouse_id.id,
                "name": row.product_id.display_name,
                "warehouse": row.warehouse_id.code,
                "class": f"{row.abc or ''}{row.xyz or ''}",
                "error_value": row.error_value,
                "wape": self._share(row.sum_ours, row.sum_actual),
                "ratio_mean13": self._share(row.sum_ours, row.sum_mean13),
                "ratio_naive": self._share(row.sum_ours, row.sum_naive),
                "signal": row.signal,
                "biased": row.biased,
                "worse": row.worse,
                "weeks": int(row.weeks),
            }
            for row in rows
        ]

    @api.model
    def _page_champions(self, company):
        champions = self.env["scm.forecast.champion"]
        methods = dict(champions._fields["method"]._description_selection(self.env))
        verdicts = dict(champions._fields["verdict"]._description_selection(self.env))
        return [
            {
                "id": row.id,
                "class": row.display_name,
                "method": methods[row.method],
                "challenger": methods.get(row.challenger, ""),
                "gain": row.gain,
                "wins": row.wins,
                "p_value": row.p_value,
                "weeks": row.weeks,
                "verdict": row.verdict or "kept",
                "verdict_label": verdicts.get(row.verdict, ""),
            }
            for row in champions.search([("company_id", "=", company.id)])
        ]

    @api.model
    def _page_drifting(self, company):
        watch = self.env["scm.forecast.watch"]
        domain = [("company_id", "=", company.id)]
        return {
            "watched": watch.search_count([*domain, ("weeks", ">", 0)]),
            "biased": watch.search_count([*domain, ("biased", "=", True)]),
            "worse": watch.search_count([*domain, ("worse", "=", True)]),
        }
