from odoo import fields, models
from odoo.tools import float_round

from ..kernel.policy import Facts, decide, fee
from .scm_return_policy_row import CONDITIONS, EVIDENCE, PAYERS


class ScmReturnLine(models.Model):
    """What the policy says on a line: written when it is decided, and kept."""

    _inherit = "scm.return.line"

    condition = fields.Selection(CONDITIONS, "Condition Told", help="As the customer says.")
    policy_row_id = fields.Many2one(
        "scm.return.policy.row", "Row of the Policy", readonly=True, copy=False, ondelete="restrict", index=True
    )
    policy_decision = fields.Char(readonly=True, copy=False, help="What the row says; a person may have to look.")
    allowed_outcomes = fields.Char(
        readonly=True, copy=False, help="Outcomes that the policy allows, separated by commas. Empty: none."
    )
    refund_percent = fields.Float("Refund %", readonly=True, copy=False, default=100.0)
    keep_percent = fields.Float("Keep It %", readonly=True, copy=False)
    fee_amount = fields.Monetary("Fee", readonly=True, copy=False, help="With tax, in the order's currency.")
    freight_payer = fields.Selection(PAYERS, "Freight Paid by", readonly=True, copy=False)
    evidence = fields.Selection(EVIDENCE, "Asked of the Customer", readonly=True, copy=False)
    evidence_missing = fields.Boolean(readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if {"attachment_ids", "lot_id"} & set(vals):
            # what was missing has come: the policy looks again
            self.filtered(lambda line: line.evidence_missing and line.state == "requested").return_id._decide()
        return result

    # Deciding

    def _policy_decisions(self, given=None):
        """What the policy says on each line: a list of dicts, in the order of the lines. Writes nothing.

        :param given: positions of lines whose photos are still to come, and count as given (dry runs)
        """
        versions = self.order_id._scm_return_versions()
        items = self._policy_items()
        places = {}
        for place, line in enumerate(self):
            places.setdefault(versions[line.order_id][0], []).append(place)
        found = [None] * len(self)
        for version, mine in places.items():
            rows = version.row_ids.sorted(lambda row: (row.sequence, row.id))
            decision = decide(rows._compiled(), Facts.of([items[place] for place in mine]))
            for number, place in enumerate(mine):
                first = int(decision.first[number])
                row = rows[first] if first >= 0 else rows.browse()
                earlier = [(rows[position], failed) for position, failed in decision.earlier(number)]
                line = self[place]
                found[place] = line._policy_decision(row, earlier, items[place], place in (given or ()))
                found[place]["why"] = line._policy_why(versions[line.order_id], row, earlier, items[place])
        return found

    def _policy_decision(self, row, earlier, item, given):
        """Everything that follows from the deciding row for one line."""
        asked = row.evidence or "none"
        missing = (asked in ("photo", "both") and not given and not self.attachment_ids) or (
            asked in ("serial", "both") and self.sale_line_id.product_id.tracking != "none" and not self.lot_id
        )
        outcomes = [code for code in (row.outcomes or "").split(",") if code]
        policy_decision = row.decision or "review"
        wish_ok = not row or self.wish in outcomes
        outcome = self.wish if wish_ok else next(iter(outcomes), False)
        amount = self._policy_fee(row) if row and policy_decision != "refuse" else 0.0
        decision = policy_decision
        if decision == "approve" and (missing or not wish_ok):
            decision = "review"
        if not self.order_id.company_id.scm_return_automatic:
            decision = "review"
        return {
            "row": row,
            "earlier": earlier,
            "item": item,
            "decision": decision,
            "policy_decision": policy_decision,
            "outcomes": outcomes,
            "outcome": outcome if policy_decision != "refuse" else False,
            "wish_ok": wish_ok,
            "refund_percent": row.refund_percent if row else 100.0,
            "keep_percent": row.keep_percent,
            "fee": amount,
            "freight_payer": row.freight_payer or False,
            "evidence": asked,
            "evidence_missing": bool(missing) and policy_decision != "refuse",
        }

    def _policy_fee(self, row):
        """Fee of the line in the order's currency."""
        rate = self.order_id.currency_rate or 1.0
        amount = fee(self.value, row.fee_percent, row.fee_fixed * rate, row.refund_percent)
        return float_round(amount, precision_rounding=self.order_id.currency_id.rounding)

    def _prepare_decision_vals(self, decided):
        texts = self._policy_texts(decided)
        return {
            "policy_row_id": decided["row"].id,
            "policy_decision": decided["policy_decision"],
            "allowed_outcomes": ",".join(decided["outcomes"]),
            "refund_percent": decided["refund_percent"],
            "keep_percent": decided["keep_percent"],
            "fee_amount": decided["fee"],
            "freight_payer": decided["freight_payer"],
            "evidence": decided["evidence"],
            "evidence_missing": decided["evidence_missing"],
            "decision": decided["decision"],
            "decision_text": texts["now"],
            "outcome": decided["outcome"],
            "why": decided["why"],
        }
