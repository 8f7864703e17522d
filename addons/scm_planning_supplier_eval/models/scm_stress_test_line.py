from odoo import fields, models


class ScmStressTestLine(models.Model):
    """A product in a warehouse that runs out because the supplier stops."""

    _name = "scm.stress.test.line"
    _description = "Product of a Stress Test"
    _order = "open_margin desc, lost_margin desc, id"
    _rec_name = "product_id"

    test_id = fields.Many2one("scm.stress.test", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="test_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    date_run_out = fields.Date("Runs Out", readonly=True)
    date_recovered = fields.Date("Back On", readonly=True)
    lost_quantity = fields.Float("Units Lost", digits="Product Unit", readonly=True)
    covered_quantity = fields.Float("Units from Backups", digits="Product Unit", readonly=True)
    lost_margin = fields.Monetary("Margin Lost", readonly=True)
    covered_margin = fields.Monetary("Saved by Backups", readonly=True)
    open_margin = fields.Monetary("Still Lost", readonly=True)
    extra_cost = fields.Monetary("Backups Cost More", readonly=True)
    backup_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    backup_date = fields.Date("Backup Delivers From", readonly=True)
    single_source = fields.Boolean(readonly=True, help="No other vendor that we may buy from sells the product.")
    why = fields.Json(readonly=True)
