"""Effect of an improvement on what customers send back: before and after, against similar goods."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.kernel import effect as effect_kernel
from odoo.addons.scm_base.models.scm_improvement_effect import CONFIDENCE

from ..kernel.return_effect import level_of, net_effect

CLOSED = ("done", "cancelled")
#: metrics that read what customers sent back
METRICS = ("customer_return_rate", "customer_fault_rate")
#: younger orders say too little even when they are completed
LEAST_SHARE = 0.3
MEASURED = frozenset({"net_effect", "net_low", "net_high", "similar_before", "similar_after", "similar_sample"})


def completed_sql(curve, today):
    """Share of the returns of a delivery ``fact`` that must have been asked for by a day."""
    age = SQL("LEAST(GREATEST(%s - fact.delivery_date, 0), %s)", today, len(curve) - 1)
    return SQL("(%s::float8[])[%s + 1]", curve, age)


class ScmImprovement(models.Model):
    _inherit = "scm.improvement"

    scm_finding_id = fields.Many2one(
        "scm.return.finding", "Finding", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    scm_carrier_id = fields.Many2one(
        "delivery.carrier", "Carrier", check_company=True, ondelete="restrict", help="Of returns: only what it carried."
    )
    scm_cause_id = fields.Many2one(
        "scm.return.cause", "Cause of Returns", ondelete="restrict", help="Of returns: only those with this cause."
    )
    similar_before = fields.Float("Similar Goods Before", readonly=True, copy=False, aggregator=None)
    similar_after = fields.Float("Similar Goods After", readonly=True, copy=False, aggregator=None)
    similar_sample = fields.Integer("Orders of Similar Goods", readonly=True, copy=False, aggregator=None)
    net_effect = fields.Float(readonly=True, copy=False, aggregator=None, help="Change less that of similar goods.")
    net_low = fields.Float("Net Effect, from", readonly=True, copy=False, aggregator=None)
    net_high = fields.Float("Net Effect, to", readonly=True, copy=False, aggregator=None)

    @api.model
    def _metrics(self):
        rate = {"unit": "percent", "kind": "rate", "better": -1, "source": "customer_returns"}
        return {
            **super()._metrics(),
            "customer_return_rate": {"label": self.env._("Returned by customers"), "smallest": 0.005, **rate},
            "customer_fault_rate": {
                "label": self.env._("Returned by customers for this cause"),
                "smallest": 0.0025,
                **rate,
            },
        }

    def _check_not_measured(self, vals):
        if not self.env.su and (typed := MEASURED & vals.keys()):
            # what is measured is refused with the words of the first such field of the base
            vals = {**vals, "effect": vals[min(typed)]}
        return super()._check_not_measured(vals)

    # Reading

    def _observe_customer_returns(self):
        """``{improvement id: (before, after, others before, others after)}`` for all of these, by two queries.

        Before and after are sums and counts per order, the others are levels of the kernel (there are many of them).
        """
        self.env.flush_all()
        curves = {
            company.id: self.env["scm.return.fact"].sudo()._curve(company).tolist()  # sudo: shares, no documents
            for company in self.company_id
        }
        own = defaultdict(lambda: {"before": ([], []), "after": ([], [])})
        for key, phase, total, weight in self.env.execute_query(self._own_sql(curves)):
            own[key][phase][0].append(min(total, weight))
            own[key][phase][1].append(weight)
        others = defaultdict(dict)
        for key, phase, *sums in self.env.execute_query(self._others_sql(curves)):
            others[key][phase] = effect_kernel.Level(*level_of(*sums))
        none = effect_kernel.Level(*level_of(0, 0, 0, 0, 0, 0))
        return {
            one.id: (
                own[one.id]["before"],
                own[one.id]["after"],
                others[one.id].get("before", none),
                others[one.id].get("after", none),
            )
            for one in self
        }

    def _own_sql(self, curves):
        """Rows (improvement, phase, returns, deliveries) per order of the goods that were worked on."""
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, phase, total, weight FROM (%s) per_order",
                one.id,
                one._orders_sql(curves[one.company_id.id], one._return_scope_sql()),
            )
            for one in self
        )

    def _others_sql(self, curves):
        """Rows (improvement, phase, sums of :func:`level_of`) of all other goods of the same categories."""
        parts = []
        for one in self:
            scope = one._return_scope_sql()
            similar = SQL(
                """(%(scope)s) IS NOT TRUE AND fact.categ_id IN (
                    SELECT DISTINCT fact.categ_id FROM scm_return_fact fact
                     WHERE fact.company_id = %(company)s AND fact.order_date BETWEEN %(first)s AND %(last)s
                       AND %(scope)s)""",
                scope=scope,
                company=one.company_id.id,
                first=one.baseline_from,
                last=one.baseline_to,
            )
            parts.append(
                SQL(
                    """SELECT %s, phase, count(*), sum(total), sum(weight), sum(total * total), sum(total * weight),
                              sum(weight * weight) FROM (%s) per_order GROUP BY phase""",
                    one.id,
                    one._orders_sql(curves[one.company_id.id], similar),
                )
            )
        return SQL(" UNION ALL ").join(parts)

    def _orders_sql(self, curve, scope):
        """Rows (phase, returns, deliveries) per order; a young delivery counts with its completed share."""
        return SQL(
            """
            SELECT CASE WHEN fact.order_date <= %(baseline_to)s THEN 'before' ELSE 'after' END AS phase,
                   count(*) FILTER (WHERE %(hit)s)::float8 AS total, sum(done.share)::float8 AS weight
              FROM scm_return_fact fact
             CROSS JOIN LATERAL (SELECT %(share)s AS share) done
             WHERE fact.company_id = %(company)s AND done.share >= %(least)s AND %(scope)s
               AND (fact.order_date BETWEEN %(baseline_from)s AND %(baseline_to)s
                    OR fact.order_date BETWEEN %(after_from)s AND %(after_to)s)
             GROUP BY fact.order_id, 1""",
            hit=self._return_hit_sql(),
            share=completed_sql(curve, self.company_id._scm_local_today()),
            company=self.company_id.id,
            least=LEAST_SHARE,
            scope=scope,
            baseline_from=self.baseline_from,
            baseline_to=self.baseline_to,
            after_from=self.after_from or self.baseline_to,
            after_to=self.after_to or self.baseline_to,
        )

    def _return_scope_sql(self):
        """Condition on ``fact``: the deliveries that the improvement is about."""
        self.ensure_one()
        if self.scm_finding_id:
            return self.scm_finding_id.sudo()._cell_sql()  # sudo: ids of the cell, for a condition
        terms = [
            SQL("fact.supplier_id = %s", self.partner_id.commercial_partner_id.id) if self.partner_id else None,
            SQL("fact.product_id = %s", self.product_id.id) if self.product_id else None,
            SQL("fact.carrier_id = %s", self.scm_carrier_id.id) if self.scm_carrier_id else None,
        ]
        return SQL(" AND ").join([term for term in terms if term]) if any(terms) else SQL("TRUE")

    def _return_hit_sql(self):
        """Condition on ``fact``: something came back that the measure counts."""
        hit = SQL("fact.returned > 0")
        if self.metric != "customer_fault_rate":
            return hit
        if self.scm_cause_id:
            return SQL("%s AND fact.cause_id = %s", hit, self.scm_cause_id.id)
        finding = self.scm_finding_id.sudo()  # sudo: whose fault it is, for a condition
        owner = finding.lens if finding.lens not in (False, "all") else finding.owner
        return SQL("%s AND fact.owner = %s", hit, owner) if owner else SQL("%s AND fact.owner <> 'customer'", hit)

    # Judging

    def _store_effect(self, metric, before, after, *others):
        result = super()._store_effect(metric, before, after)
        if not others:
            return result
        own = effect_kernel.measure(before, after, metric["kind"], metric["better"], self._smallest(metric), CONFIDENCE)
        self.sudo().write(self._net_values(metric, own, *others))  # sudo: as the base does for what is measured
        return result

    def _net_values(self, metric, own, before, after):
        """Values of the comparison with similar goods; empty where there are too few orders of these."""
        enough = min(before.clusters, after.clusters, own.before.clusters, own.after.clusters)
        values = {
            "similar_before": before.value if before.clusters else 0.0,
            "similar_after": after.value if after.clusters else 0.0,
            "similar_sample": before.clusters + after.clusters,
            "net_effect": 0.0,
            "net_low": 0.0,
            "net_high": 0.0,
        }
        if enough < effect_kernel.MIN_CLUSTERS:
            return values | {"similar_sample": 0}
        low, high = effect_kernel.change_of_rates(before, after, CONFIDENCE)
        net = net_effect((own.effect, own.low, own.high), (after.value - before.value, low, high))
        verdict = effect_kernel.judge(net.effect, net.low, net.high, metric["better"], self._smallest(metric))
        return values | {
            "net_effect": net.effect,
            "net_low": net.low,
            "net_high": net.high,
            "verdict": verdict,
            "why": self._net_why(values, net, verdict),
        }

    def _net_why(self, values, net, verdict):
        terms = [
            ("effect_similar_before", values["similar_before"]),
            ("effect_similar_after", values["similar_after"]),
            ("effect_net", net.effect),
            ("effect_net_low", net.low),
            ("effect_net_high", net.high),
        ]
        why = dict(self.why or {})
        verdicts = {f"effect_{code}" for code, _label in self._fields["verdict"].selection}
        return why | {
            "terms": [*why.get("terms", []), *({"code": c, "value": v, "unit": "percent"} for c, v in terms)],
            "notes": [
                f"effect_{verdict}",
                *(note for note in why.get("notes", []) if note not in verdicts),
                "effect_similar",
                "effect_completed",
            ],
        }
