from odoo import api, fields, models

#: who can remove the cause
OWNERS = [
    ("supplier", "Supplier"),
    ("receiving", "Receiving"),
    ("picking", "Picking"),
    ("packaging", "Packaging"),
    ("carrier", "Carrier"),
    ("page", "Product Page"),
    ("product", "Product"),
    ("customer", "Customer"),
]


class ScmReturnCause(models.Model):
    """What inspection finds, with the one who can remove it."""

    _name = "scm.return.cause"
    _description = "Cause of Returns"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True, help="Name by which imports and programs know it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    owner = fields.Selection(OWNERS, required=True, help="Who can remove this cause.")
    is_fault = fields.Boolean(
        "Fault of Ours", compute="_compute_is_fault", store=True, help="Anything but the customer's own choice."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a cause with this code.")

    @api.depends("owner")
    def _compute_is_fault(self):
        for cause in self:
            cause.is_fault = cause.owner != "customer"
