from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    scm_no_weekly_mail = fields.Boolean(
        "No Weekly Mail", help="The weekly mail of open points is not made for this supplier."
    )

    def action_scm_supplier_page(self):
        """Open the page with everything open with this supplier."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("scm_supplier_eval.scm_supplier_page_action")
        return action | {
            "name": self.commercial_partner_id.name,
            "params": {"partner_id": self.commercial_partner_id.id},
        }
