from odoo import fields, models


class ScmLane(models.Model):
    """What a carrier did from a warehouse to a zone with parcels of a weight: measured, shrunk, rebuilt nightly."""

    _name = "scm.lane"
    _description = "Delivery Lane"
    _order = "sample DESC, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    carrier_id = fields.Many2one("delivery.carrier", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade", help="Empty: all warehouses.")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="cascade", help="Empty: all zones.")
    band_id = fields.Many2one("scm.weight.band", readonly=True, ondelete="cascade", help="Empty: all weights.")
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    sample = fields.Integer("Parcels", readonly=True, help="Delivered parcels that were measured.")
    transit_median = fields.Float("Median (days)", readonly=True, aggregator="avg", help="Working days, as measured.")
    transit_p90 = fields.Float("90th Percentile (days)", readonly=True, aggregator="avg")
    late_rate = fields.Float("Late", readonly=True, aggregator="avg", help="Shrunk toward the carrier's rate.")
    lost_rate = fields.Float("Lost", readonly=True, aggregator="avg")
    damaged_rate = fields.Float("Damaged", readonly=True, aggregator="avg")
    late_rate_raw = fields.Float("Late, measured", readonly=True, aggregator="avg")
    lost_rate_raw = fields.Float("Lost, measured", readonly=True, aggregator="avg")
    damaged_rate_raw = fields.Float("Damaged, measured", readonly=True, aggregator="avg")
    cost_parcel = fields.Float("Cost per Parcel", readonly=True, aggregator="avg")
    cost_kg = fields.Float("Cost per kg", readonly=True, aggregator="avg")
    transit_pmf = fields.Json("Transit Distribution", readonly=True)
    why = fields.Json(readonly=True)
