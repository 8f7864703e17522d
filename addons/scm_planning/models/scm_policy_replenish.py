from odoo import api, models
from odoo.tools import SQL


class ScmPolicyReplenish(models.AbstractModel):
    """Orders from proposals: what is needed now goes through Odoo's own procurement, once."""

    _name = "scm.policy.replenish"
    _description = "Replenishment of Proposals"

    def replenish(self):
        """Order what these proposals need now, counted afresh, so that a second call orders nothing.

        Returns ``{'ordered': n, 'quantity': total, 'value': total in company currency, 'purchase_order_ids': [ids],
        'failed': [{'proposal_id', 'product_id', 'product', 'reason'}]}``; what fails does not stop the others.
        """
        self._check_manager()
        self._check_rule_access()
        result = {"ordered": 0, "quantity": 0.0, "value": 0.0, "purchase_order_ids": [], "failed": []}
        for company in self.company_id:
            chosen = self.filtered(lambda proposal, company=company: proposal.company_id == company)
            part = chosen.with_company(company)._replenish_company(company)
            result = {name: result[name] + part[name] for name in result}
        return result

    def action_replenish(self):
        result = self.replenish()
        if result["purchase_order_ids"] and not result["failed"]:
            return self._quotations_action(result["purchase_order_ids"])
        lines = "\n".join(f"{line['product']}: {line['reason']}" for line in result["failed"])
        message = self.env._("%(ordered)s products ordered.", ordered=result["ordered"])
        if lines:
            message = self.env._("%(message)s Not ordered:\n%(lines)s", message=message, lines=lines)
        elif not result["ordered"]:
            message = self.env._("Nothing to order: what is needed is on hand or on its way.")
        notification = self._notification(message, "warning" if lines else "info", sticky=bool(lines))
        if result["purchase_order_ids"]:
            notification["params"]["next"] = self._quotations_action(result["purchase_order_ids"])
        return notification

    def _replenish_company(self, company):
        self._lock()
        self._refresh(company, self.product_id.ids)
        blocked = self.filtered(lambda proposal: proposal.state == "blocked" and proposal.qty_to_order > 0)
        todo = self.filtered(lambda proposal: proposal.qty_to_order > 0) - blocked
        failed = {proposal: proposal._blocked_message() for proposal in blocked}
        rules = todo._rules_to_procure()
        quantities = {rules[proposal].id: proposal.qty_to_order for proposal in todo}
        lines_before = self._order_lines(rules.values())
        errors = self.env["stock.warehouse.orderpoint"].concat(*rules.values())._scm_procure(quantities)
        failed |= {proposal: errors[rule] for proposal, rule in rules.items() if rule in errors}
        done = todo.filtered(lambda proposal: proposal not in failed)
        result = {
            "ordered": len(done),
            "quantity": sum(done.mapped("qty_to_order")),
            "value": company.currency_id.round(sum(done.mapped("order_value"))),
            "purchase_order_ids": self._changed_orders(rules.values(), lines_before),
            "failed": [proposal._prepare_failure(reason) for proposal, reason in failed.items()],
        }
        self._refresh(company, done.product_id.ids)
        return result

    def _lock(self):
        """Two people at once: the second waits, finds that the rows changed, and Odoo lets him start again."""
        self.env.cr.execute(
            SQL("UPDATE scm_policy_proposal SET write_date = write_date WHERE id = ANY(%s)", sorted(self.ids))
        )

    def _rules_to_procure(self):
        """``{proposal: rule}``; missing rules are created with no levels, only to carry the order."""
        found = self.env["stock.warehouse.orderpoint"]._scm_find(self)
        missing = self.filtered(lambda proposal: proposal.id not in found)
        levels = {"product_min_qty": 0.0, "product_max_qty": 0.0, "trigger": "manual"}
        created = self.env["stock.warehouse.orderpoint"]._scm_create(
            [proposal._prepare_orderpoint_vals() | levels for proposal in missing]
        )
        new = dict(zip(missing.ids, created, strict=True))
        return {proposal: found.get(proposal.id) or new[proposal.id] for proposal in self}

    def _blocked_message(self):
        labels = dict(self._fields["blocked_reason"]._description_selection(self.env))
        return labels.get(self.blocked_reason, "")

    def _prepare_failure(self, reason):
        return {
            "proposal_id": self.id,
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "reason": reason,
        }

    @api.model
    def _order_lines(self, rules):
        """``{line id: quantity}`` of the quotations that belong to these rules."""
        # sudo: Odoo's procurement writes quotations for people without purchase rights; only ids are returned to them
        lines = (
            self.env["purchase.order.line"]
            .sudo()
            .search_read(
                [
                    ("orderpoint_id", "in", [rule.id for rule in rules]),
                    ("state", "in", ("draft", "sent", "to approve")),
                ],
                ["product_qty", "order_id"],
                load=None,
            )
        )
        return {line["id"]: (line["product_qty"], line["order_id"]) for line in lines}

    @api.model
    def _changed_orders(self, rules, before):
        after = self._order_lines(rules)
        return sorted(
            {
                order_id
                for line_id, (quantity, order_id) in after.items()
                if before.get(line_id, (None, None))[0] != quantity
            }
        )

    @api.model
    def _quotations_action(self, order_ids):
        action = self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_rfq")
        action |= {"domain": [("id", "in", order_ids)], "context": {}}
        if len(order_ids) == 1:
            action |= {"res_id": order_ids[0], "view_mode": "form", "views": [(False, "form")]}
        return action
