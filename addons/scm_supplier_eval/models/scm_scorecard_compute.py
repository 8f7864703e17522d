"""Cards of one company and period: facts, measures, shrinkage, points, totals; written in bulk."""

import json
from collections import defaultdict

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..kernel import score
from ..kernel.shrink import shrink

CARD_COLUMNS = (
    "company_id", "partner_id", "group_id", "scheme_id", "date_from", "date_to", "state", "total", "rank", "rank_of",
    "previous_id", "trend", "confidence", "sample", "why", "date_as_of", "create_uid", "create_date", "write_uid",
    "write_date",
)  # fmt: skip
LINE_COLUMNS = (
    "card_id", "company_id", "criterion_id", "sequence", "value", "value_raw", "numerator", "denominator", "sample",
    "prior", "score", "weight", "weight_used", "previous_value", "missing", "excluded_count", "why", "create_uid",
    "create_date", "write_uid", "write_date",
)  # fmt: skip
#: rows per INSERT
CHUNK = 2000


class ScmScorecardCompute(models.AbstractModel):
    _name = "scm.scorecard.compute"
    _description = "Computation of Scorecards"

    @api.model
    def _compute_period(self, company, date_from, date_to, partner_ids=None):
        """Make the draft cards of a period anew; published ones stay. Returns the cards.

        The number of queries does not depend on the number of suppliers. ``partner_ids`` limits what is written, not
        what suppliers are compared with.
        """
        self = self.with_company(company).sudo()  # the run and action_restate have checked the role
        rows = self._rows(company, date_from, date_to)
        kept = self._published(company, date_from, date_to)
        rows = [row for row in rows if row["partner_id"] not in kept]
        if partner_ids is not None:
            rows = [row for row in rows if row["partner_id"] in partner_ids]
        self._delete_drafts(company, date_from, date_to, partner_ids)
        return self._write(company, rows)

    @api.model
    def _rows(self, company, date_from, date_to):
        """Values of all cards of a period, each with its ``lines``."""
        facts = self.env["scm.scorecard.facts"]._read(company, date_from, date_to)
        partner_ids = self._suppliers(company, facts)
        if not partner_ids:
            return []
        schemes = self._schemes_of(company, partner_ids)
        criteria = self.env["scm.scorecard.criterion"].browse(
            sorted({weight.criterion_id.id for scheme in set(schemes.values()) for weight in scheme.weight_ids})
        )
        measured = self.env["scm.scorecard.measure"]._measure(
            facts, partner_ids, criteria, self._exclusions(company, partner_ids)
        )
        groups = self._groups(partner_ids)
        number = np.unique([group or 0 for group in groups], return_inverse=True)[1]
        shrunk = {criterion_id: shrink(found.measure, number) for criterion_id, found in measured.items()}
        previous = self._previous(company, date_from, partner_ids)
        rows = []
        for scheme in sorted(set(schemes.values()), key=lambda scheme: scheme.id):
            places = [place for place, partner_id in enumerate(partner_ids) if schemes[partner_id] == scheme]
            rows += self._scheme_rows(facts, scheme, places, partner_ids, groups, measured, shrunk, previous)
        return self._with_ranks(rows)

    @api.model
    def _suppliers(self, company, facts):
        """Suppliers with at least one fact in the period; the company itself is none of its own."""
        tables = (facts.receipts, facts.movements, facts.inspections, facts.rfqs, facts.orders, facts.actions,
                  facts.surveys, facts.rush)  # fmt: skip
        found = {int(partner_id) for table in tables for partner_id in table["partner_id"].unique()}
        return sorted(found - {company.partner_id.id})

    @api.model
    def _groups(self, partner_ids):
        partners = self.env["res.partner"].browse(partner_ids)
        return [partner.scm_supplier_group_id.id for partner in partners]

    @api.model
    def _schemes_of(self, company, partner_ids):
        """{supplier: the scheme of its group, else of the company, else the shared one}"""
        schemes = self.env["scm.scorecard.scheme"].search([("company_id", "in", [company.id, False])])
        if not schemes:
            raise UserError(
                self.env._("There is no scorecard scheme for %(company)s. Create one first.", company=company.name)
            )
        ranked = schemes.sorted(lambda scheme: (not scheme.company_id, scheme.sequence, scheme.id))
        result = {}
        for partner_id, group_id in zip(partner_ids, self._groups(partner_ids), strict=True):
            own = ranked.filtered(lambda scheme, group_id=group_id: group_id and scheme.group_id.id == group_id)
            result[partner_id] = (own or ranked.filtered(lambda scheme: not scheme.group_id))[:1]
            if not result[partner_id]:
                partner = self.env["res.partner"].browse(partner_id)
                raise UserError(
                    self.env._(
                        "%(supplier)s has no scorecard scheme: create one for its group, or one for all groups.",
                        supplier=partner.display_name,
                    )
                )
        for scheme in set(result.values()):
            scheme._check_complete()
        return result

    @api.model
    def _exclusions(self, company, partner_ids):
        rows = self.env["scm.scorecard.exclusion"].search(
            [("company_id", "=", company.id), ("partner_id", "in", partner_ids)]
        )
        left_out = {}
        for row in rows:
            criteria = set(row.criterion_ids.ids)
            key = (row.res_model, row.res_id)
            before = left_out.get(key, criteria)
            # empty means all criteria, whatever another row says of the same fact
            left_out[key] = before | criteria if before and criteria else set()
        return left_out

    @api.model
    def _previous(self, company, date_from, partner_ids):
        """{supplier: (card id, total, {criterion id: value})} of each one's last published card before the period."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (partner_id) partner_id, id, total FROM scm_scorecard
                    WHERE company_id = %s AND partner_id = ANY(%s) AND date_to < %s AND state <> 'draft'
                 ORDER BY partner_id, date_to DESC, id DESC""",
                company.id,
                partner_ids,
                date_from,
            )
        )
        values = defaultdict(dict)
        lines = self.env.execute_query(
            SQL(
                "SELECT card_id, criterion_id, value FROM scm_scorecard_line WHERE card_id = ANY(%s) AND NOT missing",
                [row[1] for row in rows],
            )
        )
        for card_id, criterion_id, value in lines:
            values[card_id][criterion_id] = value
        return {partner_id: (card_id, total, values[card_id]) for partner_id, card_id, total in rows}

    # Rows

    @api.model
    def _scheme_rows(self, facts, scheme, places, partner_ids, groups, measured, shrunk, previous):
        weights = scheme.weight_ids.filtered(lambda weight: weight.criterion_id.id in measured)
        values = np.stack([shrunk[weight.criterion_id.id].value[places] for weight in weights], 1)
        credibility = np.stack([shrunk[weight.criterion_id.id].credibility[places] for weight in weights], 1)
        points = np.stack(
            [
                score.points(values[:, column], weight.value_zero, weight.value_full)
                for column, weight in enumerate(weights)
            ],
            1,
        )
        found = score.totals(points, weights.mapped("weight"), credibility)
        counted = weights.criterion_id.filtered(lambda criterion: criterion.code == "otif_line").id
        rows = []
        for row, place in enumerate(places):
            if found.total[row] != found.total[row]:
                continue
            before = previous.get(partner_ids[place], (False, None, {}))
            lines = [
                self._line_values(
                    weight, measured[weight.criterion_id.id], shrunk[weight.criterion_id.id], place,
                    (points[row, column], found.weight_used[row, column]), before[2],
                )
                for column, weight in enumerate(weights)
            ]  # fmt: skip
            card = (partner_ids[place], groups[place], found, row, before, lines, counted)
            rows.append(self._card_values(facts, scheme, *card))
        return rows

    @api.model
    def _line_values(self, weight, measured, shrunk, place, scored, before):
        criterion, measure = weight.criterion_id, measured.measure
        sample, missing = int(measure.sample[place]), bool(np.isnan(scored[0]))
        number = {
            "value": shrunk.value[place], "value_raw": measure.value[place], "numerator": measure.numerator[place],
            "denominator": measure.denominator[place], "prior": shrunk.prior[place], "score": scored[0],
        }  # fmt: skip
        number = {name: 0.0 if np.isnan(value) else round(float(value), 6) for name, value in number.items()}
        return number | {
            "criterion_id": criterion.id, "sequence": criterion.sequence, "sample": sample, "missing": missing,
            "weight": weight.weight, "weight_used": round(float(scored[1]), 4),
            "previous_value": before.get(criterion.id), "excluded_count": int(measured.excluded[place]),
            "why": self._line_why(weight, number, sample, missing, shrunk, place),
        }  # fmt: skip

    @api.model
    def _line_why(self, weight, number, sample, missing, shrunk, place):
        unit = weight.criterion_id.unit or ""
        if missing:
            return {"value": "", "method": "scorecard_measure", "formula": "scorecard_missing", "terms": [],
                    "notes": ["scorecard_spread"]}  # fmt: skip
        terms = [
            ("scorecard_raw", number["value_raw"], unit),
            ("scorecard_prior", number["prior"], unit),
            ("scorecard_prior_weight", round(float(shrunk.strength[place]), 1), ""),
            ("scorecard_zero", weight.value_zero, unit),
            ("scorecard_full", weight.value_full, unit),
        ]
        small = sample < weight.criterion_id.minimum_sample
        return {
            "value": number["score"], "unit": "points", "method": "scorecard_measure", "formula": "scorecard_points",
            "sample": sample, "terms": [{"code": code, "value": value, "unit": its} for code, value, its in terms],
            "notes": ["small_sample"] if small else [],
        }  # fmt: skip

    @api.model
    def _card_values(self, facts, scheme, partner_id, group_id, found, row, before, lines, counted):
        total = round(float(found.total[row]), 4)
        sample = sum(line["sample"] for line in lines if line["criterion_id"] == counted)
        missing = sum(line["weight"] for line in lines if line["missing"])
        terms = [
            ("scorecard_weight_missing", round(missing / 100, 4), "percent"),
            ("scorecard_confidence", round(float(found.confidence[row]), 4), "percent"),
        ]
        return {
            "company_id": facts.company.id, "partner_id": partner_id, "group_id": group_id or None,
            "scheme_id": scheme.id, "date_from": facts.date_from, "date_to": facts.date_to, "state": "draft",
            "total": total, "previous_id": before[0] or None,
            "trend": round(total - before[1], 4) if before[0] else None,
            "confidence": round(float(found.confidence[row]), 4), "sample": sample, "date_as_of": facts.as_of,
            "why": {
                "value": total, "unit": "points", "method": "scorecard_total", "formula": "scorecard_formula",
                "sample": sample, "window": {"from": str(facts.date_from), "to": str(facts.date_to)},
                "terms": [{"code": code, "value": value, "unit": unit} for code, value, unit in terms],
                "notes": ["scorecard_spread"] if missing else [],
            },
            "lines": lines,
        }  # fmt: skip

    @api.model
    def _with_ranks(self, rows):
        places = score.ranks([row["total"] for row in rows])
        for row, place in zip(rows, places.tolist(), strict=True):
            row["rank"], row["rank_of"] = place, len(rows)
        return rows

    # Writing

    @api.model
    def _published(self, company, date_from, date_to):
        cards = self.env["scm.scorecard"].search(
            [("company_id", "=", company.id), ("date_from", "=", date_from), ("date_to", "=", date_to),
             ("state", "!=", "draft")]
        )  # fmt: skip
        return set(cards.partner_id.ids)

    @api.model
    def _delete_drafts(self, company, date_from, date_to, partner_ids):
        some = SQL("TRUE") if partner_ids is None else SQL("partner_id = ANY(%s)", list(partner_ids))
        self.env["scm.scorecard"].flush_model()
        self.env.cr.execute(
            SQL(
                """DELETE FROM scm_scorecard WHERE company_id = %s AND date_from = %s AND date_to = %s
                      AND state = 'draft' AND %s""",
                company.id,
                date_from,
                date_to,
                some,
            )
        )
        self.env["scm.scorecard"].invalidate_model()

    @api.model
    def _write(self, company, rows):
        stamp = {"create_uid": self.env.uid, "write_uid": self.env.uid, "create_date": fields.Datetime.now(),
                 "write_date": fields.Datetime.now()}  # fmt: skip
        ids = self._insert("scm_scorecard", CARD_COLUMNS, [row | stamp for row in rows])
        self._write_lines(company, dict(zip(ids, rows, strict=True)), stamp)
        self.env["scm.scorecard"].invalidate_model()
        return self.env["scm.scorecard"].browse(ids)

    @api.model
    def _write_lines(self, company, rows, stamp):
        lines = [
            line | stamp | {"card_id": card_id, "company_id": company.id} for card_id, row in rows.items()
            for line in row["lines"]
        ]  # fmt: skip
        self._insert("scm_scorecard_line", LINE_COLUMNS, lines)
        self.env["scm.scorecard.line"].invalidate_model()

    @api.model
    def _insert(self, table, columns, rows):
        """Insert rows through JSON, a few thousand at a time; returns their ids in order."""
        ids = []
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        for start in range(0, len(rows), CHUNK):
            content = json.dumps([{name: row.get(name) for name in columns} for row in rows[start : start + CHUNK]],
                                 default=str)  # fmt: skip
            found = self.env.execute_query(
                SQL(
                    """INSERT INTO %(table)s (%(names)s)
                       SELECT %(names)s FROM jsonb_populate_recordset(NULL::%(table)s, %(content)s) RETURNING id""",
                    table=SQL.identifier(table),
                    names=names,
                    content=content,
                )
            )
            ids += [row_id for (row_id,) in found]
        return ids
