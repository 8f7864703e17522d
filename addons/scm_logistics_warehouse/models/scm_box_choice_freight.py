from odoo import api, models


class ScmBoxChoice(models.Model):
    """Boxes are compared by the contract of the delivery's carrier where it has one for all zones."""

    _inherit = "scm.box.choice"

    @api.model
    def _freight(self, pickings):
        rates = self.env["scm.freight.rate"].search(
            [
                ("carrier_id", "in", pickings.carrier_id.ids),
                ("company_id", "in", pickings.company_id.ids),
                ("zone_id", "=", False),
                ("weight_from", "=", 0),
            ],
            order="date_from",
        )
        by_carrier = {(rate.carrier_id, rate.company_id): rate for rate in rates}
        freight = super()._freight(pickings)
        for picking in pickings:
            rate = by_carrier.get((picking.carrier_id, picking.company_id))
            if rate and (picking.date_done or picking.scheduled_date) and self._is_in_force(rate, picking):
                freight[picking.id] = (rate.price_base, rate.price_kg)
        return freight

    @api.model
    def _is_in_force(self, rate, picking):
        day = (picking.date_done or picking.scheduled_date).date()
        return (not rate.date_from or rate.date_from <= day) and (not rate.date_to or day <= rate.date_to)
