from odoo import api, models
from odoo.tools import SQL

#: inspection found something that the carrier broke; the goods of this return had come with the parcel
_INSPECTED = """
    p.direction = 'out' AND EXISTS (
        SELECT 1 FROM scm_parcel_picking_rel rel
          JOIN scm_return_fact fact ON fact.picking_id = rel.picking_id
          JOIN scm_return_part part ON part.fact_id = fact.id
          JOIN scm_return_cause cause ON cause.id = part.cause_id
         WHERE rel.parcel_id = p.id AND cause.code = 'carrier_damage')
"""


class ScmFreightClaim(models.Model):
    """Parcels that inspection of returns found damaged are claimed like those that the carrier called damaged."""

    _inherit = "scm.freight.claim"

    @api.model
    def _candidates_damaged(self, company, today):
        found = super()._candidates_damaged(company, today)
        known = {row["source_key"] for row in found}
        where = SQL("p.is_damaged IS NOT TRUE AND p.is_lost IS NOT TRUE AND %s", SQL(_INSPECTED))
        more = self._goods_rows(company, today, "damaged", where)
        return found + [row for row in more if row["source_key"] not in known]
