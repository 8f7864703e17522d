from odoo import api, fields, models


class ScmLane(models.Model):
    """What a carrier did from a warehouse to a zone with parcels of a weight: measured, shrunk, rebuilt nightly."""

    _name = "scm.lane"
    _description = "Delivery Lane"
    _order = "sample DESC, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="cascade", index=True, help="Empty: all.")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade", help="Empty: all warehouses.")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="cascade", help="Empty: all zones.")
    band_id = fields.Many2one("scm.weight.band", readonly=True, ondelete="cascade", help="Empty: all weights.")
    level = fields.Selection(
        [
            ("0", "Company"),
            ("1", "Carrier"),
            ("2", "Carrier and zone"),
            ("3", "Carrier, zone and weight"),
            ("4", "Carrier, warehouse, zone and weight"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    handed = fields.Integer("Handed Over", readonly=True, help="Parcels that left the dock in the window.")
    due = fields.Integer(readonly=True, help="Of these, with a promised day that has come.")
    currency_id = fields.Many2one(related="company_id.currency_id")
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
    cost_parcel = fields.Monetary("Cost per Parcel", readonly=True, aggregator="avg")
    cost_kg = fields.Monetary("Cost per kg", readonly=True, aggregator="avg")
    transit_pmf = fields.Json("Transit Distribution", readonly=True)
    why = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex(
        "(company_id, COALESCE(carrier_id, 0), COALESCE(warehouse_id, 0), COALESCE(zone_id, 0), COALESCE(band_id, 0))"
    )

    @api.depends("carrier_id", "warehouse_id", "zone_id", "band_id")
    def _compute_display_name(self):
        for lane in self:
            parts = (lane.carrier_id, lane.warehouse_id, lane.zone_id, lane.band_id)
            lane.display_name = " / ".join(part.display_name for part in parts if part) or self.env._("All carriers")
