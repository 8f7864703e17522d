"""Second beat: one measure per criterion, from the facts without what is excluded."""

from dataclasses import dataclass

import numpy as np
from odoo import api, models

from ..kernel import cooperation, delivery, price, quality, response
from ..kernel.measure import Measure
from .scm_scorecard_facts import SOURCE_MODELS


@dataclass(frozen=True)
class Measured:
    """A measure of all suppliers of a period, and how many facts of each were left out by exclusions."""

    measure: Measure
    excluded: np.ndarray


class ScmScorecardMeasure(models.AbstractModel):
    """An addon may add a criterion: a record with a code, and its entry in :meth:`_sources` and :meth:`_measures`."""

    _name = "scm.scorecard.measure"
    _description = "Measures of Scorecards"

    @api.model
    def _sources(self):
        """{code of a criterion: source of its facts}"""
        return {
            "otif_line": "receipts",
            "otif_quantity": "receipts",
            "fill_rate": "receipts",
            "days_late_mean": "receipts",
            "days_late_p90": "receipts",
            "lead_time_mean": "receipts",
            "lead_time_median": "receipts",
            "lead_time_spread": "receipts",
            "delay_notice": "receipts",
            "returned_ppm": "movements",
            "rejected_ppm": "inspections",
            "rfq_hours": "rfqs",
            "acknowledged_share": "orders",
            "acknowledgement_hours": "orders",
            "actions_in_time": "actions",
            "buyer_survey": "surveys",
            "rush_accepted": "rush",
            "price_last": "prices",
            "price_agreed": "prices",
            "price_best": "prices",
        }

    @api.model
    def _measures(self):
        """{code: function(group, size, table) -> kernel's Measure}"""
        return {
            "otif_line": lambda g, n, t: delivery.otif_line(g, n, t["due"], t["otif"]),
            "otif_quantity": lambda g, n, t: delivery.otif_quantity(g, n, t["due"], t["ordered"], t["on_time"]),
            "fill_rate": lambda g, n, t: delivery.fill_rate(g, n, t["due"], t["ordered"], t["received"]),
            "days_late_mean": lambda g, n, t: delivery.days_late_mean(g, n, t["due"], t["days_late"]),
            "days_late_p90": lambda g, n, t: delivery.days_late_p90(g, n, t["due"], t["days_late"]),
            "lead_time_mean": lambda g, n, t: delivery.lead_time_mean(g, n, self._lead_days(t)),
            "lead_time_median": lambda g, n, t: delivery.lead_time_median(g, n, self._lead_days(t)),
            "lead_time_spread": lambda g, n, t: delivery.lead_time_spread(g, n, self._lead_days(t)),
            "delay_notice": lambda g, n, t: delivery.delay_notice(g, n, t["due"], t["days_late"], t["notice_days"]),
            "returned_ppm": lambda g, n, t: quality.returned_ppm(g, n, t["received"], t["returned"], t["value"]),
            "rejected_ppm": lambda g, n, t: quality.rejected_ppm(g, n, t["received"], t["rejected"], t["value"]),
            "rfq_hours": lambda g, n, t: response.rfq_hours(g, n, t["hours"]),
            "acknowledged_share": lambda g, n, t: response.acknowledged_share(g, n, t["acknowledged"]),
            "acknowledgement_hours": lambda g, n, t: response.acknowledgement_hours(g, n, t["hours"]),
            "actions_in_time": lambda g, n, t: response.actions_in_time(g, n, t["in_time"]),
            "buyer_survey": lambda g, n, t: cooperation.buyer_survey(g, n, t["score"], t["answers"]),
            "rush_accepted": lambda g, n, t: cooperation.rush_accepted(g, n, t["accepted"]),
            "price_last": lambda g, n, t: price.price_variance(g, n, t["quantity"], t["price"], t["last"]),
            "price_agreed": lambda g, n, t: price.price_variance(g, n, t["quantity"], t["price"], t["agreed"]),
            "price_best": lambda g, n, t: price.price_variance(g, n, t["quantity"], t["price"], t["best"]),
        }

    @api.model
    def _lead_days(self, table):
        """Lead times of complete lines only: what is still to come has none yet."""
        return np.where(table["complete"], table["lead_days"], np.nan)

    @api.model
    def _measure(self, facts, partner_ids, criteria, exclusions):
        """``{criterion id: Measured}`` of the suppliers ``partner_ids``, in their order.

        :param exclusions: dict ``{(model, id): set of criterion ids, empty = all}``
        """
        place = {partner_id: row for row, partner_id in enumerate(partner_ids)}
        sources, measures = self._sources(), self._measures()
        result = {}
        for criterion in criteria:
            source = sources.get(criterion.code)
            if source:
                table = getattr(facts, source)
                left_out = self._left_out(table, SOURCE_MODELS[source], criterion.id, exclusions)
                group = table["partner_id"].map(place)
                known = group.notna()
                excluded = np.bincount(group[known & left_out].astype(int), minlength=len(place))
                used = known & ~left_out
                found = measures[criterion.code](group[used].to_numpy(int), len(place), table[used])
                result[criterion.id] = Measured(found, excluded)
        return result

    @api.model
    def _left_out(self, table, model, criterion_id, exclusions):
        """Mask of the facts that do not count for a criterion."""
        ids = [
            res_id
            for (of_model, res_id), criteria in exclusions.items()
            if of_model == model and (not criteria or criterion_id in criteria)
        ]
        return table["res_id"].isin(ids)
