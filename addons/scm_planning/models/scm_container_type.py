from odoo import fields, models


class ScmContainerType(models.Model):
    """What one container or lorry takes; a measure of zero does not limit."""

    _name = "scm.container.type"
    _description = "Container Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    payload_kg = fields.Float("Payload (kg)", digits=(16, 1), help="Zero: weight does not limit.", aggregator=None)
    volume_m3 = fields.Float("Volume (m³)", digits=(16, 2), help="Zero: volume does not limit.", aggregator=None)
    pallets = fields.Float("Pallet Places", digits=(16, 1), help="Zero: pallets do not limit.", aggregator=None)
    active = fields.Boolean(default=True)

    _positive = models.Constraint(
        "CHECK(payload_kg >= 0 AND volume_m3 >= 0 AND pallets >= 0)", "A container cannot take less than nothing."
    )
    _some_limit = models.Constraint(
        "CHECK(payload_kg > 0 OR volume_m3 > 0 OR pallets > 0)",
        "Give the container a payload, a volume or a number of pallets: without any it is never full.",
    )
