from odoo import api, models

REVIEW_ACTIVITY = "scm_aftersales.scm_return_activity_review"


class ScmReturn(models.Model):
    """The policy decides, or proposes to a person, and what the decisions on the lines mean for the return."""

    _inherit = "scm.return"

    @api.model
    def _request_line(self, order, row):
        values = super()._request_line(order, row)
        known = dict(self.env["scm.return.line"]._fields["condition"].selection)
        condition = row.get("condition")
        return values | {"condition": condition if condition in known else False}

    def _decide(self):
        """Decide each line by the policy of its order; may be repeated while a return is only requested."""
        todo = self.filtered(lambda request: request.state == "requested")
        lines = todo.line_ids.filtered(lambda line: not line.is_unexpected)
        for line, decided in zip(lines, lines._policy_decisions(), strict=True):
            line.write(line._prepare_decision_vals(decided))
        approved, refused = todo.browse(), todo.browse()
        for request in todo:
            decisions = set(request.line_ids.mapped("decision")) or {"review"}
            if decisions == {"refuse"}:
                refused += request
            elif decisions <= {"refuse", "approve"}:
                approved += request
        for request in refused:
            texts = list(dict.fromkeys(request.line_ids.mapped("decision_text")))
            request._move_to("refused", refusal="\n".join(texts))
        approved._move_to("approved")
        (todo - approved - refused)._ask_for_review()

    def _ask_for_review(self):
        """One open activity for whoever is in charge: of the return, else of the order."""
        kind = self.env.ref(REVIEW_ACTIVITY, raise_if_not_found=False)
        without = self.filtered(lambda request: kind and kind not in request.activity_ids.activity_type_id)
        for user, requests in without.grouped(lambda one: one.user_id or one.order_id.user_id).items():
            if user:
                requests.activity_schedule(REVIEW_ACTIVITY, user_id=user.id)

    def _after_state(self, state):
        result = super()._after_state(state)
        if state != "requested":
            self.activity_unlink([REVIEW_ACTIVITY])
        return result

    def action_approve(self):
        """Approve by hand; lines that the policy refused stay refused, unless somebody took them up again."""
        self._check_agent()
        for line in self.line_ids.filtered(lambda line: line.state == "requested" and line.decision != "refuse"):
            line.outcome = line.outcome or line.wish
            line.write({"decision": "approve", "decision_text": line._approved_text()})
        return super().action_approve()

    def action_refuse(self, text=""):
        result = super().action_refuse(text)
        for request in self:
            request.line_ids.write({"decision": "refuse", "decision_text": request.refusal, "outcome": False})
        return result

    def action_reopen(self):
        """Take up again: a person decides now, on every line."""
        result = super().action_reopen()
        for line in self.line_ids:
            line.write({"decision": "review", "outcome": line.outcome or line.wish})
        self._ask_for_review()
        return result

    def action_decide_again(self):
        """Let the policy decide anew, after something was changed."""
        self._check_agent()
        self._decide()
        return True


class ScmReturnLine(models.Model):
    _inherit = "scm.return.line"

    def action_take_up(self):
        """Look at lines by hand that the policy refused, while the return is only requested."""
        self.return_id._check_agent()
        todo = self.filtered(lambda line: line.decision == "refuse" and line.state == "requested")
        for line in todo:
            line.write({"decision": "review", "outcome": line.wish})
        todo.return_id._check_quantities()
        return True
