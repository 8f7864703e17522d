from odoo import api, fields, models
from odoo.exceptions import UserError

from .scm_supplier_qualification_answer import SOURCES


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    scm_qualification_id = fields.Many2one(
        "scm.supplier.qualification", "Qualification", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    scm_company_id = fields.Many2one(
        related="scm_qualification_id.company_id", store=True, string="Company of the Qualification"
    )
    scm_source = fields.Selection(SOURCES, "Filled in by", readonly=True)

    def _mark_done(self):
        result = super()._mark_done()
        # sudo: a supplier who handed in his answers has no rights, yet his qualification goes on
        self.sudo().filtered("scm_qualification_id")._scm_hand_in()
        return result

    def _scm_hand_in(self):
        """The forms are complete: judge their qualifications."""
        self.scm_qualification_id._answers_arrived()

    def _scm_may_fill(self, user):
        """Whether this user may fill in the form: the link's holder who is not logged in, or who belongs to it."""
        self.ensure_one()
        if user._is_public():
            return self.scm_source == "supplier"
        if user.share:
            return self.scm_source == "supplier" and self._scm_is_of(user)
        return self.scm_source == "auditor" and user.has_group("purchase.group_purchase_user") and self._scm_in(user)

    def _scm_may_read(self, user):
        """Whether this user may read the answers again: never by the link alone."""
        self.ensure_one()
        if user._is_public():
            return False
        if user.share:
            return self.scm_source == "supplier" and self._scm_is_of(user)
        return self.scm_qualification_id.with_user(user).has_access("read") and self._scm_in(user)

    def _scm_is_of(self, user):
        supplier = self.scm_qualification_id.partner_id.commercial_partner_id
        return supplier == user.partner_id.commercial_partner_id

    def _scm_in(self, user):
        return self.scm_qualification_id.company_id in user.company_ids

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_of_a_qualification(self):
        if not self.env.su and (handed_in := self.filtered("scm_qualification_id")[:1]):
            raise UserError(
                self.env._(
                    "These are answers of “%(qualification)s”. Remove the qualification, not its answers.",
                    qualification=handed_in.scm_qualification_id.display_name,
                )
            )
