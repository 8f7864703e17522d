from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

WINDOW_DAYS = 30


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._return_cards()

    @api.model
    def _return_cards(self):
        """What waits on the return desk, and what the returns teach; nothing while there is no return."""
        figures = self._return_figures()
        if not figures["any"]:
            return []
        card = {
            "area": "aftersales",
            "unit": "",
            "hint": "",
            "tone": "plain",
            "action": "scm_aftersales.scm_return_action",
        }
        return [
            card
            | {
                "key": "returns_to_decide",
                "label": self.env._("Returns to decide"),
                "value": figures["requested"],
                "hint": self.env._("%(count)s asked for in %(days)s days", count=figures["asked"], days=WINDOW_DAYS),
                "tone": "warn" if figures["requested"] else "good",
                "domain": [("state", "=", "requested")],
                "sequence": 500,
            },
            card
            | {
                "key": "returns_to_inspect",
                "label": self.env._("Returns to inspect"),
                "value": figures["received"],
                "hint": self.env._("arrived, not graded yet"),
                "tone": "warn" if figures["received"] else "good",
                "domain": [("state", "=", "received")],
                "sequence": 510,
            },
            card
            | {
                "key": "return_findings",
                "label": self.env._("Causes found"),
                "value": figures["findings"],
                "hint": self.env._("more returns than chance explains, nobody at work on them"),
                "tone": "bad" if figures["findings"] else "good",
                "action": "scm_aftersales.scm_return_finding_action",
                "domain": [("state", "=", "new")],
                "sequence": 520,
            },
        ]

    @api.model
    def _return_figures(self):
        """Counts over the ticked companies, in one query."""
        self.env["scm.return"].flush_model(["company_id", "state", "date_requested"])
        self.env["scm.return.finding"].flush_model(["company_id", "state"])
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT EXISTS (SELECT FROM scm_return WHERE company_id IN %(companies)s) AS any,
                       (SELECT count(*) FROM scm_return_finding
                         WHERE company_id IN %(companies)s AND state = 'new') AS findings,
                       count(*) FILTER (WHERE state = 'requested') AS requested,
                       count(*) FILTER (WHERE state = 'received') AS received,
                       count(*) FILTER (WHERE date_requested >= %(since)s) AS asked
                  FROM scm_return
                 WHERE company_id IN %(companies)s
                   AND (state IN ('requested', 'received') OR date_requested >= %(since)s)
                """,
                companies=tuple(self.env.companies.ids),
                since=fields.Datetime.now() - timedelta(days=WINDOW_DAYS),
            )
        )
        return row
