from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._plan_cards() + self._forecast_cards()

    @api.model
    def _plan_cards(self):
        """Figures of the replenishment plan of the ticked companies, from one aggregate query each."""
        figures = self._plan_figures()
        if not figures["items"]:
            return []
        action = "scm_planning.scm_policy_proposal_action"
        card = {"area": "planning", "unit": "", "hint": "", "tone": "plain", "action": action, "domain": []}
        return [
            card
            | {
                "key": "to_order",
                "label": self.env._("To order now"),
                "value": figures["order_value"],
                "unit": "money",
                "hint": self.env._("%(count)s products", count=figures["to_order"]),
                "domain": [("qty_to_order", ">", 0)],
                "sequence": 10,
            },
            card
            | {
                "key": "runs_out",
                "label": self.env._("Run out before supply"),
                "value": figures["runs_out"],
                "hint": self.env._("%(money)s of sales at risk", money=self._money(figures["short_value"])),
                "tone": "bad" if figures["runs_out"] else "good",
                "domain": [("runs_out", "=", True)],
                "sequence": 20,
            },
            card
            | {
                "key": "excess",
                "label": self.env._("Excess stock"),
                "value": figures["excess_value"],
                "unit": "money",
                "hint": self.env._("%(count)s products", count=figures["excess"]),
                "tone": "warn" if figures["excess"] else "good",
                "domain": [("excess_quantity", ">", 0)],
                "sequence": 30,
            },
            card
            | {
                "key": "proposed",
                "label": self.env._("New stock levels proposed"),
                "value": figures["proposed"],
                "hint": self.env._("%(money)s change of stock", money=self._money(figures["cash_effect"])),
                "domain": [("state", "=", "proposed")],
                "sequence": 40,
            },
            card
            | {
                "key": "coverage",
                "label": self.env._("Stock cover"),
                "value": round(figures["cover_days"]),
                "unit": self.env._("days"),
                "hint": self.env._("of expected demand, at cost"),
                "sequence": 50,
            },
            card
            | {
                "key": "blocked",
                "label": self.env._("Cannot be planned"),
                "value": figures["blocked"],
                "hint": self.env._("Vendor or lead time missing"),
                "tone": "warn" if figures["blocked"] else "good",
                "domain": [("state", "=", "blocked")],
                "sequence": 60,
            },
        ]

    @api.model
    def _plan_figures(self):
        """Counts, and money in the currency of the company that the user works in."""
        self.env["scm.policy.proposal"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT company_id, count(*) AS items,
                       count(*) FILTER (WHERE qty_to_order > 0) AS to_order,
                       count(*) FILTER (WHERE runs_out) AS runs_out,
                       count(*) FILTER (WHERE excess_quantity > 0) AS excess,
                       count(*) FILTER (WHERE state = 'proposed') AS proposed,
                       count(*) FILTER (WHERE state = 'blocked') AS blocked,
                       COALESCE(sum(order_value), 0)::float8 AS order_value,
                       COALESCE(sum(short_value) FILTER (WHERE runs_out), 0)::float8 AS short_value,
                       COALESCE(sum(excess_value), 0)::float8 AS excess_value,
                       COALESCE(sum(cash_effect) FILTER (WHERE state = 'proposed'), 0)::float8 AS cash_effect,
                       COALESCE(sum(GREATEST(on_hand, 0) * unit_cost), 0)::float8 AS stock_value,
                       COALESCE(sum(demand_day * unit_cost), 0)::float8 AS demand_value
                  FROM scm_policy_proposal
                 WHERE company_id = ANY(%s)
              GROUP BY company_id
                """,
                self.env.companies.ids,
            )
        )
        names = [name for name in rows[0] if name != "company_id"] if rows else ["items"]
        rates = self._rates_to_company([row["company_id"] for row in rows])
        money = {"order_value", "short_value", "excess_value", "cash_effect", "stock_value", "demand_value"}
        figures = {
            name: sum(row[name] * (rates[row["company_id"]] if name in money else 1) for row in rows) for name in names
        }
        demand = figures.get("demand_value")
        return figures | {"cover_days": figures["stock_value"] / demand if demand else 0.0}

    @api.model
    def _rates_to_company(self, company_ids):
        """``{company id: factor}`` into the currency of the company that the user works in."""
        today = self.env.cr.now().date()
        target = self.env.company.currency_id
        return {
            company.id: target._get_conversion_rate(company.currency_id, target, self.env.company, today)
            for company in self.env["res.company"].browse(company_ids)
        }

    @api.model
    def _forecast_cards(self):
        """Error of the current forecast beside a moving average: what the forecast is worth."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sum(f.mae)::float8, sum(f.mae_moving_average)::float8, count(*)
                  FROM scm_forecast f
                  JOIN scm_forecast_run r ON r.id = f.run_id
                 WHERE f.published AND r.current AND f.freq = 'W' AND f.company_id = ANY(%s)
                   AND f.mae IS NOT NULL AND f.mae_moving_average > 0
                """,
                self.env.companies.ids,
            )
        )
        ours, average, count = rows[0]
        if not count or not average:
            return []
        gain = 1 - ours / average
        return [
            {
                "key": "forecast_error",
                "area": "planning",
                "label": self.env._("Forecast error"),
                "value": -gain,
                "unit": "percent",
                "hint": self.env._("against a moving average; %(count)s products", count=count),
                "tone": "good" if gain > 0 else "warn",
                "action": "scm_planning.scm_forecast_action",
                "domain": [],
                "sequence": 70,
            }
        ]

    @api.model
    def _money(self, amount):
        currency = self.env.company.currency_id
        return formatLang(self.env, amount, digits=0, currency_obj=currency)
