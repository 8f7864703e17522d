from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..kernel.box_choice import Box

#: centimetres that tape reaches over each edge of a box
TAPE_LAP_CM = 10
FOOT_CM, POUND_KG = 30.48, 0.45359237


class StockPackageType(models.Model):
    """Package types that the choice of boxes offers: what goes in, what they cost and what they are made of."""

    _inherit = "stock.package.type"

    scm_is_box = fields.Boolean("Offer for Packing", help="The choice of boxes may propose it.")
    scm_kind = fields.Selection(
        [("carton", "Carton"), ("mailer", "Mailer or Bag"), ("crate", "Crate")], "Kind of Box", default="carton"
    )
    scm_inner_length = fields.Float("Inner Length (cm)", digits=(16, 2), aggregator=None)
    scm_inner_width = fields.Float("Inner Width (cm)", digits=(16, 2), aggregator=None)
    scm_inner_height = fields.Float("Inner Height (cm)", digits=(16, 2), aggregator=None)
    scm_currency_id = fields.Many2one("res.currency", compute="_compute_scm_currency_id")
    scm_cost = fields.Monetary("Cost of a Box", currency_field="scm_currency_id", help="Price of one new box.")
    scm_trips = fields.Integer("Trips", default=1, help="How often one box is used; 1: once.")
    scm_material_id = fields.Many2one("scm.packaging.material", "Material", check_company=True, ondelete="restrict")
    scm_material_kg = fields.Float("Material (kg)", digits=(16, 4), aggregator=None, help="0: the weight of the box.")
    scm_layers = fields.Integer("Layers of Packaging", default=1, aggregator=None, help="That wrap all of the goods.")
    scm_tape_m = fields.Float(
        "Tape (m)", digits=(16, 2), aggregator=None, help="To close one box. 0: one strip along its top and bottom."
    )

    _scm_box_positive = models.Constraint(
        "CHECK(scm_inner_length >= 0 AND scm_inner_width >= 0 AND scm_inner_height >= 0 AND scm_cost >= 0 "
        "AND scm_material_kg >= 0 AND scm_layers >= 0 AND scm_tape_m >= 0 AND scm_trips >= 1)",
        "Edges, costs and weights of a box cannot be below 0, and it makes one trip at least.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_scm_currency_id(self):
        for box in self:
            box.scm_currency_id = (box.company_id or self.env.company).currency_id

    @api.constrains("scm_is_box", "scm_inner_length", "scm_inner_width", "scm_inner_height")
    def _check_scm_inner(self):
        for box in self:
            if box.scm_is_box and min(box._scm_inner_cm()) <= 0:
                raise ValidationError(
                    self.env._("%(box)s: enter its inner (or outer) edges, so that it can be chosen.", box=box.name)
                )

    @api.model
    def _scm_units(self):
        """Centimetres in the unit of lengths of package types, kilograms in that of weights."""
        # sudo: two switches that are no secret, by which Odoo itself chooses the units
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return (
            FOOT_CM if get_param("product.volume_in_cubic_feet") == "1" else 0.1,
            POUND_KG if get_param("product.weight_in_lbs") == "1" else 1.0,
        )

    def _scm_outer_cm(self):
        centimetres, _kilograms = self._scm_units()
        return tuple(edge * centimetres for edge in (self.packaging_length, self.width, self.height))

    def _scm_inner_cm(self):
        """Inner length, width and height in cm; the outer ones where nobody measured inside."""
        inner = (self.scm_inner_length, self.scm_inner_width, self.scm_inner_height)
        return inner if min(inner) > 0 else self._scm_outer_cm()

    def _scm_box(self):
        """The box as the kernel takes it, with the id as key."""
        _centimetres, kilograms = self._scm_units()
        inner, outer = self._scm_inner_cm(), self._scm_outer_cm()
        outer_volume = outer[0] * outer[1] * outer[2] or inner[0] * inner[1] * inner[2]
        return Box(
            key=self.id,
            length=inner[0],
            width=inner[1],
            height=inner[2],
            outer_volume=outer_volume,
            tare=self.base_weight * kilograms,
            max_weight=self.max_weight * kilograms,
            cost=self.scm_cost / max(self.scm_trips, 1),
            tape=self._scm_tape(inner),
        )

    def _scm_tape(self, inner):
        """Metres of tape to close one box."""
        if self.scm_tape_m or self.scm_kind != "carton":
            return self.scm_tape_m
        return 2 * (inner[0] + TAPE_LAP_CM) / 100

    @api.model
    def _scm_offered(self, company):
        """Boxes that the company may pack in."""
        return self.search([("scm_is_box", "=", True), ("company_id", "in", (False, company.id))])
