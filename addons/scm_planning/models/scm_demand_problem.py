from odoo import api, fields, models


class ScmDemandProblem(models.Model):
    """A sale line that could not be counted as demand, and why."""

    _name = "scm.demand.problem"
    _description = "Sale Not Counted as Demand"
    _log_access = False
    _order = "id desc"
    _rec_name = "order_line_id"

    kind = fields.Selection(
        [
            ("unit", "The unit sold cannot be converted to the product's unit"),
            ("warehouse", "The company has no warehouse"),
        ],
        "Problem",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True, ondelete="cascade")
    order_id = fields.Many2one(related="order_line_id.order_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    quantity = fields.Float("Quantity Sold", digits="Product Unit", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit Sold", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Product's Unit")
    solution = fields.Char(compute="_compute_solution")

    _line_uniq = models.Constraint("UNIQUE(order_line_id)", "A sale line is listed once.")

    @api.depends("kind", "product_id", "uom_id")
    def _compute_solution(self):
        for problem in self:
            if problem.kind == "unit":
                problem.solution = self.env._(
                    "Give %(unit)s and %(product_unit)s the same reference unit, or correct the unit on the order.",
                    unit=problem.uom_id.display_name,
                    product_unit=problem.product_uom_id.display_name,
                )
            else:
                # sudo: the name of the company of a problem that the user was allowed to read
                name = problem.company_id.sudo().name
                problem.solution = self.env._("Create a warehouse for %(company)s.", company=name)
