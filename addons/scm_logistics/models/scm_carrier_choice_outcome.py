from odoo import api, models
from odoo.tools import SQL


class ScmCarrierChoice(models.Model):
    """How choices ended: real cost, and what the carrier that was not taken was expected to cost."""

    _inherit = "scm.carrier.choice"

    @api.model
    def _measure_outcomes(self, company):
        """Fill the outcome of decided choices whose parcels can no longer change; returns how many.

        Real cost = freight (invoiced, else expected) + lateness as it was + value of what was lost or damaged.
        Regret = real cost less the expected cost of the alternative: of the suggested carrier where it was overridden,
        of the former carrier where the suggestion was applied. Choices of which there is no alternative have none.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH ended AS (
                    SELECT choice.id AS choice_id, parcel.id AS parcel_id FROM scm_carrier_choice choice
                      JOIN scm_parcel_picking_rel rel ON rel.picking_id = choice.picking_id
                      JOIN scm_parcel parcel ON parcel.id = rel.parcel_id AND parcel.direction = 'out'
                     WHERE choice.company_id = %(company)s AND choice.is_measured IS NOT TRUE
                       AND choice.state IN ('applied', 'overridden', 'agreed')
                     UNION
                    SELECT choice.id, parcel.id FROM scm_carrier_choice choice
                      JOIN scm_parcel_sale_rel rel ON rel.order_id = choice.order_id
                      JOIN scm_parcel parcel ON parcel.id = rel.parcel_id AND parcel.direction = 'out'
                     WHERE choice.company_id = %(company)s AND choice.is_measured IS NOT TRUE
                       AND choice.picking_id IS NULL AND choice.state IN ('applied', 'overridden')
                ), outcome AS (
                    SELECT choice.id, bool_or(parcel.is_late) AS late,
                           sum(COALESCE(NULLIF(parcel.cost_invoiced, 0), parcel.cost_expected, 0))
                           + sum(CASE WHEN parcel.is_late THEN (choice.candidates ->> 'cost_late')::numeric
                                 + GREATEST(parcel.days_late, 0) * (choice.candidates ->> 'cost_late_day')::numeric
                                 ELSE 0 END)
                           + sum(CASE WHEN parcel.is_lost OR parcel.is_damaged THEN parcel.value ELSE 0 END) AS cost
                      FROM ended JOIN scm_carrier_choice choice ON choice.id = ended.choice_id
                      JOIN scm_parcel parcel ON parcel.id = ended.parcel_id
                     GROUP BY choice.id HAVING bool_and(COALESCE(parcel.is_final, FALSE))
                )
                UPDATE scm_carrier_choice choice
                   SET is_measured = TRUE, is_late = outcome.late, cost_real = outcome.cost,
                       regret = CASE choice.state WHEN 'overridden' THEN outcome.cost - choice.score_suggested
                                     WHEN 'applied' THEN
                                     CASE WHEN choice.score_present > 0 THEN outcome.cost - choice.score_present END
                                     END
                  FROM outcome WHERE outcome.id = choice.id RETURNING choice.id
                """,
                company=company.id,
            )
        )
        self.invalidate_model()
        return len(rows)
