from odoo import models
from odoo.exceptions import UserError

#: what the three faces stand for in Odoo's ratings
FACES = ("5", "3", "1")


class ScmReturn(models.Model):
    """How it went, in the customer's eyes: asked once, after it is closed."""

    _inherit = "scm.return"

    def _after_state(self, state):
        result = super()._after_state(state)
        if state == "closed":
            self._ask_rating()
        return result

    def _ask_rating(self):
        """Mail the question to customers with an address, who have not been asked about this return before."""
        template = self.env.ref("scm_aftersales.scm_return_rating_template", raise_if_not_found=False)
        asked = self.filtered(
            lambda one: (
                one.company_id.scm_return_ask_rating and one.partner_id.email and not one._has_rating(asked_too=True)
            )
        )
        for request in asked if template else ():
            request.rating_send_request(template, force_send=False)

    def _has_rating(self, asked_too=False):
        # sudo: who closes a return need not see ratings
        ratings = self.sudo().rating_ids
        return bool(ratings if asked_too else ratings.filtered("consumed"))

    def _portal_may_rate(self):
        return self.state == "closed" and self.company_id.scm_return_ask_rating and not self._has_rating()

    def _portal_rate(self, face, text, partner):
        """The customer says how it went. The caller has checked token or partner."""
        self.ensure_one()
        if face not in FACES or not self._portal_may_rate():
            raise UserError(self.env._("%s cannot be rated now.", self.name))
        self.rating_apply(int(face), token=self._rating_get_access_token(partner), feedback=text or None)
