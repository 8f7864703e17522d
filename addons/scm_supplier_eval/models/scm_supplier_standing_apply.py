from datetime import timedelta

from odoo import api, models

from ..kernel import grading


class ScmSupplierStanding(models.Model):
    """What published scorecards do to standings: read once, decide in the kernel, write in bulk."""

    _inherit = "scm.supplier.standing"

    @api.model
    def _apply_cards(self, company, rows, kind="card"):
        """Let published cards move the standings of their suppliers, in a number of queries independent of the cards.

        A card older than the one that counts changes nothing. The card that counts, restated, is judged again from the
        grade before it, so that applying it twice is the same as once.

        :param rows: dicts with ``partner_id`` (a commercial partner), ``score``, ``date_to`` (end of the period),
            ``enough`` (False: too little data for a grade, the standing stays), and optionally ``problem``,
            ``weakest`` (words for the corrective action) and ``metric``
        :param kind: kind of history line: card or restated
        :return: ``{partner_id: scm.grade}`` that each card itself gives, empty where there is not enough data
        """
        self = self.sudo()  # publishing was checked by the card; nobody may write standings in any other way
        scheme = self.env["scm.grade.scheme"]._of_company(company)
        standings = self._ensure(company, [row["partner_id"] for row in rows])
        bands = scheme._bands()
        today = company._scm_local_today()
        grades, moved = {}, {}
        for row in rows:
            standing = standings[row["partner_id"]]
            grades[row["partner_id"]] = self.env["scm.grade"]
            if row["enough"]:
                previous = standing._grade_before(row["date_to"])
                band = grading.grade_of(row["score"], bands, previous.id, scheme.margin)
                grades[row["partner_id"]] = self.env["scm.grade"].browse(band.id)
                if not standing.date_card or row["date_to"] >= standing.date_card:
                    before = (standing.effective_grade_id, standing.state, False)
                    if standing._move(row, band, previous, scheme, today):
                        moved[standing] = before
        self.union(*moved)._log(kind, moved)
        self._open_improvements(company, scheme, [row for row in rows if row["enough"]], standings, today)
        return grades

    @api.model
    def _ensure(self, company, partner_ids):
        """``{partner_id: standing}``, made where there is none."""
        partner_ids = list(dict.fromkeys(partner_ids))
        found = self.search([("company_id", "=", company.id), ("partner_id", "in", partner_ids)])
        have = set(found.partner_id.ids)
        found += self.create([{"company_id": company.id, "partner_id": one} for one in partner_ids if one not in have])
        return {standing.partner_id.id: standing for standing in found}

    def _grade_before(self, date_to):
        """The grade that was held before the card of a period."""
        return self.previous_grade_id if self.date_card == date_to else self.grade_id

    def _move(self, row, band, previous, scheme, today):
        """Write what a card changes; True when grade or state are others than before."""
        state, probation_end = grading.next_state(self.state, band, today, self.date_probation or None)
        changed = self.grade_id.id != band.id or self.state != state
        self.write(
            {
                "score": row["score"],
                "date_card": row["date_to"],
                "previous_grade_id": previous.id,
                "date_since": self.date_since if self.grade_id.id == band.id else today,
                "grade_id": band.id,
                "state": state,
                "date_probation": probation_end or False,
                "why": self._prepare_why(row, band, previous, scheme, state, probation_end),
            }
        )
        return changed

    def _prepare_why(self, row, band, previous, scheme, state, probation_end):
        terms = [
            ("grade_score", row["score"], "points"),
            ("grade_from", band.low, "points"),
            ("grade_to", band.high, "points"),
            ("grade_margin", scheme.margin, "points"),
            ("grade_before", previous.name or "", ""),
        ]
        if probation_end:
            terms.append(("grade_probation", probation_end.isoformat(), ""))
        kept = previous.id == band.id and not band.low <= row["score"] <= band.high
        return {
            "value": band.name,
            "method": "grade_method",
            "formula": "grade_formula",
            "sample": int(row.get("sample") or 0),
            "window": {
                "from": row["date_from"].isoformat() if row.get("date_from") else "",
                "to": row["date_to"].isoformat(),
            },
            "terms": [{"code": code, "value": value, "unit": unit} for code, value, unit in terms],
            "notes": [f"standing_{state}", *(["grade_kept"] if kept else [])],
        }

    # Corrective actions

    @api.model
    def _open_improvements(self, company, scheme, rows, standings, today):
        """A bad grade asks for a corrective action, once, before anything is blocked."""
        asked = [row for row in rows if standings[row["partner_id"]].grade_id.opens_improvement]
        asked = [row for row in asked if standings[row["partner_id"]].date_card == row["date_to"]]
        improvements = self.env["scm.improvement"]._open_for(
            [self._prepare_improvement(company, scheme, row, standings[row["partner_id"]], today) for row in asked]
        )
        for row, improvement in zip(asked, improvements, strict=True):
            standings[row["partner_id"]].improvement_id = improvement

    @api.model
    def _prepare_improvement(self, company, scheme, row, standing, today):
        partner = standing.partner_id
        return {
            "name": self.env._(
                "Grade %(grade)s, %(score)s points",
                grade=standing.grade_id.name,
                score=round(row["score"]),
            )
            + (f": {row['weakest']}" if row.get("weakest") else ""),
            "area": "supplier",
            "company_id": company.id,
            "partner_id": partner.id,
            "source_key": f"grade,{partner.id}",
            "res_model": self._name,
            "res_id": standing.id,
            "user_id": partner.with_company(company).buyer_id.id or self.env.uid,
            "date_open": today,
            "date_answer_due": today + timedelta(days=scheme.answer_days),
            "date_due": today + timedelta(days=scheme.improvement_days),
            "problem": row.get("problem") or False,
            "metric": row.get("metric") or "otif_rate",
        }
