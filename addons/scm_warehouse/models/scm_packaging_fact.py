from odoo import fields, models


class ScmPackagingFact(models.Model):
    """What a delivery was packed in: kilograms, emissions, money and empty space. Written once, when it left."""

    _name = "scm.packaging.fact"
    _description = "Packaging of a Delivery"
    _order = "date DESC, id DESC"
    _rec_name = "picking_id"

    picking_id = fields.Many2one("stock.picking", "Delivery", required=True, readonly=True, ondelete="cascade")
    choice_id = fields.Many2one("scm.box.choice", readonly=True, ondelete="set null", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", "To", readonly=True)
    date = fields.Date(required=True, readonly=True, help="Day in the time zone of the warehouse.")
    basis = fields.Selection(
        [("packed", "Boxes of the packer"), ("assumed", "Proposed boxes")],
        "Known from",
        required=True,
        readonly=True,
        help="Where nobody named the box, the proposed ones are taken.",
    )
    parcels = fields.Integer(readonly=True)
    goods_kg = fields.Float("Goods (kg)", readonly=True, digits=(16, 3))
    goods_litres = fields.Float("Goods (l)", readonly=True, digits=(16, 2))
    box_litres = fields.Float("Boxes (l)", readonly=True, digits=(16, 2))
    void_ratio = fields.Float("Empty Space", readonly=True, aggregator="avg")
    has_void = fields.Boolean("Volume Known", readonly=True)
    material_kg = fields.Float("Packaging (kg)", readonly=True, digits=(16, 4))
    recycled_kg = fields.Float("Recycled (kg)", readonly=True, digits=(16, 4))
    co2e_kg = fields.Float("Emissions (kg CO2e)", readonly=True, digits=(16, 4))
    cost = fields.Monetary("Cost of Packing", readonly=True, help="Boxes, filler, tape and freight.")
    cost_proposed = fields.Monetary("Cost as Proposed", readonly=True)
    lost = fields.Monetary(readonly=True, help="Cost of packing less the cost as proposed. Above 0: a dearer box.")
    co2e_proposed_kg = fields.Float("Emissions as Proposed (kg CO2e)", readonly=True, digits=(16, 4))
    is_override = fields.Boolean("Other Box", readonly=True, help="The packer took other boxes than the proposed ones.")
    must_count = fields.Integer("Rules Broken", readonly=True)

    _picking_unique = models.UniqueIndex("(picking_id)", "The packaging of this delivery is noted already.")
    _day_idx = models.Index("(company_id, date)")
