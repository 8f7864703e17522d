from datetime import timedelta

from odoo import api, models

from odoo.addons.scm_base.tools.zones import local_today

from .scm_count_plan_read import PLANNED
from .scm_count_task import OPEN_STATES

WINDOW_DAYS = 90


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._count_cards()

    @api.model
    def _count_cards(self):
        """What is to be counted today and how good the books are; nothing while nothing was ever planned."""
        tasks = self.env["scm.count.task"]
        today, companies = local_today(self.env.company), self.env.companies.ids
        domain = [("company_id", "in", companies), ("state", "in", OPEN_STATES), ("date", "<=", today)]
        [(due,)] = tasks._read_group(domain, [], ["__count"])
        [(late,)] = tasks._read_group([*domain, ("date", "<", today)], [], ["__count"])
        since = today - timedelta(days=WINDOW_DAYS)
        counted = [("company_id", "in", companies), ("date", ">", since), ("origin", "in", PLANNED)]
        # sudo: shares of counts of the ticked companies, no documents
        [(records, accurate)] = self.env["scm.count.accuracy"].sudo()._read_group(
            counted, [], ["count:sum", "accurate:sum"]
        )  # fmt: skip
        if not due and not records:
            return []
        card = {"area": "warehouse", "unit": ""}
        return [
            card
            | {
                "key": "counts_today",
                "label": self.env._("Places to count"),
                "value": due,
                "hint": self.env._("%(count)s of them overdue", count=late) if late else self.env._("all in time"),
                "tone": "bad" if late else "good",
                "action": "scm_warehouse.scm_count_plan_action",
                "domain": domain,
                "sequence": 310,
            },
            card
            | {
                "key": "stock_accuracy",
                "label": self.env._("Accuracy of stock records"),
                "value": accurate / records if records else "-",
                "unit": "percent" if records else "",
                "hint": self.env._("%(count)s records in %(days)s days", count=records or 0, days=WINDOW_DAYS),
                "tone": "plain",
                "action": "scm_warehouse.scm_count_accuracy_page_action",
                "domain": [],
                "sequence": 320,
            },
        ]
