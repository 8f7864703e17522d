from datetime import timedelta

import numpy as np
from odoo import api, fields, models

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel import cause_cells, cause_explain
from .scm_improvement_return import CLOSED
from .scm_return_finding import DIMENSION_FIELDS

#: cells that stand out beyond so many are left to the next search: somebody has first to mend these
MOST = 300


class ScmReturnFinding(models.Model):
    """The search: read, test in the kernel, write what stands out."""

    _inherit = "scm.return.finding"

    @api.model
    def _find(self, company, run=None):
        """Test all cells of a company, write what stands out, raise alerts. Returns values for the run."""
        self = self.sudo().with_context(tracking_disable=True)  # a run computes for everybody; its start was checked
        facts = self.env["scm.return.fact"].sudo()  # sudo: as above
        facts._refresh(company)
        today = local_today(company)
        first = today - timedelta(days=company.scm_finding_days)
        limits = company._scm_finding_limits()
        cells = facts._cells(company, first, today, list(cause_cells.SPECIFIC), by="owner", today=today)
        returns = self._read_returns(company, first, today)
        found = cause_cells.search(cells, self._designs(returns), limits)
        places = cause_cells.chosen(found, self._customers(returns, found, limits.level), limits)[:MOST]
        kept, covers = [], {}
        if len(places):
            deliveries = self._read_deliveries(company, first, today, found, places, today)
            threshold = float(np.nanmax(found.evidence.p[found.q <= limits.level]))
            kept, by = cause_explain.explain(deliveries, threshold, limits.min_returned)
            covers = {one: [other for other in range(len(places)) if by[other] == one and other != one] for one in kept}
        rows = [self._prepare(company, first, today, found, places, one, covers[one], returns) for one in kept]
        created = self._store(company, rows, run, today)
        self._sync_alerts(company)
        return {
            "date_from": first,
            "date_to": today,
            "cell_count": found.tested,
            "finding_count": len(rows),
            "new_count": created,
            "explained_count": sum(map(len, covers.values())),
        }

    # Values

    @api.model
    def _prepare(self, company, first, last, found, places, one, covered, returns):
        """Values of a finding."""
        place, evidence = places[one], found.evidence
        dimension, key, lens = found.dimension[place], found.key[place], found.lens[place]
        rows = self._cell_returns(returns, dimension, key, lens)
        number = {
            name: round(float(getattr(evidence, name)[place]), 6)
            for name in ("exposure", "returned", "rate", "low", "high", "group_rate", "excess")
        }
        cost = found.cost[place] / max(evidence.returned[place], 1.0)
        money = max(cost * number["excess"], 0.0)
        return number | {
            "company_id": company.id,
            "dimension": dimension,
            "key": ",".join(map(str, key)),
            **dict(zip(DIMENSION_FIELDS[dimension], map(int, key), strict=True)),
            "lens": lens,
            "owner": lens if lens != cause_cells.ALL else self._owner_of(rows, returns),
            "date_from": first,
            "date_to": last,
            "date_last": last,
            "delivered": float(found.delivered[place]),
            "customers": int(rows["customer_id"].nunique()),
            "factor": _finite(evidence.factor[place]),
            "factor_low": _finite(evidence.factor_low[place]),
            "p_value": float(evidence.p[place]),
            "q_value": float(found.q[place]),
            "money": company.currency_id.round(money),
            "money_year": company.currency_id.round(money * 365.0 / max((last - first).days, 1)),
            "causes": {str(int(cause)): int(count) for cause, count in rows["cause_id"].value_counts().items()},
            "covers": [
                {"dimension": found.dimension[places[other]], "key": ",".join(map(str, found.key[places[other]]))}
                for other in covered
            ],
            "why": self._prepare_why(company, first, last, found, place, len(covered), number, cost),
        }

    @api.model
    def _owner_of(self, rows, returns):
        """The owner of causes that are more frequent here than elsewhere; False where nothing was inspected."""
        here, everywhere = rows["owner"].value_counts(), returns["owner"].value_counts(normalize=True)
        if here.empty:
            return False
        surplus = here - here.sum() * everywhere.reindex(here.index).fillna(0.0)
        return str(surplus.idxmax())

    @api.model
    def _prepare_why(self, company, first, last, found, place, covered, number, cost):
        terms = [
            ("finding_exposure", number["exposure"], ""),
            ("finding_returned", number["returned"], ""),
            ("finding_expected", round(number["returned"] - number["excess"], 2), ""),
            ("finding_low", number["low"], "percent"),
            ("finding_high", number["high"], "percent"),
            ("finding_group_rate", number["group_rate"], "percent"),
            ("finding_p", float(f"{found.evidence.p[place]:.3g}"), ""),
            ("finding_q", float(f"{found.q[place]:.3g}"), ""),
            ("finding_tests", found.tested, ""),
            ("finding_design", round(float(found.design[place]), 2), ""),
            ("finding_cost", company.currency_id.round(float(cost)), company.currency_id.name),
        ]
        notes = ["finding_covers"] if covered else []
        if found.lens[place] != cause_cells.ALL:
            notes.append("finding_lens")
        return {
            "value": number["rate"],
            "unit": "percent",
            "method": "finding_method",
            "formula": "finding_formula",
            "sample": int(number["returned"]),
            "window": {"from": fields.Date.to_string(first), "to": fields.Date.to_string(last)},
            "terms": [{"code": code, "value": value, "unit": unit} for code, value, unit in terms],
            "notes": notes,
        }

    # Writing

    @api.model
    def _store(self, company, rows, run, today):
        """Create and update findings; those that do not hold any more are remembered. Returns how many are new."""
        stored = self.search([("company_id", "=", company.id)])
        known = {(one.dimension, one.key): one for one in stored}
        current, fresh = self.browse(), []
        for row in rows:
            row |= {"run_id": run.id if run else False, "is_current": True}
            one = known.get((row["dimension"], row["key"]))
            if one:
                back = {"state": "new", "date_first": today, "dismissal": False} if one.state == "gone" else {}
                one.write(self._without(row, one) | back)
                current |= one
            else:
                fresh.append(row | {"state": "new", "date_first": today})
        lost = (stored - current).filtered("is_current")
        lost.write({"is_current": False})
        over = (stored - current).filtered(
            lambda one: one.state in ("new", "dismissed") or one.improvement_id.state in CLOSED
        )
        over.filtered(lambda one: one.state != "gone").write({"state": "gone"})
        self.create(fresh)
        return len(fresh)

    def _without(self, row, one):
        return {name: value for name, value in row.items() if name not in ("company_id", "dimension", "key")}

    @api.model
    def _sync_alerts(self, company):
        findings = self.search([("company_id", "=", company.id), ("is_current", "=", True), ("state", "=", "new")])
        rows = [
            {
                "subject_key": f"{one.dimension},{one.key}",
                "name": one.name,
                "product_id": one.product_id.id,
                "partner_id": one.supplier_id.id,
                "warehouse_id": one.warehouse_id.id,
                "res_model": one._name,
                "res_id": one.id,
                "money_at_stake": one.money_year,
                "severity": "critical" if one.factor_low >= 3 else "warning",
                "why": one.why,
            }
            for one in findings
        ]
        return self.env["scm.alert"]._sync("return_finding", company, rows)


def _finite(value):
    """0 where the rest had no return at all: there is no factor then."""
    return float(value) if np.isfinite(value) else 0.0
