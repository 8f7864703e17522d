from collections import defaultdict
from math import ceil

from odoo import api, models
from odoo.tools import SQL
from psycopg2.extras import Json

from ..kernel import risk
from .scm_supplier_risk_gather import ALLOWED, UNKNOWN_LEAD_DAYS

CANDIDATES = 3


class ScmBackupProposal(models.Model):
    """Candidates for A products with a single source, made anew at each refresh; decisions of people stay."""

    _inherit = "scm.backup.proposal"

    @api.model
    def _propose(self, data):
        """Synchronise proposals with what a refresh found; returns how many stand open.

        Candidates are suppliers qualified for the product's category whose grade does not block them: qualified
        before conditional, then the quickest, then the better score. A product whose backup was accepted gets no
        more of them, unless that request was cancelled.
        """
        covered = self._covered_products(data.company)
        items = [
            item for item in data.items if item.abc == "A" and item.main.alone and item.product_id not in covered
        ]
        by_categ = self._candidates(data, {item.categ_id for item in items})
        rows = [row for item in items for row in self._rows_of(data, item, by_categ[item.categ_id])]
        columns = (
            "company_id", "sourcing_id", "product_id", "main_partner_id", "partner_id", "rank", "qualification",
            "score", "lead_days", "switch_days", "at_stake", "qty", "state", "why",
        )  # fmt: skip
        self.env["scm.supplier.risk"]._upsert(
            self._table,
            columns,
            ("company_id", "product_id", "partner_id"),
            rows,
            where="WHERE scm_backup_proposal.state = 'proposed'",
        )
        return self._drop_stale(data.company, [(row[2], row[4]) for row in rows])

    @api.model
    def _covered_products(self, company):
        groups = self._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "accepted"),
                ("order_id.state", "in", ("draft", "sent", "to approve", "purchase")),
            ],
            ["product_id"],
        )
        return {product.id for (product,) in groups}

    @api.model
    def _candidates(self, data, categ_ids):
        """{category: [(order of preference, partner, status, lead days)]}, the best one first"""
        partner_ids = self.env["scm.supplier.risk"]._qualified_partners(data.company)
        status = self.env["scm.supplier.qualification"]._status_of(
            data.company, [(partner_id, categ_id) for categ_id in categ_ids for partner_id in partner_ids]
        )
        found = defaultdict(list)
        for (partner_id, categ_id), state in status.items():
            blocked = data.standings.get(partner_id, {}).get("consequence") == "block"
            if state in ALLOWED and not blocked:
                lead = self._lead_of(data, partner_id)
                score = data.cards.get(partner_id, (0.0, 0.0))[0]
                found[categ_id].append(((state != "qualified", lead, -score, partner_id), partner_id, state, lead))
        for rows in found.values():
            rows.sort()
        return found

    @api.model
    def _lead_of(self, data, partner_id):
        """Mean lead time of a candidate: measured, else typed in price lists, else unknown."""
        typed = data.typed_leads.get(partner_id, UNKNOWN_LEAD_DAYS)
        return data.partner_leads.get(partner_id, typed)

    @api.model
    def _lead_notes(self, data, partner_id):
        if partner_id in data.partner_leads:
            return []
        return ["typed_lead_time" if partner_id in data.typed_leads else "backup_lead_unknown"]

    @api.model
    def _rows_of(self, data, item, candidates):
        known = {source.partner_id: source for source in item.sources if source.lines}
        others = [row for row in candidates if row[1] != item.main.partner_id][:CANDIDATES]
        quantity = float(ceil(item.main.quantity / item.main.lines)) if item.main.lines else 1.0
        rows = []
        for rank, (_order, partner_id, state, lead) in enumerate(others, 1):
            days = risk.days_to_switch([(lead, partner_id in known)])
            score = data.cards.get(partner_id, (0.0, 0.0))[0]
            why = self._why(lead, partner_id in known, days, score)
            why["notes"] = [f"backup_{state}", *self._lead_notes(data, partner_id)]
            rows.append(
                (
                    data.company.id, data.sourcing_ids[item.product_id], item.product_id, item.main.partner_id,
                    partner_id, rank, state, score, lead, days, item.at_stake, quantity, "proposed", Json(why),
                )
            )  # fmt: skip
        return rows

    @api.model
    def _why(self, lead, known, days, score):
        terms = [
            {"code": "backup_lead_days", "value": round(lead, 1), "unit": "days"},
            {"code": "backup_move_days", "value": risk.SWITCH_DAYS, "unit": "days"},
            {"code": "backup_trial_days", "value": 0.0 if known else risk.TRIAL_DAYS, "unit": "days"},
            {"code": "backup_score", "value": round(score, 1), "unit": "points"},
        ]
        return {
            "value": round(days, 1),
            "unit": "days",
            "method": "backup_method",
            "formula": "backup_formula",
            "terms": terms if score else terms[:3],
        }

    @api.model
    def _drop_stale(self, company, kept):
        """Remove open proposals that do not hold any more; returns how many are left."""
        self.env.execute_query(
            SQL(
                """DELETE FROM scm_backup_proposal WHERE company_id = %s AND state = 'proposed'
                      AND (product_id, partner_id) NOT IN (SELECT * FROM unnest(%s::int[], %s::int[]))
                RETURNING NULL""",
                company.id,
                [product_id for product_id, _partner_id in kept],
                [partner_id for _product_id, partner_id in kept],
            )
        )
        self.invalidate_model()
        return self.search_count([("company_id", "=", company.id), ("state", "=", "proposed")])
