from odoo import api, fields, models


class ProductTemplate(models.Model):
    """What a packer has to know of a product: its edges and how it may lie."""

    _inherit = "product.template"

    scm_length = fields.Float("Length (cm)", digits=(16, 2), help="Of one unit as it is put into a box.")
    scm_width = fields.Float("Width (cm)", digits=(16, 2))
    scm_height = fields.Float("Height (cm)", digits=(16, 2))
    scm_is_fragile = fields.Boolean("Fragile", help="Nothing is put on top of it, but other fragile things as light.")
    scm_is_liquid = fields.Boolean("Liquid", help="Travels upright, and apart from other goods where asked for.")
    scm_is_upright = fields.Boolean("Keep Upright", help="It may be turned about its upright axis only.")
    scm_is_perishable = fields.Boolean("Perishable", help="Some rules allow more layers of packaging for it.")
    scm_nest_height = fields.Float(
        "Height When Nested (cm)",
        digits=(16, 2),
        help="Height that each further unit adds to a stack of them, as with bowls. 0: they do not nest.",
    )
    scm_has_dimensions = fields.Boolean(
        "Has Dimensions", compute="_compute_scm_has_dimensions", store=True, help="All three edges are known."
    )

    _scm_edges_positive = models.Constraint(
        "CHECK(scm_length >= 0 AND scm_width >= 0 AND scm_height >= 0 AND scm_nest_height >= 0)",
        "The edges of a product cannot be below 0.",
    )

    @api.depends("scm_length", "scm_width", "scm_height")
    def _compute_scm_has_dimensions(self):
        for product in self:
            product.scm_has_dimensions = min(product.scm_length, product.scm_width, product.scm_height) > 0
