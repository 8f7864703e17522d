from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.scm_base.models.scm_alert_type import AREAS

UNITS = [
    ("count", "Number"),
    ("percent", "Percent"),
    ("days", "Days"),
    ("hours", "Hours"),
    ("money", "Money"),
    ("ratio", "Ratio"),
    ("ppm", "ppm"),
    ("kg", "kg"),
]
#: what a value is multiplied by after the division
SCALES = {"ppm": 1e6}
#: changes of these make another figure of it: they open a new version
DEFINES = frozenset({"formula", "source", "unit", "kind", "direction"})


class ScmMetric(models.Model):
    """One figure of the supply chain, defined once.

    Its value is a numerator over a denominator, or a numerator alone, so that days add up to weeks and warehouses to
    the company without a mean of means. Two kinds: a *flow* is what happened on a day and can be read later too; a
    *level* is how things stand when it is read, and a day on which nobody read it stays a gap.
    """

    _name = "scm.metric"
    _description = "Metric"
    _order = "area, sequence, id"
    _rec_name = "name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name by which programs know it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Switched off: it is frozen no more. What was frozen stays.")
    area = fields.Selection(AREAS, required=True)
    scor = fields.Char("SCOR", help="Reference in the SCOR model, where there is one (level 1: RL.1.1).")
    formula = fields.Text(required=True, translate=True, help="In words: what over what, of which day.")
    unit = fields.Selection(UNITS, required=True, default="count")
    kind = fields.Selection(
        [("flow", "Flow of a Day"), ("level", "Level at the Day's End")], required=True, default="flow"
    )
    grain = fields.Selection(
        [("day", "Day"), ("week", "Week")],
        required=True,
        default="day",
        help="A week's figure stands under its Monday.",
    )
    direction = fields.Selection(
        [("up", "Higher is Better"), ("down", "Lower is Better"), ("none", "Neither")], required=True, default="up"
    )
    source = fields.Char(required=True, help="Method that reads it: the source, a dot and its column.")
    is_ratio = fields.Boolean("Numerator over Denominator", default=True)
    is_headline = fields.Boolean("On the First Page", help="Shown as a tile of the control tower.")
    settle_days = fields.Integer(
        "Settles in (days)",
        default=35,
        help="For so many days late facts (a return, an invoice) may still change a day; each change is a correction.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    version_ids = fields.One2many("scm.metric.version", "metric_id", "Versions", readonly=True)
    target_ids = fields.One2many("scm.metric.target", "metric_id", "Targets")
    user_id = fields.Many2one(
        "res.users", "Owner", domain=[("share", "=", False)], help="Who explains it when it is off its target."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a metric with this code.")
    _settle_positive = models.Constraint("CHECK(settle_days >= 0)", "The days to settle cannot be negative.")

    @api.constrains("source")
    def _check_source(self):
        known = self.env["scm.metric.source"]._columns()
        for metric in self:
            if metric.source not in known:
                raise ValidationError(
                    self.env._(
                        "%(metric)s: there is no source “%(name)s”. Known are: %(known)s.",
                        metric=metric.name,
                        name=metric.source,
                        known=", ".join(sorted(known)),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        metrics = super().create(vals_list)
        metrics._write_version(self.env._("First version"))
        return metrics

    def write(self, vals):
        changed = self.filtered(lambda metric: any(metric[name] != vals[name] for name in DEFINES & vals.keys()))
        result = super().write(vals)
        for metric in changed:
            super(ScmMetric, metric).write({"version": metric.version + 1})
        changed._write_version(self.env.context.get("scm_version_note") or self.env._("Changed definition"))
        return result

    def _write_version(self, note):
        today = fields.Date.context_today(self)
        # sudo: the log of definitions is written by the program alone; the right to change the metric was checked
        self.env["scm.metric.version"].sudo().create(
            [
                {
                    "metric_id": metric.id,
                    "number": metric.version,
                    "date_from": today,
                    "formula": metric.formula,
                    "source": metric.source,
                    "note": note,
                    "user_id": self.env.uid,
                }
                for metric in self
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        # sudo: days of any company keep it; only that there is one is said, to somebody who may delete metrics
        snapshots = self.env["scm.metric.snapshot"].sudo()
        frozen = snapshots.search([("metric_id", "in", self.ids)], limit=1)
        if frozen:
            raise UserError(
                self.env._(
                    "“%(metric)s” has frozen days. Archive it: what was said about the past stays.",
                    metric=frozen.metric_id.name,
                )
            )

    def _value(self, numerator, denominator):
        """Value of a numerator over a denominator in the unit of the metric; False where it is not defined."""
        self.ensure_one()
        if not self.is_ratio:
            return numerator or 0.0
        return numerator / denominator * SCALES.get(self.unit, 1.0) if denominator else False

    @api.model
    def _check_reader(self):
        if not self.env.user.has_group("scm_base.scm_group_user"):
            raise AccessError(self.env._("Metrics are for supply chain users. Ask your administrator for the role."))

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("This is for supply chain managers. Ask your administrator for the role."))
