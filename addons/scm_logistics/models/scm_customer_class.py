from odoo import fields, models


class ScmCustomerClass(models.Model):
    """What it costs when a customer of this kind gets a parcel late: gifts, calls, orders that do not come again."""

    _name = "scm.customer.class"
    _description = "Customer Class"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_late = fields.Monetary("Cost of a Late Parcel", help="Once per late parcel, however late it is.")
    cost_late_day = fields.Monetary("and per Day", help="In addition, for each working day after the promised day.")
    is_default = fields.Boolean("Default", help="The class of customers who have none.")

    _costs = models.Constraint(
        "CHECK(cost_late >= 0 AND cost_late_day >= 0)", "What lateness costs cannot be less than nothing."
    )
    _one_default = models.UniqueIndex(
        "(company_id) WHERE is_default AND active", "The company has a default class already. Untick that one first."
    )
