from odoo import api, models
from odoo.tools import SQL, format_date

#: cards of a supplier that a line of its history shows
HISTORY = 8


class ScmScorecard(models.Model):
    """Areas and history of cards, as the screens show them; read for many cards at once."""

    _inherit = "scm.scorecard"

    @api.model
    def _period_label(self, first, last):
        """Q3 2026, or Sep 2026 where the period is a month."""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 1:
            return format_date(self.env, first, date_format="LLL yyyy")
        if months == 3 and first.month % 3 == 1:
            return self.env._("Q%(number)s %(year)s", number=last.month // 3, year=last.year)
        return f"{format_date(self.env, first)} – {format_date(self.env, last)}"

    @api.model
    def _areas(self):
        """``[(key, label)]`` of the areas of criteria."""
        return self.env["scm.scorecard.criterion"]._fields["area"]._description_selection(self.env)

    def _area_scores(self):
        """``{card id: {area: score}}``: mean score of an area by the weight that its measures have, in one query."""
        if not self:
            return {}
        self.env["scm.scorecard.line"].flush_model(["card_id", "criterion_id", "score", "weight_used", "missing"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.card_id, criterion.area,
                       (SUM(line.score * line.weight_used) / NULLIF(SUM(line.weight_used), 0))::float8
                  FROM scm_scorecard_line line
                  JOIN scm_scorecard_criterion criterion ON criterion.id = line.criterion_id
                 WHERE line.card_id IN %s AND line.missing IS NOT TRUE
              GROUP BY line.card_id, criterion.area
                """,
                tuple(self.ids),
            )
        )
        scores = {card_id: {} for card_id in self.ids}
        for card_id, area, score in rows:
            if score is not None:
                scores[card_id][area] = score
        return scores

    def _histories(self):
        """``{card id: [published cards of the same supplier up to it, oldest first]}``, in one query."""
        cards = self.search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "!=", "draft"),
            ],
            ["company_id", "partner_id", "date_from", "date_to", "total", "grade_id", "sample"],
            order="date_to, id",
        )
        by_supplier = cards.grouped(lambda card: (card.company_id, card.partner_id))
        result = {}
        for card in self:
            past = by_supplier.get((card.company_id, card.partner_id), self.browse())
            past = past.filtered(lambda other: other.date_to < card.date_to or other == card)  # noqa: B023
            result[card.id] = (past | card)[-HISTORY:]
        return result
