from odoo import fields, models


class ScmSupplierGroup(models.Model):
    """Suppliers that are alike (fabric mills, packaging, electronics): small samples are shrunk toward their group."""

    _name = "scm.supplier.group"
    _description = "Supplier Group"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    partner_ids = fields.One2many("res.partner", "scm_supplier_group_id", "Suppliers")
    partner_count = fields.Integer(compute="_compute_partner_count")

    def _compute_partner_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("scm_supplier_group_id", "in", self.ids)], ["scm_supplier_group_id"], ["__count"]
            )
        )
        for group in self:
            group.partner_count = counts.get(group, 0)

    def action_open_partners(self):
        """Open the suppliers of the group."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suppliers"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("scm_supplier_group_id", "in", self.ids)],
        }
