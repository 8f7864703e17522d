import base64

from odoo import fields, models


class ScmSupplierQualification(models.Model):
    """What belongs to a qualification: evidence of the supplier, the questionnaire as a file."""

    _inherit = "scm.supplier.qualification"

    evidence_count = fields.Integer("Evidence", compute="_compute_evidence_count")
    workbook = fields.Binary(compute="_compute_workbook")

    def _compute_evidence_count(self):
        groups = self.env["scm.supplier.evidence"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "!=", "replaced")],
            ["partner_id", "company_id"],
            ["__count"],
        )
        counts = {(partner.id, company.id): count for partner, company, count in groups}
        for one in self:
            one.evidence_count = counts.get((one.partner_id.id, one.company_id.id), 0)

    def action_open_evidence(self):
        """Certificates and documents of this supplier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_supplier_eval.scm_supplier_evidence_action")
        return action | {
            "domain": [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)],
            "context": {"default_partner_id": self.partner_id.id, "default_company_id": self.company_id.id},
        }

    def _compute_workbook(self):
        for one in self:
            data = False
            if one.template_id:
                category = one.sudo().categ_id.complete_name or ""  # sudo: the category tree is no secret
                data = base64.b64encode(one.template_id._workbook_bytes(one.partner_id.name, category))
            one.workbook = data

    def action_download_workbook(self):
        """The questionnaire as a spreadsheet, with supplier and category filled in."""
        self.ensure_one()
        self._check_template()
        name = self.partner_id.name.replace("/", "-")
        url = f"/web/content/{self._name}/{self.id}/workbook/{name}.xlsx?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
