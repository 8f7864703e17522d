from odoo import fields, models


class ScmCarrierReplayLine(models.Model):
    """Parcels of one zone that one carrier had and another one would have had."""

    _name = "scm.carrier.replay.line"
    _description = "Line of a Replay of Carrier Choices"
    _order = "saving DESC, id"
    _rec_name = "zone_id"

    replay_id = fields.Many2one("scm.carrier.replay", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="replay_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="replay_id.currency_id")
    zone_id = fields.Many2one("scm.zone", readonly=True, ondelete="cascade")
    carrier_id = fields.Many2one("delivery.carrier", "Went With", readonly=True, ondelete="cascade")
    suggested_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="cascade")
    parcels = fields.Integer(readonly=True)
    freight_was = fields.Monetary("Freight", readonly=True)
    freight_would = fields.Monetary("Freight, Suggested", readonly=True)
    late_was = fields.Float("Late", readonly=True, digits=(10, 1))
    late_would = fields.Float("Late, Suggested", readonly=True, digits=(10, 1))
    cost_was = fields.Monetary("Cost", readonly=True)
    cost_would = fields.Monetary("Cost, Suggested", readonly=True)
    saving = fields.Monetary(readonly=True)
