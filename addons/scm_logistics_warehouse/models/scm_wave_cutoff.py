from odoo import fields, models


class ScmWaveCutoff(models.Model):
    """Departures of carriers."""

    _inherit = "scm.wave.cutoff"

    carrier_ids = fields.Many2many(
        "delivery.carrier",
        string="Delivery Methods",
        tracking=True,
        help="Only their orders leave with it. Empty: all orders whose delivery method has no cut-off of its own.",
    )

    def _on(self, day):
        """On a day on which none of its carriers moves, nothing leaves."""
        leaving = super()._on(day)
        moving = {}
        for company, cutoffs in leaving.grouped("company_id").items():
            # sudo: which days a carrier works is no secret to who plans waves
            carriers = cutoffs.sudo().carrier_ids
            moving |= self.env["delivery.carrier"]._scm_open_days(company, carriers, day, day)
        return leaving.filtered(
            lambda cutoff: not cutoff.carrier_ids or any(moving[carrier.id][0] for carrier in cutoff.carrier_ids)
        )

    def _groups(self, groups):
        groups = super()._groups(groups)
        if self.carrier_ids:
            return {key for key in groups if key[1] in self.carrier_ids.ids}
        named = self.search(
            [("picking_type_id", "=", self.picking_type_id.id), ("carrier_ids", "!=", False)]
        ).carrier_ids.ids
        return {key for key in groups if key[1] not in named}

    def _takes(self):
        return ", ".join(self.carrier_ids.mapped("name")) or super()._takes()
