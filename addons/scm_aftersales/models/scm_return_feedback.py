from odoo import models
from odoo.exceptions import UserError


class ScmReturn(models.Model):
    """Reasons filled in from what the customer wrote."""

    _inherit = "scm.return"

    def action_suggest_reasons(self):
        """Fill the reasons that are missing where the customer's words give one clearly; says how many it found."""
        self._check_agent()
        found = 0
        for company, requests in self.grouped("company_id").items():
            lines = requests.line_ids.filtered(lambda line: not line.reason_id and line._words())
            answers = self.env["scm.feedback"]._suggest(company, [line._words() for line in lines])
            for line, answer in zip(lines, answers, strict=True):
                if answer["reason_id"]:
                    line.write({"reason_id": answer["reason_id"], "is_reason_suggested": True})
                    found += 1
        if not found:
            raise UserError(
                self.env._("The customer's words do not say a reason clearly enough. Choose one, or ask the customer.")
            )
        return True
