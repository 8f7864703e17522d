import math
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..kernel import effect as kernel

CONFIDENCE = 0.95
#: what is read of receipts: per order, product and day of the promise
RECEIPT_AGGREGATES = (
    "otif_rate:sum",
    "due_count:sum",
    "days_late:sum",
    "lead_time_days:sum",
    "lead_time_days:count",
    "qty_returned:sum",
    "qty_received:sum",
)


class ScmImprovement(models.Model):
    """Effect of an improvement: its measure before and after."""

    _inherit = "scm.improvement"

    effect_view = fields.Json(compute="_compute_effect_view")
    effect_text = fields.Char("Measured Effect", compute="_compute_effect_view")
    target_unit = fields.Char(compute="_compute_target_unit")

    @api.model
    def _metrics(self):
        """Hook: ``{code: {"label", "unit", "kind", "better", "smallest", "source"}}``.

        ``kind`` is rate or mean as in kernel/effect.py, ``better`` 1 or -1, ``smallest`` the change that matters where
        the improvement has no wanted change of its own, ``unit`` percent, days, hours, kg or money, ``source`` the name
        of the method ``_observe_<source>`` that reads the observations, ``cluster`` what one of these is of (orders by
        default, days or weeks).
        """
        rate = {"unit": "percent", "kind": "rate", "source": "receipts"}
        days = {"unit": "days", "kind": "mean", "source": "receipts", "better": -1, "smallest": 1.0}
        return {
            "otif_rate": {"label": self.env._("On time in full"), "better": 1, "smallest": 0.05, **rate},
            "returned_rate": {"label": self.env._("Returned to vendor"), "better": -1, "smallest": 0.005, **rate},
            "days_late": {"label": self.env._("Days late"), **days},
            "lead_time": {"label": self.env._("Lead time"), **days},
        }

    def action_measure(self):
        """Compare the measure before and after; what has happened until today counts.

        :raises UserError: when an improvement has no measure, partner or periods
        """
        self.check_access("write")
        for improvement in self:
            improvement._check_measurable()
        self._measure()
        return True

    def _check_measurable(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("metric", "baseline_from", "baseline_to", "after_from", "after_to")
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "The effect of “%(improvement)s” cannot be measured: fill in %(fields)s.",
                    improvement=self.name,
                    fields=", ".join(missing),
                )
            )

    @api.constrains("baseline_from", "baseline_to", "after_from", "after_to")
    def _check_periods(self):
        for improvement in self:
            days = [improvement[name] for name in ("baseline_from", "baseline_to", "after_from", "after_to")]
            days = [day for day in days if day]
            if days != sorted(days):
                raise UserError(
                    self.env._(
                        "“%(improvement)s”: the period before must end before the period after begins.",
                        improvement=improvement.name,
                    )
                )

    def _measure(self):
        """Measure all of these, reading each source once."""
        metrics = self._metrics()
        measurable = self.filtered(lambda one: one.metric in metrics and one.baseline_from and one.after_to)
        sources = defaultdict(self.browse)
        for improvement in measurable:
            sources[metrics[improvement.metric]["source"]] += improvement
        for source, improvements in sources.items():
            observed = getattr(improvements, f"_observe_{source}")()
            for improvement in improvements:
                improvement._store_effect(metrics[improvement.metric], *observed[improvement.id])

    def _store_effect(self, metric, before, after):
        found = kernel.measure(
            before,
            after,
            kind=metric["kind"],
            better=metric["better"],
            smallest=self._smallest(metric),
            confidence=CONFIDENCE,
        )
        # sudo: write access was checked by the caller, and people may not write these fields in any other way
        self.sudo().write(
            {
                "baseline_value": _number(found.before.value),
                "after_value": _number(found.after.value),
                "baseline_sample": found.before.clusters,
                "after_sample": found.after.clusters,
                "effect": _number(found.effect),
                "effect_low": _number(found.low),
                "effect_high": _number(found.high),
                "verdict": found.verdict,
                "why": self._prepare_effect_why(metric, found),
            }
        )

    def _smallest(self, metric):
        if not self.target:
            return metric["smallest"]
        return abs(self.target) / (100.0 if metric["unit"] == "percent" else 1.0)

    def _prepare_effect_why(self, metric, found):
        # a code without a label is shown as it is
        unit = {"money": self.currency_id.name, "hours": "h"}.get(metric["unit"], metric["unit"])
        terms = [("effect_before", found.before.value), ("effect_after", found.after.value)]
        if not math.isnan(found.low):
            terms += [("effect_low", found.low), ("effect_high", found.high)]
        terms = [{"code": code, "value": _number(value), "unit": unit} for code, value in terms]
        terms.append({"code": "effect_smallest", "value": self._smallest(metric), "unit": unit})
        terms += [
            {"code": "effect_orders_before", "value": found.before.clusters, "unit": ""},
            {"code": "effect_orders_after", "value": found.after.clusters, "unit": ""},
        ]
        return {
            "value": _number(found.effect),
            "unit": unit,
            "method": f"effect_{metric['kind']}",
            "formula": "effect_formula",
            "sample": found.before.clusters + found.after.clusters,
            "window": {
                "from": fields.Date.to_string(self.baseline_from),
                "to": fields.Date.to_string(self.after_to),
            },
            "terms": terms,
            "notes": [f"effect_{found.verdict}", "effect_regression"],
        }

    # How it reads

    @api.depends("metric")
    def _compute_target_unit(self):
        metrics = self._metrics()
        for improvement in self:
            known = improvement.metric in metrics
            improvement.target_unit = known and improvement._effect_unit(metrics[improvement.metric]["unit"])

    @api.depends("metric", "effect", "effect_low", "effect_high", "verdict", "target", "baseline_value", "after_value")
    def _compute_effect_view(self):
        metrics = self._metrics()
        for improvement in self:
            metric = metrics.get(improvement.metric)
            measured = metric and improvement.verdict
            improvement.effect_view = improvement._prepare_effect_view(metric) if measured else False
            improvement.effect_text = improvement._effect_sentence(metric) if measured else False

    def _prepare_effect_view(self, metric):
        """What the widget ``scm_effect`` draws, in the unit that a person reads (points, days)."""
        scale = 100.0 if metric["unit"] == "percent" else 1.0
        known = self.effect_low != self.effect_high
        return {
            "label": metric["label"],
            "unit": metric["unit"],
            "better": metric["better"],
            "before": self.baseline_value * scale,
            "after": self.after_value * scale,
            "effect": self.effect * scale,
            "low": self.effect_low * scale,
            "high": self.effect_high * scale,
            "known": known,
            "smallest": self._smallest(metric) * scale * metric["better"],
            "samples": [self.baseline_sample, self.after_sample],
            "cluster": metric.get("cluster", "orders"),
            "currency_id": self.currency_id.id,
            "verdict": self.verdict,
        }

    def _effect_sentence(self, metric):
        scale = 100.0 if metric["unit"] == "percent" else 1.0
        digits = 1 if metric["unit"] in ("percent", "days", "hours") else 2
        return self.env._(
            "%(effect)s %(unit)s", effect=f"{self.effect * scale:+.{digits}f}", unit=self._effect_unit(metric["unit"])
        )

    def _effect_unit(self, unit):
        """Word for the unit of a change."""
        return {
            "percent": self.env._("points"),
            "days": self.env._("days"),
            "hours": self.env._("hours"),
            "kg": self.env._("kg"),
            "money": self.currency_id.name,
        }[unit]

    # Receipts

    def _observe_receipts(self):
        """``{improvement id: (before, after)}``, each ``(sums, counts)`` per order, for all of these in one query."""
        groups = self.env["scm.receipt.fact"]._read_group(
            self._receipt_domain(),
            ["company_id", "partner_id", "product_id", "order_id", "promise_date:day"],
            RECEIPT_AGGREGATES,
        )
        by_company = defaultdict(list)
        for company, partner, product, order, day, *sums in groups:
            by_company[company.id].append((partner.id, product.id, order.id, day, sums))
        return {one.id: one._phases(by_company[one.company_id.id]) for one in self}

    def _receipt_domain(self):
        scopes = {(one.company_id.id, one.partner_id.commercial_partner_id.id) for one in self}
        return (
            Domain.OR(
                Domain("company_id", "=", company) & (Domain("partner_id", "=", partner) if partner else Domain.TRUE)
                for company, partner in scopes
            )
            & Domain("is_due", "=", True)
            & Domain("promise_date", ">=", min(self.mapped("baseline_from")))
            & Domain("promise_date", "<=", max(self.mapped("after_to")))
        )

    def _phases(self, rows):
        partner, product = self.partner_id.commercial_partner_id.id, self.product_id.id
        rows = [row for row in rows if (not partner or row[0] == partner) and (not product or row[1] == product)]
        return tuple(
            self._clusters([row for row in rows if start <= row[3] <= end])
            for start, end in ((self.baseline_from, self.baseline_to), (self.after_from, self.after_to))
        )

    def _clusters(self, rows):
        """Sums and counts per order."""
        totals = defaultdict(lambda: [0.0, 0.0])
        for _partner, _product, order, _day, sums in rows:
            total, count = self._of_receipts(sums)
            totals[order][0] += total
            totals[order][1] += count
        return [total for total, _count in totals.values()], [count for _total, count in totals.values()]

    def _of_receipts(self, sums):
        """Sum and count of the measure among the aggregates of one group."""
        otif, due, late, lead, leads, returned, received = (value or 0.0 for value in sums)
        return {
            "otif_rate": (otif, due),
            "returned_rate": (min(returned, received), received),
            "days_late": (late, due),
            "lead_time": (lead, leads),
        }[self.metric]

    # Each day

    @api.model
    def _cron_measure(self):
        """Look again at the effect of all that is being checked."""
        self.search([("state", "=", "checking"), ("metric", "!=", False), ("after_from", "<=", "today")])._measure()


def _number(value):
    """A float for the database and for XML-RPC, 0 where there is none."""
    return 0.0 if math.isnan(value) else float(value)
