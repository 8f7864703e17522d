from odoo import api, fields, models


class ScmBoxChoiceLine(models.Model):
    """One parcel: as proposed, or as the packer made it."""

    _name = "scm.box.choice.line"
    _description = "Parcel of a Choice of Boxes"
    _order = "choice_id, kind, number, id"

    choice_id = fields.Many2one("scm.box.choice", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("proposed", "Proposed"), ("taken", "Packed")], required=True, readonly=True)
    number = fields.Integer(readonly=True, aggregator=None)
    box_id = fields.Many2one("stock.package.type", required=True, readonly=True, ondelete="cascade", index=True)
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="set null", index="btree_not_null")
    places = fields.Json(readonly=True, help="Where each piece lies, in the order of packing.")
    contents = fields.Json(readonly=True, help="Product id and quantity.")
    pieces = fields.Integer(readonly=True)
    layers = fields.Integer(readonly=True, aggregator=None)
    goods_kg = fields.Float("Goods (kg)", readonly=True, digits=(16, 3))
    goods_litres = fields.Float("Goods (l)", readonly=True, digits=(16, 2))
    box_litres = fields.Float("Box (l)", readonly=True, digits=(16, 2))
    void_ratio = fields.Float("Empty Space", readonly=True, aggregator="avg")
    has_void = fields.Boolean(readonly=True, help="The volume of its goods is known.")
    cost_box = fields.Monetary("Box Costs", readonly=True)
    cost_filler = fields.Monetary("Filler", readonly=True)
    cost_tape = fields.Monetary("Tape", readonly=True)
    cost_freight = fields.Monetary("Freight", readonly=True)
    cost = fields.Monetary(readonly=True)
    filler_kg = fields.Float("Filler (kg)", readonly=True, digits=(16, 4))
    tape_m = fields.Float("Tape (m)", readonly=True, digits=(16, 2))
    material_kg = fields.Float("Packaging (kg)", readonly=True, digits=(16, 4))
    recycled_kg = fields.Float("Recycled (kg)", readonly=True, digits=(16, 4))
    co2e_kg = fields.Float("Emissions (kg CO2e)", readonly=True, digits=(16, 4))
    finding_ids = fields.One2many("scm.packaging.finding", "line_id", "Findings", readonly=True)

    @api.depends("box_id", "number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.number}. {line.box_id.name}"
