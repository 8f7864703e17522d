from odoo import models
from odoo.tools import format_amount

from .scm_return import OUTCOMES

#: conditions in the order of the kernel, with the code under which a why record tells that one did not hold
SKIPPED = "policy_skip_"


class ScmReturnLine(models.Model):
    """A decision in the customer's words, and as a why record."""

    _inherit = "scm.return.line"

    def _policy_texts(self, decided):
        """``{"policy": what the customer reads once it is so decided, "now": what he reads now}``, in his language."""
        line = self.with_context(lang=self.order_id.partner_id.lang or self.env.lang)
        row, env = decided["row"].with_context(lang=line.env.lang), line.env
        kind, says = decided["policy_decision"], (row.text or "").strip()
        waiting = env._("We look at your request and answer soon.")
        usual = {"approve": env._("You can give it back."), "refuse": env._("It cannot be given back.")}
        policy = says or usual.get(kind) or waiting
        if kind == "approve":
            policy = " ".join([policy, *line._policy_terms(decided)])
        if decided["decision"] == kind:
            now = " ".join([policy, *(line._policy_obstacles(decided) if kind == "review" else [])])
        else:
            now = " ".join([waiting, *line._policy_obstacles(decided)])
        return {"policy": policy, "now": now}

    def _approved_text(self):
        """What the customer reads when a person has approved the line, in his language."""
        self.ensure_one()
        line = self.with_context(lang=self.order_id.partner_id.lang or self.env.lang)
        says = (line.policy_row_id.text or "").strip() if line.policy_decision == "approve" else ""
        terms = line._policy_terms(
            {
                "outcome": line.outcome,
                "refund_percent": line.refund_percent,
                "keep_percent": line.keep_percent,
                "fee": line.fee_amount,
                "freight_payer": line.freight_payer,
            }
        )
        return " ".join([says or line.env._("We have approved it."), *terms])

    def _policy_terms(self, decided):
        """Sentences on fee, freight and share."""
        env, currency, said = self.env, self.order_id.currency_id, []
        kept = decided["outcome"] == "keep"
        share = decided["keep_percent"] if kept else decided["refund_percent"]
        if kept:
            said.append(env._("You keep it, and %(share)g %% of the price comes back to you.", share=share))
        elif share < 100:
            said.append(env._("%(share)g %% of the price come back to you.", share=share))
        if decided["fee"] and not kept:
            said.append(env._("A fee of %(fee)s is kept.", fee=format_amount(env, decided["fee"], currency)))
        if decided["freight_payer"] and not kept:
            payers = {"company": env._("We pay the way back."), "customer": env._("You pay the way back.")}
            said.append(payers[decided["freight_payer"]])
        return said

    def _policy_obstacles(self, decided):
        """Sentences on what keeps the policy from deciding at once, where the customer can do something."""
        env, said = self.env, []
        if decided["evidence_missing"]:
            said.append(
                {
                    "photo": env._("Please add a photo."),
                    "serial": env._("Please tell us the lot or serial number."),
                    "both": env._("Please add a photo and tell us the lot or serial number."),
                }[decided["evidence"]]
            )
        if not decided["wish_ok"] and decided["outcomes"]:
            labels = dict(self._fields["wish"]._description_selection(env))
            names = ", ".join(labels[code] for code, _label in OUTCOMES if code in decided["outcomes"])
            said.append(env._("Your wish is not possible here. Possible: %(outcomes)s.", outcomes=names))
        return said

    def _policy_why(self, version, row, earlier, item):
        """Why record: the facts, the deciding row, and what each earlier one failed by."""
        version, kept = version
        currency = self.order_id.company_id.currency_id
        terms = [("policy_row", row.name)] if row else []
        terms += [("policy_version", version.number)] if version else []
        terms += [(f"policy_{name}", item[name]) for name in ("days_delivery", "days_order") if item[name] is not None]
        money = {"unit": currency.name}
        notes = [{"code": SKIPPED + failed[0], "values": {"row": earlier_row.name}} for earlier_row, failed in earlier]
        if not version:
            notes.append("policy_none")
        elif not row:
            notes.append("policy_no_row")
        if version and not kept:
            notes.append("policy_version_today")
        return {
            "value": f"policy_{row.decision or 'review'}",
            "method": "return_policy",
            "formula": "return_policy_formula",
            "terms": [
                *({"code": code, "value": value} for code, value in terms),
                {"code": "policy_value_line", "value": currency.round(item["value_line"]), **money},
                {"code": "policy_value_return", "value": currency.round(item["value_return"]), **money},
                *(
                    [{"code": "policy_condition", "value": f"policy_{item['conditions']}"}]
                    if item["conditions"]
                    else []
                ),
            ],
            "notes": notes,
        }
