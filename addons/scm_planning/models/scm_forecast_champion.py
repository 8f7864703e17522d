from odoo import api, fields, models
from odoo.exceptions import UserError

from ..kernel import champion as kernel
from .scm_inventory_policy import ABC, XYZ

METHOD_LABELS = [
    ("ensemble", "Many methods, weighted"),
    ("mean13", "Mean of 13 weeks"),
    ("seasonal_naive", "Same week last year"),
    ("ses", "Exponential smoothing"),
    ("tsb", "Intermittent demand (TSB)"),
]
KEEP_WEEKS = 52


class ScmForecastChampion(models.Model):
    """The method in use for a class of products, and whether another one has earned its place (kernel ``champion``).

    Products with a method fixed by the planner neither follow nor count.
    """

    _name = "scm.forecast.champion"
    _description = "Forecast Method of a Class"
    _order = "company_id, abc, xyz"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    abc = fields.Selection(ABC, "ABC", required=True, readonly=True)
    xyz = fields.Selection(XYZ, "XYZ", required=True, readonly=True)
    method = fields.Selection(METHOD_LABELS, "In Use", required=True, readonly=True, default="ensemble")
    date = fields.Date("Since", readonly=True)
    challenger = fields.Selection(METHOD_LABELS, "Best Challenger", readonly=True)
    gain = fields.Float("Its Lead", readonly=True, aggregator=None, help="Share by which its loss is smaller.")
    wins = fields.Float("Weeks Won", readonly=True, aggregator=None)
    p_value = fields.Float("By Chance", digits=(6, 4), readonly=True, aggregator=None, help="Diebold-Mariano test.")
    weeks = fields.Integer("Weeks Compared", readonly=True, aggregator=None)
    verdict = fields.Selection(
        [
            ("kept", "Best"),
            ("challenged", "Challenged, not enough"),
            ("rest", "Changed lately"),
            ("replaced", "Beaten"),
        ],
        readonly=True,
        default="kept",
    )
    losses = fields.Json(readonly=True, help="Mean loss per week and method: [[day, {method: loss}], ...].")
    log_ids = fields.One2many("scm.forecast.champion.log", "champion_id", "Changes", readonly=True)

    _class_uniq = models.Constraint("UNIQUE(company_id, abc, xyz)", "A class has one method in each company.")

    @api.depends("abc", "xyz")
    def _compute_display_name(self):
        for champion in self:
            champion.display_name = f"{champion.abc}{champion.xyz}"

    @api.model
    def _of(self, company):
        """``{(abc, xyz): champion}`` of a company, missing ones created."""
        found = {(row.abc, row.xyz): row for row in self.search([("company_id", "=", company.id)])}
        missing = [(abc, xyz) for abc, _a in ABC for xyz, _x in XYZ if (abc, xyz) not in found]
        created = self.create([{"company_id": company.id, "abc": abc, "xyz": xyz} for abc, xyz in missing])
        return found | dict(zip(missing, created, strict=True))

    @api.model
    def _methods(self, company):
        """``{(abc, xyz): method}`` of the classes that another method than the ensemble is in use for."""
        rows = self.search([("company_id", "=", company.id), ("method", "!=", "ensemble")])
        return {(row.abc, row.xyz): row.method for row in rows}

    @api.model
    def _judge(self, company, day, losses):
        """Add the losses of a week and judge each class; ``losses``: {(abc, xyz): {method: loss}}."""
        text = fields.Date.to_string(day)
        for key, row in self._of(company).items():
            if key not in losses:
                continue
            kept = [entry for entry in row.losses or [] if entry[0] < text]
            row.losses = [*kept, [text, losses[key]]][-KEEP_WEEKS:]
            row._decide(day)

    def _decide(self, day):
        table = [
            [loss.get(name) if loss.get(name) is not None else float("nan") for name in kernel.METHODS]
            for _day, loss in self.losses
        ]
        since = (day - self.date).days // 7 if self.date else None
        verdict = kernel.judge(table, kernel.METHODS, self.method, since)
        self.write(
            {
                "challenger": verdict.best if verdict.best != self.method else False,
                "gain": verdict.gain,
                "wins": verdict.wins,
                "p_value": verdict.p_value,
                "weeks": verdict.weeks,
                "verdict": verdict.reason,
            }
        )
        if verdict.reason == "replaced" and self.company_id.scm_champion_auto:
            self._change(verdict.method, day, automatic=True)

    def _change(self, method, day, automatic=False):
        self.env["scm.forecast.champion.log"].create(
            {
                "champion_id": self.id,
                "company_id": self.company_id.id,
                "date": day,
                "method_before": self.method,
                "method_after": method,
                "gain": self.gain,
                "p_value": self.p_value,
                "weeks": self.weeks,
                "automatic": automatic,
            }
        )
        self.write({"method": method, "date": day, "challenger": False, "verdict": "rest"})

    def adopt(self):
        """Let the challenger of these classes take over from the next run on; public, also over RPC. For managers.

        :return: number of classes changed
        """
        self.env["scm.policy.proposal"]._check_manager()
        self.check_access("read")
        if weak := self.filtered(lambda row: row.verdict != "replaced"):
            raise UserError(
                self.env._(
                    "%(classes)s: no other method is better by enough, over enough weeks. Fix a method on a product "
                    "when you know better.",
                    classes=", ".join(weak.mapped("display_name")),
                )
            )
        # sudo: rows are read-only for everybody; role and access were checked above
        for row in self.sudo():
            row._change(row.challenger, self.env["scm.demand.day"]._scm_company_today(row.company_id))
        return len(self)

    def reset(self):
        """Back to the ensemble; public, also over RPC. For managers. Returns the number of classes changed."""
        self.env["scm.policy.proposal"]._check_manager()
        self.check_access("read")
        # sudo: as in adopt
        todo = self.filtered(lambda row: row.method != "ensemble").sudo()
        for row in todo:
            row._change("ensemble", self.env["scm.demand.day"]._scm_company_today(row.company_id))
        return len(todo)

    def action_adopt(self):
        return self._notify(self.adopt())

    def action_reset(self):
        return self._notify(self.reset())

    def _notify(self, count):
        return self.env["scm.policy.proposal"]._notification(
            self.env._("%(count)s classes changed; it counts from the next run on.", count=count)
        )
