from odoo import api, fields, models


class ScmDock(models.Model):
    """A point at which walks begin and end: a packing table, a gate for goods that go or come."""

    _name = "scm.dock"
    _description = "Dock"
    _order = "warehouse_id, sequence, id"
    _check_company_auto = True

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

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        self.env["stock.warehouse"]._scm_travel_later()
        return created

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & {"x", "y", "kind", "warehouse_id"}:
            self.env["stock.warehouse"]._scm_travel_later()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_measure_again(self):
        self.env["stock.warehouse"]._scm_travel_later()
