from odoo import fields, models


class ScmDisruptionKind(models.Model):
    """What keeps parcels from arriving, and how customers are told of it."""

    _name = "scm.disruption.kind"
    _description = "Kind of Disruption"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Char(help="Name of a Font Awesome icon, such as fa-snowflake-o.", default="fa-exclamation-triangle")
    extra_days = fields.Integer("Usual Delay (days)", default=1, help="Working days of the carrier.")
    customer_text = fields.Char(
        "Words for Customers", translate=True, help="Completes “Your parcel comes later …”, such as “because of snow”."
    )

    _extra_days_positive = models.Constraint("CHECK(extra_days >= 0)", "A delay cannot be less than no day.")
