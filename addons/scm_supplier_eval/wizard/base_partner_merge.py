from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Two suppliers become one: of decisions about the same category the latest counts, the others are kept."""
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # sudo: whoever may merge partners need not know of their qualifications
        merged = self.env["res.partner"].sudo().browse(partner_ids).exists().commercial_partner_id
        self.env["scm.supplier.qualification"].sudo()._archive_outdated(merged)
        return result
