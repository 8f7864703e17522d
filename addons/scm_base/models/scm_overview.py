from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .scm_alert_type import SEVERITIES

TOP_ALERTS = 10
LATEST_RUNS = 5
ON_TIME_DAYS = 60
#: share of the quantity due that a punctual set of vendors delivers on time
ON_TIME_GOOD = 0.9


class ScmOverview(models.AbstractModel):
    """The first page. Addons add their figures in :meth:`_cards`; alerts and runs come by themselves."""

    _name = "scm.overview"
    _description = "Supply Chain Overview"

    @api.model
    @api.readonly
    def get_overview(self):
        """All that the page shows, for the companies that the user has ticked.

        :return: ``{'cards': [...], 'alerts': {'severities': [...], 'top': [...]}, 'runs': [...], 'steps': [...],
            'areas': [(key, label), ...] in the order of the page, 'currency_id': id}``
        """
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(
                self.env._("The overview is for supply chain users. Ask your administrator for the role.")
            )
        # compiling these queries costs more than running them
        self.env.cr.execute("SET LOCAL jit = off")
        cards = sorted(self._cards(), key=lambda card: card.get("sequence", 100))
        return {
            "cards": cards,
            "alerts": self._alerts(),
            "runs": self._runs(),
            "areas": self.env["scm.alert.type"]._fields["area"]._description_selection(self.env),
            "steps": self._steps(),
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _cards(self):
        """Hook: list of cards. Extend with the figures of your area, from aggregate queries only.

        A card is ``{'key', 'area', 'label', 'value', 'unit', 'hint', 'tone', 'action', 'domain', 'sequence'}``:
        ``value`` a number (``unit`` 'money' takes the company's currency, 'percent' shows 0.25 as 25 %) or a text,
        ``tone`` good, warn, bad or plain, ``action`` the XML id that a click opens, with ``domain``, ``context`` and
        ``view_type`` if given.
        """
        return self._supplier_cards()

    @api.model
    def _supplier_cards(self):
        """How punctual the vendors were lately, and what they owe; nothing while nothing was due."""
        facts = self.env["scm.receipt.fact"]
        since = fields.Date.context_today(self) - timedelta(days=ON_TIME_DAYS)
        groups = facts._read_group(
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("promise_date", ">=", since)
            & Domain("is_due", "=", True),
            ["status"],
            ["__count", "qty_due:sum", "qty_on_time:sum"],
        )
        if not groups:
            return []
        count = sum(lines for _status, lines, _due, _on_time in groups)
        rate = sum(on_time for *_, on_time in groups) / sum(due for *_, due, _on_time in groups)
        overdue = sum(lines for status, lines, _due, _on_time in groups if status == "overdue")
        window = [("promise_date", ">=", fields.Date.to_string(since))]
        return [
            {
                "key": "on_time",
                "area": "supplier",
                "label": self.env._("Received on time"),
                "value": rate,
                "unit": "percent",
                "hint": self.env._(
                    "of the quantity due, %(count)s lines in %(days)s days", count=count, days=ON_TIME_DAYS
                ),
                "tone": "good" if rate >= ON_TIME_GOOD else "warn",
                "action": "scm_base.scm_receipt_fact_action",
                "domain": window,
                "context": {"search_default_due": 1, "search_default_group_partner": 1},
                "sequence": 200,
            },
            {
                "key": "overdue",
                "area": "supplier",
                "label": self.env._("Overdue order lines"),
                "value": overdue,
                "unit": self.env._("lines"),
                "hint": self.env._("promised in the last %(days)s days and not complete", days=ON_TIME_DAYS),
                "tone": "bad" if overdue else "good",
                "action": "scm_base.scm_receipt_fact_action",
                "domain": window,
                "context": {"search_default_overdue": 1},
                "view_type": "list",
                "sequence": 210,
            },
        ]

    @api.model
    def _steps(self):
        """Hook: what to do first; shown until all is done. ``{'key', 'label', 'text', 'action' (XML id), 'done'}``."""
        orders = self.env["purchase.order"]
        # sudo: only whether there is one, for people who may not read purchases too
        confirmed = orders.sudo().search_count(
            [("company_id", "in", self.env.companies.ids), ("state", "=", "purchase")], limit=1
        )
        return [
            {
                "key": "purchase",
                "label": self.env._("Confirm a purchase order"),
                "text": self.env._(
                    "From then on its promised dates are kept and its receipts are measured against them."
                ),
                "action": "purchase.purchase_rfq" if orders.has_access("read") else False,
                "done": bool(confirmed),
            }
        ]

    @api.model
    def _alerts(self):
        """Open alerts per severity, and the ones with most money at stake in the currency of the company."""
        alerts = self.env["scm.alert"]
        company_domain = [("company_id", "in", self.env.companies.ids), ("state", "=", "open")]
        groups = alerts._read_group(company_domain, ["severity"], ["__count", "money_at_stake:sum_currency"])
        found = {severity: (count, money) for severity, count, money in groups}
        labels = dict(alerts._fields["severity"]._description_selection(self.env))
        severities = [
            {
                "severity": severity,
                "label": labels[severity],
                "count": found.get(severity, (0, 0.0))[0],
                "money": found.get(severity, (0, 0.0))[1] or 0.0,
            }
            for severity, _label in SEVERITIES
        ]
        return {"severities": severities, "top": self._top_alerts(company_domain)}

    @api.model
    def _top_alerts(self, domain):
        alerts = self.env["scm.alert"].search(
            domain, order="money_at_stake desc, severity_rank desc, id desc", limit=TOP_ALERTS
        )
        today = fields.Date.context_today(self)
        severity_label = dict(alerts._fields["severity"]._description_selection(self.env))
        return [
            {
                "id": alert.id,
                "name": alert.name,
                "type": alert.type_id.name,
                "severity": alert.severity,
                "severity_label": severity_label[alert.severity],
                "area": alert.area,
                "money": alert.money_at_stake,
                "currency_id": alert.currency_id.id,
                "owner": alert.user_id.name or "",
                "date_due": fields.Date.to_string(alert.date_due) or "",
                "overdue": bool(alert.date_due and alert.date_due < today),
            }
            for alert in alerts
        ]

    @api.model
    def _runs(self):
        """The latest runs of all kinds that the user may see, going on ones first."""
        runs = []
        for model_name in self._run_models():
            latest = self.env[model_name].search(
                [("company_id", "in", self.env.companies.ids)], order="id desc", limit=LATEST_RUNS
            )
            runs += [self._prepare_run(run) for run in latest]
        runs.sort(key=lambda run: (run["state"] in ("queued", "running"), run["created"]), reverse=True)
        return runs[:LATEST_RUNS]

    @api.model
    def _run_models(self):
        """Names of the models with runs that the user may read."""
        names = self.env.registry.descendants(["scm.run.mixin"], "_inherit")
        return [name for name in names if not self.env[name]._abstract and self.env[name].has_access("read")]

    @api.model
    def _prepare_run(self, run):
        return {
            "id": run.id,
            "model": run._name,
            "name": run.display_name,
            "state": run.state,
            "state_label": dict(run._fields["state"]._description_selection(self.env))[run.state],
            "progress": run.progress,
            "done_count": run.done_count,
            "total_count": run.total_count,
            "error_count": run.error_count,
            "duration": run.duration,
            "created": fields.Datetime.to_string(run.create_date),
            "message": run.message or "",
        }
