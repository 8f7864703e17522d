from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

WINDOW_DAYS = 30
#: above this share of air, boxes are said to be too large
VOID_LIMIT = 0.5


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._packing_cards()

    @api.model
    def _packing_cards(self):
        """How full parcels were and what other boxes than the proposed ones cost; nothing before the first one."""
        figures = self._packing_figures()
        if not figures["parcels"]:
            return []
        card = {"area": "warehouse", "action": "scm_warehouse.scm_packaging_fact_action"}
        domain = [("date", ">=", figures["since"])]
        void = figures["void"]
        return [
            card
            | {
                "key": "packing_void",
                "label": self.env._("Air in parcels"),
                "value": void if void is not None else "-",
                "unit": "percent" if void is not None else "",
                "hint": self.env._(
                    "%(count)s parcels in %(days)s days, %(grams)s g CO2e each",
                    count=figures["parcels"],
                    days=WINDOW_DAYS,
                    grams=round(1000 * figures["co2e"] / figures["parcels"]),
                ),
                "tone": "plain" if void is None else "warn" if void > VOID_LIMIT else "good",
                "domain": domain,
                "sequence": 380,
            },
            card
            | {
                "key": "packing_lost",
                "label": self.env._("Spent on dearer boxes"),
                "value": round(figures["lost"], 2),
                "unit": self.env.company.currency_id.name,
                "hint": self.env._("%(count)s deliveries not in the proposed box", count=figures["overrides"]),
                "tone": "warn" if figures["lost"] > 0 else "good",
                "domain": [*domain, ("is_override", "=", True)],
                "sequence": 385,
            },
        ]

    @api.model
    def _packing_figures(self):
        """Sums over the ticked companies of the currency of the present one, in one query."""
        self.env["scm.packaging.fact"].flush_model()
        since = local_today(self.env.company) - timedelta(days=WINDOW_DAYS)
        alike = self.env.companies.filtered(lambda one: one.currency_id == self.env.company.currency_id)
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(sum(parcels), 0) AS parcels, COALESCE(sum(co2e_kg), 0) AS co2e,
                       1 - sum(goods_litres) FILTER (WHERE has_void)
                         / NULLIF(sum(box_litres) FILTER (WHERE has_void), 0) AS void,
                       COALESCE(sum(lost) FILTER (WHERE company_id IN %(alike)s), 0)::float8 AS lost,
                       count(*) FILTER (WHERE is_override) AS overrides
                  FROM scm_packaging_fact WHERE company_id IN %(companies)s AND date >= %(since)s
                """,
                companies=tuple(self.env.companies.ids),
                alike=tuple(alike.ids),
                since=since,
            )
        )
        return row | {"since": str(since)}
