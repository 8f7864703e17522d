from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmVehicle(models.Model):
    """A vehicle of the own fleet: what it carries, when it drives, what it costs."""

    _name = "scm.vehicle"
    _description = "Delivery Vehicle"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Depot",
        required=True,
        check_company=True,
        default=lambda self: self.env.user._get_default_warehouse_id(),
    )
    driver_id = fields.Many2one("res.users", "Usual Driver", help="An employee, or a portal user.")
    category_ref = fields.Reference(
        "_selection_category", "Category of the Fleet", help="Takes the capacity from the fleet's vehicle category."
    )
    weight_capacity = fields.Float("Capacity (kg)", default=500, help="0: no limit.")
    volume_capacity = fields.Float("Capacity (m³)", digits="Volume", help="0: no limit.")
    stop_capacity = fields.Integer("Most Stops", help="0: no limit.")
    hour_from = fields.Float("Leaves at", default=9.0)
    hour_to = fields.Float("Back by", default=18.0)
    speed = fields.Float("Speed (km/h)", default=28.0, help="Mean over town and country, parking apart.")
    cost_km = fields.Monetary("Cost per km", default=6.0)
    cost_hour = fields.Monetary("Cost per Hour", default=300.0)

    @api.model
    def _selection_category(self):
        model = "fleet.vehicle.model.category"
        known = model in self.env and "weight_capacity" in self.env[model]._fields
        return [(model, self.env._("Vehicle category"))] if known else []

    @api.constrains("weight_capacity", "volume_capacity", "stop_capacity", "hour_from", "hour_to", "speed")
    def _check_figures(self):
        for vehicle in self:
            if min(vehicle.weight_capacity, vehicle.volume_capacity, vehicle.stop_capacity) < 0:
                raise ValidationError(self.env._("%s: a capacity cannot be negative.", vehicle.name))
            if not 0 <= vehicle.hour_from < vehicle.hour_to <= 24:
                raise ValidationError(
                    self.env._("%s: it has to leave before it is back, within one day.", vehicle.name)
                )
            if not 1 <= vehicle.speed <= 130:
                raise ValidationError(self.env._("%s: a mean speed lies between 1 and 130 km/h.", vehicle.name))

    def _capacity(self):
        """(kg, litres) of the vehicle: of its category in the fleet where it has one, else its own."""
        self.ensure_one()
        # sudo: two figures of the category, for dispatchers who may not read the fleet
        category = self.sudo().category_ref
        weight = category.weight_capacity if category else self.weight_capacity
        volume = category.volume_capacity if category else self.volume_capacity
        return weight, volume * 1000
