from collections import defaultdict

from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _scm_gate_findings(self):
        """What the grades of the suppliers say, as far as the company lets them."""
        return super()._scm_gate_findings() + self._scm_grade_findings()

    def _scm_grade_findings(self):
        by_company = defaultdict(self.browse)
        for order in self.filtered("partner_id"):
            if order.company_id.scm_grade_gate != "off":
                by_company[order.company_id] += order
        findings = []
        for company, orders in by_company.items():
            # sudo: who may read an order may know why it is held; only the finding is shown, of the order's company
            standings = (
                self.env["scm.supplier.standing"]
                .sudo()
                .search(
                    [("company_id", "=", company.id), ("partner_id", "in", orders.partner_id.commercial_partner_id.ids)]
                )
            )
            bad = {one.partner_id: one for one in standings if one.consequence in ("warn", "block")}
            findings += [
                bad[order.partner_id.commercial_partner_id]._prepare_finding(order)
                for order in orders
                if order.partner_id.commercial_partner_id in bad
            ]
        return findings
