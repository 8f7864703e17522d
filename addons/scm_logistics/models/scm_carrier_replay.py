from odoo import fields, models


class ScmCarrierReplay(models.Model):
    """What the suggested carriers would have cost and delivered in a past period, against what was."""

    _name = "scm.carrier.replay"
    _description = "Replay of Carrier Choices"
    _inherit = "scm.run.mixin"
    _run_cron = "scm_logistics.scm_carrier_replay_cron"

    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    learned_from = fields.Date("Learned from", readonly=True)
    parcels = fields.Integer(readonly=True, aggregator=None)
    changed = fields.Integer("With Another Carrier", readonly=True, aggregator=None)
    freight_was = fields.Monetary("Freight", readonly=True)
    freight_would = fields.Monetary("Freight, Suggested", readonly=True)
    late_was = fields.Float("Late", readonly=True, aggregator=None, help="Parcels.")
    late_would = fields.Float("Late, Suggested", readonly=True, aggregator=None, help="Parcels, expected.")
    cost_was = fields.Monetary("Cost", readonly=True, help="Freight, cost of lateness, lost and damaged goods.")
    cost_would = fields.Monetary("Cost, Suggested", readonly=True)
    line_ids = fields.One2many("scm.carrier.replay.line", "replay_id", "Carriers and Zones", readonly=True)
    result = fields.Json(readonly=True)
    why = fields.Json(readonly=True)
