from odoo import fields, models

from .scm_inventory_policy import ABC, XYZ


class ScmSimulationResult(models.Model):
    """What came of one product in one scenario; written by the run alone."""

    _name = "scm.simulation.result"
    _description = "Simulation Result"
    _order = "total_cost desc, id"
    _rec_name = "product_id"
    _log_access = False

    simulation_id = fields.Many2one("scm.simulation", required=True, readonly=True, index=True, ondelete="cascade")
    scenario_id = fields.Many2one(
        "scm.simulation.scenario", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one("product.category", "Category", readonly=True, ondelete="set null")
    abc = fields.Selection(ABC, "ABC", readonly=True, help="Class at the start of the period.")
    xyz = fields.Selection(XYZ, "XYZ", readonly=True, help="Class at the start of the period.")
    demand = fields.Float(digits="Product Unit", readonly=True)
    lost = fields.Float("Lost (units)", digits="Product Unit", readonly=True)
    lost_value = fields.Monetary("Lost Sales", readonly=True)
    fill_rate = fields.Float(readonly=True, aggregator="avg", help="Share of units given at once.")
    stock = fields.Float("Mean Stock", digits="Product Unit", readonly=True)
    stock_value = fields.Monetary(readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    out_days = fields.Integer("Days Short", readonly=True, help="Days on which demand was lost.")
    ordering_cost = fields.Monetary(readonly=True)
    holding_cost = fields.Monetary(readonly=True)
    total_cost = fields.Monetary(readonly=True)
