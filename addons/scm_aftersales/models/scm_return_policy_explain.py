from odoo import api, models
from odoo.exceptions import UserError

from .scm_return_request import MAX_LINES


class ScmReturnPolicy(models.Model):
    """What would be decided on a request that has not been made."""

    _inherit = "scm.return.policy"

    @api.model
    def _explain(self, order, rows):
        """:meth:`explain` for callers that have checked the right to see the order.

        A row may say ``photos: True``: photos are at hand and count as given.
        """
        if not rows or len(rows) > MAX_LINES:
            raise UserError(self.env._("A return has at least one item and at most %(count)s.", count=MAX_LINES))
        request = self._new_request(order, rows)
        given = {place for place, row in enumerate(rows) if row.get("photos")}
        decisions = request.line_ids._policy_decisions(given)
        return [line._explained(one) for line, one in zip(request.line_ids, decisions, strict=True)]

    @api.model
    def _new_request(self, order, rows):
        """A return that is never written: what is only asked about goes the way that a real request goes."""
        returns = self.env["scm.return"]
        order.order_line.mapped("product_id.uom_id")  # read together what the rows look at one by one
        request = returns.new(
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "partner_id": order.partner_id.id,
                "line_ids": [(0, 0, returns._request_line(order, row)) for row in rows],
            }
        )
        request.line_ids._fill_prices()
        return request


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def _explained(self, decided):
        row, currency = decided["row"], self.order_id.company_id.currency_id
        texts = self._policy_texts(decided)
        return {
            "sale_line_id": self.sale_line_id.id,
            "product_id": self.product_id.id,
            "decision": decided["decision"],
            "policy_decision": decided["policy_decision"],
            "outcomes": decided["outcomes"] if row else [],
            "outcome": decided["outcome"],
            "text": texts["now"],
            "policy_text": texts["policy"],
            "row_id": row.id or False,
            "row": row.name or "",
            "earlier": [one._explain_skipped(failed, decided["item"], currency) for one, failed in decided["earlier"]],
            "value": self.value,
            "refund_percent": decided["refund_percent"],
            "keep_percent": decided["keep_percent"],
            "fee": decided["fee"],
            "currency_id": self.order_id.currency_id.id,
            "freight_payer": decided["freight_payer"],
            "evidence": decided["evidence"],
            "evidence_missing": decided["evidence_missing"],
            "why": decided["why"],
        }


class ScmReturnPolicyRow(models.Model):
    _inherit = "scm.return.policy.row"

    def _explain_skipped(self, failed, item, currency):
        """Why this row did not decide: the first condition that did not hold, in words."""
        code = failed[0]
        have = self._have_text(code, item, currency)
        return {
            "row_id": self.id,
            "row": self.name,
            "condition": code,
            "conditions": list(failed),
            "text": self.env._(
                "%(condition)s: asks for %(wanted)s, here it is %(have)s.",
                condition=self._condition_labels()[code],
                wanted=self._wanted_text(code, currency),
                have=have or self.env._("not known"),
            ),
        }

    def _have_text(self, code, item, currency):
        """The fact that a condition looks at, in words."""
        if code == "days":
            days = item["days_order" if self.days_basis == "order" else "days_delivery"]
            return self.env._("day %(day)s", day=days) if days is not None else ""
        if code == "value":
            amount = item["value_return" if self.value_of == "return" else "value_line"]
            return currency.format(amount) if currency else str(amount)
        if code == "condition":
            return dict(self._fields["condition"]._description_selection(self.env)).get(item["conditions"], "")
        if code == "final_sale":
            return self.env._("yes") if item["final_sale"] else self.env._("no")
        models_ = {
            "category": ("product.category", item["categories"][-1:]),
            "tag": ("product.tag", item["tags"]),
            "reason": ("scm.return.reason", item["reasons"][:1]),
            "class": ("scm.customer.class", [item["classes"]] if item["classes"] else []),
            "country": ("res.country", [item["countries"]] if item["countries"] else []),
        }
        model, ids = models_[code]
        # sudo: names of categories, tags and countries
        names = self.env[model].sudo().browse(ids).mapped("display_name")
        return ", ".join(names) or self.env._("none")
