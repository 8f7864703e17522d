from odoo import fields, models

#: how many measures a corrective action names, those that cost most points first
WEAKEST = 3
#: which measure of an improvement follows a criterion; the first word found in its code decides
METRIC_WORDS = (("returned", "returned_rate"), ("lead", "lead_time"), ("late", "days_late"))


class ScmScorecard(models.Model):
    """What follows from a published card: its grade and the standing of its supplier."""

    _inherit = "scm.scorecard"

    grade_id = fields.Many2one("scm.grade", readonly=True, ondelete="restrict", copy=False)
    color = fields.Char(related="grade_id.color")

    def _after_publish(self):
        result = super()._after_publish()
        self._apply_standings()
        return result

    def _apply_standings(self):
        """Grade the cards and let the standings follow, company by company."""
        for (company, state), cards in self.grouped(lambda card: (card.company_id, card.state)).items():
            scheme = self.env["scm.grade.scheme"]._of_company(company)
            grades = self.env["scm.supplier.standing"]._apply_cards(
                company,
                [card._prepare_standing_row(scheme) for card in cards],
                kind="restated" if state == "restated" else "card",
            )
            for grade, graded in cards.grouped(lambda card: grades[card.partner_id.id]).items():  # noqa: B023
                # sudo: publishing was checked by the caller; nobody may write the grade of a card in any other way
                graded.sudo().write({"grade_id": grade.id})

    def _prepare_standing_row(self, scheme):
        weakest = self._weakest_lines()
        return {
            "partner_id": self.partner_id.id,
            "score": self.total,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "sample": self.sample,
            "enough": bool(self.sample) and self._confidence() >= scheme.min_confidence / 100.0,
            "problem": "\n".join(line._weakness() for line in weakest),
            "weakest": weakest[:1].criterion_id.name or "",
            "metric": weakest[:1]._improvement_metric(),
        }

    def _confidence(self):
        """How much of the card rests on data, from 0 to 1."""
        return self.confidence

    def _weakest_lines(self):
        """The measures that cost most points, those of full score left out."""
        lost = {line: line.weight_used * (100.0 - line.score) for line in self.line_ids if not line.missing}
        return self.env["scm.scorecard.line"].union(
            *sorted((line for line in lost if lost[line] > 0), key=lambda line: (-lost[line], line.id))[:WEAKEST]
        )


class ScmScorecardLine(models.Model):
    """How a measure speaks in a corrective action."""

    _inherit = "scm.scorecard.line"

    def _weakness(self):
        return self.env._(
            "%(measure)s: %(value)s, scores %(score)s of 100",
            measure=self.criterion_id.name,
            value=self.value_text,
            score=round(self.score),
        )

    def _improvement_metric(self):
        """The measure of an improvement that shows whether this one got better."""
        code = self.criterion_id.code or ""
        return next((metric for word, metric in METRIC_WORDS if word in code), "otif_rate")
