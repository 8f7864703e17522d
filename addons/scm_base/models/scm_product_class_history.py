from odoo import fields, models


class ScmProductClassHistory(models.Model):
    """One change of one class of a product in a warehouse."""

    _name = "scm.product.class.history"
    _description = "Product Class Change"
    _order = "date desc, id desc"

    class_id = fields.Many2one("scm.product.class", "Product Class", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    measure = fields.Selection(
        [
            ("abc_value", "ABC by value"),
            ("abc_picks", "ABC by picks"),
            ("abc_volume", "ABC by volume"),
            ("xyz", "XYZ"),
        ],
        required=True,
        readonly=True,
    )
    class_from = fields.Char("From", size=1, readonly=True, help="Empty: there was no class, or not enough data.")
    class_to = fields.Char("To", size=1, readonly=True)

    _by_class = models.Index("(class_id, date DESC)")
