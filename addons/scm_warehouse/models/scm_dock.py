from odoo import fields, models


class ScmDock(models.Model):
    """A point at which walks begin and end: a packing table, a gate for goods that go or come."""

    _name = "scm.dock"
    _inherit = "scm.hall.part"
    _description = "Dock"
    _order = "warehouse_id, sequence, id"
    _check_company_auto = True
    _measured_by = frozenset({"x", "y", "kind", "warehouse_id"})

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", index=True, check_company=True,
        default=lambda self: self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1),
    )  # fmt: skip
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("pack", "Packing"), ("ship", "Shipping"), ("receive", "Receiving")],
        required=True,
        default="pack",
        help="Picks are measured to the nearest packing dock; without one to the nearest shipping dock.",
    )
    x = fields.Float("X (m)", digits=(16, 2), aggregator=None)
    y = fields.Float("Y (m)", digits=(16, 2), aggregator=None)
