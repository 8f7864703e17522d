from odoo import fields, models


class ScmScanNorm(models.Model):
    """How long parcels of a carrier are silent when all goes well: measured nightly from delivered parcels."""

    _name = "scm.scan.norm"
    _description = "Usual Silence between Scans"
    _order = "company_id, carrier_id, sample DESC, id"
    _rec_name = "carrier_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="cascade", help="Empty: all carriers.")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="cascade", help="Empty: all zones.")
    sample = fields.Integer("Parcels", readonly=True)
    silence_hours = fields.Float(
        "Longest Silence (hours)", readonly=True, aggregator="avg", help="Nearly all parcels were never silent longer."
    )
    silence_median_hours = fields.Float("Silence, Median (hours)", readonly=True, aggregator="avg")
    label_hours = fields.Float(
        "First Scan after (hours)", readonly=True, aggregator="avg", help="Nearly all parcels were scanned sooner."
    )
    date_measured = fields.Datetime("Measured on", readonly=True)

    _lane_uniq = models.UniqueIndex("(company_id, COALESCE(carrier_id, 0), COALESCE(zone_id, 0))")
