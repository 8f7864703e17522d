from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

WINDOW_DAYS = 30
#: share of parcels on time with which customers are content
ON_TIME_GOOD = 0.95


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._parcel_cards()

    @api.model
    def _parcel_cards(self):
        """What is on its way and how punctual it was; nothing while there is no parcel."""
        figures = self._parcel_figures()
        if not figures["any"]:
            return []
        card = {
            "area": "logistics",
            "unit": "",
            "hint": "",
            "tone": "plain",
            "action": "scm_logistics.scm_parcel_action",
        }
        open_domain = [("is_final", "=", False), ("direction", "=", "out")]
        return [
            card
            | {
                "key": "parcels_open",
                "label": self.env._("Parcels on their way"),
                "value": figures["open"],
                "hint": self.env._("%(count)s expected today", count=figures["today"]),
                "domain": open_domain,
                "sequence": 400,
            },
            card
            | {
                "key": "parcels_late",
                "label": self.env._("Late parcels"),
                "value": figures["late"],
                "hint": self.env._("on their way, past the promised day"),
                "tone": "bad" if figures["late"] else "good",
                "domain": [*open_domain, ("is_late", "=", True)],
                "sequence": 410,
            },
            card
            | {
                "key": "delivered_on_time",
                "label": self.env._("Delivered on time"),
                "value": figures["on_time"] / figures["delivered"] if figures["delivered"] else "-",
                "unit": "percent" if figures["delivered"] else "",
                "hint": self.env._(
                    "of %(count)s parcels delivered in %(days)s days", count=figures["delivered"], days=WINDOW_DAYS
                ),
                "tone": "good" if figures["on_time"] >= ON_TIME_GOOD * figures["delivered"] else "warn",
                "domain": [("status", "=", "delivered"), ("date_delivered", ">=", figures["since"])],
                "sequence": 420,
            },
        ]

    @api.model
    def _parcel_figures(self):
        """Counts over the ticked companies, in one query."""
        self.env["scm.parcel"].flush_model()
        today = local_today(self.env.company)
        since = today - timedelta(days=WINDOW_DAYS)
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT EXISTS (SELECT FROM scm_parcel WHERE company_id IN %(companies)s) AS any,
                       count(*) FILTER (WHERE is_final IS NOT TRUE) AS open,
                       count(*) FILTER (WHERE is_final IS NOT TRUE AND is_late) AS late,
                       count(*) FILTER (WHERE is_final IS NOT TRUE AND date_expected = %(today)s) AS today,
                       count(*) FILTER (WHERE status = 'delivered') AS delivered,
                       count(*) FILTER (WHERE status = 'delivered' AND is_late IS NOT TRUE) AS on_time
                  FROM scm_parcel
                 WHERE company_id IN %(companies)s AND direction = 'out'
                   AND (is_final IS NOT TRUE OR (status = 'delivered' AND date_delivered >= %(since)s))
                """,
                companies=tuple(self.env.companies.ids),
                today=today,
                since=since,
            )
        )
        return row | {"since": str(since)}
