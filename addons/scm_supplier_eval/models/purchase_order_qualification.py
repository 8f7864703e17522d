from collections import defaultdict

from odoo import api, models
from odoo.tools import format_date


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.depends("order_line.product_id.categ_id", "company_id.scm_qualification_gate")
    def _compute_scm_gate(self):
        return super()._compute_scm_gate()

    def _scm_gate_findings(self):
        """What the qualifications of the suppliers say about the categories of the lines."""
        return super()._scm_gate_findings() + self._scm_qualification_findings()

    def _scm_qualification_findings(self):
        by_company = defaultdict(self.browse)
        for order in self.filtered("partner_id"):
            if order.company_id.scm_qualification_gate in ("warn", "block"):
                by_company[order.company_id] += order
        findings = []
        for company, orders in by_company.items():
            categories = orders._scm_gate_categories()
            pairs = [(order.partner_id.id, categ_id) for order in orders for categ_id in categories[order]]
            # sudo: who may read an order may know why it is held; only the finding is shown, of the order's company
            found = self.env["scm.supplier.qualification"].sudo()._find_of(company, pairs)
            for order in orders:
                own = {categ_id: found[order.partner_id.id, categ_id] for categ_id in categories[order]}
                findings += order._scm_qualification_messages(own, company.scm_qualification_gate)
        return findings

    def _scm_gate_categories(self):
        """{order: ids of the categories of its lines that need a qualification; False for products without one}"""
        lines = self.order_line.filtered(lambda line: line.product_id and not line.display_type)
        free = self._scm_free_categories(lines.product_id.categ_id)
        return {
            order: list(
                dict.fromkeys(
                    line.product_id.categ_id.id
                    for line in order.order_line
                    if line.product_id and not line.display_type and line.product_id.categ_id.id not in free
                )
            )
            for order in self
        }

    def _scm_free_categories(self, categories):
        """Ids of those that are bought without qualification, by their own mark or by that of one above."""
        # sudo: a mark on categories, not data of anyone
        every = self.env["product.category"].sudo()
        above = self.env["scm.supplier.qualification"]._categories_above(set(categories.ids))
        chain_ids = {categ_id for chain in above.values() for categ_id in chain}
        marked = set(every.search([("id", "in", list(chain_ids)), ("scm_no_qualification", "=", True)]).ids)
        return {categ_id for categ_id, chain in above.items() if marked.intersection(chain)}

    def _scm_qualification_messages(self, found, level):
        """One finding per state, with the categories that it concerns."""
        groups = defaultdict(list)
        for categ_id, row in found.items():
            state = row["state"] if row else "none"
            if state != "qualified":
                groups[state, row["id"] if row and state != "none" else 0].append(categ_id)
        findings = []
        for (state, _id), categ_ids in groups.items():
            row = found[categ_ids[0]]
            # sudo: names of categories are no secret
            names = self.env["product.category"].sudo().browse([one for one in categ_ids if one]).mapped("display_name")
            if False in categ_ids:
                names.append(self.env._("products without a category"))
            findings.append(
                {
                    "order": self,
                    "level": "warn" if state == "conditional" else level,
                    "message": self._scm_qualification_message(state, row, ", ".join(names)),
                }
            )
        return findings

    def _scm_qualification_message(self, state, row, names):
        supplier = self.partner_id.commercial_partner_id.display_name
        values = {"supplier": supplier, "names": names}
        if state == "conditional":
            day = format_date(self.env, row["condition_date"]) if row["condition_date"] else ""
            return self.env._(
                "%(supplier)s is qualified for %(names)s on conditions until %(day)s: %(conditions)s",
                day=day,
                conditions=row["conditions"] or "",
                **values,
            )
        if state == "rejected":
            return self.env._("%(supplier)s was rejected for %(names)s.", **values)
        if state == "expired":
            return self.env._(
                "The qualification of %(supplier)s for %(names)s ended on %(day)s. Qualify it again.",
                day=format_date(self.env, row["date_expiry"]) if row["date_expiry"] else "",
                **values,
            )
        if state == "suspended":
            reason = row["suspended_reason"] or self.env._("The conditions were not met in time.")
            return self.env._("%(supplier)s is suspended for %(names)s. %(reason)s", reason=reason, **values)
        if state in ("asked", "review", "draft"):
            return self.env._("The qualification of %(supplier)s for %(names)s is not decided yet.", **values)
        return self.env._(
            "%(supplier)s is not qualified for %(names)s. Qualify it under Suppliers > Qualifications.", **values
        )
